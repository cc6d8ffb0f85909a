"""Tests that admit more than they did: which pin they free, how far, and with what evidence."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum

from swe_audit.model.construction import LicenceCheck
from swe_audit.model.finding import Cause, Confidence, Determinant


class Step(str, Enum):
    """How far tests are relaxed, the least first; the climb ends where a candidate is admitted.

    ``SPELLING`` leaves case, space and punctuation free; ``VALUES`` any words around the same
    values in their order; ``CLASS`` any text of the same exception with the same values; ``TEXT``
    any text. ``ORDER`` admits the same items in another order, ``EXCEPTION`` a class beside the
    pinned one under a common base, ``SWAP`` a value that the statement allows as well,
    ``INPUT`` another piece of what tests put in, which the statement allows as well,
    ``OLD_OR_NEW`` what the base test asserted. ``SETUP`` defines a missing name in the test
    module, where tests need it to be set up only.
    """

    SPELLING = "spelling"
    VALUES = "values"
    CLASS = "class"
    TEXT = "text"
    ORDER = "order"
    EXCEPTION = "exception"
    SWAP = "swap"
    INPUT = "input"
    OLD_OR_NEW = "old_or_new"
    SETUP = "setup"

    @property
    def ceiling(self) -> Confidence:
        """How sure a finding may be that rests on it (EVIDENCE 3)."""
        return Confidence.LIKELY if self in _AT_MOST_LIKELY else Confidence.PROVEN

    @property
    def frees(self) -> str:
        """What tests leave free after it, as the end of a sentence."""
        return _FREED[self]


_FREED = {
    Step.SPELLING: "case, space and punctuation",
    Step.VALUES: "the words around the same values",
    Step.CLASS: "the text of the same exception, but for its values",
    Step.TEXT: "the text",
    Step.ORDER: "the order of the same items",
    Step.EXCEPTION: "the exception's class, under a common base",
    Step.SWAP: "which of two values that the statement allows",
    Step.INPUT: "which of two inputs that the statement allows",
    Step.OLD_OR_NEW: "whether the value is the new one or that of the base test",
    Step.SETUP: "the name, which the test module defines for its own set-up",
}
_AT_MOST_LIKELY = frozenset({Step.TEXT, Step.EXCEPTION, Step.INPUT, Step.OLD_OR_NEW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One detail that assertions insist on, as the failures of a rejected candidate tell it.

    ``observed`` is what the candidate has instead, as far as the log shows it. ``path`` and
    ``line`` place the first of its assertions in the test file; ``tests`` are the required tests
    that fail there.
    """

    cause: Cause
    detail: str
    path: str
    line: int
    tests: tuple[str, ...]
    observed: str = ""
    assertion: str = ""

    @property
    def id(self) -> str:
        """Stable between runs, unique within the task: made of the cause and the detail.

        Without a detail, of the place.
        """
        where = "" if self.detail else f"\x1f{self.path}\x1f{self.line}"
        what = f"{self.cause.value}\x1f{self.detail}{where}"
        return hashlib.sha256(what.encode("utf-8", "surrogatepass")).hexdigest()[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """The tests of a task with some pins freed by one step each.

    ``test_patch`` takes the place of the task's own, ``diff`` shows what it changes in the tests.
    ``functions`` are the own names of the tests that changed, empty where a whole module did.
    ``checks`` say what determines the details. ``spoken`` is what the statement says of a detail,
    empty where it is silent; ``garbage`` a patch that is gold with nonsense in the details, None
    where none can be made; of an input ``garbage_tests`` are tests that hold the nonsense.
    ``base_form`` are the tests with a changed assertion as it was before.
    """

    pins: tuple[Pin, ...]
    steps: tuple[Step, ...]
    test_patch: str
    diff: str
    functions: tuple[str, ...] = ()
    checks: tuple[LicenceCheck, ...] = ()
    spoken: str = ""
    garbage: str | None = None
    garbage_tests: str | None = None
    base_form: str | None = None

    @property
    def id(self) -> str:
        """Stable between runs: made of the tests."""
        return hashlib.sha256(self.test_patch.encode("utf-8", "surrogatepass")).hexdigest()[:8]

    @property
    def ceiling(self) -> Confidence:
        """How sure a finding may be: the least of its steps', less what the checks take away."""
        order = list(Confidence)
        caps = [check.caps for check in self.checks if check.caps is not None]
        return max((*(step.ceiling for step in self.steps), *caps), key=order.index)

    @property
    def determined_by(self) -> tuple[Determinant, ...]:
        """What a solver could have learned the details from, in the order of authority."""
        found = {check.determines for check in self.checks if check.determines is not None}
        return tuple(each for each in Determinant if each in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrelaxed:
    """A pin that no step frees, and why."""

    candidate: str
    pin: Pin
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSeen:
    """One thing that has to hold of relaxed tests; ``text`` says what was seen, in which trial."""

    name: str
    held: bool
    text: str
    trial: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """Relaxed tests that admit a candidate, and what every control saw under them.

    ``candidate`` climbed to them. ``admitted`` are the alternatives that the task's own tests
    reject and these accept, ``kept`` those that both accept. ``base_form`` says what gold and the
    empty patch make of a changed assertion as it was before: name and verdict.
    """

    relaxation: Relaxation
    candidate: str
    trial: str
    controls: tuple[ControlSeen, ...]
    admitted: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    base_form: tuple[tuple[str, str], ...] = ()

    @property
    def verified(self) -> bool:
        """Whether every control held; otherwise the relaxation is void and shows nothing."""
        return bool(self.controls) and all(control.held for control in self.controls)

    @property
    def failure(self) -> str:
        """Why it is void: what each control that did not hold saw."""
        return "; ".join(f"{c.name}: {c.text}" for c in self.controls if not c.held)
