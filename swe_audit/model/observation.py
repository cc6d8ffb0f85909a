"""What each assertion of a task's tests says of a candidate, seen one by one in a softened run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from swe_audit.model.finding import Cause, Determinant


class Speaker(str, Enum):
    """What of a test spoke: an assertion, or another statement that an error ended."""

    ASSERTION = "assertion"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one assertion says of one candidate, in one test.

    ``source`` is the assertion as the task's tests write it, at ``path`` and ``line`` of them.
    ``number`` tells executions of one line within a test apart, from 1. ``expected`` and
    ``observed`` are bounded reprs, '' where nothing is compared. ``detail`` is what it pins,
    verbatim, where it failed. ``determined_by`` is what a solver could have learned that from,
    as far as the statement, the tests and the survey of gold tell.
    """

    test: str
    path: str
    line: int
    source: str
    passed: bool
    number: int = 1
    speaker: Speaker = Speaker.ASSERTION
    expected: str = ""
    observed: str = ""
    exception: str = ""
    message: str = ""
    cause: Cause | None = None
    detail: str = ""
    determined_by: tuple[Determinant, ...] = ()

    @property
    def place(self) -> tuple[str, str, int, int]:
        """Which assertion this is, the same for every candidate."""
        return self.test, self.path, self.line, self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftRun:
    """A candidate under softened tests.

    ``void`` says why it shows nothing, where its tests did not come out as without softening; the
    failing test ids are then all that is known. ``failed`` are the required tests that failed.
    ``collateral`` are those of them in which nothing that uses the detail failed: their module
    could not be imported, or a fixture broke.
    """

    subject: str
    trial: str
    void: str = ""
    observations: tuple[Observation, ...] = ()
    failed: tuple[str, ...] = ()
    collateral: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Candidates that fail the same assertions in the same observed way."""

    candidates: tuple[str, ...]
    failed: tuple[Observation, ...]
