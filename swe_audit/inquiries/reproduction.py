"""Ask what the statement's own code shows: on base and gold first, then on what was rejected."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.alternatives.ground import Ground
from swe_audit.evidence.reproduction import first_questions, question
from swe_audit.model.audit import TaskResult, TaskStatus
from swe_audit.model.candidate import Candidate, CandidateKind, Provenance
from swe_audit.model.trial import HARNESS, RunState, Verdict
from swe_audit.statements import examples


def reproduction(result: TaskResult, ground: Ground) -> Iterator[Candidate]:
    """Yield the runs of a statement's examples that can still tell something.

    Base and gold are run where a rejected alternative waits for it, or where the statement says
    what its code should print; candidates only where those two differ, or where gold misses that.
    Constructions are gold in all that matters here, and are not run.
    """
    task = ground.task
    steps = examples(task.statement)
    rejected = list(_rejected(result))
    if result.status is TaskStatus.INCONCLUSIVE or not steps:
        return
    if not rejected and not any(step.wanted for step in steps):
        return
    if result.reproduction is None:
        golds, empties = (
            [c for c in result.candidates if c.kind is kind]
            for kind in (CandidateKind.GOLD, CandidateKind.EMPTY)
        )
        yield from first_questions(task, golds[0], empties[0])
    elif not result.reproduction.void or result.reproduction.missed:
        yield from (question(task, candidate) for candidate in rejected)


def _rejected(result: TaskResult) -> Iterator[Candidate]:
    """The alternatives, constructions aside, that every completed attempt of ours rejects."""
    for candidate in result.candidates:
        if candidate.kind is not CandidateKind.ALTERNATIVE:
            continue
        verdicts = {
            trial.verdict
            for trial in result.trials
            if trial.candidate == candidate.name
            and trial.state is RunState.COMPLETED
            and trial.isolation != HARNESS
        }
        if candidate.provenance is not Provenance.CONSTRUCTION and verdicts == {Verdict.UNRESOLVED}:
            yield candidate
