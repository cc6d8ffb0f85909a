"""``flaky``: the same candidate, repeated, does not agree with itself."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.checks.case import Case
from swe_audit.checks.confirmation import Standing, agree, differing_tests, standing
from swe_audit.model.candidate import Candidate, CandidateKind
from swe_audit.model.finding import Confidence, Defect, Evidence, Finding
from swe_audit.model.trial import Trial
from swe_audit.statistics import counted

_NAMES = {CandidateKind.GOLD: "the reference patch", CandidateKind.EMPTY: "the empty patch"}


def flaky(case: Case) -> Iterator[Finding]:
    """Find candidates whose completed attempts differ; one finding for the task.

    It is proven where gold or empty differ. An alternative may itself be what is unstable, so
    its disagreement alone is ``suspect``.
    """
    unstable = [candidate for candidate in case.candidates if _unstable(case, candidate)]
    if not unstable:
        return
    ours = [c for c in unstable if c.kind in (CandidateKind.GOLD, CandidateKind.EMPTY)]
    shown = ours or unstable
    seen = {test for c in shown for test in differing_tests(case, case.completed(c))}
    tests = tuple(test for test in case.task.required if test in seen)
    names = ", ".join(_NAMES.get(candidate.kind, candidate.name) for candidate in shown)
    what = counted(len(tests), "required test") if tests else "the reasons of failure"
    yield Finding(
        instance_id=case.task.instance_id,
        defect=Defect.FLAKY,
        confidence=Confidence.PROVEN if ours else Confidence.SUSPECT,
        summary=f"repeated runs of {names} differ in {what}",
        tests=tests,
        candidates=tuple(candidate.name for candidate in unstable),
        evidence=tuple(
            Evidence(kind="trial", text=_said(trial), trial=trial.id)
            for candidate in shown
            for trial in case.completed(candidate)
        ),
    )


def _said(trial: Trial) -> str:
    return f"{trial.verdict.value}, {counted(len(trial.outcome.failed), 'required test')} failed"


def _unstable(case: Case, candidate: Candidate) -> bool:
    if candidate.kind is CandidateKind.ALTERNATIVE:
        return standing(case, candidate) is Standing.UNSTABLE
    return not agree(case, case.completed(candidate))
