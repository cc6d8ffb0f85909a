"""Rejected curated alternatives: what each one shows, for the checks that report it.

A curated file says why its patch is correct; that, with a confirmed rejection, is evidence. A
patch that was merely submitted is none, and appears in no finding of these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from swe_audit.checks.assertions import assertion_evidence, pinned_by_base
from swe_audit.checks.case import Case
from swe_audit.checks.confirmation import Standing, named_patches, standing
from swe_audit.evidence import solving
from swe_audit.model.candidate import Candidate, CandidateKind, Provenance
from swe_audit.model.finding import Cause, Confidence, Defect, Evidence, Explanation, Finding
from swe_audit.model.trial import Trial, Verdict

NARROW = (
    Cause.MISSING_NAME,
    Cause.SIGNATURE,
    Cause.MISSING_DEPENDENCY,
    Cause.EXCEPTION_TYPE,
    Cause.MESSAGE_TEXT,
    Cause.ORDER_OR_FORMAT,
    Cause.STRUCTURE,
)
_CONTRADICTORY = (
    Cause.STATEMENT_VS_BASE_TESTS,
    Cause.GOLD_MISSES_STATEMENT,
    Cause.STALE_STATEMENT,
)
_RANK = (*_CONTRADICTORY, *NARROW, Cause.VALUE, Cause.PINNED_BY_BASE_TESTS, Cause.CRASH)
"""Which cause speaks for a rejection when several are equally frequent: the most specific."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """One curated alternative that the tests reject, and what it was decided to show."""

    candidate: Candidate
    trials: tuple[Trial, ...]
    standing: Standing
    defect: Defect
    cause: Cause | None
    detail: str
    tests: tuple[str, ...]
    example: Explanation | None


def rejected(case: Case) -> Iterator[Rejected]:
    """Yield each curated alternative whose completed attempts agree on its rejection."""
    for candidate in case.of_kind(CandidateKind.ALTERNATIVE):
        if candidate.provenance is not Provenance.CURATED:
            continue
        stands = standing(case, candidate)
        trials = case.completed(candidate)
        if stands not in (Standing.REJECTED, Standing.UNCONFIRMED):
            continue
        if any(trial.verdict is not Verdict.UNRESOLVED for trial in trials):
            continue
        reasons = case.rejections[trials[0].id]
        example = speaking(reasons.explanations)
        cause = example.cause if example else None
        if pinned_by_base(case, candidate):
            cause = Cause.PINNED_BY_BASE_TESTS
        confirmed = stands is Standing.REJECTED
        yield Rejected(
            candidate=candidate,
            trials=trials,
            standing=stands,
            defect=_defect(candidate.claim, cause) if confirmed else Defect.UNEXPLAINED,
            cause=cause,
            detail=example.detail if example else "",
            tests=reasons.grounding,
            example=example,
        )


def findings(case: Case, defect: Defect) -> Iterator[Finding]:
    """Yield the findings of one defect; alternatives that meet the same pin share one."""
    groups: dict[tuple[Cause | None, str], list[Rejected]] = {}
    for one in rejected(case):
        if one.defect is defect:
            groups.setdefault((one.cause, one.detail), []).append(one)
    for (cause, detail), members in groups.items():
        reviewed = any(member.candidate.reviewed for member in members)
        inferred = defect is not Defect.CONTRADICTORY and solving.solved_by_most(case.reported)
        seen = {test for member in members for test in member.tests}
        yield Finding(
            instance_id=case.task.instance_id,
            defect=defect,
            confidence=Confidence.SUSPECT
            if inferred
            else _confidence(defect, cause, reviewed=reviewed),
            cause=cause,
            detail=detail,
            summary=_summary(members),
            tests=tuple(test for test in case.task.required if test in seen),
            rungs=("reviewed",) if reviewed else ("curated",),
            candidates=tuple(member.candidate.name for member in members),
            evidence=(
                *(item for member in members for item in _evidence(case, member)),
                *solving.told(case.reported),
            ),
        )


def _defect(claim: Defect | None, cause: Cause | None) -> Defect:
    """Map a cause, and what the file claims, to a defect (DESIGN 2).

    The cause decides between narrow and wide where it can. Whether a value or a crash is narrow
    or wide takes reading the statement, which is what the curated file's author has done.
    """
    if claim is Defect.CONTRADICTORY or cause in _CONTRADICTORY:
        return Defect.CONTRADICTORY
    if cause in NARROW:
        return Defect.NARROW
    if cause in (Cause.VALUE, Cause.NOT_COLLECTED, Cause.CRASH) and claim in (
        Defect.NARROW,
        Defect.WIDE,
    ):
        return claim
    return Defect.UNEXPLAINED


def _confidence(defect: Defect, cause: Cause | None, *, reviewed: bool) -> Confidence:
    if defect is Defect.UNEXPLAINED or cause is Cause.PINNED_BY_BASE_TESTS:
        return Confidence.SUSPECT
    return Confidence.PROVEN if reviewed else Confidence.LIKELY


def speaking(explanations: Sequence[Explanation]) -> Explanation | None:
    """Choose the explanation that speaks for a rejection: its most frequent cause and detail."""
    if not explanations:
        return None
    counts = Counter((each.cause, each.detail) for each in explanations)

    def weight(each: Explanation) -> tuple[int, int, bool]:
        rank = _RANK.index(each.cause) if each.cause in _RANK else len(_RANK)
        return -counts[each.cause, each.detail], rank, not each.assertion

    return min(explanations, key=weight)


def _summary(members: list[Rejected]) -> str:
    first = members[0]
    names = named_patches([member.candidate.name for member in members])
    if first.standing is Standing.UNCONFIRMED:
        return (
            f"the tests reject {names}, but this is not confirmed: it takes every attempt, tests"
            " that the reference patch passes here, and that it resolves in between"
        )
    why = f": {first.example.message}" if first.example and first.example.message else ""
    times = f"{len(first.trials)} times of {len(first.trials)}"
    correct = "it is correct by its" if len(members) == 1 else "they are correct by their"
    return f"the tests reject {names} {times}, though {correct} rationale{why}".split("\n")[
        0
    ].rstrip(" :")


def _evidence(case: Case, member: Rejected) -> Iterator[Evidence]:
    candidate = member.candidate
    if candidate.rationale:
        who = f" (reviewed by {candidate.reviewed_by})" if member.candidate.reviewed else ""
        yield Evidence(kind="rationale", text=candidate.rationale + who)
    if candidate.evidence:
        yield Evidence(kind="evidence", text=candidate.evidence)
    if member.example is not None:
        yield Evidence(
            kind="assertion",
            text=member.example.assertion or member.example.message,
            path=member.example.path,
            line=member.example.line,
            trial=member.trials[0].id,
        )
    told = {(member.example.path, member.example.line)} if member.example else ()
    yield from assertion_evidence(case, candidate, told)
    for trial in member.trials:
        yield Evidence(kind="trial", text=trial.verdict.value, trial=trial.id)
