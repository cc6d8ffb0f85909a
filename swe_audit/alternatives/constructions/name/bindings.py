"""What a plain name in a Python file is bound to, by the scoping rules of the language."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from swe_audit.alternatives.licence.syntax import parse

Position = tuple[int, int]
"""Line from 1 and column in bytes, as ``ast`` counts them."""

_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
_COMPREHENSION = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One place that binds a name: ``kind`` is module, class, function or import.

    ``source`` is the module that an import names, with dots in front for a relative one.
    """

    kind: str
    line: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class _Scope:
    """``hole`` is the first iterable of a comprehension, which is evaluated outside.

    ``elsewhere`` are the names that the scope declares global or nonlocal.
    """

    kind: str
    start: Position
    end: Position
    hole: tuple[Position, Position] = ((0, 0), (0, 0))
    names: dict[str, list[Binding]] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)

    def holds(self, position: Position) -> bool:
        inside = self.start <= position < self.end
        return inside and not self.hole[0] <= position < self.hole[1]

    def bind(self, name: str, line: int, source: str = "") -> None:
        if name in self.elsewhere:
            return
        kind = "import" if source else self.kind
        self.names.setdefault(name, []).append(Binding(kind=kind, line=line, source=source))


def bindings(text: str, word: str, position: Position) -> tuple[Binding, ...]:
    """Return what a name at a place can mean: all bindings of the innermost scope that has any.

    Empty where nothing in the file binds it, or the file cannot be parsed.
    """
    inner = True
    for scope in reversed(_scopes(text)):
        if not scope.holds(position):
            continue
        # A class's names are seen in its own body, not in the functions there.
        if scope.kind == "class" and not inner:
            continue
        if word in scope.names:
            return tuple(scope.names[word])
        inner = inner and scope.kind == "comprehension"
    return ()


@lru_cache(maxsize=32)
def _scopes(text: str) -> tuple[_Scope, ...]:
    """Every scope of a file, outer ones before those inside them."""
    module = parse(text)
    if module is None:
        return ()
    found: list[_Scope] = []
    top = _Scope("module", (0, 0), (1 << 60, 0))
    found.append(top)
    for statement in module.body:
        _walk(statement, top, found)
    return tuple(found)


def _walk(node: ast.AST, scope: _Scope, found: list[_Scope]) -> None:
    if isinstance(node, _FUNCTION):
        scope.bind(node.name, node.lineno)
        inner = _opened("function", node.body, node)
        _parameters(node.args, inner)
        outside = [*node.decorator_list, *_defaults(node.args)]
        outside += [node.returns] if node.returns is not None else []
        _enter(node.body, outside, inner, scope, found)
    elif isinstance(node, ast.Lambda):
        inner = _opened("function", [node.body], node)
        _parameters(node.args, inner)
        _enter([node.body], _defaults(node.args), inner, scope, found)
    elif isinstance(node, ast.ClassDef):
        scope.bind(node.name, node.lineno)
        inner = _opened("class", node.body, node)
        outside = [*node.decorator_list, *node.bases, *(each.value for each in node.keywords)]
        _enter(node.body, outside, inner, scope, found)
    elif isinstance(node, _COMPREHENSION):
        outside = [node.generators[0].iter]
        hole = (_start(outside[0]), _end(outside[0]))
        inner = _Scope("comprehension", _start(node), _end(node), hole)
        _enter(ast.iter_child_nodes(node), outside, inner, scope, found)
    else:
        for name, line, source in _bound(node):
            scope.bind(name, line, source)
        if isinstance(node, ast.Global | ast.Nonlocal):
            _declare(node, scope, found[0])
        for child in ast.iter_child_nodes(node):
            _walk(child, scope, found)


def _enter(
    body: Iterable[ast.AST],
    outside: Iterable[ast.expr],
    inner: _Scope,
    scope: _Scope,
    found: list[_Scope],
) -> None:
    for expression in outside:
        _walk(expression, scope, found)
    found.append(inner)
    for each in body:
        _walk(each, inner, found)


def _opened(kind: str, body: list[ast.stmt] | list[ast.expr], node: ast.expr | ast.stmt) -> _Scope:
    first = body[0]
    start = _start(first)
    for decorator in getattr(first, "decorator_list", ()):
        start = min(start, _start(decorator))
    return _Scope(kind, start, _end(node))


def _start(node: ast.expr | ast.stmt) -> Position:
    return (node.lineno, node.col_offset)


def _end(node: ast.expr | ast.stmt) -> Position:
    return (node.end_lineno or node.lineno, node.end_col_offset or 0)


def _parameters(arguments: ast.arguments, scope: _Scope) -> None:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    for each in every:
        scope.bind(each.arg, each.lineno)


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    annotations = [each.annotation for each in every if each.annotation is not None]
    given = [each for each in arguments.kw_defaults if each is not None]
    return [*arguments.defaults, *given, *annotations]


def _bound(node: ast.AST) -> Iterator[tuple[str, int, str]]:
    """The names that a node binds itself, with the module of an import."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id, node.lineno, ""
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name, node.lineno, ""
    elif isinstance(node, ast.Import):
        for alias in node.names:
            yield (alias.asname or alias.name).split(".")[0], node.lineno, alias.name
    elif isinstance(node, ast.ImportFrom):
        source = "." * node.level + (node.module or "")
        for alias in node.names:
            yield alias.asname or alias.name, node.lineno, source


def _declare(node: ast.Global | ast.Nonlocal, scope: _Scope, top: _Scope) -> None:
    """Leave names to the scope outside, whatever is done to them here; it stands before that."""
    for name in node.names if scope is not top else ():
        scope.elsewhere.add(name)
        if isinstance(node, ast.Global):
            top.bind(name, node.lineno)
