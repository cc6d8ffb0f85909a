"""Other ways to write a statement that do the same: each evaluates the same things in one order."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from swe_audit.alternatives.constructions.source import Function, Source
from swe_audit.model.construction import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """A statement written otherwise; ``last`` is the last line that it touches."""

    symbol: str
    detail: str
    replacement: str
    why: str
    edits: tuple[Edit, ...]
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A statement: the one at an index of a block of a function."""

    source: Source
    function: Function
    block: list[ast.stmt]
    at: int

    @property
    def node(self) -> ast.stmt:
        """The statement."""
        return self.block[self.at]

    @property
    def then(self) -> ast.stmt | None:
        """The statement after it in the same block."""
        return self.block[self.at + 1] if self.at + 1 < len(self.block) else None


Form = Callable[[Place], Rewrite | None]
"""Rewrites a statement, None where it cannot."""


def inverted(place: Place) -> Rewrite | None:
    """Swap the branches of ``if``/``else`` under the negated condition."""
    source, node = place.source, place.node
    if not isinstance(node, ast.If) or not node.orelse or not source.alone(node):
        return None
    found = _else_line(source, node)
    if found is None or source.text[source.lines[node.lineno] :].lstrip().startswith("elif"):
        return None
    first, last = node.body[0].lineno, node.end_lineno or node.lineno
    head_end = source.rows(node.lineno, _head_line(source, node))[1]
    else_start, else_end = source.rows(found, found)
    _, end = source.rows(last, last)
    if first == node.lineno or head_end > else_start or not source.text[:end].endswith("\n"):
        return None
    body, other = source.text[head_end:else_start], source.text[else_end:end]
    start, stop = _bracketed(source, node.test)
    condition = _negated(source, node.test)
    if not source.text[start - 1].isspace():
        condition = f" {condition}"
    between = source.text[else_start:else_end]
    return Rewrite(
        symbol="branch",
        detail=source.said(node.test),
        replacement=condition,
        why="the branches are swapped and the condition negated",
        edits=(
            Edit(path=source.path, start=start, end=stop, text=condition),
            Edit(path=source.path, start=head_end, end=end, text=other + between + body),
        ),
        last=last,
    )


def spelled_out(place: Place) -> Rewrite | None:
    """Write ``return a if c else b``, or such an assignment to a name, as a statement."""
    source, node = place.source, place.node
    value = node.value if isinstance(node, ast.Return | ast.Assign) else None
    if not isinstance(value, ast.IfExp) or not source.alone(node):
        return None
    start, _ = source.span(value)
    lead = source.text[source.span(node)[0] : start].rstrip(" (\n")
    if isinstance(node, ast.Assign) and not (
        len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
    ):
        return None
    if "#" in source.said(node):
        return None
    pad = source.indent(node)
    text = (
        f"if {_closed(source, value.test)}:\n"
        f"{pad}    {lead} {_closed(source, value.body)}\n"
        f"{pad}else:\n"
        f"{pad}    {lead} {_closed(source, value.orelse)}"
    )
    return Rewrite(
        symbol="conditional expression",
        detail=source.said(value),
        replacement=text,
        why="the conditional expression is a statement",
        edits=(source.replaced(node, text),),
        last=node.end_lineno or node.lineno,
    )


def folded(place: Place) -> Rewrite | None:
    """Write an ``if`` that returns one thing or another as a conditional expression."""
    source, node = place.source, place.node
    if not isinstance(node, ast.If) or len(node.body) != 1 or not source.alone(node):
        return None
    if source.text[source.lines[node.lineno] :].lstrip().startswith("elif"):
        return None
    then = node.body[0]
    following: list[ast.stmt | None] = [*node.orelse] or [place.then]
    other = following[0]
    if len(following) != 1 or not isinstance(then, ast.Return) or not isinstance(other, ast.Return):
        return None
    if then.value is None or other.value is None or not source.is_new(other):
        return None
    start, _ = source.span(node)
    _, end = source.span(other)
    if "#" in source.text[start:end] or not source.alone(other):
        return None
    text = (
        f"return {_closed(source, then.value)} if {_closed(source, node.test)}"
        f" else {_closed(source, other.value)}"
    )
    return Rewrite(
        symbol="branch",
        detail=source.said(node.test),
        replacement=text,
        why="the two returns are one conditional expression",
        edits=(Edit(path=source.path, start=start, end=end, text=text),),
        last=other.end_lineno or other.lineno,
    )


def inlined(place: Place) -> Rewrite | None:
    """Put the value of a local in the place of its only use, first thing in the next statement."""
    source, node = place.source, place.node
    then = place.then
    if not isinstance(node, ast.Assign) or len(node.targets) != 1 or then is None:
        return None
    target = node.targets[0]
    if not isinstance(target, ast.Name) or not source.alone(node) or not source.alone(then):
        return None
    if not _plain(node.value) or "#" in source.said(node):
        return None
    uses = [each for each in ast.walk(place.function) if _names(each, target.id)]
    used = _first_evaluated(then)
    if len(uses) != 2 or not isinstance(used, ast.Name) or used.id != target.id:
        return None
    first, last = source.rows(node.lineno, node.end_lineno or node.lineno)
    start, end = source.span(used)
    value = f"({source.said(node.value)})"
    return Rewrite(
        symbol="local variable",
        detail=target.id,
        replacement=value,
        why="its only use comes first in the next statement",
        edits=(
            Edit(path=source.path, start=first, end=last, text=""),
            Edit(path=source.path, start=start, end=end, text=value),
        ),
        last=then.end_lineno or then.lineno,
    )


def extracted(place: Place) -> Rewrite | None:
    """Give the value that is returned a name first."""
    source, node = place.source, place.node
    if not isinstance(node, ast.Return) or node.value is None or not source.alone(node):
        return None
    literal = isinstance(node.value, ast.Name | ast.Constant | ast.Tuple | ast.List | ast.Dict)
    if literal or not _plain(node.value):
        return None
    name = source.fresh(place.function, "result", "returned", "outcome")
    if name is None:
        return None
    text = f"{name} = {_closed(source, node.value)}\n{source.indent(node)}return {name}"
    return Rewrite(
        symbol="return value",
        detail=source.said(node.value),
        replacement=text,
        why="the returned value has a name first",
        edits=(source.replaced(node, text),),
        last=node.end_lineno or node.lineno,
    )


FORMS: tuple[Form, ...] = (spelled_out, folded, inverted, inlined, extracted)
"""In the order in which they are tried; a statement takes the first that fits."""


def _closed(source: Source, node: ast.expr) -> str:
    """Return an expression's text so that it can stand anywhere on one logical line."""
    text = source.said(node)
    simple = isinstance(node, ast.Name | ast.Constant | ast.Attribute | ast.Call | ast.Subscript)
    return text if simple and "\n" not in text else f"({text})"


def _negated(source: Source, test: ast.expr) -> str:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _closed(source, test.operand)
    return f"not {_closed(source, test)}"


def _bracketed(source: Source, test: ast.expr) -> tuple[int, int]:
    """Return a condition's place with the brackets around it."""
    start, end = source.span(test)
    text = source.text
    while True:
        before = len(text[:start].rstrip())
        after = len(text) - len(text[end:].lstrip())
        if text[before - 1 : before] != "(" or text[after : after + 1] != ")":
            return start, end
        start, end = before - 1, after + 1


def _head_line(source: Source, node: ast.If) -> int:
    """Return the line on which a condition's colon stands."""
    _, end = _bracketed(source, node.test)
    colon = source.text.find(":", end)
    return source.text.count("\n", 0, colon) + 1


def _else_line(source: Source, node: ast.If) -> int | None:
    """Return the line of an ``else:`` that has it to itself; None for ``elif``."""
    last = node.body[-1].end_lineno or node.body[-1].lineno
    for line in range(last + 1, node.orelse[0].lineno):
        start, end = source.rows(line, line)
        row = source.text[start:end].split("#")[0].strip()
        if row == "else:":
            return line
    return None


def _plain(value: ast.expr) -> bool:
    """Whether an expression binds nothing and does not pause."""
    odd = (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await, ast.Lambda)
    return not any(isinstance(each, odd) for each in ast.walk(value))


def _names(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Name):
        return node.id == name
    if isinstance(node, ast.Global | ast.Nonlocal):
        return name in node.names
    return isinstance(node, ast.arg) and node.arg == name


_FIRST_PARTS: tuple[tuple[type[ast.AST], str], ...] = (
    (ast.Return, "value"),
    (ast.Expr, "value"),
    (ast.Assign, "value"),
    (ast.If, "test"),
    (ast.For, "iter"),
    (ast.Attribute, "value"),
    (ast.Subscript, "value"),
    (ast.Call, "func"),
    (ast.BinOp, "left"),
    (ast.Compare, "left"),
    (ast.BoolOp, "values"),
    (ast.UnaryOp, "operand"),
    (ast.Tuple, "elts"),
    (ast.List, "elts"),
)


def _first_evaluated(node: ast.AST | None) -> ast.AST | None:
    """Return the part of a statement that Python evaluates before all else."""
    for kind, name in _FIRST_PARTS:
        if isinstance(node, kind):
            part = getattr(node, name)
            return _first_evaluated(next(iter(part), None) if isinstance(part, list) else part)
    return node
