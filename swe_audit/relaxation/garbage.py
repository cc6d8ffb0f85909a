"""Gold with nonsense in a pinned detail: relaxed tests have to refuse it if the statement cares."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from swe_audit.alternatives.constructions.templates import lines_of, span_of
from swe_audit.alternatives.ground import Ground
from swe_audit.judging.comparisons import literal
from swe_audit.model.construction import Edit
from swe_audit.model.finding import Cause
from swe_audit.model.relaxation import Pin
from swe_audit.relaxation.texts import gold_messages

NONSENSE = "zqxjk"
_NUMBER = "987654321"
_NAMES = (Cause.MISSING_NAME, Cause.SIGNATURE)


def garbage(ground: Ground, pins: Sequence[Pin]) -> tuple[Edit, ...] | None:
    """Return the edits of gold that put nonsense in every detail, None where one stands nowhere.

    A message loses its values with its words. Names have no garbage: nothing would be tested.
    """
    edits: list[Edit] = []
    for pin in pins:
        made = tuple(_of_messages(ground, pin)) or tuple(_of_values(ground, pin))
        if not made:
            return None
        edits.extend(made)
    unique = sorted(set(edits), key=lambda edit: (edit.path, edit.start, -edit.end))
    outer: list[Edit] = []
    for edit in unique:
        if not outer or outer[-1].path != edit.path or outer[-1].end <= edit.start:
            outer.append(edit)
    return tuple(outer)


def _of_messages(ground: Ground, pin: Pin) -> Iterator[Edit]:
    if pin.cause in _NAMES:
        return
    for path, message in gold_messages(ground, pin.detail):
        text = ground.gold.read(path) or ""
        node = _whole_text(ast.parse(text), text, message.template.runs[0].starts[0])
        if node is not None:
            start, end = span_of(node, lines_of(text), text)
            yield Edit(path=path, start=start, end=end, text=repr(NONSENSE))


def _whole_text(module: ast.Module, text: str, offset: int) -> ast.expr | None:
    """Return the largest expression that a literal is put together in, values and all."""
    lines = lines_of(text)
    best: ast.expr | None = None
    for node in ast.walk(module):
        if not isinstance(node, ast.expr) or not _is_text(node):
            continue
        start, end = span_of(node, lines, text)
        if start <= offset < end and (best is None or _longer(node, best, lines, text)):
            best = node
    return best


def _is_text(node: ast.expr) -> bool:
    """Whether an expression is a text, or puts one together."""
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.BinOp(left=left, op=ast.Mod() | ast.Add(), right=right):
            return _is_text(left) or (isinstance(node.op, ast.Add) and _is_text(right))
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "format_map" | "join")):
            return _is_text(value)
    return False


def _longer(one: ast.expr, other: ast.expr, lines: list[int], text: str) -> bool:
    first, second = span_of(one, lines, text), span_of(other, lines, text)
    return first[1] - first[0] > second[1] - second[0]


def _of_values(ground: Ground, pin: Pin) -> Iterator[Edit]:
    """Yield nonsense for the constants of gold's own lines that are the expected value."""
    wanted = literal(pin.detail) or (pin.detail,)
    if pin.cause in _NAMES or isinstance(wanted[0], bool | None) or not wanted[0]:
        return
    for path, added in ground.added.items():
        text = ground.gold.read(path) or ""
        try:
            module = ast.parse(text) if path.endswith(".py") else None
        except (SyntaxError, ValueError, RecursionError):
            module = None
        for node in ast.walk(module) if module is not None else ():
            if isinstance(node, ast.Constant) and node.lineno in added and node.value == wanted[0]:
                start, end = span_of(node, lines_of(text), text)
                nonsense = repr(NONSENSE) if isinstance(node.value, str) else _NUMBER
                yield Edit(path=path, start=start, end=end, text=nonsense)
