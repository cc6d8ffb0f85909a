"""``broken``: gold never resolves, or empty does, in the task's own environment."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.checks.case import Case
from swe_audit.checks.confirmation import agree
from swe_audit.model.candidate import CandidateKind
from swe_audit.model.finding import Confidence, Defect, Evidence, Finding
from swe_audit.model.trial import RunState, Trial, Verdict
from swe_audit.statistics import counted


def broken(case: Case) -> Iterator[Finding]:
    """Find a reference that fails its own tests, or tests that pass without it.

    Only completed runs count, all of those planned, and never in an environment that we rebuilt:
    there the fault may be ours and the task is ``inconclusive``.
    """
    if case.task.rebuilt:
        return
    golds = case.trials_of(CandidateKind.GOLD)
    tests = tuple(
        test for test in case.task.required if all(test in trial.outcome.failed for trial in golds)
    )
    # Attempts that fail, but never for the same test, are flaky: every test passes at times.
    if tests and _all(case, golds, Verdict.UNRESOLVED):
        lost = counted(len(tests), "required test")
        times = f"{len(golds)} times of {len(golds)}"
        never = "passes" if len(tests) == 1 else "pass"
        what = f"the tests reject the reference patch {times}: {lost} never {never}"
        yield _finding(case, "gold", golds, tests, what)
    for candidate in case.of_kind(CandidateKind.EMPTY):
        trials = case.attempts(candidate)
        if _all(case, trials, Verdict.RESOLVED) and agree(case, trials):
            yield _finding(case, "empty", trials, case.task.fail_to_pass, "the tests pass without "
                           f"any change, {len(trials)} times of {len(trials)}")  # fmt: skip


def _all(case: Case, trials: tuple[Trial, ...], verdict: Verdict) -> bool:
    return len(trials) >= case.repeats and all(
        t.state is RunState.COMPLETED and t.verdict is verdict for t in trials
    )


def _finding(
    case: Case, name: str, trials: tuple[Trial, ...], tests: tuple[str, ...], summary: str
) -> Finding:
    return Finding(
        instance_id=case.task.instance_id,
        defect=Defect.BROKEN,
        confidence=Confidence.PROVEN,
        detail=name,
        summary=summary,
        tests=tests,
        candidates=(trials[0].candidate,),
        evidence=tuple(
            Evidence(kind="trial", text=trial.verdict.value, trial=trial.id) for trial in trials
        ),
    )
