"""Where a name stands in a Python file, and in what role."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from swe_audit.alternatives.constructions.name.bindings import Binding
from swe_audit.alternatives.licence.syntax import parse


class Stand(str, Enum):
    """The grammatical role of one occurrence."""

    DEFINITION = "definition"
    PARAMETER = "parameter"
    NAME = "name"
    ATTRIBUTE = "attribute"
    KEYWORD = "keyword"
    IMPORT = "import"
    MODULE = "module"
    STRING = "string"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A whole word in a file: characters ``start`` to ``end``, ``line`` from 1.

    ``scope`` is the dotted name of the classes and functions around it, ``inside`` that of the
    class around it alone. ``receiver`` is what an attribute is taken from, or what a call with
    the keyword or string calls, as source; ``source`` the module that an import names, with dots
    in front for a relative one. ``stored`` says that an attribute is assigned there. ``bound``
    says what a plain name can mean. For a string, ``text`` is its content and ``key`` whether it
    is a dictionary's key or the argument of a look-up by name.
    """

    stand: Stand
    start: int
    end: int
    line: int
    scope: str = ""
    inside: str = ""
    receiver: str = ""
    source: str = ""
    stored: bool = False
    bound: tuple[Binding, ...] = ()
    text: str = ""
    key: bool = False


def occurrences(text: str, word: str) -> tuple[Occurrence, ...] | None:
    """Return every whole-word occurrence in a Python file in its order, None if it is no Python."""
    pattern = whole(word)
    if pattern.search(text) is None:
        return ()
    chunks = _chunks(text)
    if chunks is None:
        return None
    # Its parser takes a fifth of a second to import, and a finished audit reads no source.
    from swe_audit.alternatives.constructions.name.trees import read

    found: list[Occurrence] = []
    for first, last in chunks:
        start, end = line_starts(text)[first], line_starts(text)[last]
        # Reading is slow and most statements of a file do not hold the word.
        if pattern.search(text, start, end) is not None:
            reading = read(text, start, end, first)
            if reading is None:
                return None
            found.extend(reading.of(word))
    return tuple(sorted(found, key=lambda each: each.start))


def whole(word: str) -> re.Pattern[str]:
    """Match a name where it stands alone, not as a part of a longer one."""
    return re.compile(rf"(?<![A-Za-z0-9_]){re.escape(word)}(?![A-Za-z0-9_])")


@lru_cache(maxsize=32)
def line_starts(text: str) -> tuple[int, ...]:
    """Where each line begins, and where the text ends; the first line is number 0."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    starts[-1] = len(text)
    return tuple(starts)


@lru_cache(maxsize=32)
def _chunks(text: str) -> tuple[tuple[int, int], ...] | None:
    """The lines of each statement at the top of a file, with the comments before it.

    None where the file is no Python of ours.
    """
    module = parse(text)
    if module is None:
        return None
    last = len(line_starts(text)) - 1
    ends = sorted({each.end_lineno or each.lineno for each in module.body})
    # A statement may begin on the line on which the one before it ends.
    shared = {each.lineno for each in module.body[1:]} & set(ends)
    ends = [end for end in ends[:-1] if end not in shared]
    return tuple(zip([0, *ends], [*ends, last], strict=True))
