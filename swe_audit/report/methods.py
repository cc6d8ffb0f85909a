"""How the audit was made, in plain words, with counts that add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from swe_audit.model.audit import Audit, SiteOutcome
from swe_audit.model.candidate import CandidateKind, DropReason, Provenance
from swe_audit.report import words
from swe_audit.report.constructions import ConstructionCounts, count_constructions
from swe_audit.report.summary import (
    rejected_alternatives,
    rejections_without_evidence,
    search_steps,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativesRow:
    """Alternatives of one provenance.

    ``candidates`` = ``not_run`` + ``steps`` + ``accepted`` + ``rejected``, and ``rejected`` =
    ``backed`` + ``unbacked``: a finding rests on them, or nothing shows that they are correct.
    ``accepted`` are all that ran and that no completed trial turned down.
    """

    label: str
    meaning: str
    candidates: int
    not_run: int
    steps: int
    accepted: int
    backed: int
    unbacked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodsView:
    """The methods section: paragraphs, and the tables that they speak of."""

    paragraphs: tuple[str, ...]
    alternatives: tuple[AlternativesRow, ...]
    dropped: tuple[tuple[str, int], ...]
    set_aside: int
    constructions: ConstructionCounts | None
    construction_lines: tuple[str, ...]


def methods_view(audit: Audit) -> MethodsView:
    """Count what was tried over an audit."""
    counts = count_constructions(*audit.tasks)
    rows = _alternatives(audit)
    return MethodsView(
        paragraphs=_paragraphs(rows),
        alternatives=rows,
        dropped=_dropped(audit),
        set_aside=sum(
            one.count for result in audit.tasks for one in result.candidates if one.set_aside
        ),
        constructions=counts if counts.tasks else None,
        construction_lines=_construction_lines(counts) if counts.tasks else (),
    )


def _alternatives(audit: Audit) -> tuple[AlternativesRow, ...]:
    tally: Counter[tuple[Provenance, str]] = Counter()
    for result in audit.tasks:
        ran = {trial.candidate for trial in result.trials}
        steps = search_steps(result)
        rejected = frozenset(rejected_alternatives(result))
        unbacked = frozenset(rejections_without_evidence(result))
        for one in result.candidates:
            if one.kind is not CandidateKind.ALTERNATIVE:
                continue
            if one.name not in ran:
                what = "not_run"
            elif one.name in steps:
                what = "steps"
            elif one.name not in rejected:
                what = "accepted"
            else:
                what = "unbacked" if one.name in unbacked else "backed"
            tally[one.provenance, what] += 1
    return tuple(
        AlternativesRow(
            label=provenance.value,
            meaning=words.PROVENANCE[provenance],
            candidates=sum(value for (one, _), value in tally.items() if one is provenance),
            not_run=tally[provenance, "not_run"],
            steps=tally[provenance, "steps"],
            accepted=tally[provenance, "accepted"],
            backed=tally[provenance, "backed"],
            unbacked=tally[provenance, "unbacked"],
        )
        for provenance in Provenance
        if any(one is provenance for one, _ in tally)
    )


def _dropped(audit: Audit) -> tuple[tuple[str, int], ...]:
    reasons = Counter(one.reason for result in audit.tasks for one in result.dropped)
    return tuple((words.DROPPED[one], reasons[one]) for one in DropReason if reasons[one])


def _paragraphs(rows: tuple[AlternativesRow, ...]) -> tuple[str, ...]:
    candidates = sum(row.candidates for row in rows)
    return (
        "Each trial starts a container from the task's own image, applies one patch, and runs the"
        " task's tests as its benchmark does. The reference patch has to resolve the task every"
        " time, and no patch at all must not: where these controls do not come out, nothing is"
        " said of the task.",
        f"{words.count(candidates, 'alternative patch', 'alternative patches')} claimed to be"
        " correct"
        + (" were tried or planned" if candidates != 1 else " was tried or planned")
        + ". That tests reject a patch shows nothing by itself: a finding needs evidence that the"
        " patch is correct, and its rejection has to come out the same in every repeat."
        " Rejections without such evidence are counted, and never called defects.",
        "A defect is called proven when every rule of evidence for it holds, likely when one step"
        " is missing, and suspect when a person should look. Only a proven defect makes a task"
        " defective. A broken machine, a bad image or a trial that did not complete never counts"
        " as a rejection.",
    )


def _construction_lines(counts: ConstructionCounts) -> tuple[str, ...]:
    became = words.listing(
        [f"{words.number(value)} {key.value}" for key, value in counts.by_outcome.items()]
    )
    refused = sum(counts.refused.values())
    lines = [
        f"In {words.count(counts.tasks, 'task')} the reference patch was looked at for details"
        f" that nothing determines: {words.count(counts.sites, 'detail')} could be changed"
        + (f" ({became})" if became else "")
        + f", {words.count(refused, 'detail was', 'details were')} left alone."
    ]
    if counts.trials:
        whole = SiteOutcome.UNDECIDED not in counts.by_outcome
        saved = f", {words.number(counts.saved)} fewer than one by one" if whole else ""
        lines.append(
            f"Combined changes took {words.count(counts.trials, 'trial')}"
            f"{saved if counts.saved > 0 else ''}."
        )
    if counts.mirrors_run:
        lines.append(
            f"{words.count(counts.mirrors_run, 'mirror')} ran, the same change in the tests as"
            f" well: {words.number(counts.mirrors_run - counts.mirrors_failed)} resolved as they"
            f" must, {words.number(counts.mirrors_failed)} did not, and ground no finding."
        )
    return tuple(lines)
