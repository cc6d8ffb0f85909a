"""Put texts into a file's lines, found by the syntax tree's positions; all else stays as it is."""

from __future__ import annotations

import ast
import base64
import json
import re
import zlib

from swe_audit.softening.recorder_script import FOLDER, MODULE
from swe_audit.softening.unsoftening import NAME

_LONGEST = 1000


class Writer:
    """A file's lines as bytes, which is how the syntax tree counts columns, and what to put in."""

    def __init__(self, text: str) -> None:
        self.lines = re.split(rb"(?<=\n)|(?<=\r)(?!\n)", text.encode("utf-8"))
        self._put: list[tuple[int, int, int, str]] = []
        self._added: list[int] = []
        self._filled: set[int] = set()

    def before(self, node: ast.expr | ast.stmt, text: str) -> None:
        """Put a text in front of a node; what is put in later stands further in."""
        self._put.append((node.lineno, node.col_offset, len(self._put), text))

    def after(self, node: ast.expr | ast.stmt, text: str) -> None:
        """Put a text behind a node."""
        line, column = node.end_lineno or node.lineno, node.end_col_offset or 0
        self._put.append((line, column, -1, text))

    def line_above(self, line: int, text: str) -> None:
        """Put a text, as deep as a line, above it: into a blank line, else into one of its own."""
        blank = line > 1 and not self.lines[line - 2].strip() and line - 1 not in self._filled
        if not blank:
            self._line_before(line, text)
            return
        self._filled.add(line - 1)
        self._put.append((line - 1, 0, -1, f"{self._indent(line)}{text}"))

    def _line_before(self, line: int, text: str) -> None:
        end = "\r\n" if self.lines[line - 1].endswith(b"\r\n") else "\n"
        self._put.append((line, 0, -1, f"{self._indent(line)}{text}{end}"))
        self._added.append(line)

    def _indent(self, line: int) -> str:
        row = self.lines[line - 1]
        return row[: len(row) - len(row.lstrip())].decode("ascii", "replace")

    def has_its_line(self, node: ast.stmt) -> bool:
        """Whether nothing but a comment stands on a statement's lines beside it."""
        first = self.lines[node.lineno - 1][: node.col_offset]
        last = self.lines[(node.end_lineno or node.lineno) - 1][node.end_col_offset or 0 :]
        return not first.strip() and re.match(rb"\s*(?:#|$)", last) is not None

    def follows(self, line: int, column: int) -> bytes:
        """The rest of a line."""
        return self.lines[line - 1][column:]

    def source(self, start: ast.AST, end_line: int, end_column: int | None) -> str:
        """The text from a node on, as much of it as a record holds."""
        line, column = getattr(start, "lineno", 1), getattr(start, "col_offset", 0)
        rows = list(self.lines[line - 1 : end_line])
        if end_column is not None:
            rows[-1] = rows[-1][:end_column]
        rows = [row[min(column, len(row) - len(row.lstrip())) :] for row in rows]
        rows[0] = rows[0].lstrip()
        text = b"".join(rows).decode("utf-8", "replace").strip()
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} [...]"

    def prelude(
        self,
        module: ast.Module,
        path: str,
        sources: dict[int, str],
        names: dict[str, list[str]],
    ) -> str:
        """Return the import, and make room for it behind the docstring and future imports."""
        head, first = _last_head(module), module.body[0]
        decorators = getattr(first, "decorator_list", [])
        if head >= 0:
            self.after(module.body[head], "; \0")
        elif hasattr(first, "body") or decorators:
            self.line_above(min(each.lineno for each in (first, *decorators)), "\0")
        else:
            self.before(first, "\0; ")
        # The recorder is told the numbers that the added lines have in the softened file.
        added = [line + nth for nth, line in enumerate(sorted(self._added))]
        table = {"sources": sources, "added": added, "names": names}
        packed = base64.b64encode(zlib.compress(json.dumps(table).encode("ascii"), 9))
        return (
            f"import sys as {NAME}; {NAME}.path.append({FOLDER!r});"
            f" import {MODULE} as {NAME}; {NAME} = {NAME}.begin({path!r}, {packed.decode()!r})"
        )

    def written(self, call: str) -> str:
        """Return the file with all that was put in, and the prelude in its place."""
        rows = list(self.lines)
        for line, column, _, text in sorted(self._put, reverse=True):
            row = rows[line - 1]
            rows[line - 1] = row[:column] + text.encode("utf-8") + row[column:]
        whole = b"".join(rows).decode("utf-8")
        newline = "" if whole.endswith(("\n", "\r")) else "\n"
        return f"{whole.replace(chr(0), call, 1)}{newline}{NAME}.end()\n"


def _last_head(module: ast.Module) -> int:
    """The place of the last docstring or future import at the top, -1 where there is none."""
    last = -1
    for at, statement in enumerate(module.body):
        doc = at == 0 and isinstance(statement, ast.Expr) and _is_text(statement.value)
        future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not (doc or future):
            break
        last = at
    return last


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
