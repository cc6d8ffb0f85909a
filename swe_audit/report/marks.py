"""Mark a name or a text inside lines that are already highlighted as HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from markupsafe import Markup

_PIECE = re.compile(r"<[^>]*>|&[^;\s]{1,10};|.", re.DOTALL)
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\(?\w*\)?[sdrfx]")
_OPEN, _CLOSE = '<mark class="pin">', "</mark>"
_SHORTEST = 4
"""Characters of a part of a message that are enough to know it by."""


def needles(detail: str) -> tuple[str, ...]:
    """Give what to look for where a detail may stand: itself, or a message's fixed parts."""
    if not detail.strip():
        return ()
    pieces = [piece.strip() for piece in _PLACEHOLDER.split(detail)]
    long = [piece for piece in pieces if len(piece) >= _SHORTEST]
    return (detail, *long) if len(pieces) > 1 else (detail,)


def occurrences(text: str, needle: str) -> list[tuple[int, int]]:
    """Find a needle in a text; a name only where it is a whole word."""
    if not needle:
        return []
    pattern = re.escape(needle)
    if needle.replace(".", "_").isidentifier():
        pattern = rf"(?<![A-Za-z0-9_]){pattern}(?![A-Za-z0-9_])"
    return [match.span() for match in re.finditer(pattern, text)]


def first_needle(text: str, wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Give where the first needle that occurs at all stands."""
    return next((found for one in wanted if (found := occurrences(text, one))), [])


def mark(code: Markup, wanted: Sequence[str]) -> Markup:
    """Put ``<mark>`` around every occurrence of the first needle that occurs.

    ``code`` is escaped text with tags around pieces of it; marks never cross a tag.
    """
    pieces = _PIECE.findall(str(code))
    letters = [nth for nth, piece in enumerate(pieces) if not piece.startswith("<")]
    plain = "".join(unescape(pieces[nth]) for nth in letters)
    if len(plain) != len(letters):
        return code
    spans = first_needle(plain, wanted)
    if not spans:
        return code
    marked = {letters[at] for start, end in spans for at in range(start, end)}
    out: list[str] = []
    inside = False
    for nth, piece in enumerate(pieces):
        if (nth in marked) != inside:
            out.append(_CLOSE if inside else _OPEN)
            inside = not inside
        out.append(piece)
    if inside:
        out.append(_CLOSE)
    return Markup("".join(out))  # noqa: S704 - the pieces are the escaped ones that came in
