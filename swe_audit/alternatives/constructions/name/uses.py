"""Which occurrences of a name mean what gold introduces: all of them where the word is new."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from swe_audit.alternatives.constructions.name.bindings import Binding
from swe_audit.alternatives.constructions.name.definitions import Role
from swe_audit.alternatives.constructions.name.group import Group
from swe_audit.alternatives.constructions.name.reading import (
    Occurrence,
    Stand,
    occurrences,
    whole,
)
from swe_audit.alternatives.licence.codebase import Codebase, dotted_name, module_path
from swe_audit.model.construction import Edit
from swe_audit.model.paths import is_test_path
from swe_audit.model.tree import Tree

_MAKERS = ("__init__", "__new__")
_SELVES = frozenset({"self", "cls", "super()", "type(self)", "self.__class__"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """An occurrence in a file; ``ours`` says that it means what gold introduces."""

    path: str
    occurrence: Occurrence
    ours: bool


class Uses:
    """The occurrences of one group's name in the gold tree and in the tests."""

    def __init__(self, codebase: Codebase, group: Group) -> None:
        self.codebase = codebase
        self.ground = codebase.ground
        self.group = group
        self._overriding: frozenset[int] = frozenset()

    @cached_property
    def unreadable(self) -> tuple[str, ...]:
        """Python files of gold or the tests with the word in them that cannot be parsed."""
        return tuple(
            path
            for tree, paths in self._sides()
            for path in paths
            if path.endswith(".py") and occurrences(tree.read(path) or "", self.group.word) is None
        )

    @cached_property
    def in_gold(self) -> tuple[Use, ...]:
        """Every occurrence outside the graded tests in the files that gold touches."""
        return tuple(self._uses(self.ground.gold, self._gold_paths, tests=False))

    @cached_property
    def in_tests(self) -> tuple[Use, ...]:
        """Every occurrence in the tests as the test patch leaves them."""
        return tuple(self._uses(self.ground.tests, self._test_paths, tests=True))

    @cached_property
    def in_base_tests(self) -> tuple[Use, ...]:
        """Every occurrence in the same test files before the test patch."""
        paths = [path for path in self._test_paths if path in self.ground.base]
        return tuple(self._uses(self.ground.base, paths, tests=True))

    def edits(self, uses: Iterable[Use], replacement: str) -> tuple[Edit, ...]:
        """Return the edits that write another name in those places that are ours."""
        return tuple(
            Edit(path=u.path, start=u.occurrence.start, end=u.occurrence.end, text=replacement)
            for u in uses
            if u.ours
        )

    @cached_property
    def _gold_paths(self) -> tuple[str, ...]:
        touched = sorted(
            path
            for path in {*self.ground.added, *self.ground.gold.changed}
            if path in self.ground.gold and path not in self.ground.tests.changed
        )
        return tuple(path for path in touched if self.group.fresh or not is_test_path(path))

    @property
    def _test_paths(self) -> tuple[str, ...]:
        return self.ground.test_paths

    def _sides(self) -> Iterator[tuple[Tree, tuple[str, ...]]]:
        yield self.ground.gold, self._gold_paths
        yield self.ground.tests, self._test_paths

    def _uses(self, tree: Tree, paths: Iterable[str], *, tests: bool) -> Iterator[Use]:
        for path in paths:
            text = tree.read(path)
            if text is None or whole(self.group.word).search(text) is None:
                continue
            found = occurrences(text, self.group.word) if path.endswith(".py") else None
            if found is None:
                yield from self._in_prose(path, text)
                continue
            self._overriding = frozenset(
                it.line
                for it in found
                if it.stand is Stand.PARAMETER and self._defines(it, path, tests=tests)
            )
            for occurrence in found:
                ours = self.group.fresh or self._means_ours(occurrence, path, tree, tests=tests)
                yield Use(path=path, occurrence=occurrence, ours=ours)

    def _in_prose(self, path: str, text: str) -> Iterator[Use]:
        """In files that are no Python, only a word that is new altogether is certainly ours."""
        for match in whole(self.group.word).finditer(text):
            occurrence = Occurrence(
                stand=Stand.COMMENT,
                start=match.start(),
                end=match.end(),
                line=text.count("\n", 0, match.start()) + 1,
                text=match[0],
            )
            yield Use(path=path, occurrence=occurrence, ours=self.group.fresh)

    def _means_ours(self, it: Occurrence, path: str, tree: Tree, *, tests: bool) -> bool:
        if it.stand in (Stand.DEFINITION, Stand.PARAMETER):
            return self._defines(it, path, tests=tests)
        if it.stand is Stand.NAME:
            return any(self._binds(bound, it, path) for bound in it.bound)
        if it.stand is Stand.ATTRIBUTE:
            return self._attribute(it, path, tree, tests=tests)
        if it.stand is Stand.KEYWORD:
            return self.calls_ours(it)
        if it.stand is Stand.IMPORT:
            return self._exported(it.source, path)
        if it.stand is Stand.MODULE:
            return self._names_module(it, path)
        return self._spells(it, path, tests=tests)

    def _defines(self, it: Occurrence, path: str, *, tests: bool) -> bool:
        if not tests and any(
            each.path == path and each.scope == it.scope and each.line == it.line
            for each in self.group.definitions
        ):
            return True
        own = it.inside.rpartition(".")[2]
        if not own or it.receiver == "lambda":
            return False
        if it.stand is Stand.DEFINITION:
            return bool(self.group.members) and self._kin(own)
        return it.scope.rpartition(".")[2] in self.group.callables and self._kin(own)

    def _binds(self, bound: Binding, it: Occurrence, path: str) -> bool:
        if bound.kind == "import":
            return self._exported(bound.source, path)
        if bound.kind == "module":
            return any(each.path == path for each in self.group.globals)
        if bound.kind == "class":
            return any(each.path == path and each.scope == it.inside for each in self.group.members)
        return bound.line in self._overriding

    def _attribute(self, it: Occurrence, path: str, tree: Tree, *, tests: bool) -> bool:
        leaf = it.receiver.rpartition(".")[2]
        modules = {dotted_name(path).rpartition(".")[2] for path in self.exporters}
        if self.group.globals and leaf in modules:
            return True
        if not self.group.members:
            return False
        if it.receiver in _SELVES or it.receiver.startswith("super("):
            return self._kin(it.inside.rpartition(".")[2])
        return self._kin(leaf) or self._is_added(it, path, tree, tests=tests)

    def _is_added(self, it: Occurrence, path: str, tree: Tree, *, tests: bool) -> bool:
        if not tests:
            return it.line in self.ground.added.get(path, frozenset())
        line = (tree.read(path) or "").split("\n")[it.line - 1].strip()
        return line not in {
            each.strip() for each in (self.ground.base.read(path) or "").split("\n")
        }

    def calls_ours(self, it: Occurrence) -> bool:
        """Whether a keyword is passed to a function that gold gives the parameter."""
        target, _, leaf = re.sub(r"\(.*\)$", "", it.receiver).rpartition(".")
        own = it.inside.rpartition(".")[2]
        if it.receiver in ("cls", "type(self)", "self.__class__"):
            return own in self._constructed
        if it.receiver.startswith("super("):
            above = self.codebase.bases_by_leaf.get(own, frozenset())
            return any(self._takes(each, leaf) for each in above)
        if leaf in _MAKERS:
            return self._takes(target.rpartition(".")[2], leaf)
        return leaf in self.group.callables or self.codebase.derives(leaf, self._constructed)

    def _takes(self, owner: str, method: str) -> bool:
        """Whether a class or one above it has a method to which gold gives the parameter."""
        owners = {
            each.scope.split(".")[-2]
            for each in self.group.parameters
            if each.owner == method and "." in each.scope
        }
        return self.codebase.derives(owner, owners)

    @cached_property
    def _constructed(self) -> frozenset[str]:
        """Classes whose construction takes the parameter, or the field of that name."""
        made = {
            each.scope.split(".")[-2]
            for each in self.group.parameters
            if each.owner in _MAKERS and "." in each.scope
        }
        return frozenset(made | {each.owner for each in self.group.within(Role.CLASS_ATTRIBUTE)})

    def _kin(self, leaf: str) -> bool:
        owners = {each.owner for each in self.group.members}
        owners |= {each.scope.split(".")[-2] for each in self.group.parameters if "." in each.scope}
        return bool(leaf) and self.codebase.derives(leaf, owners)

    @cached_property
    def exporters(self) -> frozenset[str]:
        """Files of gold in which the module-level name can be found: defined, or imported there."""
        found = {each.path for each in self.group.globals}
        for _ in range(2):
            for path in self._gold_paths:
                text = self.ground.gold.read(path) if path.endswith(".py") else None
                for it in occurrences(text or "", self.group.word) or ():
                    if it.stand is Stand.IMPORT and it.line in self.ground.added.get(path, ()):
                        source = module_path(self.ground.gold, it.source, path)
                        if source in found:
                            found.add(path)
        for path in tuple(found):
            package = f"{path.rpartition('/')[0]}/__init__.py"
            stem = re.escape(dotted_name(path).rpartition(".")[2])
            if re.search(rf"\.{stem} import \*", self.ground.gold.read(package) or ""):
                found.add(package)
        return frozenset(found)

    def _exported(self, source: str, path: str) -> bool:
        if not self.group.globals:
            return False
        return any(
            module_path(self.ground.gold, name, path) in self.exporters
            for name in source.split(",")
        )

    def _names_module(self, it: Occurrence, path: str) -> bool:
        modules = {each.path for each in self.group.within(Role.MODULE)}
        return module_path(self.ground.gold, it.source, path) in modules

    def _spells(self, it: Occurrence, path: str, *, tests: bool) -> bool:
        """Whether a string or comment means ours: a key, an export, a dotted path, a parameter."""
        word = re.escape(self.group.word)
        tree = self.ground.tests if tests else self.ground.gold
        if not self._is_added(it, path, tree, tests=tests):
            return False
        if it.text == self.group.word:
            return self._spelled_alone(it, tests=tests)
        if self.group.globals or self.group.members:
            owners = {dotted_name(each) for each in self.exporters}
            owners |= {each.scope for each in self.group.members}
            if any(re.search(rf"(?:^|\.){re.escape(o)}\.{word}\b", it.text) for o in owners):
                return True
        line = (tree.read(path) or "").split("\n")[it.line - 1]
        if tests or not any(each.path == path for each in self.group.definitions):
            return False
        entry = re.compile(rf"^\s*{word}\s*:|:(?:param|type|attr)\b[^:]*\b{word}:|``{word}``")
        return entry.search(line) is not None

    def _spelled_alone(self, it: Occurrence, *, tests: bool) -> bool:
        leaf = it.receiver.rpartition(".")[2]
        if leaf in ("__all__", "__slots__"):
            return bool(self.group.globals if leaf == "__all__" else self.group.members)
        if leaf in ("getattr", "setattr", "hasattr", "delattr", "object"):
            return bool(self.group.members or self.group.globals)
        return bool(self.group.parameters) and it.key and not tests
