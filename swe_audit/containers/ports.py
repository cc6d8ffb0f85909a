"""What the rest of the program may ask of an isolation; the engine's own words stay inside."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from swe_audit.alternatives.ground import Ancestry
from swe_audit.model.reinstall import Reinstall
from swe_audit.model.task import UNSTATED, Resources, Task
from swe_audit.model.tree import Tree
from swe_audit.model.trial import Limits, TrialRun, TrialSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """What answers: its name and version, and the limits that it cannot enforce.

    ``unenforced`` are names of our limits (``memory``, ``swap``, ``cpus``, ``pids``).
    ``root_dir`` is where the engine keeps its data, on the engine's machine; ``now`` the Unix
    time by the engine's clock; ``machine`` what that machine has for all trials together.
    """

    name: str
    version: str
    storage_driver: str
    unenforced: tuple[str, ...] = ()
    cgroup_version: str = ""
    root_dir: str = ""
    now: float | None = None
    machine: Resources = UNSTATED


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What an image holds: the tree at HEAD, and what the classes of gold's files inherit.

    ``ancestry`` is by path and qualified name, ``installed`` are the first parts of the names
    that can be imported: empty and None where no interpreter could be asked.
    """

    tree: Tree
    ancestry: Mapping[tuple[str, str], Ancestry] = field(default_factory=dict)
    installed: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a task's trials run in, by content.

    ``description`` is known without an engine: what the image is made from, or its reference.
    ``resolved`` is what that turned out to be, such as a pulled image's digest; empty while
    nobody knows.
    """

    description: str
    resolved: str = ""


class Isolation(Protocol):
    """Runs one trial, apart from everything else."""

    name: str

    def info(self) -> EngineInfo:
        """Describe the engine; raise ``EngineUnavailableError`` where none answers."""
        ...

    def run(self, spec: TrialSpec, image: str, limits: Limits, cancel: threading.Event) -> TrialRun:
        """Run one trial in a fresh container of ``image`` and leave nothing behind.

        Never raises for what a candidate does; engine failures that persist after retries come
        back as ``RunState.ENGINE_ERROR``. When ``cancel`` is set the container is killed at
        once and the state is ``INTERRUPTED``.
        """
        ...

    def study(self, task: Task, image: str) -> Study:
        """Read a task's base tree out of its image, and what the classes that gold touches inherit.

        Runs nothing of the repository but git. Raise ``EngineError`` where that is impossible.
        """
        ...

    def reinstall(self, task: Task, image: str, limits: Limits) -> Reinstall:
        """See what installing a task's tree once more reads, and whether it changes anything.

        Runs the eval script as far as its install, under a trial's limits. Raise ``EngineError``
        where the engine fails.
        """
        ...

    def sweep(self) -> int:
        """Remove what dead runs of ours left behind; return how many containers."""
        ...

    def close(self) -> None:
        """Wait until every container of this isolation is gone; safe to call twice."""
        ...


class Images(Protocol):
    """Finds, pulls or builds the image of a task.

    Where disk is short, images that no task needs any more may go: a task needs its own from
    ``ensure`` until ``release``.
    """

    def expect(self, tasks: Iterable[Task]) -> None:
        """Take which tasks are to come, in their order."""
        ...

    def release(self, task: Task) -> None:
        """Let go of a task's image: nothing more runs in it."""
        ...

    def close(self) -> None:
        """Begin nothing more; who waits in ``ensure`` hears of it. Safe to call twice."""
        ...

    def ensure(self, task: Task, say: Callable[[str], None]) -> str:
        """Return the id or reference of the task's image, built or pulled if need be.

        Raise ``ImageError`` where that is impossible. ``say`` gets one line for each slow step.
        """
        ...

    def surroundings(self, task: Task) -> Surroundings:
        """Say what the task's trials run in, as far as it is known now; build and pull nothing."""
        ...

    def ensure_all(
        self, tasks: Iterable[Task], say: Callable[[str], None], workers: int
    ) -> Mapping[str, str | Exception]:
        """The same for many, what they share first; an id maps to its image or its failure."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """The isolation and the images of one machine; replaced by fakes in tests.

    ``ahead`` is how many trials more than run at once the isolation takes, to make them ready.
    """

    isolation: Isolation
    images: Images
    ahead: int = 0
