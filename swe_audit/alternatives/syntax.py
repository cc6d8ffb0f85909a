"""Python as text and as a tree: what parses, where a statement stands, whether two are the same."""

from __future__ import annotations

import ast
import functools
import textwrap
import warnings
from collections.abc import Iterator

Definition = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@functools.lru_cache(maxsize=64)
def parse(text: str) -> ast.Module | None:
    """Parse Python, None where it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def compiles(text: str) -> bool:
    """Whether Python can be compiled, by this interpreter's grammar."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<text>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def extent(node: ast.stmt) -> tuple[int, int]:
    """Return the lines of a statement with its decorators, from 1, the end exclusive."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(each.lineno for each in decorators)])
    return first, (node.end_lineno or node.lineno) + 1


def indented(text: str, margin: str) -> list[str]:
    """Return the lines of a text moved to a margin."""
    lines = textwrap.dedent(text).strip("\n").split("\n")
    return [margin + line if line.strip() else "" for line in lines]


def margin_of(line: str) -> str:
    """Return the white space that a line begins with."""
    return line[: len(line) - len(line.lstrip())]


def functions_of(tree: ast.AST, owner: str = "") -> Iterator[tuple[str, Definition]]:
    """Yield every function with the class that it is a method of, empty for a plain one."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from functions_of(node, node.name)
        elif isinstance(node, FUNCTIONS):
            yield owner, node
            yield from functions_of(node)
        else:
            yield from functions_of(node, owner)


def same_code(one: ast.AST, other: ast.AST) -> bool:
    """Whether two pieces of code differ in docstrings and layout at most."""
    return _bare(one) == _bare(other)


def is_elided(node: ast.AST) -> bool:
    """Whether code leaves something out by an ellipsis that stands alone."""
    return any(
        isinstance(each, ast.Expr)
        and isinstance(each.value, ast.Constant)
        and each.value.value is ...
        for each in ast.walk(node)
    )


def _bare(node: ast.AST) -> str:
    copy = ast.parse(ast.unparse(node))
    for each in ast.walk(copy):
        if isinstance(each, (*FUNCTIONS, ast.ClassDef, ast.Module)) and ast.get_docstring(each):
            each.body = each.body[1:] or [ast.Pass()]
    return ast.dump(copy)
