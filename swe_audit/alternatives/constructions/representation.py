"""REPRESENTATION: the same thing in another shape: order, tuple for list, exception subclass.

Only where the shape cannot matter to correct code: literals that are searched or iterated and
never kept, and built-in exceptions, whose subclasses every handler takes.
"""

from __future__ import annotations

import ast
import re
from collections import deque
from collections.abc import Iterator
from typing import TypeGuard

from swe_audit.alternatives.constructions.source import Function, Source
from swe_audit.alternatives.ground import Ground
from swe_audit.model.construction import (
    ConstructionKind,
    Edit,
    LicenceCheck,
    RefusalReason,
    Refused,
    Site,
)

_EXCEPTIONS = frozenset(
    {
        "ValueError",
        "TypeError",
        "KeyError",
        "IndexError",
        "LookupError",
        "AttributeError",
        "RuntimeError",
        "NotImplementedError",
        "ArithmeticError",
        "ZeroDivisionError",
        "AssertionError",
        "NameError",
    }
)
_BY_TYPE = re.compile(
    r"(?:type\([\w.]+\)|__class__|\be\w*_?type|exc_info\(\)\[0\])(?:\.__name__)?\s*(?:is|==|!=|in)\b"
)
_LITERALS = (ast.Tuple, ast.List, ast.Set)


def representations(ground: Ground) -> Iterator[Site | Refused]:
    """Yield the literals and raised exceptions of gold's own lines that may have another shape."""
    for source in Source.all_of(ground):
        found = [*_literals(source), *_exceptions(source, ground)]
        yield from sorted(found, key=lambda each: (each.line, each.detail))


def _literals(source: Source) -> Iterator[Site]:
    for scope, node in _with_scopes(source.module):
        searched = isinstance(node, ast.Compare) and isinstance(node.ops[-1], ast.In | ast.NotIn)
        if searched and isinstance(node, ast.Compare) and len(node.ops) == 1:
            yield from _literal(source, scope, node.comparators[0], "searched literal")
        elif isinstance(node, ast.For | ast.comprehension):
            yield from _literal(source, scope, node.iter, "iterated literal")
        elif _is_set_of_texts(node):
            yield from _literal(source, scope, node.value, "set")


def _literal(source: Source, scope: str, node: ast.expr, symbol: str) -> Iterator[Site]:
    if not isinstance(node, _LITERALS) or not node.elts or not source.is_new(node):
        return
    start, end = source.span(node)
    text = source.text[start:end]
    if "#" in text or not _bracketed(text, len(node.elts)):
        return
    if symbol != "iterated literal" and len(node.elts) > 1 and all(map(_is_constant, node.elts)):
        shape, why = _reversed(source, node, text), "the order of what is searched has no meaning"
    elif isinstance(node, ast.Set):
        return
    else:
        shape, why = _other_brackets(node, text), "it is searched or iterated and never kept"
    yield Site(
        kind=ConstructionKind.REPRESENTATION,
        symbol=symbol,
        detail=text,
        replacement=shape,
        scope=scope,
        path=source.path,
        line=node.lineno,
        edits=(Edit(path=source.path, start=start, end=end, text=shape),),
        checks=(LicenceCheck(rule="behaviour", text=why),),
    )


def _reversed(source: Source, node: ast.Tuple | ast.List | ast.Set, text: str) -> str:
    """Return the literal with its elements the other way round, all else where it was."""
    start, _ = source.span(node)
    spans = [source.span(each) for each in node.elts]
    pieces = [source.text[first:last] for first, last in spans]
    for (first, last), piece in zip(reversed(spans), pieces, strict=True):
        text = text[: first - start] + piece + text[last - start :]
    return text


def _other_brackets(node: ast.Tuple | ast.List, text: str) -> str:
    inner = text[1:-1]
    if isinstance(node, ast.Tuple):
        return f"[{inner}]"
    comma = "," if len(node.elts) == 1 and not inner.rstrip().endswith(",") else ""
    return f"({inner}{comma})"


def _bracketed(text: str, count: int) -> bool:
    """Whether a literal's own text has brackets around it, and not around its ends only."""
    try:
        inside = ast.parse(f"[{text[1:-1]}\n]", mode="eval").body
    except SyntaxError:
        return False
    return text[0] in "([{" and isinstance(inside, ast.List) and len(inside.elts) == count


def _exceptions(source: Source, ground: Ground) -> Iterator[Site | Refused]:
    raised: dict[str, list[tuple[str, ast.Name]]] = {}
    for scope, node in _with_scopes(source.module):
        called = node.exc if isinstance(node, ast.Raise) else None
        name = called.func if isinstance(called, ast.Call) else called
        if isinstance(name, ast.Name) and name.id in _EXCEPTIONS and source.is_new(name):
            raised.setdefault(name.id, []).append((scope, name))
    for exception, places in sorted(raised.items()):
        yield _subclassed(source, ground, exception, places)


def _subclassed(
    source: Source, ground: Ground, exception: str, places: list[tuple[str, ast.Name]]
) -> Site | Refused:
    scope, first = places[0]
    own = re.search(rf"\b(?:class|import|as)\s+{exception}\b|\b{exception}\s*=", source.text)
    name = next(
        (each for each in (f"_Specific{exception}", f"_Own{exception}") if each not in source.text),
        None,
    )
    top = _top_statement(source, first)
    if own or name is None or top is None or _BY_TYPE.search(source.text):
        return Refused(
            kind=ConstructionKind.REPRESENTATION,
            symbol="exception",
            detail=exception,
            scope=scope,
            path=source.path,
            line=first.lineno,
            reason=RefusalReason.NOT_EDITABLE if top is None else RefusalReason.DYNAMIC,
            text="the module has its own of that name, or tells exceptions apart by type",
        )
    definition = f'class {name}({exception}):\n    """A {exception} of this module."""\n\n\n'
    edits = [Edit(path=source.path, start=top, end=top, text=definition)]
    for _, node in places:
        start, end = source.span(node)
        edits.append(Edit(path=source.path, start=start, end=end, text=name))
    return Site(
        kind=ConstructionKind.REPRESENTATION,
        symbol="exception",
        detail=exception,
        replacement=name,
        scope=scope,
        path=source.path,
        line=first.lineno,
        edits=tuple(edits),
        mirror=tuple(_by_instance(ground, exception)),
        checks=(
            LicenceCheck(
                rule="behaviour", text=f"whatever takes a {exception} takes its subclasses too"
            ),
        ),
    )


def _top_statement(source: Source, node: ast.Name) -> int | None:
    """Return where the definition at module level begins in which a node stands."""
    for each in source.module.body:
        if each.lineno <= node.lineno <= (each.end_lineno or each.lineno):
            if not isinstance(each, Function | ast.ClassDef):
                return None
            lines = [each.lineno, *(one.lineno for one in each.decorator_list)]
            return source.lines[min(lines)]
    return None


def _by_instance(ground: Ground, exception: str) -> Iterator[Edit]:
    """Yield the edits by which tests that compare an exception's type take subclasses too."""
    patterns = (
        (rf"\b([\w.]+\.type) (?:is|==) {exception}\b", rf"issubclass(\1, {exception})"),
        (rf"\btype\(([\w.]+)\) (?:is|==) {exception}\b", rf"isinstance(\1, {exception})"),
        (
            rf"\bassert(?:Is|Equals?)\(type\(([\w.]+)\), {exception}\b",
            rf"assertIsInstance(\1, {exception}",
        ),
    )
    for path in ground.test_paths:
        text = ground.tests.read(path) if path.endswith(".py") else None
        for pattern, replacement in patterns:
            for found in re.finditer(pattern, text or ""):
                yield Edit(
                    path=path,
                    start=found.start(),
                    end=found.end(),
                    text=found.expand(replacement),
                )


def _with_scopes(module: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    waiting: deque[tuple[str, ast.AST]] = deque([("", module)])
    while waiting:
        scope, node = waiting.popleft()
        yield scope, node
        if isinstance(node, Function | ast.ClassDef):
            scope = f"{scope}.{node.name}".lstrip(".")
        waiting.extend((scope, child) for child in ast.iter_child_nodes(node))


def _is_set_of_texts(node: ast.AST) -> TypeGuard[ast.Assign]:
    """Whether a node assigns a set of strings, whose order differs from run to run anyway."""
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Set)
        and all(isinstance(e, ast.Constant) and isinstance(e.value, str) for e in node.value.elts)
    )


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)
