"""All that gold introduces under one name, which is renamed together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from swe_audit.alternatives.constructions.name.definitions import Definition, Role, introduced
from swe_audit.alternatives.licence.codebase import Codebase


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The definitions of one name, in the order of path and line.

    ``fresh`` says that the word stands nowhere in the base tree, so that every occurrence in
    gold is gold's own; otherwise the word has other meanings and only the scoped uses count.
    """

    word: str
    definitions: tuple[Definition, ...]
    fresh: bool

    @property
    def first(self) -> Definition:
        """The definition that the group is reported under: what a caller meets before the rest."""
        order = list(Role)
        return min(self.definitions, key=lambda each: (order.index(each.role), each.path))

    def within(self, *roles: Role) -> tuple[Definition, ...]:
        """Return the definitions of some roles."""
        return tuple(each for each in self.definitions if each.role in roles)

    @property
    def members(self) -> tuple[Definition, ...]:
        """Methods and attributes."""
        return self.within(Role.METHOD, Role.CLASS_ATTRIBUTE, Role.ATTRIBUTE)

    @property
    def globals(self) -> tuple[Definition, ...]:
        """What modules define at their own level."""
        return self.within(Role.FUNCTION, Role.CLASS, Role.CONSTANT)

    @property
    def parameters(self) -> tuple[Definition, ...]:
        """Parameters of functions and methods."""
        return self.within(Role.PARAMETER)

    @property
    def callables(self) -> frozenset[str]:
        """The own names under which the functions with the parameter are called."""
        names = set()
        for each in self.parameters:
            outer, _, name = each.scope.rpartition(".")
            names.add(name)
            if name in ("__init__", "__new__"):
                names.add(outer.rpartition(".")[2])
        return frozenset(names)


def groups(codebase: Codebase) -> Iterator[Group]:
    """Yield what gold introduces, by name, in the order of the first definition."""
    found = introduced(codebase.ground)
    order = {each.word: index for index, each in reversed(list(enumerate(found)))}
    ordered = sorted(found, key=lambda each: order[each.word])
    for word, same in groupby(ordered, key=lambda each: each.word):
        yield Group(word=word, definitions=tuple(same), fresh=not codebase.holding(word))
