"""Mutants of the lines that gold adds, by mutmut's operators; the extra ``mutants`` brings them.

Only the operators are used, each on one node: mutmut's own runner instruments the whole project.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from typing import Any

import libcst as cst
from libcst.metadata import (
    CodeRange,
    MetadataWrapper,
    PositionProvider,
    WhitespaceInclusivePositionProvider,
)

from swe_audit.alternatives.mutants.raising import Change
from swe_audit.alternatives.syntax import FUNCTIONS, extent, parse
from swe_audit.errors import UsageError

_SPEAKING = frozenset(
    {"warn", "warning", "debug", "info", "error", "exception", "critical", "log", "print", "write"}
)


def require_operators() -> None:
    """Raise ``UsageError`` where the extra is not installed; call it before a long run."""
    _operators()


def mutated(text: str, added: frozenset[int]) -> Iterator[Change]:
    """Yield a file with one node of an added line changed, in the order of the file.

    Annotations, docstrings, and the texts of messages are left as they are.
    """
    operators = _operators()
    lines = text.splitlines(keepends=True)
    for first, end in _segments(text, added):
        # Only the definition around a line is read: whole files take many times as long.
        within = {line - first + 2 for line in added if first <= line < end}
        for line, where, before, after in _found(lines[first - 1 : end - 1], within, operators):
            yield Change(
                line=line + first - 2,
                before=before.strip(),
                after=after.strip(),
                text=_spliced(lines, where, first - 2, after),
            )


def _segments(text: str, added: frozenset[int]) -> list[tuple[int, int]]:
    """The lines of the innermost functions, or else statements, around the added lines."""
    found: set[tuple[int, int]] = set()
    tree = parse(text)
    for line in sorted(added) if tree is not None else ():
        node: ast.AST = tree  # type: ignore[assignment]
        best: tuple[int, int] | None = None
        while (child := _child_at(node, line)) is not None:
            if (
                best is None
                or isinstance(child, (*FUNCTIONS, ast.ClassDef))
                or isinstance(node, ast.ClassDef)
            ):
                best = extent(child)
            node = child
        if best is not None:
            found.add(best)
    return sorted(each for each in found if not any(_holds(o, each) for o in found if o != each))


def _child_at(node: ast.AST, line: int) -> ast.stmt | None:
    for child in ast.walk(node):
        inner = isinstance(child, ast.stmt) and child is not node
        if inner and extent(child)[0] <= line < extent(child)[1]:  # type: ignore[arg-type]
            return child  # type: ignore[return-value]
    return None


def _holds(outer: tuple[int, int], inner: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _found(
    lines: list[str], added: set[int], operators: Any
) -> list[tuple[int, CodeRange, str, str]]:
    """The mutations of some lines; their numbers and places count a line that is put before."""
    head = "if 1:\n" if lines[0][:1].isspace() else "\n"
    try:
        wrapper = MetadataWrapper(cst.parse_module(head + "".join(lines)))
    except (cst.ParserSyntaxError, cst.CSTValidationError, RecursionError):
        return []
    finder = _Finder(added, operators)
    wrapper.visit(finder)
    module = wrapper.module
    return [
        (line, where, module.code_for_node(old), module.code_for_node(new))
        for line, where, old, new in finder.found
    ]


def _spliced(lines: list[str], where: CodeRange, shift: int, code: str) -> str:
    """Return a file with a stretch replaced, whose line numbers are ``shift`` too small."""
    start, end = where.start.line + shift, where.end.line + shift
    head = "".join(lines[: start - 1]) + lines[start - 1][: where.start.column]
    tail = lines[end - 1][where.end.column :] if end <= len(lines) else ""
    return head + code + tail + "".join(lines[end:])


def _operators() -> Any:
    try:
        from mutmut.mutation.mutators import mutation_operators
    except ImportError as error:
        raise UsageError(
            "mutants need mutmut's operators, which are not installed",
            hint="pip install 'swe-audit[mutants]'",
        ) from error
    return mutation_operators


class _Finder(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider, WhitespaceInclusivePositionProvider)

    def __init__(self, added: set[int], operators: Any) -> None:
        super().__init__()
        self._added = added
        self._operators = operators
        self.found: list[tuple[int, CodeRange, cst.CSTNode, cst.CSTNode]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if _is_no_matter(node):
            return False
        where = self.get_metadata(PositionProvider, node, None)
        if where is None or where.start.line not in self._added:
            return True
        if any(line not in self._added for line in range(where.start.line, where.end.line + 1)):
            return True
        span = self.get_metadata(WhitespaceInclusivePositionProvider, node)
        for kind, operator in self._operators:
            if isinstance(node, kind):
                # Of a text one mutant is enough: each of them is another text.
                most = 1 if isinstance(node, cst.BaseString) else None
                for new in itertools.islice(operator(node), most):
                    self.found.append((where.start.line, span, node, new))
        return True


def _is_no_matter(node: cst.CSTNode) -> bool:
    """Whether nothing below a node is worth mutating: types, texts, imports, what is raised."""
    if isinstance(node, (cst.Annotation, cst.Raise, cst.Assert, cst.Import, cst.ImportFrom)):
        return True
    if isinstance(node, cst.Expr):
        return isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString))
    if isinstance(node, (cst.SimpleString, cst.FormattedString)):
        text = node.raw_value if isinstance(node, cst.SimpleString) else " "
        return " " in text.strip() or not text
    if isinstance(node, cst.Call):
        name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
        return isinstance(name, cst.Name) and name.value in _SPEAKING
    return False
