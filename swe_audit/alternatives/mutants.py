"""Wrong patches made of gold."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.alternatives.ground import Draft, Ground


def mutant_drafts(ground: Ground, *, seed: int, limit: int) -> Iterator[Draft]:
    """Yield nothing yet."""
    yield from ()
