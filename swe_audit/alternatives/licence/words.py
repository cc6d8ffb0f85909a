"""A name's parts and a text's words, so that both can be compared."""

from __future__ import annotations

import re
from functools import lru_cache

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_WORD = re.compile(r"[A-Za-z0-9]+")


def parts(name: str) -> tuple[str, ...]:
    """Split snake_case and CamelCase into lower-case words."""
    return tuple(part.lower() for part in _PART.findall(name))


@lru_cache(maxsize=256)
def vocabulary(text: str) -> frozenset[str]:
    """Return every word of a text, names split into theirs, in lower case and without a plural."""
    found = set()
    for token in _WORD.findall(text):
        found.add(stem(token.lower()))
        found.update(stem(part) for part in parts(token))
    return frozenset(found)


def stem(word: str) -> str:
    """Cut the commonest endings off a lower-case word, so that its forms compare equal."""
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
