"""What the journal's rows say, in our words."""

from __future__ import annotations

from dataclasses import dataclass, field

from swe_audit.model.candidate import Candidate, Dropped
from swe_audit.model.task import Skipped, Task
from swe_audit.model.trial import Limits, TrialRun
from swe_audit.planning import DEFAULT_REPEATS


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRecord:
    """A task as the journal keeps it; ``skip`` is set when it could not be run after all."""

    task: Task
    identity: str
    candidates: tuple[Candidate, ...]
    dropped: tuple[Dropped, ...]
    skip: Skipped | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What a trial's outcome depends on.

    ``key`` holds all that is known beforehand, in hexadecimal; ``resolved`` what its image's
    description turned out to be, empty where nobody knew.
    """

    key: str
    resolved: str = ""

    def may_equal(self, other: Address) -> bool:
        """Whether nothing that is known tells the two apart."""
        unknown = not self.resolved or not other.resolved
        return self.key == other.key and (unknown or self.resolved == other.resolved)


UNKNOWN = Address(key="")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRecord:
    """A trial as the journal keeps it; ``run.log`` is empty until ``Journal.load`` reads it.

    ``address`` is what the trial's outcome depends on, empty for one that nobody here ran.
    """

    instance_id: str
    candidate: str
    attempt: int
    patch_sha256: str
    log_path: str
    run: TrialRun
    address: Address = field(default_factory=lambda: UNKNOWN)

    @property
    def id(self) -> str:
        """The same as ``TrialSpec.id``."""
        return f"{self.instance_id}/{self.candidate}/{self.attempt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How often trials run, and what each may use."""

    repeats: int = DEFAULT_REPEATS
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedList:
    """The submissions of a task that were not tried."""

    items: tuple[Dropped, ...]


def plain_text(text: str) -> str:
    """Return what SQLite can store of a text."""
    # SQLite stores UTF-8 only; undecodable bytes of a container's output become marks.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
