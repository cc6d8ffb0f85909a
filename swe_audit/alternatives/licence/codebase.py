"""A task's trees as code: which module an import means, and which class derives from which."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import PurePosixPath

from swe_audit.alternatives.ground import Ground
from swe_audit.model.paths import is_test_path
from swe_audit.model.tree import Tree

_CLASS = re.compile(rb"^[ \t]*class[ \t]+(\w+)[ \t]*\(([^)]*)\)", re.MULTILINE)
_BASE = re.compile(rb"(?:[\w]+\.)*(\w+)")


class Codebase:
    """What one ground's trees say, worked out once and only when asked."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._holding: dict[str, tuple[str, ...]] = {}
        self._matching: dict[bytes, str | None] = {}

    def holding(self, word: str) -> tuple[str, ...]:
        """Return the files of the base tree in which a word stands whole."""
        if word not in self._holding:
            self._holding[word] = self.ground.base.containing(word)
        return self._holding[word]

    def first_match(self, plain: bytes, rule: re.Pattern[bytes]) -> str | None:
        """Return the first Python file of base outside tests that holds a pattern, if any does.

        ``plain`` stands in every match, so that most files need not be searched.
        """
        if rule.pattern not in self._matching:
            base = self.ground.base
            hits = (
                path
                for path, content in base.files.items()
                if plain in content
                and path.endswith(".py")
                and not is_test_path(path)
                and rule.search(content)
            )
            self._matching[rule.pattern] = min(hits, default=None)
        return self._matching[rule.pattern]

    @cached_property
    def bases_by_leaf(self) -> dict[str, frozenset[str]]:
        """The own names of every class's direct bases, by its own name, in gold and the tests.

        Classes of one name in several places are merged, which errs on the side of kinship.
        """
        found: dict[str, set[str]] = {}
        for tree in (self.ground.gold, self.ground.tests):
            for path in tree.paths():
                content = tree.bytes_of(path) if path.endswith(".py") else None
                for match in _CLASS.finditer(content or b""):
                    bases = found.setdefault(match[1].decode(), set())
                    bases.update(base.decode() for base in _BASE.findall(match[2]))
        return {name: frozenset(bases) for name, bases in found.items()}

    def derives(self, leaf: str, ancestors: Iterable[str]) -> bool:
        """Whether a class of that own name is, or may descend from, one of some classes."""
        wanted = set(ancestors)
        seen: set[str] = set()
        waiting = [leaf]
        while waiting:
            name = waiting.pop()
            if name in wanted:
                return True
            if name not in seen:
                seen.add(name)
                waiting.extend(self.bases_by_leaf.get(name, ()))
        return False


def module_path(tree: Tree, source: str, importer: str) -> str | None:
    """Return the file that a module's name means in a file of the tree, None if it is foreign.

    ``source`` has a dot in front for each level of a relative import.
    """
    name = source.lstrip(".")
    level = len(source) - len(name)
    parts = tuple(name.split(".")) if name else ()
    folder = PurePosixPath(importer).parent.parts
    if level:
        start = folder[: len(folder) - level + 1]
        return _file(tree, (*start, *parts))
    roots: list[tuple[str, ...]] = [(), ("src",), ("lib",), *_above(folder)]
    for root in roots:
        found = _file(tree, (*root, *parts))
        if found is not None:
            return found
    return None


def dotted_name(path: str) -> str:
    """Return a file's module name as seen from the top of the repository, without ``src``."""
    parts = PurePosixPath(path).with_suffix("").parts
    parts = parts[1:] if parts[:1] in (("src",), ("lib",)) else parts
    return ".".join(parts[:-1] if parts[-1:] == ("__init__",) else parts)


@lru_cache(maxsize=1024)
def _above(folder: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(folder[:count] for count in range(len(folder), 0, -1))


def _file(tree: Tree, parts: tuple[str, ...]) -> str | None:
    if not parts:
        return None
    joined = "/".join(parts)
    for path in (f"{joined}.py", f"{joined}/__init__.py"):
        if path in tree:
            return path
    return None
