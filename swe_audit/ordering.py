"""In which order tasks and trials run: what is done in the end is the same, when is not."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from swe_audit.environments import environment_key
from swe_audit.model.audit import Reported
from swe_audit.model.candidate import Candidate, CandidateKind, Provenance
from swe_audit.model.task import Task
from swe_audit.model.trial import RunState, Trial

T = TypeVar("T")

_OVERHEAD, _PER_TEST = 2.0, 0.05
"""A guess in seconds where no trial of a task has been timed yet; only the order goes by it."""

_BY_EVIDENCE = (
    Provenance.BENCHMARK,
    Provenance.CURATED,
    Provenance.STATEMENT,
    Provenance.CONSTRUCTION,
    Provenance.INQUIRY,
    Provenance.PREDICTION,
    Provenance.WRITER,
    Provenance.MUTANT,
)
"""What a rejection proves, most first; one group of constructions stands for many details."""


def expected_seconds(task: Task, trials: Iterable[Trial]) -> float:
    """Return what one trial of a task takes: the median of those that ran, else a guess."""
    timed = [trial.seconds for trial in trials if trial.state is RunState.COMPLETED]
    return statistics.median(timed) if timed else _OVERHEAD + _PER_TEST * len(task.required)


def longest_first(items: Sequence[T], seconds: Callable[[T], float]) -> list[T]:
    """Put what takes longest first, so that no worker is left alone with it at the end."""
    return sorted(items, key=seconds, reverse=True)


def most_promising_first(
    items: Sequence[T], promise: Callable[[T], float], seconds: Callable[[T], float]
) -> list[T]:
    """Put first what promises most for its time: for an audit that will not finish."""
    return sorted(items, key=lambda item: promise(item) / seconds(item), reverse=True)


def promises(
    scores: Mapping[str, float], reported: Mapping[str, Reported]
) -> Callable[[str], float]:
    """Return how much is expected of a task, by id: its screen's score, up to double where few
    submissions are reported to solve it. A task without a score is not without hope.
    """

    def of(instance_id: str) -> float:
        said = reported.get(instance_id)
        unsolved = 1 - said.solved / said.of if said and said.of else 0.0
        return max(scores.get(instance_id, 0.0), 0.01) * (1 + unsolved)

    return of


def together(items: Sequence[T], shared: Callable[[T], Hashable]) -> list[T]:
    """Bring together what shares something, in the order in which each first comes up."""
    groups: dict[Hashable, list[T]] = {}
    for item in items:
        groups.setdefault(shared(item), []).append(item)
    return [item for group in groups.values() for item in group]


def shared(task: Task) -> str:
    """Say what tasks have in common whose images share most of their layers.

    That is the packages of a description; of published images the repository and its version, by
    which SWE-bench builds them.
    """
    if task.environment is not None:
        return environment_key(task.environment)
    return f"{task.repo} {task.version}"


def by_evidence(candidate: Candidate) -> int:
    """Return a rank by which the cheapest evidence that suffices comes first.

    Controls come with the benchmark's own, for without them nothing else counts.
    """
    if candidate.kind is CandidateKind.CONTROL and candidate.provenance is not Provenance.INQUIRY:
        return 0
    return _BY_EVIDENCE.index(candidate.provenance)
