"""Gold with one added line replaced by `raise`: whether any required test executes it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from swe_audit.alternatives.syntax import FUNCTIONS, margin_of, parse

_RAISE = 'raise RuntimeError("this line was executed")'


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One place of a file of gold made wrong: the whole text, and what became of what."""

    line: int
    before: str
    after: str
    text: str


def raised(text: str, added: frozenset[int]) -> Iterator[Change]:
    """Yield a file with the first added statement of each block of a function raising.

    Statements of a module or class are left out: every test would meet them. So are statements
    that raise already, docstrings, and definitions.
    """
    tree = parse(text)
    if tree is None:
        return
    lines = text.split("\n")
    for function in (node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)):
        for block in _blocks(function):
            node = next((s for s in block if _counts(s, added)), None)
            if node is None:
                continue
            margin = margin_of(lines[node.lineno - 1])
            end = node.end_lineno or node.lineno
            new = [*lines[: node.lineno - 1], margin + _RAISE, *lines[end:]]
            yield Change(
                line=node.lineno,
                before="\n".join(lines[node.lineno - 1 : end]).strip(),
                after=_RAISE,
                text="\n".join(new),
            )


def _blocks(function: ast.AST) -> Iterator[list[ast.stmt]]:
    """The lists of statements of a function, nested ones included, inner functions left out."""
    for name in ("body", "orelse", "finalbody", "handlers"):
        body = getattr(function, name, None)
        if not isinstance(body, list) or not body:
            continue
        if name != "handlers":
            yield body
        for node in body:
            if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                yield from _blocks(node)


def _counts(node: ast.stmt, added: frozenset[int]) -> bool:
    if isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Raise, ast.Import, ast.ImportFrom)):
        return False
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return False
    compound = isinstance(node, (ast.If, ast.For, ast.While, ast.With, ast.Try))
    return node.lineno in added and not (compound and not _is_whole(node, added))


def _is_whole(node: ast.stmt, added: frozenset[int]) -> bool:
    return all(line in added for line in range(node.lineno, (node.end_lineno or node.lineno) + 1))
