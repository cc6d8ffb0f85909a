"""A module's text beside its syntax tree: where statements stand, and which lines are gold's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from swe_audit.alternatives.constructions.templates import lines_of, span_of
from swe_audit.alternatives.ground import Ground
from swe_audit.model.construction import Edit

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_FRAMES = re.compile(r"\b(?:locals|vars|eval|exec|globals|_getframe|currentframe|stack)\s*\(")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file of gold that parses; ``added`` are the numbers of the lines that gold adds."""

    path: str
    text: str
    module: ast.Module
    lines: list[int]
    added: frozenset[int]

    @classmethod
    def all_of(cls, ground: Ground) -> Iterator[Source]:
        """Yield the Python files that gold touches, sorted by path; those that do not parse not."""
        for path in sorted(ground.added):
            text = ground.gold.read(path) if path.endswith(".py") else None
            if text is None or "\t" in text or "\r" in text or "\f" in text:
                continue
            try:
                module = ast.parse(text)
            except (SyntaxError, ValueError, RecursionError):
                continue
            yield cls(
                path=path,
                text=text,
                module=module,
                lines=lines_of(text),
                added=ground.added[path],
            )

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return where a node begins and ends; brackets around an expression are not in it."""
        return span_of(node, self.lines, self.text)

    def said(self, node: ast.expr | ast.stmt) -> str:
        """Return a node's text."""
        start, end = self.span(node)
        return self.text[start:end]

    def rows(self, first: int, last: int) -> tuple[int, int]:
        """Return where some whole lines begin and end, the last line's end included."""
        end = self.lines[last + 1] if last + 1 < len(self.lines) else len(self.text)
        return self.lines[first], end

    def is_new(self, node: ast.expr | ast.stmt) -> bool:
        """Whether gold adds every line of a node."""
        return all(
            line in self.added for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        )

    def alone(self, node: ast.stmt) -> bool:
        """Whether a statement has its lines to itself, comments behind it not counted."""
        start, end = self.span(node)
        first, last = self.rows(node.lineno, node.end_lineno or node.lineno)
        behind = self.text[end:last].strip()
        return not self.text[first:start].strip() and (not behind or behind.startswith("#"))

    def indent(self, node: ast.stmt) -> str:
        """Return the white space before a statement that has its lines to itself."""
        return " " * node.col_offset

    def replaced(self, node: ast.stmt, text: str) -> Edit:
        """Return the edit that puts other text in the place of a statement."""
        start, end = self.span(node)
        return Edit(path=self.path, start=start, end=end, text=text)

    def functions(self) -> Iterator[tuple[str, Function]]:
        """Yield every function with its qualified name, in the order of the text."""
        for name, definition in definitions(self.module):
            if isinstance(definition, Function):
                yield name, definition

    def sees_frames(self, function: Function) -> bool:
        """Whether a function, or one inside, looks at its own variables or source."""
        return _FRAMES.search(self.said(function)) is not None

    def fresh(self, function: Function, *names: str) -> str | None:
        """Return the first of some names that stands nowhere in a function, nor in the module."""
        for name in names:
            if re.search(rf"\b{name}\b", self.said(function)) is None and not any(
                re.search(rf"^(?:\w+\s+)?{name}\b", line) for line in self.text.split("\n")
            ):
                return name
        return None


def definitions(module: ast.Module) -> Iterator[tuple[str, Definition]]:
    """Yield functions and classes with their qualified names, outer ones before inner ones."""

    def inside(node: ast.AST, prefix: str) -> Iterator[tuple[str, Definition]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Definition):
                name = f"{prefix}{child.name}"
                yield name, child
                yield from inside(child, f"{name}.")
            else:
                yield from inside(child, prefix)

    return inside(module, "")


def bodies(function: Function) -> Iterator[list[ast.stmt]]:
    """Yield the blocks of a function's own statements, nested ones too, not inner functions'."""
    waiting: list[ast.AST] = [function]
    while waiting:
        node = waiting.pop(0)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield block
                waiting.extend(each for each in block if not isinstance(each, Definition))
        waiting.extend([*getattr(node, "handlers", ()), *getattr(node, "cases", ())])
