"""What a screen says: signals with their evidence, and a task with its score."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from swe_audit.model.finding import Defect, Evidence


class SignalKind(str, Enum):
    """What was seen, and so which defect it may lead to."""

    UNSTATED_NAME = "unstated_name"
    PRIVATE_NAME = "private_name"
    MOCKED_NAME = "mocked_name"
    SIGNATURE = "signature"
    UNSTATED_MESSAGE = "unstated_message"
    EXACT_TEXT = "exact_text"
    CHANGED_ASSERTION = "changed_assertion"
    STATEMENT_CODE = "statement_code"
    NO_COMMON_SUBJECT = "no_common_subject"
    SOLUTION_IN_STATEMENT = "solution_in_statement"
    SOLUTION_IN_HINTS = "solution_in_hints"
    MANY_SITES = "many_sites"
    MANY_FAILING = "many_failing"
    LARGE_CHANGE = "large_change"
    UNREAL_ID = "unreal_id"
    SWALLOWED_ID = "swallowed_id"

    @property
    def defect(self) -> Defect:
        """The defect that the signal may lead to, if runs confirm it."""
        return _DEFECTS[self]


_DEFECTS = {
    SignalKind.UNSTATED_NAME: Defect.NARROW,
    SignalKind.PRIVATE_NAME: Defect.NARROW,
    SignalKind.MOCKED_NAME: Defect.NARROW,
    SignalKind.SIGNATURE: Defect.NARROW,
    SignalKind.UNSTATED_MESSAGE: Defect.NARROW,
    SignalKind.EXACT_TEXT: Defect.NARROW,
    SignalKind.CHANGED_ASSERTION: Defect.WIDE,
    SignalKind.STATEMENT_CODE: Defect.CONTRADICTORY,
    SignalKind.NO_COMMON_SUBJECT: Defect.WIDE,
    SignalKind.SOLUTION_IN_STATEMENT: Defect.LEAKY,
    SignalKind.SOLUTION_IN_HINTS: Defect.LEAKY,
    SignalKind.MANY_SITES: Defect.WIDE,
    SignalKind.MANY_FAILING: Defect.WIDE,
    SignalKind.LARGE_CHANGE: Defect.WIDE,
    SignalKind.UNREAL_ID: Defect.BROKEN,
    SignalKind.SWALLOWED_ID: Defect.BROKEN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One thing that makes a reader look twice.

    ``detail`` is the name or text that it is about, verbatim. ``tests`` are the required tests
    that it concerns, as far as they can be told. ``strength`` is between 0 and 1 and says how
    much of its kind's weight it carries.
    """

    kind: SignalKind
    detail: str
    strength: float = 1.0
    tests: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def defect(self) -> Defect:
        """The defect that the signal may lead to."""
        return self.kind.defect


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """A task with its signals, the most telling first, and its score in 0..1."""

    instance_id: str
    score: float
    signals: tuple[Signal, ...] = ()
