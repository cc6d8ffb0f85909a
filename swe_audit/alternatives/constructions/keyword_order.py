"""Swap two keyword parameters that gold introduces in one signature."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from swe_audit.alternatives.constructions.name.definitions import Definition, Role, introduced
from swe_audit.alternatives.constructions.templates import lines_of, span_of
from swe_audit.alternatives.ground import Ground
from swe_audit.alternatives.licence import framework, hints
from swe_audit.alternatives.licence.codebase import Codebase
from swe_audit.alternatives.licence.outcome import Denied
from swe_audit.alternatives.licence.syntax import parse
from swe_audit.model.construction import (
    ConstructionKind,
    Edit,
    LicenceCheck,
    RefusalReason,
    Refused,
    Site,
)
from swe_audit.model.paths import is_test_path
from swe_audit.model.tree import Tree

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Two parameters of one function that can be given by keyword, in gold's order.

    ``order`` are all parameters that can be given by position, ``self`` left out; ``names`` what
    the function is called by.
    """

    path: str
    scope: str
    line: int
    first: str
    second: str
    order: tuple[str, ...]
    names: frozenset[str]
    decorators: tuple[str, ...]

    @property
    def detail(self) -> str:
        return f"{self.first}, {self.second}"

    @property
    def start(self) -> int:
        """So many positions come before the pair; all, where it is keyword-only."""
        return self.order.index(self.first) if self.first in self.order else len(self.order)


def keyword_orders(ground: Ground) -> Iterator[Site | Refused]:
    """Yield a site or a refusal for each signature to which gold adds two keywords or more.

    Only the first two are swapped: one change of order is enough to find a test that counts.
    """
    codebase = Codebase(ground)
    parameters = [each for each in introduced(ground) if each.role is Role.PARAMETER]
    by_function = groupby(
        sorted(parameters, key=lambda each: (each.path, each.scope)),
        key=lambda each: (each.path, each.scope),
    )
    for (path, scope), same in by_function:
        pair = _pair(ground, path, scope, list(same))
        if pair is not None:
            yield _answer(codebase, pair)


def _pair(ground: Ground, path: str, scope: str, new: list[Definition]) -> _Pair | None:
    function = _function(parse(ground.gold.read(path)), scope)
    if function is None:
        return None
    words = {each.word for each in new}
    positional = [*function.args.posonlyargs, *function.args.args]
    optional = positional[len(positional) - len(function.args.defaults) :]
    for group in (optional, function.args.kwonlyargs):
        mine = [each.arg for each in group if each.arg in words]
        if len(mine) >= 2:
            break
    else:
        return None
    method = "." in scope and "staticmethod" not in new[0].decorators
    outer, _, name = scope.rpartition(".")
    owner = outer.rpartition(".")[2]
    return _Pair(
        path=path,
        scope=scope,
        line=min(each.line for each in new),
        first=mine[0],
        second=mine[1],
        order=tuple(each.arg for each in positional[1 if method else 0 :]),
        names=frozenset({name} | ({owner} if name in ("__init__", "__new__") else set())),
        decorators=new[0].decorators,
    )


def _answer(codebase: Codebase, pair: _Pair) -> Site | Refused:
    ground = codebase.ground
    licence = framework.signature(codebase, pair.path, pair.scope, pair.decorators)
    if isinstance(licence, Denied):
        return _refused(pair, licence.reason, licence.text)
    said = _stated(ground.task.statement, pair)
    if said is not None:
        return _refused(pair, RefusalReason.STATED, f"the statement gives the order: {said}")
    for path in ground.gold.containing(min(pair.names, key=len)):
        if path.endswith(".py") and not is_test_path(path) and path not in ground.tests.changed:
            for call, _ in _calls(ground.gold, path, pair):
                text = f"{path}:{call.lineno} passes them by position"
                return _refused(pair, RefusalReason.NOT_EDITABLE, text)
    if any(_calls(ground.base, path, pair) for path in ground.test_paths if path in ground.base):
        text = "the base tests pass as many positions to something called alike"
        return _refused(pair, RefusalReason.NOT_EDITABLE, text)
    edits = _swapped(ground, pair)
    mirror = _by_keyword(ground.tests, ground.test_paths, pair)
    if edits is None or mirror is None:
        text = "the signature or a call cannot be rewritten safely"
        return _refused(pair, RefusalReason.NOT_EDITABLE, text)
    stated = LicenceCheck(rule="statement", text="the statement gives no order of the two")
    hinted = hints.examine(ground.task.hints, pair.detail)
    return Site(
        kind=ConstructionKind.KEYWORD_ORDER,
        symbol="order of keyword parameters",
        detail=pair.detail,
        replacement=f"{pair.second}, {pair.first}",
        scope=pair.scope,
        path=pair.path,
        line=pair.line,
        edits=edits,
        mirror=mirror,
        checks=(*licence, stated, *(() if isinstance(hinted, Denied) else hinted)),
    )


def _refused(pair: _Pair, reason: RefusalReason, text: str) -> Refused:
    return Refused(
        kind=ConstructionKind.KEYWORD_ORDER,
        symbol="order of keyword parameters",
        detail=pair.detail,
        scope=pair.scope,
        path=pair.path,
        line=pair.line,
        reason=reason,
        text=text,
    )


def _stated(statement: str, pair: _Pair) -> str | None:
    """The signature or call in a statement that has both, in gold's order."""
    given = re.compile(rf"\([^()]*\b{pair.first}\b[^()]*\b{pair.second}\b[^()]*\)")
    match = given.search(statement)
    return match[0] if match else None


def _function(module: ast.Module | None, scope: str) -> _Function | None:
    body: list[ast.stmt] = module.body if module else []
    node: ast.stmt | None = None
    for name in scope.split("."):
        node = next(
            (
                each
                for each in body
                if isinstance(each, _Function | ast.ClassDef) and each.name == name
            ),
            None,
        )
        body = node.body if isinstance(node, _Function | ast.ClassDef) else []
    return node if isinstance(node, _Function) else None


def _calls(tree: Tree, path: str, pair: _Pair) -> list[tuple[ast.Call, str]]:
    """The calls in a file that reach the pair by position, or may, with the file's text."""
    text = tree.read(path) if path.endswith(".py") else None
    module = parse(text)
    found = []
    for node in ast.walk(module) if module is not None else ():
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        starred = any(isinstance(each, ast.Starred) for each in node.args)
        if name in pair.names and (starred or len(node.args) > pair.start):
            found.append((node, text or ""))
    return found


def _swapped(ground: Ground, pair: _Pair) -> tuple[Edit, Edit] | None:
    """The two parameters with their annotations and defaults, each where the other stood."""
    text = ground.gold.read(pair.path) or ""
    function = _function(parse(text), pair.scope)
    if function is None:
        return None
    spans = [_span(function, name, text) for name in (pair.first, pair.second)]
    one, other = spans
    if one is None or other is None:
        return None
    edits = (
        Edit(path=pair.path, start=one[0], end=one[1], text=text[slice(*other)]),
        Edit(path=pair.path, start=other[0], end=other[1], text=text[slice(*one)]),
    )
    changed = f"{text[: one[0]]}{edits[0].text}{text[one[1] : other[0]]}{edits[1].text}"
    after = _function(parse(changed + text[other[1] :]), pair.scope)
    before = [pair.first, pair.second]
    if after is None or [a for a in _names(after) if a in before] != before[::-1]:
        return None
    return edits


def _names(function: _Function) -> list[str]:
    arguments = function.args
    return [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _span(function: _Function, name: str, text: str) -> tuple[int, int] | None:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    given = dict(zip(reversed(positional), reversed(arguments.defaults), strict=False))
    only = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    given.update({each: default for each, default in only if default is not None})
    every = (*positional, *arguments.kwonlyargs)
    parameter = next((each for each in every if each.arg == name), None)
    if parameter is None:
        return None
    lines = lines_of(text)
    start, end = span_of(parameter, lines, text)  # type: ignore[arg-type]
    if parameter in given:
        end = span_of(given[parameter], lines, text)[1]
    # A bracket or a comment around the default is not in the tree; such a one is left alone.
    follows = re.match(r"\s*[,)]", text[end:])
    return (start, end) if follows and "#" not in text[start:end] else None


def _by_keyword(tree: Tree, paths: tuple[str, ...], pair: _Pair) -> tuple[Edit, ...] | None:
    """Edits that give the tests' positional values by keyword; None where a star hides them."""
    edits = []
    for path in paths:
        for call, text in _calls(tree, path, pair):
            lines = lines_of(text)
            for position, value in enumerate(call.args):
                if isinstance(value, ast.Starred):
                    return None
                if position >= pair.start and position < len(pair.order):
                    at = span_of(value, lines, text)[0]
                    name = f"{pair.order[position]}="
                    edits.append(Edit(path=path, start=at, end=at, text=name))
    return tuple(edits)
