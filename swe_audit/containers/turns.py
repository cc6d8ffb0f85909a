"""What runs at once: as many trials as are wanted, and as the machine holds together."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from swe_audit.model.task import UNSTATED, Resources
from swe_audit.model.trial import Limits

_POLL = 0.1
_ROUNDING = 1e-9


def shortage(claim: Resources, machine: Resources) -> str:
    """Say what a machine has not enough of for a claim, in one sentence; empty where it has.

    What nobody claims, or knows of the machine, is enough.
    """
    if claim.cpus is not None and machine.cpus is not None and claim.cpus > machine.cpus:
        return (
            f"each of its trials claims {claim.cpus:g} processors, and no machine of this run has"
            f" more than {machine.cpus:g}"
        )
    if claim.memory is not None and machine.memory is not None and claim.memory > machine.memory:
        return (
            f"each of its trials claims {claim.memory / 2**30:.3g} GiB of memory, and no machine"
            f" of this run has more than {machine.memory / 2**30:.3g}"
        )
    return ""


class Turns:
    """Lets trials run in the order in which they ask, so many at once that all fit the machine.

    ``running`` is how many at most, None for any number. A trial whose task claims nothing counts
    as its limits, and as no more than one of ``running`` equal shares of the machine: without
    claims nobody waits for more than a place.
    """

    def __init__(self, running: int | None = None, machine: Resources = UNSTATED) -> None:
        self._places = running
        self._machine = machine
        self._held: list[tuple[float, int]] = []
        self._asking: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def wait(
        self, claim: Resources, limits: Limits, cancel: threading.Event
    ) -> Iterator[float | None]:
        """Wait for a turn and hold it; yield the seconds that took, None after a cancel."""
        counted = self._counted(claim, limits)
        began = time.monotonic()
        if not self._take(counted, cancel):
            yield None
            return
        try:
            yield time.monotonic() - began
        finally:
            with self._changed:
                self._held.remove(counted)
                self._changed.notify_all()

    def _take(self, counted: tuple[float, int], cancel: threading.Event) -> bool:
        mine = object()
        with self._changed:
            self._asking.append(mine)
            try:
                while self._asking[0] is not mine or not self._fits(counted):
                    if cancel.is_set():
                        return False
                    self._changed.wait(_POLL)
                self._held.append(counted)
            finally:
                self._asking.remove(mine)
                self._changed.notify_all()
        return True

    def _fits(self, counted: tuple[float, int]) -> bool:
        """Whether there is room; a trial that runs alone always has."""
        if not self._held:
            return True
        if self._places is not None and len(self._held) >= self._places:
            return False
        cpus, memory = (sum(parts) for parts in zip(counted, *self._held, strict=True))
        return _within(cpus, self._machine.cpus) and _within(memory, self._machine.memory)

    def _counted(self, claim: Resources, limits: Limits) -> tuple[float, int]:
        return (
            claim.cpus or self._share(limits.cpus, self._machine.cpus),
            claim.memory or int(self._share(limits.memory, self._machine.memory)),
        )

    def _share(self, limit: float, whole: float | None) -> float:
        if self._places is None:
            return 0
        return limit if whole is None else min(limit, whole / self._places)


def _within(wanted: float, whole: float | None) -> bool:
    return whole is None or wanted <= whole * (1 + _ROUNDING)
