"""How often to try, and how long to wait in between."""

from dataclasses import dataclass
from typing import Iterator, Optional


@dataclass(frozen=True)
class Policy:
    """Exponential back-off: ``base * factor ** n`` seconds, at most ``cap``."""

    attempts: int = 3
    base: float = 0.1
    factor: float = 2.0
    cap: Optional[float] = None

    def __post_init__(self):
        if self.attempts < 1:
            raise ValueError("attempts must be at least 1")
        if self.base < 0:
            raise ValueError("base must not be negative")
        if self.factor < 1:
            raise ValueError("factor must be at least 1")
        if self.cap is not None and self.cap < 0:
            raise ValueError("cap must not be negative")

    def delay(self, attempt: int) -> float:
        """Return the pause in seconds after failed attempt number ``attempt``, from 0."""
        if attempt < 0:
            raise ValueError("attempt counts from 0")
        pause = self.base * self.factor**attempt
        return pause if self.cap is None else min(pause, self.cap)

    def delays(self) -> Iterator[float]:
        """Yield every pause of one call, one fewer than there are attempts."""
        for attempt in range(self.attempts - 1):
            yield self.delay(attempt)

    def total(self) -> float:
        """Return the longest time in seconds that one call can spend waiting."""
        return sum(self.delays())
