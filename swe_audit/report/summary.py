"""Counts over an audit, so that every page and every file states the same numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

from swe_audit.model.audit import Audit, TaskResult, TaskStatus
from swe_audit.model.candidate import CandidateKind
from swe_audit.model.finding import Confidence, Defect
from swe_audit.model.task import SkipReason
from swe_audit.model.trial import RunState, Trial, Verdict

_Key = TypeVar("_Key", bound=Hashable)

UNSTATED = "unstated"
"""Stands for the reason of a skipped task that came without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The numbers of an audit. ``by_status`` sums to ``tasks``.

    ``by_skip_reason`` counts the skipped tasks by reason and sums to their number.
    """

    tasks: int
    by_status: Mapping[TaskStatus, int]
    by_defect: Mapping[Defect, int]
    by_confidence: Mapping[Confidence, int]
    by_defect_and_confidence: Mapping[tuple[Defect, Confidence], int]
    by_run_state: Mapping[RunState, int]
    by_skip_reason: Mapping[str, int]
    trials: int
    findings: int
    rejections: int
    rejections_without_evidence: int


def is_rejection(trial: Trial) -> bool:
    """Say whether the trial completed and its tests turned the candidate down."""
    return trial.state is RunState.COMPLETED and trial.verdict is Verdict.UNRESOLVED


def search_steps(result: TaskResult) -> frozenset[str]:
    """Name the composites of several sites that no finding rests on.

    They only narrow down which single detail is rejected, so their own rejection is none.
    """
    backed = {name for finding in result.findings for name in finding.candidates}
    return frozenset(
        one.name for one in result.candidates if len(one.sites) > 1 and one.name not in backed
    )


def rejected_alternatives(result: TaskResult) -> tuple[str, ...]:
    """Name the candidates claimed correct that a completed trial turned down, in their order.

    Steps of a search among construction sites are none.
    """
    rejected = {trial.candidate for trial in result.trials if is_rejection(trial)}
    rejected -= search_steps(result)
    return tuple(
        candidate.name
        for candidate in result.candidates
        if candidate.kind is CandidateKind.ALTERNATIVE and candidate.name in rejected
    )


def rejections_without_evidence(result: TaskResult) -> tuple[str, ...]:
    """Name the rejected alternatives that no finding rests on: submitted, and no more is known."""
    backed = {name for finding in result.findings for name in finding.candidates}
    return tuple(name for name in rejected_alternatives(result) if name not in backed)


def skip_reasons(audit: Audit) -> tuple[str, ...]:
    """Give each task's skip reason, "" for tasks that were not skipped, in the audit's order.

    Two skipped rows may carry one id (a duplicate); reasons are dealt out in order.
    """
    stated: dict[str, list[SkipReason]] = {}
    for skipped in audit.skipped:
        stated.setdefault(skipped.instance_id, []).append(skipped.reason)
    known = {reason.value for reason in SkipReason}
    reasons: list[str] = []
    for result in audit.tasks:
        if result.status is not TaskStatus.SKIPPED:
            reasons.append("")
        elif stated.get(result.instance_id):
            reasons.append(stated[result.instance_id].pop(0).value)
        else:
            reasons.append(result.reason if result.reason in known else UNSTATED)
    return tuple(reasons)


def summarise(audit: Audit) -> Summary:
    """Count an audit; mappings hold only what occurs, in the enums' own order."""
    findings = [finding for result in audit.tasks for finding in result.findings]
    trials = [trial for result in audit.tasks for trial in result.trials]
    reasons = Counter(reason for reason in skip_reasons(audit) if reason)
    return Summary(
        tasks=len(audit.tasks),
        by_status=_counted(TaskStatus, (result.status for result in audit.tasks)),
        by_defect=_counted(Defect, (finding.defect for finding in findings)),
        by_confidence=_counted(Confidence, (finding.confidence for finding in findings)),
        by_defect_and_confidence=_counted(
            product(Defect, Confidence),
            ((finding.defect, finding.confidence) for finding in findings),
        ),
        by_run_state=_counted(RunState, (trial.state for trial in trials)),
        by_skip_reason=dict(sorted(reasons.items())),
        trials=len(trials),
        findings=len(findings),
        rejections=sum(len(rejected_alternatives(result)) for result in audit.tasks),
        rejections_without_evidence=sum(
            len(rejections_without_evidence(result)) for result in audit.tasks
        ),
    )


def _counted(order: Iterable[_Key], found: Iterable[_Key]) -> dict[_Key, int]:
    """Count what occurs, in an order of its own."""
    counts = Counter(found)
    return {key: counts[key] for key in order if counts[key]}
