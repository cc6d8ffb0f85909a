"""Read a statement as very light Markdown: code, headings and paragraphs, nothing that acts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from swe_audit.report.marks import occurrences
from swe_audit.report.text import shorten, visible

MAX_STATEMENT = 60_000
"""Characters of a statement shown; pasted logs can be far longer."""

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_RULE = re.compile(r"^ {0,3}([-*_])\s*(?:\1\s*){2,}$")
_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_MAX_SPAN_SEARCH = 20_000
"""Paragraphs beyond this stay plain: the search for code spans is quadratic on odd input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of a paragraph: code or plain text; ``marked`` pieces are to be seen at once."""

    code: bool
    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of a statement: ``kind`` is code, heading, rule or text."""

    kind: str
    spans: tuple[Span, ...]


def blocks(statement: str) -> tuple[Block, ...]:
    """Split a statement into blocks; no character of it is dropped but the markup itself."""
    return tuple(_blocks(shorten(visible(statement), MAX_STATEMENT).split("\n")))


def pinned(found: tuple[Block, ...], wanted: Sequence[str]) -> tuple[Block, ...]:
    """Mark every occurrence of the first of some texts that a statement holds."""
    for needle in wanted:
        if any(occurrences(span.text, needle) for block in found for span in block.spans):
            return tuple(
                replace(
                    block,
                    spans=tuple(piece for span in block.spans for piece in _split(span, needle)),
                )
                for block in found
            )
    return found


def _split(span: Span, needle: str) -> Iterator[Span]:
    end = 0
    for start, stop in () if span.marked else occurrences(span.text, needle):
        yield replace(span, text=span.text[end:start])
        yield replace(span, text=span.text[start:stop], marked=True)
        end = stop
    yield replace(span, text=span.text[end:])


def _blocks(lines: list[str]) -> Iterator[Block]:
    text: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        fence = _FENCE.match(line)
        heading = None if fence else _HEADING.match(line)
        rule = not fence and bool(_RULE.match(line))
        if not (fence or heading or rule) and line.strip():
            text.append(line)
            continue
        yield from _paragraph(text)
        text = []
        if fence:
            code: list[str] = []
            while at < len(lines) and not _closes(lines[at], fence.group(1)):
                code.append(lines[at])
                at += 1
            at += 1
            yield Block(kind="code", spans=(Span(code=True, text="\n".join(code)),))
        elif heading:
            yield Block(kind="heading", spans=inline(heading.group(1)))
        elif rule:
            yield Block(kind="rule", spans=())
    yield from _paragraph(text)


def _paragraph(lines: list[str]) -> Iterator[Block]:
    if not lines:
        return
    if all(line.startswith(("    ", "\t")) for line in lines):
        yield Block(kind="code", spans=(Span(code=True, text="\n".join(lines)),))
    else:
        yield Block(kind="text", spans=inline("\n".join(lines)))


def _closes(line: str, fence: str) -> bool:
    stripped = line.strip()
    return len(stripped) >= len(fence) and set(stripped) == {fence[0]}


def inline(text: str) -> tuple[Span, ...]:
    """Split a line or paragraph into plain text and code."""
    if len(text) > _MAX_SPAN_SEARCH:
        return (Span(code=False, text=text),)
    spans: list[Span] = []
    end = 0
    for match in _CODE.finditer(text):
        spans.append(Span(code=False, text=text[end : match.start()]))
        spans.append(Span(code=True, text=match.group(2)))
        end = match.end()
    spans.append(Span(code=False, text=text[end:]))
    return tuple(span for span in spans if span.text)
