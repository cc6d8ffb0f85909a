"""Lists of test ids, cut to a length that a page can bear."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

MAX_TESTS = 40
"""Test ids listed with one finding or one reason at most; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tests:
    """Test ids, cut; ``hidden`` counts the rest."""

    shown: tuple[str, ...]
    hidden: int

    @property
    def total(self) -> int:
        """Shown and hidden together."""
        return len(self.shown) + self.hidden


def cut(tests: tuple[str, ...]) -> Tests:
    """Cut a list of test ids."""
    return Tests(shown=tests[:MAX_TESTS], hidden=max(0, len(tests) - MAX_TESTS))


def place(path: str | None, line: int | None) -> str:
    """Write a place in a file: ``path:line``, as far as it is known."""
    if path is None:
        return ""
    return f"{path}:{line}" if line is not None else path


def anchor_of(test: str) -> str:
    """Give the address of a test on its task's page, the same in every report."""
    return f"test-{hashlib.sha256(test.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"
