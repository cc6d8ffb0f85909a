"""``weak``: an incorrect candidate resolves."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.checks.case import Case
from swe_audit.model.candidate import Candidate, CandidateKind
from swe_audit.model.finding import Confidence, Defect, Evidence, Finding
from swe_audit.model.trial import RunState, Verdict

_ORDER = (Confidence.PROVEN, Confidence.LIKELY, Confidence.SUSPECT)


def weak(case: Case) -> Iterator[Finding]:
    """Find candidates that are claimed wrong and resolve in every planned attempt.

    A reviewed claim proves it; a claim with a shown difference in behaviour makes it likely; a
    bare claim is ``suspect``. Where gold does not resolve as well, nothing follows.
    """
    accepted = [c for c in case.of_kind(CandidateKind.INCORRECT) if _resolves(case, c)]
    if not accepted or not case.gold_always_resolves:
        return
    confidence = min((_confidence(candidate) for candidate in accepted), key=_ORDER.index)
    names = ", ".join(candidate.name for candidate in accepted)
    yield Finding(
        instance_id=case.task.instance_id,
        defect=Defect.WEAK,
        confidence=confidence,
        summary=f"{names} is wrong by its rationale, and the tests accept it",
        tests=case.task.fail_to_pass,
        rungs=("reviewed",) if confidence is Confidence.PROVEN else ("curated",),
        candidates=tuple(candidate.name for candidate in accepted),
        evidence=tuple(item for candidate in accepted for item in _evidence(case, candidate)),
    )


def _resolves(case: Case, candidate: Candidate) -> bool:
    trials = case.attempts(candidate)
    return len(trials) >= case.repeats and all(
        t.state is RunState.COMPLETED and t.verdict is Verdict.RESOLVED for t in trials
    )


def _confidence(candidate: Candidate) -> Confidence:
    if candidate.reviewed_by and candidate.reviewed_by != candidate.author:
        return Confidence.PROVEN
    return Confidence.LIKELY if candidate.evidence else Confidence.SUSPECT


def _evidence(case: Case, candidate: Candidate) -> Iterator[Evidence]:
    if candidate.rationale:
        yield Evidence(kind="rationale", text=candidate.rationale)
    if candidate.evidence:
        yield Evidence(kind="evidence", text=candidate.evidence)
    for trial in case.attempts(candidate):
        yield Evidence(kind="trial", text=trial.verdict.value, trial=trial.id)
