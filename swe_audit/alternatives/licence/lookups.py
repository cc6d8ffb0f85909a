"""Names that base reaches without spelling them: prefixes, suffixes, getattr, registries."""

from __future__ import annotations

import re
from functools import lru_cache

from swe_audit.alternatives.licence.codebase import Codebase

_PLAIN = frozenset(
    {
        "abstractmethod",
        "asynccontextmanager",
        "cache",
        "cached_property",
        "classmethod",
        "contextmanager",
        "dataclass",
        "final",
        "lru_cache",
        "memoize",
        "overload",
        "override",
        "property",
        "staticmethod",
        "total_ordering",
        "wraps",
    }
)
"""Decorators that do nothing with the name of what they decorate."""


def registered(decorators: tuple[str, ...]) -> str | None:
    """Return a decorator that may register its function by name, None where there is none."""
    for each in decorators:
        name = re.sub(r"\(.*", "", each, flags=re.DOTALL).rpartition(".")[2]
        if name not in _PLAIN and name not in ("setter", "getter", "deleter"):
            return each
    return None


def built_names(codebase: Codebase, word: str) -> str | None:
    """Return where base builds names that begin or end like this one, None where it does not.

    ``visit_call`` is reached by ``getattr(self, "visit_" + name)`` or ``f"visit_{name}"``.
    """
    for cut in (at for at in range(1, len(word)) if word[at] == "_" and word[:at].strip("_")):
        head, tail = word[: cut + 1], word[cut:]
        found = codebase.first_match(*_head(head))
        if found is not None:
            return f'names that begin with "{head}" are looked up in {found}'
        found = codebase.first_match(*_tail(tail)) if tail.strip("_") else None
        if found is not None:
            return f'names that end with "{tail}" are looked up in {found}'
    return None


def looked_up(codebase: Codebase, word: str) -> str | None:
    """Return where base asks for exactly this attribute by a string, None where it does not."""
    quoted = re.compile(
        rb"(?:getattr|setattr|hasattr|delattr)\([^()]*(?:\([^()]*\)[^()]*)*,\s*['\"]"
        + re.escape(word.encode())
        + rb"['\"]"
    )
    for path in codebase.holding(word):
        if path.endswith(".py") and quoted.search(codebase.ground.base.bytes_of(path) or b""):
            return path
    return None


@lru_cache(maxsize=512)
def _head(head: str) -> tuple[bytes, re.Pattern[bytes]]:
    raw = head.encode()
    rule = re.escape(raw) + rb"(?:(?:%s|\{[^{}\n]*\})['\"]|['\"]\s*(?:%|\+|\.format))"
    starts = rb"startswith\(\(?\s*['\"]" + re.escape(raw) + rb"['\"]"
    return raw, re.compile(rb"['\"]" + rule + rb"|" + _among_names(starts))


@lru_cache(maxsize=512)
def _tail(tail: str) -> tuple[bytes, re.Pattern[bytes]]:
    raw = tail.encode()
    joined = rb"getattr\([^\n]*(?:%s|\})" + re.escape(raw) + rb"['\"]"
    added = rb"getattr\([^\n]*\+\s*['\"]" + re.escape(raw) + rb"['\"]"
    ends = rb"endswith\(\(?\s*['\"]" + re.escape(raw) + rb"['\"]"
    return raw, re.compile(joined + rb"|" + added + rb"|" + _among_names(ends))


def _among_names(test: bytes) -> bytes:
    """A test of a name's beginning or end, near code that goes through an object's names."""
    listing, near = rb"(?:\bdir\(|getmembers\(|__dict__|\bvars\()", rb"[\s\S]{0,300}?"
    return listing + near + test + rb"|" + test + near + rb"\bgetattr\("
