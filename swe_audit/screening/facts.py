"""What added code says: the names it defines and uses, its calls, texts and assertions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Role(str, Enum):
    """What a defined name is."""

    FUNCTION = "function"
    CLASS = "class"
    PARAMETER = "parameter"
    ATTRIBUTE = "attribute"
    CONSTANT = "constant"
    KEY = "key"
    LOCAL = "local"
    MODULE = "module"


@dataclass(frozen=True, slots=True)
class Named:
    """A name at a place."""

    name: str
    role: Role
    line: int


@dataclass(frozen=True, slots=True)
class Text:
    """A string literal at a place; ``asserted`` when an assertion compares with it."""

    text: str
    line: int
    asserted: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call: the last part of what is called, how many positional arguments, which keywords."""

    name: str
    positional: int
    keywords: frozenset[str]
    line: int


@dataclass(slots=True)
class Facts:
    """What the added lines of one file say; ``used`` and the like map a name to its first line.

    ``loose`` are names before a ``=`` where the syntax was not to be seen: a parameter, or a
    keyword of a call.
    """

    defined: list[Named] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)
    attributes: dict[str, int] = field(default_factory=dict)
    keywords: dict[str, int] = field(default_factory=dict)
    imported: dict[str, int] = field(default_factory=dict)
    mocked: dict[str, int] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    loose: list[Named] = field(default_factory=list)
    assertions: list[tuple[int, str]] = field(default_factory=list)

    def use(self, name: str, line: int) -> None:
        """Record that a name is used."""
        self.used.setdefault(name, line)
