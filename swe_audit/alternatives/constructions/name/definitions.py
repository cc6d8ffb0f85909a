"""What a Python module defines that others can see by name, and what of it gold introduces."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from swe_audit.alternatives.ground import Ground
from swe_audit.alternatives.licence.syntax import parse
from swe_audit.model.paths import is_source_path


class Role(str, Enum):
    """What kind of thing a name stands for."""

    FUNCTION = "function"
    CLASS = "class"
    CONSTANT = "constant"
    METHOD = "method"
    CLASS_ATTRIBUTE = "class attribute"
    ATTRIBUTE = "attribute"
    PARAMETER = "parameter"
    MODULE = "module"

    @property
    def space(self) -> str:
        """Where such a name is looked up: ``module``, ``member``, ``parameter`` or ``file``."""
        if self in (Role.FUNCTION, Role.CLASS, Role.CONSTANT):
            return "module"
        if self is Role.PARAMETER:
            return "parameter"
        return "file" if self is Role.MODULE else "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One name and where it stands.

    ``scope`` is the dotted name of what holds it within the module: the class of a member, the
    function of a parameter, empty at module level. ``decorators`` are those of a function, class
    or method, or of a parameter's function.
    """

    role: Role
    word: str
    path: str
    line: int
    scope: str = ""
    decorators: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """The scoped identity within the file; a method and an attribute share one."""
        return (self.role.space, self.scope, self.word)

    @property
    def owner(self) -> str:
        """The last part of the scope: a class's or function's own name."""
        return self.scope.rpartition(".")[2]

    @property
    def place(self) -> str:
        """The scope as a person names it: file and dotted name."""
        return f"{self.path}:{self.scope}" if self.scope else self.path


@lru_cache(maxsize=128)
def definitions(text: str | None, path: str) -> tuple[Definition, ...]:
    """Return what a module defines, functions inside functions left out: nobody else sees them."""
    module = parse(text)
    return () if module is None else tuple(_of_module(module.body, path))


def introduced(ground: Ground) -> tuple[Definition, ...]:
    """Return what gold defines on added lines outside tests and what base lacks in that scope.

    A name is also known in base where the module imports it there. In the order of path and line.
    """
    found: list[Definition] = []
    for path in sorted(ground.added):
        if not path.endswith(".py") or not is_source_path(path) or path not in ground.gold:
            continue
        before = ground.base.read(path)
        known = {each.key for each in definitions(before, path)}
        known |= {("module", "", word) for word in _imported(before)}
        new: dict[tuple[str, str, str], Definition] = {}
        for each in definitions(ground.gold.read(path), path):
            if each.key not in known and each.line in ground.added[path]:
                new.setdefault(each.key, each)
        if path not in ground.base:
            name = path.rpartition("/")[2].removesuffix(".py")
            found.append(Definition(role=Role.MODULE, word=name, path=path, line=1))
        found.extend(sorted(new.values(), key=lambda each: each.line))
    return tuple(found)


def _of_module(body: list[ast.stmt], path: str) -> Iterator[Definition]:
    for statement in _flat(body):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield _definition(Role.FUNCTION, statement.name, path, statement, "")
            yield from _parameters(statement, path, statement.name)
        elif isinstance(statement, ast.ClassDef):
            yield _definition(Role.CLASS, statement.name, path, statement, "")
            yield from _of_class(statement, path, statement.name)
        else:
            for target in _targets(statement):
                yield _definition(Role.CONSTANT, target.id, path, target, "")


def _of_class(node: ast.ClassDef, path: str, scope: str) -> Iterator[Definition]:
    for statement in _flat(node.body):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield _definition(Role.METHOD, statement.name, path, statement, scope)
            yield from _parameters(statement, path, f"{scope}.{statement.name}", method=True)
            yield from _attributes(statement, path, scope)
        elif isinstance(statement, ast.ClassDef):
            yield _definition(Role.CLASS_ATTRIBUTE, statement.name, path, statement, scope)
            yield from _of_class(statement, path, f"{scope}.{statement.name}")
        else:
            for target in _targets(statement):
                yield _definition(Role.CLASS_ATTRIBUTE, target.id, path, target, scope)


def _definition(
    role: Role,
    word: str,
    path: str,
    node: ast.stmt | ast.expr,
    scope: str,
) -> Definition:
    decorators = tuple(ast.unparse(each) for each in getattr(node, "decorator_list", ()))
    return Definition(
        role=role, word=word, path=path, line=node.lineno, scope=scope, decorators=decorators
    )


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block, those under if, try and with included."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With | ast.For | ast.While):
            for block in ("body", "orelse", "finalbody"):
                yield from _flat(getattr(statement, block, []))
            for handler in getattr(statement, "handlers", []):
                yield from _flat(handler.body)


def _targets(statement: ast.stmt) -> Iterator[ast.Name]:
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    else:
        return
    for target in targets:
        parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
        yield from (part for part in parts if isinstance(part, ast.Name))


def _parameters(
    node: ast.FunctionDef | ast.AsyncFunctionDef, path: str, scope: str, *, method: bool = False
) -> Iterator[Definition]:
    decorators = tuple(ast.unparse(each) for each in node.decorator_list)
    positional = [*node.args.posonlyargs, *node.args.args]
    if method and "staticmethod" not in decorators:
        positional = positional[1:]
    for each in [*positional, *node.args.kwonlyargs]:
        yield Definition(
            role=Role.PARAMETER,
            word=each.arg,
            path=path,
            line=each.lineno,
            scope=scope,
            decorators=decorators,
        )


def _attributes(
    node: ast.FunctionDef | ast.AsyncFunctionDef, path: str, scope: str
) -> Iterator[Definition]:
    first = next(iter([*node.args.posonlyargs, *node.args.args]), None)
    if first is None:
        return
    for part in ast.walk(node):
        if (
            isinstance(part, ast.Attribute)
            and isinstance(part.ctx, ast.Store)
            and isinstance(part.value, ast.Name)
            and part.value.id == first.arg
        ):
            yield Definition(
                role=Role.ATTRIBUTE,
                word=part.attr,
                path=path,
                line=part.end_lineno or part.lineno,
                scope=scope,
            )


def _imported(text: str | None) -> set[str]:
    module = parse(text)
    return {
        (alias.asname or alias.name).split(".")[0]
        for node in _flat(module.body if module else [])
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
