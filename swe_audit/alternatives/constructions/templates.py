"""Texts in source code, taken apart: literal runs that know where each character stands, and holes.

A run's characters are those the program prints, not those of the source: escapes are resolved,
implicit concatenation is joined, doubled braces and percent signs are single.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from swe_audit.model.construction import Edit

if TYPE_CHECKING:
    import libcst as cst


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Literal text; ``starts[i]`` to ``ends[i]`` is what the file writes for character ``i``."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def part(self, start: int, end: int) -> Run:
        """Return the characters from ``start`` to ``end``."""
        return Run(
            text=self.text[start:end], starts=self.starts[start:end], ends=self.ends[start:end]
        )

    def edits(self, path: str, start: int, end: int, text: str) -> tuple[Edit, ...]:
        """Return the edits that put ``text`` in the place of some characters.

        Where these lie in several literals, the first takes the text and the others lose theirs.
        With no character between, the text comes after the one before.
        """
        if start == end:
            at = self.ends[start - 1] if start else self.starts[0]
            return (Edit(path=path, start=at, end=at, text=text),)
        made: list[Edit] = []
        at = start
        while at < end:
            to = at + 1
            while to < end and self.starts[to] == self.ends[to - 1]:
                to += 1
            made.append(
                Edit(
                    path=path,
                    start=self.starts[at],
                    end=self.ends[to - 1],
                    text="" if made else text,
                )
            )
            at = to
        return tuple(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A placeholder, as the source writes it; any text may stand there."""

    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Runs and holes in their order; two runs never follow each other."""

    parts: tuple[Run | Hole, ...]

    @property
    def runs(self) -> tuple[Run, ...]:
        """The literal runs."""
        return tuple(part for part in self.parts if isinstance(part, Run))

    @property
    def text(self) -> str:
        """The text with its placeholders as the source writes them."""
        return "".join(part.text if isinstance(part, Run) else part.source for part in self.parts)


class Style(str, Enum):
    """How placeholders are written in a plain string; ``NAMED`` guesses from their looks."""

    NONE = "none"
    PERCENT = "percent"
    BRACES = "braces"
    NAMED = "named"


_PERCENT = r"%(?:\(\w+\))?[#0\- +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?[diouxXeEfFgGcrsa]"
_HOLES = {
    Style.PERCENT: re.compile(rf"(?P<double>%%)|{_PERCENT}"),
    Style.BRACES: re.compile(r"(?P<double>\{\{|\}\})|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}"),
    Style.NAMED: re.compile(r"(?P<double>%%)|%\(\w+\)[diouxXeEfFgGcrsa]|%[srd]|\{\w*(?:![rsa])?\}"),
}
_CHARACTER = re.compile(
    r"\\(?:\r\n|\n|\r|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|.)|.",
    re.DOTALL,
)


def plain_run(text: str, offset: int = 0) -> Run:
    """Return text that stands in its file as it reads."""
    places = range(offset, offset + len(text))
    return Run(text=text, starts=tuple(places), ends=tuple(place + 1 for place in places))


def template_of(source: str, offset: int, style: Style) -> Template | None:
    """Take apart a string literal, prefixes and implicit concatenation included.

    ``offset`` is where it begins in its file. None for bytes and for what is no literal.
    """
    import libcst as cst  # a fifth of a second, and a finished audit reads no source

    try:
        node = cst.parse_expression(f"({source}\n)")
    except (cst.ParserSyntaxError, cst.CSTValidationError, RecursionError):
        return None
    parts: list[Run | Hole] = []
    for part in _anatomy(node, offset, style):
        if part is None:
            return None
        parts.append(part)
    return joined(parts)


def template_of_text(text: str) -> Template:
    """Take apart a text that shows its placeholders as ``Template.text`` does."""
    parts: list[Run | Hole] = [plain_run(text)]
    for style in (Style.BRACES, Style.PERCENT):
        parts = [
            each
            for part in parts
            for each in (_split(part, style) if isinstance(part, Run) else [part])
        ]
    return joined(parts)


def joined(parts: list[Run | Hole]) -> Template:
    """Return the template of parts that a program puts together."""
    return Template(parts=tuple(_merged(parts)))


def lines_of(text: str) -> list[int]:
    """Return the offset at which each line of a file begins; the first line is number 1."""
    starts = [0, 0]
    starts.extend(at + 1 for at, char in enumerate(text) if char == "\n")
    return starts


def span_of(node: ast.expr | ast.stmt, lines: list[int], text: str) -> tuple[int, int]:
    """Return where a node of the syntax tree begins and ends in its file, in characters."""
    return (
        _offset(node.lineno, node.col_offset, lines, text),
        _offset(node.end_lineno or node.lineno, node.end_col_offset or 0, lines, text),
    )


def _offset(line: int, column: int, lines: list[int], text: str) -> int:
    start = lines[line]
    end = lines[line + 1] if line + 1 < len(lines) else len(text)
    row = text[start:end]
    if row.isascii():
        return start + column
    return start + len(row.encode("utf-8")[:column].decode("utf-8", "ignore"))


def _anatomy(node: cst.BaseExpression, offset: int, style: Style) -> Iterator[Run | Hole | None]:
    import libcst as cst

    written = cst.Module(body=()).code_for_node
    if isinstance(node, cst.ConcatenatedString):
        yield from _anatomy(node.left, offset, style)
        offset += len(written(node.left)) + len(written(node.whitespace_between))
        yield from _anatomy(node.right, offset, style)
    elif isinstance(node, cst.SimpleString) and "b" not in node.prefix:
        skip = len(node.prefix) + len(node.quote)
        inner = node.value[skip : len(node.value) - len(node.quote)]
        yield from _split(scanned(inner, offset + skip, raw="r" in node.prefix), style)
    elif isinstance(node, cst.FormattedString):
        at = offset + len(node.start)
        for part in node.parts:
            code = written(part)
            if isinstance(part, cst.FormattedStringText):
                run = scanned(code, at, raw="r" in node.prefix)
                braced = Template(parts=tuple(_merged(_split(run, Style.BRACES))))
                for each in braced.runs:
                    yield from _split(each, style) if style is Style.PERCENT else [each]
            else:
                yield Hole(source=code)
            at += len(code)
    else:
        yield None


def scanned(source: str, offset: int, *, raw: bool) -> Run:
    """Return the characters that a literal's inside stands for; ``raw`` resolves no escapes."""
    text, starts, ends = [], [], []
    for found in re.finditer(".", source, re.DOTALL) if raw else _CHARACTER.finditer(source):
        written = found.group()
        meant = written if len(written) == 1 else _meaning(written)
        text.append(meant)
        starts.extend([offset + found.start()] * len(meant))
        ends.extend([offset + found.end()] * len(meant))
    return Run(text="".join(text), starts=tuple(starts), ends=tuple(ends))


def _meaning(escape: str) -> str:
    if escape[1] in "\r\n":
        return ""
    try:
        meant = ast.literal_eval(f'"{escape}"')
    except (SyntaxError, ValueError):
        return "\N{REPLACEMENT CHARACTER}"
    # An unknown escape stands for two characters; as one that matches nothing it does no harm.
    return str(meant) if len(meant) == 1 else "\N{REPLACEMENT CHARACTER}"


def _split(run: Run, style: Style) -> list[Run | Hole]:
    pattern = _HOLES.get(style)
    return [run] if pattern is None else divided(run, pattern)


def divided(run: Run, pattern: re.Pattern[str]) -> list[Run | Hole]:
    """Return a run with holes where a pattern finds them; its group ``double`` is an escape."""
    parts: list[Run | Hole] = []
    at = 0
    for found in pattern.finditer(run.text):
        parts.append(run.part(at, found.start()))
        if found.group("double"):
            first, last = found.start(), found.end() - 1
            one = Run(text=run.text[first], starts=(run.starts[first],), ends=(run.ends[last],))
            parts.append(one)
        else:
            parts.append(Hole(source=found.group()))
        at = found.end()
    parts.append(run.part(at, len(run.text)))
    return parts


def _merged(parts: list[Run | Hole]) -> list[Run | Hole]:
    merged: list[Run | Hole] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, Run) and isinstance(last, Run):
            merged[-1] = Run(
                text=last.text + part.text,
                starts=last.starts + part.starts,
                ends=last.ends + part.ends,
            )
        elif not isinstance(part, Run) or part.text:
            merged.append(part)
    return merged
