"""How a decision changes a finding's confidence, and with it the status of its task.

A review is a rung of its own (``docs/evidence.md``, 3): somebody who is not the author says that
the alternative is correct. It adds what a run cannot show, and never replaces a run: it lifts
``likely`` to ``proven`` on rungs that may carry that, and nothing else. A dispute always counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from swe_audit.model.audit import TaskResult, TaskStatus
from swe_audit.model.candidate import Candidate
from swe_audit.model.decisions import Choice, Decision
from swe_audit.model.finding import Confidence, Evidence, Finding

PROVABLE = frozenset({"construction", "curated", "reviewed", "relaxation", "statement"})
"""The rungs on which a reviewed finding may be ``proven``; the others stay at ``likely``."""


def apply_decisions(
    findings: Iterable[Finding], decisions: Iterable[Decision], candidates: Iterable[Candidate] = ()
) -> tuple[Finding, ...]:
    """Return findings as reviewers leave them; the order is kept, and so are the ids.

    A dispute makes a live finding ``disputed``, whatever others confirm. A confirmation makes a
    ``likely`` one ``proven`` where its rung allows it, and where the reviewer is not the author
    of all its ``candidates``. What runs refute or dispute stays so, and ``suspect`` stays
    ``suspect``: there a check has said why. Each decision that was made becomes evidence.
    """
    authors = {one.name: one.author.casefold() for one in candidates}
    by_finding: dict[str, list[Decision]] = {}
    for decision in sorted(decisions, key=lambda one: one.key):
        if decision.choice.settled:
            by_finding.setdefault(decision.finding, []).append(decision)
    return tuple(
        _applied(finding, by_finding[finding.id], authors) if finding.id in by_finding else finding
        for finding in findings
    )


def decided(result: TaskResult, decisions: Sequence[Decision]) -> TaskResult:
    """Return a task as reviewers leave it, with the decisions on its findings.

    Only ``defective`` and ``suspect`` rest on findings, so only these two can change.
    """
    ids = {finding.id for finding in result.findings}
    own = tuple(one for one in decisions if one.finding in ids)
    if not own:
        return result
    findings = apply_decisions(result.findings, own, result.candidates)
    status, reason = result.status, result.reason
    if status in (TaskStatus.DEFECTIVE, TaskStatus.SUSPECT):
        proven = [one for one in findings if one.confidence is Confidence.PROVEN]
        live = [one for one in findings if one.confidence.live]
        status = TaskStatus.DEFECTIVE if proven else TaskStatus.SUSPECT
        reason = (proven or live)[0].summary if status is not result.status else reason
    return replace(result, findings=findings, status=status, reason=reason, decisions=own)


def _applied(finding: Finding, decisions: list[Decision], authors: Mapping[str, str]) -> Finding:
    evidence = (*finding.evidence, *(_evidence(one) for one in decisions))
    if any(one.choice is Choice.DISPUTE for one in decisions):
        live = finding.confidence.live
        confidence = Confidence.DISPUTED if live else finding.confidence
        return replace(finding, confidence=confidence, evidence=evidence)
    if not any(_may_confirm(one, finding, authors) for one in decisions):
        return replace(finding, evidence=evidence)
    rungs = tuple(dict.fromkeys((*(r for r in finding.rungs if r != "curated"), "reviewed")))
    lifts = finding.confidence is Confidence.LIKELY and bool(PROVABLE & set(finding.rungs))
    confidence = Confidence.PROVEN if lifts else finding.confidence
    return replace(finding, confidence=confidence, rungs=rungs, evidence=evidence)


def _may_confirm(decision: Decision, finding: Finding, authors: Mapping[str, str]) -> bool:
    """Say whether somebody other than the reviewer wrote at least one of the candidates."""
    wrote = {authors.get(name, "") for name in finding.candidates}
    return wrote != {decision.reviewer.casefold()}


def _evidence(decision: Decision) -> Evidence:
    what = {Choice.CONFIRM: "confirmed", Choice.DISPUTE: "disputed"}[decision.choice]
    why = f": {decision.reason.replace('_', ' ')}" if decision.reason else ""
    return Evidence(kind="review", text=f"{what} by {decision.reviewer}{why}")
