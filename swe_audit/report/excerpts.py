"""The few lines of a patch that matter, as they stand once it is applied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk, PatchSet

from swe_audit.model.paths import is_source_path
from swe_audit.report.highlight import highlight
from swe_audit.report.marks import first_needle, mark
from swe_audit.report.text import shorten, visible

AROUND = 3
"""Lines shown before and after one that matters."""

MAX_EXCERPTS = 3
MAX_LINE = 400
MAX_PARSED = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcerptLine:
    """One line; ``focus`` says that it is the one to look at."""

    number: int
    code: Markup
    added: bool
    focus: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Neighbouring lines of one file."""

    path: str
    lines: tuple[ExcerptLine, ...]


def at_line(patch: str, path: str, line: int, wanted: Sequence[str]) -> tuple[Excerpt, ...]:
    """Give the lines around one of a patched file; nothing where the patch does not show it."""
    return tuple(
        _excerpt(file.path, hunk, {line}, wanted)
        for file in _parsed(patch)
        if file.path == path
        for hunk in file
        if hunk.target_start <= line < hunk.target_start + hunk.target_length
    )[:1]


def holding(patch: str, wanted: Sequence[str]) -> tuple[Excerpt, ...]:
    """Give the first few places where a patch's new lines hold a needle, the program's first."""
    found: list[Excerpt] = []
    for file in sorted(_parsed(patch), key=lambda one: not is_source_path(one.path)):
        for hunk in file:
            lines = _holding(hunk, lambda text: bool(first_needle(text, wanted)))
            if lines and len(found) < MAX_EXCERPTS:
                found.append(_excerpt(file.path, hunk, lines, wanted))
    return tuple(found)


def _parsed(patch: str) -> PatchSet | tuple[()]:
    if len(patch) > MAX_PARSED:
        return ()
    try:
        return PatchSet(patch)
    except (UnidiffParseError, ValueError):
        return ()


def _holding(hunk: Hunk, holds: Callable[[str], bool]) -> set[int]:
    return {
        line.target_line_no
        for line in hunk
        if line.is_added and line.target_line_no is not None and holds(line.value)
    }


def _excerpt(path: str, hunk: Hunk, focus: set[int], wanted: Sequence[str]) -> Excerpt:
    kept = [(line.target_line_no, line) for line in hunk if line.target_line_no is not None]
    texts = [
        visible(shorten(line.value.removesuffix("\n"), MAX_LINE)).replace("\n", "\u240a")
        for _, line in kept
    ]
    codes = highlight(path, texts)
    near = range(min(focus) - AROUND, min(max(focus), min(focus) + 20) + AROUND + 1)
    return Excerpt(
        path=visible(path),
        lines=tuple(
            ExcerptLine(
                number=number,
                code=mark(code, wanted) if number in focus else code,
                added=line.is_added,
                focus=number in focus,
            )
            for (number, line), code in zip(kept, codes, strict=True)
            if number in near
        ),
    )
