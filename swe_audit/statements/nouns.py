"""The nouns of a problem statement: its blocks, and how it mentions a name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mention(str, Enum):
    """How a statement mentions a name, weakest first."""

    NONE = "none"
    QUOTED = "quoted"  # only in a traceback, an environment dump, a URL or a path
    PROSE = "prose"  # as an ordinary word
    NAMED = "named"  # in code formatting, beside a word such as option, or as a compound identifier


class BlockKind(str, Enum):
    """What a block of a statement is."""

    CODE = "code"
    DIFF = "diff"
    TRACEBACK = "traceback"
    OUTPUT = "output"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of a statement, fenced, indented or bare.

    ``lead`` is the sentence before it, ``line`` the first line of its text, from 1; ``last`` the
    line after it, past a closing fence. ``text`` is dedented and ends without a line break.
    """

    kind: BlockKind
    text: str
    language: str = ""
    lead: str = ""
    line: int = 1
    last: int = 1
