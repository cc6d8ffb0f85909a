"""A task's status, the first that holds, and the reason in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from swe_audit.checks.case import Case
from swe_audit.judging.reproduction import Reproduction, reproduction
from swe_audit.model.audit import TaskStatus
from swe_audit.model.candidate import CandidateKind, Provenance
from swe_audit.model.finding import Confidence, Finding
from swe_audit.model.trial import RunState, Verdict
from swe_audit.statistics import counted

_EVIDENCED = frozenset({Provenance.CURATED, Provenance.CONSTRUCTION, Provenance.STATEMENT})


def status_of(
    case: Case, findings: Sequence[Finding], *, remaining: int = 0
) -> tuple[TaskStatus, str]:
    """Return the status of a task that ran; ``remaining`` trials were planned but never run."""
    if remaining:
        return TaskStatus.INCONCLUSIVE, f"not finished: {remaining} or more trials have not run"
    reason = _control_problem(case)
    if reason:
        return TaskStatus.INCONCLUSIVE, reason
    proven = [f for f in findings if f.confidence is Confidence.PROVEN]
    if proven:
        return TaskStatus.DEFECTIVE, proven[0].summary
    live = [finding for finding in findings if finding.confidence.live]
    if live:
        return TaskStatus.SUSPECT, live[0].summary
    return _without_findings(case)


def _control_problem(case: Case) -> str:
    for kind in (CandidateKind.GOLD, CandidateKind.EMPTY):
        trials = case.trials_of(kind)
        if not trials:
            return f"{kind.value} has not run"
        for trial in trials:
            if trial.state is not RunState.COMPLETED:
                detail = f" ({trial.detail})" if trial.detail else ""
                return f"attempt {trial.attempt} of {kind.value}: {trial.state.value}{detail}"
    if not case.task.rebuilt:
        return ""
    if reproduction(case.task, case.missing) is Reproduction.INCONCLUSIVE:
        lost = len(case.missing)
        return (
            f"gold does not pass {lost} of {len(case.task.required)} required tests"
            " in the rebuilt environment"
        )
    if any(t.verdict is Verdict.RESOLVED for t in case.trials_of(CandidateKind.EMPTY)):
        return "the tests pass without any change in the rebuilt environment"
    return ""


def _without_findings(case: Case) -> tuple[TaskStatus, str]:
    alternatives = case.of_kind(CandidateKind.ALTERNATIVE)
    cleared = [
        candidate
        for candidate in alternatives
        if candidate.provenance in _EVIDENCED
        and any(trial.verdict is Verdict.RESOLVED for trial in case.completed(candidate))
    ]
    if cleared:
        return (
            TaskStatus.CLEARED,
            f"{counted(len(cleared), 'evidenced alternative')} tried, all accepted",
        )
    if not alternatives:
        return TaskStatus.UNTESTED, "no alternative to try"
    return (
        TaskStatus.UNTESTED,
        f"{counted(len(alternatives), 'alternative')} tried, none with evidence",
    )
