"""What can be known of a task without running anything."""

from swe_audit.screening.nouns import Screened, Signal, SignalKind
from swe_audit.screening.screener import screen, screen_task

__all__ = ["Screened", "Signal", "SignalKind", "screen", "screen_task"]
