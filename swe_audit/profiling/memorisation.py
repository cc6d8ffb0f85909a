"""Whether models know statements by heart: what they wrote against what they were not shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from swe_audit.model.contamination import Contamination
from swe_audit.model.task import Task
from swe_audit.profiling.contamination import Exhibit, measure
from swe_audit.profiling.overlap import DEFAULT_N, original


class Completed(Protocol):
    """A model's continuation of the beginning of a statement."""

    @property
    def instance_id(self) -> str:
        """The task whose statement it was."""
        ...

    @property
    def model(self) -> str:
        """Who wrote it."""
        ...

    @property
    def prompt(self) -> str:
        """The part of the statement that was shown."""
        ...

    @property
    def completion(self) -> str:
        """What the model wrote."""
        ...


def memorisation(
    tasks: Iterable[Task],
    completions: Iterable[Completed],
    *,
    n: int = DEFAULT_N,
    seed: int = 0,
) -> Contamination:
    """Measure how far completions repeat the rest of a statement, beyond what the prompt held.

    What the prompts of a task held explains an n-gram away. The controls are the rests of other
    tasks' statements, and what other models wrote.
    """
    written: dict[str, list[Completed]] = defaultdict(list)
    for one in completions:
        written[one.instance_id].append(one)
    ordered = sorted(tasks, key=lambda task: (task.repo, task.instance_id))
    known = {task.instance_id for task in ordered}

    def exhibits() -> Iterator[Exhibit]:
        for task in ordered:
            if written.get(task.instance_id):
                yield _exhibit(task, written[task.instance_id], n)

    strangers = sum(len(some) for name, some in written.items() if name not in known)
    return measure(exhibits(), n=n, explained_by=("prompt",), strangers=strangers, seed=seed)


def _exhibit(task: Task, written: Sequence[Completed], n: int) -> Exhibit:
    prompts = sorted({one.prompt for one in written})
    ordered = sorted(written, key=lambda one: (one.model, one.completion))
    return Exhibit(
        instance_id=task.instance_id,
        original=original([task.statement.split("\n")], prompts, n),
        attempts=tuple(
            (one.model, one.model, (tuple(one.completion.split("\n")),) if one.completion else ())
            for one in ordered
        ),
    )
