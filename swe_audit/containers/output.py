"""A trial's one output stream: cut into patching and evaluation, and kept within its limit."""

from __future__ import annotations

import threading
import time
from enum import Enum

from swe_audit.containers.runner_script import Marks


class Phase(Enum):
    """How far the container has come, by the marks seen so far."""

    APPLYING = "applying"
    EVALUATING = "evaluating"
    REJECTED = "rejected"
    NO_TREE = "no_tree"


class TrialOutput:
    """Collects the stream on a reader's thread while another waits for something to happen.

    Everything before the first mark is the apply log, everything after it the eval script's
    output; later marks mean nothing, so a forged one is text. Each half is kept up to ``limit``
    bytes; beyond it the rest is dropped and ``exceeded`` set.
    """

    def __init__(self, marks: Marks, limit: int) -> None:
        self._marks = {
            marks.evaluate: Phase.EVALUATING,
            marks.rejected: Phase.REJECTED,
            marks.no_tree: Phase.NO_TREE,
        }
        self._longest = max(len(mark) for mark in self._marks)
        self._limit = limit
        self._apply = bytearray()
        self._log = bytearray()
        self._changed = threading.Condition()
        self.phase = Phase.APPLYING
        self.exceeded = False
        self.closed = False
        self.fault: Exception | None = None
        self.evaluation_began: float | None = None
        self.ended: float | None = None

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the stream."""
        if self.phase is Phase.APPLYING:
            searched = max(0, len(self._apply) - self._longest)
            self._apply += chunk
            for mark, phase in self._marks.items():
                at = self._apply.find(mark, searched)
                if at >= 0:
                    rest = bytes(self._apply[at + len(mark) :])
                    del self._apply[at:]
                    self._enter(phase)
                    self._keep(rest)
                    return
            self._bound(self._apply)
        else:
            self._keep(chunk)

    def close(self, fault: Exception | None = None) -> None:
        """Say that no more will come; ``fault`` where the stream broke rather than ended."""
        with self._changed:
            self.closed, self.fault, self.ended = True, fault, time.monotonic()
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Wait for a new phase, the end or an excess of output, but not longer than ``seconds``."""
        with self._changed:
            if not (self.closed or self.exceeded):
                self._changed.wait(seconds)

    @property
    def size(self) -> int:
        """How many bytes the eval script has printed."""
        return len(self._log)

    @property
    def apply_log(self) -> str:
        """What the patch commands printed."""
        return bytes(self._apply).decode("utf-8", "replace")

    @property
    def log(self) -> str:
        """What the eval script printed, decoded as the harness decodes it."""
        return bytes(self._log).decode("utf-8", "replace")

    def _enter(self, phase: Phase) -> None:
        with self._changed:
            self.phase = phase
            self.evaluation_began = time.monotonic()
            self._changed.notify_all()

    def _keep(self, chunk: bytes) -> None:
        if not self.exceeded:
            self._log += chunk
            self._bound(self._log)

    def _bound(self, buffer: bytearray) -> None:
        if len(buffer) > self._limit:
            del buffer[self._limit :]
            with self._changed:
                self.exceeded = True
                self._changed.notify_all()
