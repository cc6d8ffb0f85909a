"""Patches side by side: two diffs of one base, aligned line by line and highlighted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from markupsafe import Markup
from unidiff.errors import UnidiffParseError
from unidiff.patch import Line as DiffLine
from unidiff.patch import PatchedFile, PatchSet

from swe_audit.report.highlight import highlight
from swe_audit.report.text import shorten, visible

MAX_ROWS = 10_000
"""Rows of one file shown at most; the rest is counted on the page."""

COLLAPSE_ROWS = 250
"""From here on a file's diff is loaded only when somebody opens it."""

MAX_LINE = 1000
"""Characters of one line shown at most; longer ones are generated or minified."""

MAX_PARSED = 2_000_000
"""Characters of a patch parsed at most; a longer one is shown as plain text, cut."""

MAX_PLAIN = 100_000


_NOTHING = Markup()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a pane: ``kind`` is context, add, del, note, gap or filler.

    ``number`` is the line's number in the base tree; added lines have none. ``code`` is escaped.
    """

    kind: str
    number: int | None = None
    code: Markup = _NOTHING


FILLER = Line(kind="filler")
GAP = Line(kind="gap")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """What one patch does to one file. ``note`` says what lines cannot: new, removed, renamed."""

    path: str
    note: str = ""
    added: int = 0
    removed: int = 0
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One file in two patches, row by row; a pane is None where its patch leaves the file alone.

    Both panes have the same number of rows. ``hidden`` counts the rows left out. ``part`` is the
    address of a file that shows them, "" where they stand in the page.
    """

    path: str
    left: FileDiff | None
    right: FileDiff | None
    hidden: int = 0
    part: str = ""

    @property
    def rows(self) -> int:
        """Rows shown."""
        return max((len(side.lines) for side in (self.left, self.right) if side), default=0)

    @property
    def alike(self) -> bool:
        """Whether both patches change the file alike."""
        return (
            self.left is not None and self.right is not None and self.left.lines == self.right.lines
        )

    @property
    def is_open(self) -> bool:
        """Whether the file's diff is short enough to start out open."""
        return self.rows <= COLLAPSE_ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A parsed patch; ``plain`` holds its text instead where it cannot be parsed as a diff."""

    files: tuple[FileDiff, ...] = ()
    plain: str = ""

    @property
    def added(self) -> int:
        """Lines added."""
        return sum(file.added for file in self.files)

    @property
    def removed(self) -> int:
        """Lines removed."""
        return sum(file.removed for file in self.files)


def rows(lines: Sequence[Line]) -> str:
    """Give a pane's lines as table rows of HTML; a template would take five times as long."""
    return "\n".join(
        f'<tr class="{line.kind}"><td class="n">{line.number or ""}</td><td>{line.code}</td></tr>'
        for line in lines
    )


def parse(text: str) -> Patch:
    """Parse a patch; one that is no diff, or is far too long, is kept as text."""
    if len(text) > MAX_PARSED:
        return Patch(plain=shorten(visible(text), MAX_PLAIN))
    try:
        files = tuple(_file(file) for file in PatchSet(text))
    except (UnidiffParseError, ValueError):
        files = ()
    if not files and text.strip():
        return Patch(plain=shorten(visible(text), MAX_PLAIN))
    return Patch(files=files)


def alone(patch: Patch) -> tuple[Pair, ...]:
    """Lay out one patch by itself."""
    return tuple(_cut(Pair(path=file.path, left=None, right=file)) for file in patch.files)


def side_by_side(left: Patch, right: Patch) -> tuple[Pair, ...]:
    """Pair two patches of one base tree file by file, in the left one's order first."""
    lefts = {file.path: file for file in left.files}
    rights = {file.path: file for file in right.files}
    pairs = []
    for path in dict.fromkeys((*lefts, *rights)):
        one, other = lefts.get(path), rights.get(path)
        if one is not None and other is not None:
            merged = tuple(_aligned(one.lines, other.lines))
            one = replace(one, lines=tuple(row[0] for row in merged))
            other = replace(other, lines=tuple(row[1] for row in merged))
        pairs.append(_cut(Pair(path=path, left=one, right=other)))
    return tuple(pairs)


def _cut(pair: Pair) -> Pair:
    hidden = pair.rows - MAX_ROWS
    if hidden <= 0:
        return pair

    def cut(side: FileDiff | None) -> FileDiff | None:
        return replace(side, lines=side.lines[:MAX_ROWS]) if side else None

    return Pair(path=pair.path, left=cut(pair.left), right=cut(pair.right), hidden=hidden)


def _aligned(left: Sequence[Line], right: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Merge two panes by base line; what one side does not show is filler there."""
    lefts, rights = _by_position(left), _by_position(right)
    last: int | None = None
    for position in sorted(lefts.keys() | rights.keys()):
        if last is not None and position - last > 1:
            yield GAP, GAP
        yield from zip_longest(lefts[position], rights[position], fillvalue=FILLER)
        last = position


def _by_position(lines: Sequence[Line]) -> defaultdict[int, list[Line]]:
    """Group lines by base line; added lines belong to the base line before them, or to 0."""
    grouped: defaultdict[int, list[Line]] = defaultdict(list)
    at = 0
    for line in lines:
        if line.kind != "gap":
            at = at if line.number is None else line.number
            grouped[at].append(line)
    return grouped


def _file(file: PatchedFile) -> FileDiff:
    lines: list[Line] = []
    for hunk in file:
        if lines:
            lines.append(GAP)
        lines.extend(_hunk(file.path, list(hunk)))
    return FileDiff(
        path=visible(file.path),
        note=_note(file),
        added=file.added,
        removed=file.removed,
        lines=tuple(lines),
    )


def _note(file: PatchedFile) -> str:
    if file.is_binary_file:
        return "binary file"
    if file.is_added_file:
        return "new file"
    if file.is_removed_file:
        return "removed"
    if file.is_rename:
        return f"renamed from {visible(file.source_file.removeprefix('a/'))}"
    return "" if len(file) else "no line changed"


def _hunk(path: str, lines: list[DiffLine]) -> Iterator[Line]:
    """Highlight a hunk's old and new text each as a whole, then give its lines in order.

    Context is taken from the new text; the old one is only looked at where lines are removed.
    """
    removes = any(line.is_removed for line in lines)
    before = [_text(line) for line in lines if removes and (line.is_context or line.is_removed)]
    after = [_text(line) for line in lines if line.is_context or line.is_added]
    old, new = iter(highlight(path, before)), iter(highlight(path, after))
    for line in lines:
        if line.is_context:
            next(old, None)
            yield Line(kind="context", number=line.source_line_no, code=next(new))
        elif line.is_removed:
            yield Line(kind="del", number=line.source_line_no, code=next(old))
        elif line.is_added:
            yield Line(kind="add", code=next(new))
        else:
            yield Line(kind="note", code=Markup.escape(visible(line.value.strip())))


def _text(line: DiffLine) -> str:
    return visible(shorten(line.value.removesuffix("\n"), MAX_LINE)).replace("\n", "\u240a")
