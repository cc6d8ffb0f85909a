"""Where a test file holds a message word for word, and which values stand in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from swe_audit.alternatives.constructions.alignment import GAP, Said, partly, whole
from swe_audit.alternatives.constructions.templates import Hole, Run, Template, lines_of, span_of
from swe_audit.alternatives.constructions.texts import readings

_WORDS, _SEARCHED_WORDS = 3, 2
"""So many words of a message tell it from others: in any text, and in one that is searched for."""

Literal = ast.Constant | ast.JoinedStr


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedText:
    """A literal of a test file that holds a message; ``text`` is all of it, as it is meant.

    ``values`` is what stands in the placeholders, as the program prints it; ``sources`` the same
    as the file writes it, which in a pattern is a pattern. ``has_placeholders`` says whether the
    message has placeholders at all. Gaps stand for what is only known when the test runs.
    """

    node: Literal
    text: str
    values: tuple[str, ...]
    sources: tuple[str, ...]
    has_placeholders: bool

    @property
    def open(self) -> bool:
        """Whether part of a value is only known when the test runs."""
        return any(GAP in value for value in self.values)


def pinned_texts(path: str, text: str, template: Template) -> tuple[PinnedText, ...]:
    """Return the literals of a Python file that hold a message, whole or as a part to look for."""
    module = _parsed(text)
    found: dict[int, PinnedText] = {}
    if module is None:
        return ()
    for run, said in _sayings(path, text, template):
        node = literal_at(module, text, run.starts[said[0].places[0]])
        if node is not None:
            found.setdefault(id(node), _pinned(node, run, said, template, text))
    return tuple(found.values())


def same_texts(path: str, text: str, detail: str) -> tuple[PinnedText, ...]:
    """Return the literals of a Python file that say a text, for one that no template is known of.

    What stands in quotes, numbers and names of code are taken for its values.
    """
    module = _parsed(text)
    wanted = _plain(detail)
    if module is None or not wanted:
        return ()
    patterns = set(_patterns(module))
    found: dict[int, PinnedText] = {}
    for reading in readings(path, text):
        runs = [run for run in reading.meanings[:2] if run.starts]
        node = literal_at(module, text, runs[0].starts[0]) if runs else None
        if node is not None and wanted in {_plain(run.text) for run in runs}:
            meant = runs[-1] if id(node) in patterns else runs[0]
            found.setdefault(id(node), _guessed(node, meant, text))
    return tuple(found.values())


def _patterns(module: ast.Module) -> Iterator[int]:
    """Yield the identities of expressions that are given to an assertion as a pattern."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            yield from (id(each.value) for each in node.keywords if each.arg == "match")
            if "Regex" in name and len(node.args) > 1:
                yield id(node.args[1])


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _plain(text: str) -> str:
    return " ".join(text.split())


_VALUE = re.compile(
    r"'[^'\n]{1,80}'|\"[^\"\n]{1,80}\"|`[^`\n]{1,80}`|-?\d+(?:\.\d+)*"
    r"|\w+(?:\.\w+)+|\w*[^\W_]_\w+|\w+\(\)|[A-Za-z]+[a-z][A-Z]\w*"
)


def _guessed(node: Literal, run: Run, text: str) -> PinnedText:
    spans = []
    for value in _VALUE.finditer(run.text):
        inner = 1 if value.group()[0] in "'\"`" else 0
        spans.append((value.start() + inner, value.end() - inner))
    return PinnedText(
        node=node,
        text=run.text,
        values=tuple(run.text[start:end] for start, end in spans),
        sources=tuple(text[run.starts[start] : run.ends[end - 1]] for start, end in spans),
        has_placeholders=bool(spans),
    )


def _sayings(path: str, text: str, template: Template) -> Iterator[tuple[Run, tuple[Said, ...]]]:
    """Yield the texts that say a message, read as the construction reads what it mirrors."""
    for reading in readings(path, text):
        found = [(run, whole(template, run.text)) for run in reading.meanings]
        if not any(said for _, said in found):
            least = _SEARCHED_WORDS if reading.searched else _WORDS
            found = [(run, partly(template, run.text, least)) for run in reading.meanings]
        hits = [(run, said) for run, said in found if said and all(each.places for each in said)]
        yield from hits[:1]


def literal_at(module: ast.Module, text: str, offset: int) -> Literal | None:
    """Return the outermost string literal that covers a character."""
    lines = lines_of(text)
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        literal = isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
        if literal and isinstance(node, ast.Constant | ast.JoinedStr):
            start, end = span_of(node, lines, text)
            if start <= offset < end:
                return node
            continue
        waiting.extend(ast.iter_child_nodes(node))
    return None


def _pinned(
    node: Literal, run: Run, said: tuple[Said, ...], template: Template, text: str
) -> PinnedText:
    spans = list(_between(run, said, template))
    kept = [(start, end) for start, end in spans if run.text[start:end].strip()]
    return PinnedText(
        node=node,
        text=run.text,
        values=tuple(run.text[start:end].strip() for start, end in kept),
        sources=tuple(text[run.starts[start] : run.ends[end - 1]].strip() for start, end in kept),
        has_placeholders=any(isinstance(part, Hole) for part in template.parts),
    )


def _between(run: Run, said: tuple[Said, ...], template: Template) -> Iterator[tuple[int, int]]:
    """Yield where the other text has what stands in the placeholders, as far as it goes."""
    ordered = sorted(said, key=lambda each: each.places[0])
    first, last = ordered[0], ordered[-1]
    if first.index == 0 and first.at == 0 and isinstance(template.parts[0], Hole):
        yield 0, first.places[0]
    for one, other in pairwise(ordered):
        if other.index == one.index + 1:
            yield one.places[-1] + 1, other.places[0]
    ends = last.index == len(template.runs) - 1 and last.end == len(template.runs[-1].text)
    if ends and isinstance(template.parts[-1], Hole):
        yield last.places[-1] + 1, len(run.text)
