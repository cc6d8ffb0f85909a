"""``contradictory``: the tests reject what the statement itself prescribes."""

from __future__ import annotations

from collections.abc import Iterator

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from swe_audit.checks.assertions import assertion_evidence
from swe_audit.checks.case import Case
from swe_audit.checks.confirmation import Standing, standing
from swe_audit.checks.curated import findings
from swe_audit.evidence import solving
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
from swe_audit.model.task import Task

_NEAR = 12
"""An assertion so many lines after a changed one is taken for part of what was changed."""
_OURS = (Cause.NOT_COLLECTED, Cause.CRASH, Cause.MISSING_NAME, Cause.MISSING_DEPENDENCY)
"""Causes that may as well come from what the statement leaves out of its snippet."""


def contradictory(case: Case) -> Iterator[Finding]:
    """Find rejected alternatives that do what the statement says.

    Curated ones, and what the statement itself gives, applied to base. Of the latter the finding
    is ``likely`` at most, ``proven`` where somebody reviewed it. It is ``suspect`` where the
    author takes the code back nearby, where no assertion that the test patch touches rejects it,
    where it crashes rather than differs, and where most who tried the task solve it. Gold that
    does not show what the statement wants of its own code is ``likely``, base that shows it
    already ``suspect``; both need somebody to read them.
    """
    yield from findings(case, Defect.CONTRADICTORY)
    if case.gold_always_resolves:
        yield from _unkept(case)
    for candidate in case.of_kind(CandidateKind.ALTERNATIVE):
        stated = candidate.provenance is Provenance.STATEMENT
        if stated and standing(case, candidate) is Standing.REJECTED:
            yield _finding(case, candidate)


def _unkept(case: Case) -> Iterator[Finding]:
    """Find that gold, or base already, does not fit what the statement prints as wanted."""
    shown = case.reproduction
    if shown is None or not (shown.stale or shown.missed):
        return
    steps = shown.missed or shown.stale
    wanted = shown.steps[steps[0]].wanted
    cause = Cause.GOLD_MISSES_STATEMENT if shown.missed else Cause.STALE_STATEMENT
    text = (
        "the reference patch does not show what the statement wants of its own code"
        if shown.missed
        else "the base tree already shows what the statement wants of its own code"
    )
    yield Finding(
        instance_id=case.task.instance_id,
        defect=Defect.CONTRADICTORY,
        confidence=Confidence.LIKELY if shown.missed else Confidence.SUSPECT,
        cause=cause,
        detail=wanted,
        summary=text,
        determined_by=(Determinant.STATEMENT,),
        rungs=("reproduction",),
        candidates=tuple(dict.fromkeys(trial.split("/")[1] for trial in shown.trials)),
        evidence=(
            Evidence(kind="needs_review", text="read whether the statement means what it prints"),
            *(
                Evidence(kind="statement", text=shown.steps[at].source, line=shown.steps[at].line)
                for at in steps
            ),
            *(Evidence(kind="trial", text="ran", trial=trial) for trial in shown.trials),
        ),
    )


def _finding(case: Case, candidate: Candidate) -> Finding:
    trials = case.completed(candidate)
    reasons = case.rejections[trials[0].id]
    broken = _broken_at_base(case, reasons.grounding)
    shown = _shown(reasons.explanations, broken)
    old = broken or not any(_is_new(case.task, each) for each in reasons.explanations)
    example = shown[0] if shown else None
    confidence, doubts = _confidence(case, candidate, reasons.explanations, broken)
    sentence = next((e.text for e in candidate.evidence_items if e.kind == "statement"), "")
    return Finding(
        instance_id=case.task.instance_id,
        defect=Defect.CONTRADICTORY,
        confidence=confidence,
        cause=Cause.STATEMENT_VS_BASE_TESTS if old else (example.cause if example else None),
        detail=example.detail if example else "",
        summary=f"what the statement gives is rejected {len(trials)} times of {len(trials)}"
        + (f": {sentence}" if sentence else ""),
        tests=reasons.grounding,
        determined_by=(Determinant.STATEMENT,),
        rungs=("statement", "reviewed") if candidate.reviewed else ("statement",),
        candidates=(candidate.name,),
        evidence=(
            *candidate.evidence_items,
            *(_assertion(each, trials[0].id) for each in shown),
            *assertion_evidence(case, candidate, {(each.path, each.line) for each in shown}),
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
    """Start at likely, or proven where reviewed; each doubt leaves no more than suspect.

    As with a reviewer's decision, a review does not do away with what a check has found.
    """
    doubts: list[Evidence] = []
    if any(item.kind == "needs_review" for item in candidate.evidence_items):
        doubts.append(Evidence(kind="doubt", text="the statement takes it back nearby"))
    asked = [e for e in explanations if e.test not in broken and _is_new(case.task, e)]
    if not asked:
        text = "only assertions that the test patch does not touch reject it"
        doubts.append(Evidence(kind="doubt", text=text))
    elif all(each.cause in _OURS for each in asked):
        text = "it does not run to an assertion: the statement may give only part of a change"
        doubts.append(Evidence(kind="doubt", text=text))
    if solving.solved_by_most(case.reported):
        doubts += solving.told(case.reported)
    sure = Confidence.PROVEN if candidate.reviewed else Confidence.LIKELY
    return (Confidence.SUSPECT if doubts else sure), tuple(doubts)


def _broken_at_base(case: Case, failing: tuple[str, ...]) -> tuple[str, ...]:
    """The failing tests that no patch at all passes: the statement's code breaks them."""
    empties = [t for c in case.of_kind(CandidateKind.EMPTY) for t in case.completed(c)]
    if not empties:
        return tuple(test for test in failing if test in case.task.pass_to_pass)
    lost = {test for trial in empties for test in trial.outcome.failed}
    return tuple(test for test in failing if test not in lost)


def _is_new(task: Task, told: Explanation) -> bool:
    """Whether the test patch adds or changes an assertion, or a line just before it.

    What a table or a set-up holds decides the assertion that follows. An assertion whose place
    is not known counts as new.
    """
    if told.path is None or told.line is None:
        return True
    changed = _changed(task.test_patch, told.path)
    return changed is None or any(0 <= told.line - line <= _NEAR for line in changed)


def _changed(patch: str, path: str) -> frozenset[int] | None:
    """The lines of a file that a patch adds, or before which it removes; None if not read."""
    try:
        files = [file for file in PatchSet(patch) if path.endswith(file.path)]
    except UnidiffParseError:
        return None
    if not files:
        return None
    lines: set[int] = set()
    for hunk in files[0]:
        at = hunk.target_start
        for line in hunk:
            if not line.is_context:
                lines.add(at)
            at += not line.is_removed
    return frozenset(lines)


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
