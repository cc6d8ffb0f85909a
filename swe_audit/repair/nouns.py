"""What a repair is made of: a proposal, the controls that it had to pass, and what was tried."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from swe_audit.model.finding import Finding
from swe_audit.model.task import Task


class RepairKind(str, Enum):
    """What a proposal changes, the one that keeps most of the tests first."""

    RELAX = "relax"
    STATEMENT = "statement"
    MOVE_IMPORT = "move-import"
    MOVE_AND_DROP = "move-import-drop-tests"
    DROP_TESTS = "drop-tests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One thing that has to hold of a proposal; ``text`` says what was seen."""

    name: str
    held: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the tests say of a candidate before the change and after it."""

    candidate: str
    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A changed task, with what was checked; without ``verified`` nobody should apply it.

    ``findings`` are the ids that it answers, ``summary`` says in one sentence what it changes,
    ``task`` is the task afterwards. ``limits`` are what a reader has to know although every
    control held.
    """

    kind: RepairKind
    findings: tuple[str, ...]
    summary: str
    task: Task
    controls: tuple[Control, ...]
    table: tuple[Comparison, ...] = ()
    limits: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether every control held."""
        return bool(self.controls) and all(control.held for control in self.controls)

    @property
    def failure(self) -> str:
        """Why it is not verified: what each control that did not hold saw."""
        return "; ".join(f"{c.name}: {c.text}" for c in self.controls if not c.held)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmade:
    """A kind of repair that could not be tried on some findings, and why."""

    kind: RepairKind
    findings: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRepair:
    """Everything that was tried for one task; ``task`` is as it was audited."""

    task: Task
    findings: tuple[Finding, ...]
    proposals: tuple[Proposal, ...] = ()
    unmade: tuple[Unmade, ...] = ()

    @property
    def verified(self) -> tuple[Proposal, ...]:
        """The proposals that a maintainer can apply."""
        return tuple(proposal for proposal in self.proposals if proposal.verified)
