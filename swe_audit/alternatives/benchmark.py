"""The two candidates that every task has: the benchmark's own patch, and none at all."""

from __future__ import annotations

from swe_audit.model.candidate import Candidate, CandidateKind, Provenance
from swe_audit.model.task import Task

GOLD = "gold"
EMPTY = "empty"


def controls(task: Task) -> tuple[Candidate, Candidate]:
    """Return gold and empty; the tests should resolve the first and not the second."""
    return (
        Candidate(
            instance_id=task.instance_id,
            name=GOLD,
            kind=CandidateKind.GOLD,
            provenance=Provenance.BENCHMARK,
            patch=task.gold_patch,
        ),
        Candidate(
            instance_id=task.instance_id,
            name=EMPTY,
            kind=CandidateKind.EMPTY,
            provenance=Provenance.BENCHMARK,
            patch="",
        ),
    )
