"""Judge: what an outside judge is asked about a rejected submission, and what its word counts.

An opinion is no run. ``correct`` leaves a finding at ``suspect`` where nothing else speaks for the
submission, and never lifts one above ``likely``; ``incorrect`` holds it at ``suspect``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from swe_audit.model.audit import TaskResult
from swe_audit.model.candidate import SUBMITTED, Candidate, CandidateKind
from swe_audit.model.finding import Evidence, Explanation
from swe_audit.model.outside import Opinion
from swe_audit.model.task import Task
from swe_audit.model.trial import HARNESS, RunState, Verdict

_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question to a judge; ``document`` is all that it sees."""

    candidate: str
    document: Mapping[str, object]


def questions(result: TaskResult) -> Iterator[Question]:
    """Yield a question for each submission that every completed attempt of ours rejects."""
    task = result.task
    reasons = {detail.candidate: detail.explanations for detail in result.rejections}
    for candidate in result.candidates if task is not None else ():
        if candidate.kind is not CandidateKind.ALTERNATIVE or candidate.provenance not in SUBMITTED:
            continue
        verdicts = {
            trial.verdict
            for trial in result.trials
            if trial.candidate == candidate.name
            and trial.state is RunState.COMPLETED
            and trial.isolation != HARNESS
        }
        if task is not None and verdicts == {Verdict.UNRESOLVED} and reasons.get(candidate.name):
            yield _question(task, candidate, reasons[candidate.name])


def told(said: Opinion) -> Evidence:
    """Return an opinion as evidence, of a kind of its own."""
    text = f"{said.candidate}: {said.ruling.value}, says {said.command}: {said.reason}"
    return Evidence(kind="judge", text=text)


def _question(task: Task, candidate: Candidate, reasons: Sequence[Explanation]) -> Question:
    return Question(
        candidate=candidate.name,
        document={
            "schema_version": 1,
            "instance_id": task.instance_id,
            "repo": task.repo,
            "problem_statement": task.statement,
            "rejections": [_rejection(reason) for reason in reasons[:_MOST]],
            "candidate": {"name": candidate.name, "patch": candidate.patch},
        },
    )


def _rejection(reason: Explanation) -> dict[str, object]:
    return {
        "test": reason.test,
        "cause": reason.cause.value,
        "detail": reason.detail,
        "assertion": reason.assertion,
        "exception": reason.exception,
        "message": reason.message,
        "path": reason.path,
        "line": reason.line,
    }
