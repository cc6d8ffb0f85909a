"""Parse Python of any age without a word: what this interpreter cannot read is None."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache


@lru_cache(maxsize=48)
def parse(text: str | None) -> ast.Module | None:
    """Parse a module, None where there is none or this interpreter's grammar rejects it."""
    if text is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None


_HEAD = re.compile(r"^(\w+_)(?:%s|\{\w*\})?$")


def built_beginnings(node: ast.ClassDef) -> frozenset[str]:
    """Return what the names begin with that a class builds to look them up, as ``visit_*``.

    Empty for a class that looks nothing up by name.
    """
    calls = {
        part.func.id
        for part in ast.walk(node)
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)
    }
    if not calls & {"getattr", "hasattr"}:
        return frozenset()
    heads = (_HEAD.match(text) for part in ast.walk(node) for text in _beginnings(part))
    return frozenset(f"{head[1]}*" for head in heads if head is not None)


def _beginnings(node: ast.AST) -> Iterator[str]:
    """The literal that a string put together of parts begins with."""
    first: ast.AST | None = None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        first = node.left
    elif isinstance(node, ast.JoinedStr) and len(node.values) > 1:
        first = node.values[0]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        first = node.func.value if node.func.attr == "format" else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield first.value
