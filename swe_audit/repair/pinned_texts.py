"""Where a test file holds a message word for word, and which values stand in it."""

from __future__ import annotations

import ast
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
    """A literal of a test file that holds a message.

    ``values`` is what stands in the placeholders, as the program prints it; ``sources`` the same
    as the file writes it, which in a pattern is a pattern. ``template`` says whether the message
    has placeholders at all. ``open`` is set where a value is not known before the test runs.
    """

    node: Literal
    values: tuple[str, ...]
    sources: tuple[str, ...]
    has_placeholders: bool

    @property
    def open(self) -> bool:
        """Whether part of a value is only known when the test runs."""
        return any(GAP in value for value in self.values)


def pinned_texts(path: str, text: str, template: Template) -> tuple[PinnedText, ...]:
    """Return the literals of a Python file that hold a message, whole or as a part to look for."""
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    found: dict[int, PinnedText] = {}
    for run, said in _sayings(path, text, template):
        node = _literal_at(module, text, run.starts[said[0].places[0]])
        if node is not None:
            found.setdefault(id(node), _pinned(node, run, said, template, text))
    return tuple(found.values())


def _sayings(path: str, text: str, template: Template) -> Iterator[tuple[Run, tuple[Said, ...]]]:
    """Yield the texts that say a message, read as the construction reads what it mirrors."""
    for reading in readings(path, text):
        found = [(run, whole(template, run.text)) for run in reading.meanings]
        if not any(said for _, said in found):
            least = _SEARCHED_WORDS if reading.searched else _WORDS
            found = [(run, partly(template, run.text, least)) for run in reading.meanings]
        hits = [(run, said) for run, said in found if said and all(each.places for each in said)]
        yield from hits[:1]


def _literal_at(module: ast.Module, text: str, offset: int) -> Literal | None:
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
