"""Ctrl-C: the first stops cleanly, the second at once."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType, TracebackType

from swe_audit.errors import ExitCode


class StopSignals:
    """While entered, SIGINT and SIGTERM ask the audit to stop instead of ending the program."""

    def __init__(self) -> None:
        self._requested = False
        self._before: dict[signal.Signals, signal.Handlers | Callable[..., object] | int | None]
        self._before = {}

    def __enter__(self) -> StopSignals:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._handle)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def requested(self) -> bool:
        """Whether the user wants to stop."""
        return self._requested

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self._requested:
            # Containers that are left over carry our label and are swept at the next start.
            sys.stderr.write("\nstopped at once\n")
            sys.stderr.flush()
            os._exit(int(ExitCode.INTERRUPTED))
        self._requested = True
        sys.stderr.write("\nstopping: containers are being killed; once more to stop at once\n")
