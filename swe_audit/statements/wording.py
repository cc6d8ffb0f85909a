"""Whether a statement holds the wording of a message, whatever stands for its placeholders."""

from __future__ import annotations

import functools
import re

_PLACEHOLDER = re.compile(
    r"%\([^)]*\)[-#0 +]*[\d.]*[a-zA-Z]|%[-#0+]*[\d.]*[sdrifxgeEXGoc]\b|\{[^{}]*\}|\$\{[^}]*\}"
)
_QUOTES = re.compile("[`'\"\u2018\u2019\u201c\u201d\u00ab\u00bb]+")
_GAP = 80
"""At most so many characters may stand where a placeholder does."""


def holds_text(statement: str, text: str) -> bool:
    """Whether a message's wording stands in the statement, whatever its spacing and quotes.

    ``text`` may be a template (``%s``, ``{}``): then its pieces stand there in their order, close
    together. Case does not matter. A text without a word in it is never held.
    """
    pieces = [_plain(piece) for piece in _PLACEHOLDER.split(text)]
    pieces = [piece.strip() for piece in pieces if re.search(r"\w", piece)]
    if not any(re.search(r"[^\W\d_]{2}", piece) for piece in pieces):
        return False
    folded = _folded(statement)
    if not all(piece in folded for piece in pieces):
        return False
    gap = f".{{0,{_GAP}}}?"
    return re.search(gap.join(re.escape(piece) for piece in pieces), folded) is not None


@functools.lru_cache(maxsize=256)
def _folded(statement: str) -> str:
    return _plain(statement)


def _plain(text: str) -> str:
    return " ".join(_QUOTES.sub(" ", text).casefold().split())
