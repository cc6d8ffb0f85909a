"""Read a problem statement as a solver does: what it names, prints, quotes and prescribes."""

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
    """A fenced or indented block; ``lead`` is the sentence before, ``line`` its first, from 1."""

    kind: BlockKind
    text: str
    language: str = ""
    lead: str = ""
    line: int = 1


def blocks(statement: str) -> tuple[Block, ...]:
    """Return the blocks of a statement in their order."""
    raise NotImplementedError


def mention(statement: str, name: str) -> tuple[Mention, str]:
    """Return how strongly a statement mentions an identifier, and the line that does."""
    raise NotImplementedError


def holds_text(statement: str, text: str) -> bool:
    """Whether a message's wording stands in the statement, whatever its spacing and quotes."""
    raise NotImplementedError
