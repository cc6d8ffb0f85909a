"""``contradictory``: the tests reject what the statement itself prescribes."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.checks.case import Case
from swe_audit.checks.confirmation import Standing, standing
from swe_audit.checks.curated import findings
from swe_audit.model.candidate import Candidate, CandidateKind, Provenance
from swe_audit.model.finding import (
    Cause,
    Confidence,
    Defect,
    Determinant,
    Evidence,
    Explanation,
    Finding,
)

_ORDER = list(Confidence)
_HALF = 0.5
_OURS = (Cause.NOT_COLLECTED, Cause.CRASH, Cause.MISSING_NAME, Cause.MISSING_DEPENDENCY)
"""Causes that may as well come from what the statement leaves out of its snippet."""


def contradictory(case: Case) -> Iterator[Finding]:
    """Find rejected alternatives that do what the statement says.

    Curated ones, and what the statement itself gives, applied to base. Of the latter the finding
    is ``likely`` at most, ``proven`` where somebody reviewed it. It is ``suspect`` where the
    author takes the code back nearby, where only tests that base passes reject it, where it
    crashes rather than differs, and where most who tried the task solve it.
    """
    yield from findings(case, Defect.CONTRADICTORY)
    for candidate in case.of_kind(CandidateKind.ALTERNATIVE):
        stated = candidate.provenance is Provenance.STATEMENT
        if stated and standing(case, candidate) is Standing.REJECTED:
            yield _finding(case, candidate)


def _finding(case: Case, candidate: Candidate) -> Finding:
    trials = case.completed(candidate)
    reasons = case.rejections[trials[0].id]
    broken = _broken_at_base(case, reasons.grounding)
    shown = _shown(reasons.explanations, broken)
    example = shown[0] if shown else None
    confidence, doubts = _confidence(case, candidate, reasons.explanations, broken)
    sentence = next((e.text for e in candidate.evidence_items if e.kind == "statement"), "")
    return Finding(
        instance_id=case.task.instance_id,
        defect=Defect.CONTRADICTORY,
        confidence=confidence,
        cause=Cause.STATEMENT_VS_BASE_TESTS if broken else (example.cause if example else None),
        detail=example.detail if example else "",
        summary=f"what the statement gives is rejected {len(trials)} times of {len(trials)}"
        + (f": {sentence}" if sentence else ""),
        tests=reasons.grounding,
        determined_by=(Determinant.STATEMENT,),
        rungs=("statement", "reviewed") if _is_reviewed(candidate) else ("statement",),
        candidates=(candidate.name,),
        evidence=(
            *candidate.evidence_items,
            *(_assertion(each, trials[0].id) for each in shown),
            *doubts,
            *(Evidence(kind="trial", text=t.verdict.value, trial=t.id) for t in trials),
        ),
    )


def _confidence(
    case: Case,
    candidate: Candidate,
    explanations: tuple[Explanation, ...],
    broken: tuple[str, ...],
) -> tuple[Confidence, tuple[Evidence, ...]]:
    """Start at likely, or proven where reviewed; each doubt leaves no more than suspect."""
    doubts: list[Evidence] = []
    if any(item.kind == "needs_review" for item in candidate.evidence_items):
        doubts.append(Evidence(kind="doubt", text="the statement takes it back nearby"))
    asked = [each for each in explanations if each.test not in broken]
    if not asked:
        text = "only tests that pass without any patch reject it"
        doubts.append(Evidence(kind="doubt", text=text))
    elif all(each.cause in _OURS for each in asked):
        text = "it does not run to an assertion: the statement may give only part of a change"
        doubts.append(Evidence(kind="doubt", text=text))
    told = case.reported
    if told is not None and told.of and told.solved >= _HALF * told.of:
        text = f"{told.solved} of {told.of} reported submissions solve the task"
        doubts.append(Evidence(kind="reported", text=text))
    if _is_reviewed(candidate):
        return Confidence.PROVEN, tuple(doubts)
    return (Confidence.SUSPECT if doubts else Confidence.LIKELY), tuple(doubts)


def _is_reviewed(candidate: Candidate) -> bool:
    return bool(candidate.reviewed_by) and candidate.reviewed_by != candidate.author


def _broken_at_base(case: Case, failing: tuple[str, ...]) -> tuple[str, ...]:
    """The failing tests that no patch at all passes: the statement's code breaks them."""
    empties = [t for c in case.of_kind(CandidateKind.EMPTY) for t in case.completed(c)]
    if not empties:
        return tuple(test for test in failing if test in case.task.pass_to_pass)
    lost = {test for trial in empties for test in trial.outcome.failed}
    return tuple(test for test in failing if test not in lost)


def _shown(
    explanations: tuple[Explanation, ...], broken: tuple[str, ...]
) -> tuple[Explanation, ...]:
    """Choose what to show: what rejects it first, and what it breaks that passes at base."""
    groups = (
        [each for each in explanations if each.test not in broken],
        [each for each in explanations if each.test in broken],
    )
    return tuple(
        next((each for each in group if each.assertion), group[0]) for group in groups if group
    )


def _assertion(example: Explanation, trial: str) -> Evidence:
    return Evidence(
        kind="assertion",
        text=example.assertion or example.message,
        path=example.path,
        line=example.line,
        trial=trial,
    )
