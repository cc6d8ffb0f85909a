"""Code of gold that never runs in a task's environment: for another platform or back end.

Made wrong there, gold passes whatever the tests check, which says something of the environment
and nothing of the tests.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from swe_audit.alternatives.ground import Ground
from swe_audit.alternatives.mutants.backends import Backends
from swe_audit.alternatives.syntax import FUNCTIONS, extent, parse
from swe_audit.model.construction import RefusalReason
from swe_audit.model.paths import is_source_path

_PLATFORM = re.compile(
    r"\bsys\.(?:platform|version_info)\b|\bos\.name\b|\bplatform\.\w+\(|\bPY[23]\d*\b"
    r"|\b(?:IS_)?(?:WINDOWS|PYPY)\b|\bPYTHON_VERSION\b|\bis_windows\b"
)
_COMMENT = re.compile(r"#[^\n]*")
_LINUX = {"os.name": "posix", "sys.platform": "linux"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """Lines ``first`` to ``end`` (exclusive, from 1) of a file that gold leaves, and why."""

    path: str
    first: int
    end: int
    reason: RefusalReason
    text: str


def idle_stretches(ground: Ground) -> tuple[Idle, ...]:
    """Return what never runs of the Python sources that gold changes.

    Packages that are missing are only known where the task's interpreter was asked.
    """
    backends = Backends(ground)
    return tuple(
        one
        for path in sorted(ground.added)
        if path.endswith(".py") and is_source_path(path)
        for one in _of_file(ground, path, backends)
    )


def asks_for_platform(text: str) -> bool:
    """Whether lines look at the platform or the version of Python, comments aside."""
    return _PLATFORM.search(_COMMENT.sub("", text)) is not None


def for_platform(path: str, first: int, end: int) -> Idle:
    """Return lines that depend on a platform or a version of Python as a stretch."""
    text = "it asks for a platform or a version of Python, of which only one is here"
    return Idle(path=path, first=first, end=end, reason=RefusalReason.PLATFORM, text=text)


def _of_file(ground: Ground, path: str, backends: Backends) -> Iterator[Idle]:
    text = ground.gold.read(path)
    tree = parse(text) if text is not None else None
    if text is None or tree is None:
        return
    lines = text.split("\n")
    why = backends.why_idle(path)
    if why:
        yield _missing(path, 1, len(lines) + 1, why)
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and asks_for_platform(_head(node, lines)):
            first, end = _unused(node)
            yield for_platform(path, first, end)
        for name, body in _named(node):
            why = backends.why_missing(name)
            if why:
                yield _missing(path, extent(body[0])[0], extent(body[-1])[1], why)


def _unused(node: ast.stmt) -> tuple[int, int]:
    """The lines of a statement that asks for a platform, but for a branch that runs on Linux."""
    first, end = extent(node)
    holds = _holds_here(node.test) if isinstance(node, ast.If) else None
    if holds is None or not isinstance(node, ast.If):
        return first, end
    if not holds:
        return first, extent(node.body[-1])[1]
    return (extent(node.orelse[0])[0], end) if node.orelse else (end, end)


def _holds_here(test: ast.expr) -> bool | None:
    """Whether a condition on the platform alone holds on Linux, None where it says more."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            held = _holds_here(inner)
            return None if held is None else not held
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as operator], comparators=[value]):
            here = _LINUX.get(ast.unparse(left))
            if here is not None and isinstance(value, ast.Constant):
                return (here == value.value) is isinstance(operator, ast.Eq)
        case ast.Call(
            func=ast.Attribute(value=left, attr="startswith"),
            args=[ast.Constant(value=str() as start)],
        ):
            here = _LINUX.get(ast.unparse(left))
            return None if here is None else here.startswith(start)
    return None


def _head(node: ast.stmt, lines: list[str]) -> str:
    """What decides whether a statement runs: a condition, or all of one that has no body."""
    if isinstance(node, (ast.If, ast.While)):
        last = node.test.end_lineno
    else:
        last = None if hasattr(node, "body") else node.end_lineno
    return "\n".join(lines[node.lineno - 1 : last]) if last else ""


def _named(node: ast.AST) -> Iterator[tuple[str, list[ast.stmt]]]:
    """What a node names as the only back end for which some statements run."""
    if isinstance(node, FUNCTIONS) and "_" in node.name:
        yield node.name.rpartition("_")[2], [node]
    if isinstance(node, ast.If) and isinstance(node.test, ast.Compare):
        (operator, *more), (value, *_) = node.test.ops, node.test.comparators
        asked = isinstance(node.test.left, (ast.Attribute, ast.Name))
        if asked and not more and isinstance(operator, ast.Eq) and isinstance(value, ast.Constant):
            yield str(value.value), node.body


def _missing(path: str, first: int, end: int, text: str) -> Idle:
    return Idle(path=path, first=first, end=end, reason=RefusalReason.NOT_INSTALLED, text=text)
