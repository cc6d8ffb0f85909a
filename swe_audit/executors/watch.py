"""Wait for an engine that went away, instead of failing everything that is still to come."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from swe_audit.errors import EngineUnavailableError


class EngineWatch:
    """Asks ``probe`` whether the engine answers; it raises ``EngineUnavailableError`` if not.

    ``patience`` is how many seconds an engine may be away: a restart is survived, an engine that
    is gone for good ends the audit, which can be resumed.
    """

    def __init__(
        self, probe: Callable[[], object], *, patience: float = 120.0, pause: float = 2.0
    ) -> None:
        self._probe = probe
        self._patience = patience
        self._pause = pause
        self._cancelled = threading.Event()

    def was_away(self) -> bool:
        """Return at once with False if the engine answers, with True when it is back.

        Raise ``EngineUnavailableError`` when patience ends or the watch was cancelled.
        """
        deadline = time.monotonic() + self._patience
        away = False
        while True:
            try:
                self._probe()
            except EngineUnavailableError:
                away = True
                if self._cancelled.is_set() or time.monotonic() >= deadline:
                    raise
                self._cancelled.wait(self._pause)
            else:
                return away

    def pause(self, seconds: float) -> None:
        """Wait so long, or until the watch is cancelled."""
        self._cancelled.wait(seconds)

    def cancel(self) -> None:
        """Wait no longer."""
        self._cancelled.set()
