"""Patterns that a text still has to match when less of it counts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from swe_audit.alternatives.constructions.alignment import GAP

_SPECIAL = frozenset("\\.^$*+?{}[]|()")
_PIECE = re.compile(rf"-?\d+(?:\.\d+)*|\w+|{GAP}")


def spelled(text: str, *, whole: bool) -> str:
    """Return a pattern for a text in any case, spacing and punctuation; gaps match anything.

    Numbers keep their sign and their point. ``whole`` admits nothing before or behind.
    """
    pattern = "(?is)"
    pieces = _PIECE.findall(text)
    for at, piece in enumerate(pieces):
        if piece == GAP:
            pattern += ".*"
        else:
            between = at and pieces[at - 1] != GAP
            pattern += (r"\W*" if between else "") + escaped(piece)
    return rf"(?is)\A\W*{pattern[5:]}\W*\Z" if whole else pattern


def unordered(values: Sequence[str]) -> str:
    """Return a pattern that looks for some values, wherever each of them stands."""
    return "(?s)" + "".join(f"(?=.*{escaped(value)})" for value in dict.fromkeys(values))


def escaped(value: str) -> str:
    """Return a pattern for a text as it stands."""
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in value)


def written(pattern: str) -> str:
    """Write a pattern as a literal, raw where it has backslashes."""
    if "\\" not in pattern or "\n" in pattern:
        return repr(pattern)
    quote = '"' if '"' not in pattern else "'"
    return repr(pattern) if quote in pattern else f"r{quote}{pattern}{quote}"
