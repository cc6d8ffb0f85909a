"""The test patch as source: whole statements, and what a line is expected to raise.

A traceback prints one line; the patch often holds the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from swe_audit.judging.failures import Frame, same_file

_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d{1,9})(?:,\d+)? @@")
_EXPECTS = re.compile(
    r"\b(?:pytest\.|self\.|cls\.)?"
    r"(raises(?:_regexp?)?|warns|assertRaises\w*|assertWarns\w*|deprecated_call)\s*\("
    r"\s*(?:\(\s*)?([A-Za-z_][\w.]*)?"
)
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """That a block raises or warns: the asserting call, the class it names, and its source."""

    call: str
    expected: str
    source: str


PatchedFiles = Mapping[str, Mapping[int, str]]
"""Path to line number to text, of every line that a patch shows after it is applied."""


def patched_files(patch: str) -> PatchedFiles:
    """Return the lines that a unified diff leaves behind; paths as in ``+++ b/path``."""
    files: dict[str, dict[int, str]] = {}
    current: dict[int, str] | None = None
    number = 0
    for line in patch.split("\n"):
        hunk = _HUNK.match(line)
        if line.startswith("+++ "):
            path = line[4:].split("\t")[0].strip()
            current = files.setdefault(path.removeprefix("b/"), {})
            number = 0
        elif line.startswith("diff --git "):
            current = None
        elif hunk is not None:
            number = int(hunk.group(1))
        elif current is not None and number and line[:1] in (" ", "+", ""):
            current[number] = line[1:]
            number += 1
    return files


def added_lines(patch: str) -> dict[str, frozenset[int]]:
    """Return the numbers of the lines that a unified diff adds, by path as in ``+++ b/path``."""
    added: dict[str, set[int]] = {}
    path, number = "", 0
    for line in patch.split("\n"):
        hunk = _HUNK.match(line)
        if line.startswith("+++ "):
            path, number = line[4:].split("\t")[0].strip().removeprefix("b/"), 0
        elif line.startswith("diff --git "):
            path, number = "", 0
        elif hunk is not None:
            number = int(hunk.group(1))
        elif path and number and line[:1] in (" ", "+", ""):
            if line.startswith("+"):
                added.setdefault(path, set()).add(number)
            number += 1
    return {name: frozenset(lines) for name, lines in added.items()}


def lines_of(files: PatchedFiles, path: str) -> Mapping[int, str]:
    """Return the known lines of a file whose path may be absolute or relative."""
    return next((lines for name, lines in files.items() if same_file(path, name)), {})


def statement(files: PatchedFiles, frame: Frame) -> str:
    """Return the whole statement at a frame, as much of it as the log and the patch hold.

    Old Pythons report some later line of a call, new ones the first; brackets tell how far to go.
    """
    lines = lines_of(files, frame.path)
    if "\n" in frame.source or not _shows(lines, frame):
        return _dedent(frame.source)
    start = end = frame.line
    while (opening := _opened_before(lines, start)) is not None:
        start = opening
    while _depth(lines, start, end) > 0 and end + 1 in lines and end - start < _LONGEST:
        end += 1
    return _dedent("\n".join(lines[at] for at in range(start, end + 1)))


def _shows(lines: Mapping[int, str], frame: Frame) -> bool:
    """Tell whether the patch holds the line that the log prints at a frame."""
    return (
        frame.line in lines and lines[frame.line].strip() == frame.source.split("\n", 1)[0].strip()
    )


def _opened_before(lines: Mapping[int, str], start: int) -> int | None:
    """Return the nearest line above that opens a bracket which is still open at ``start``."""
    depth = 0
    for at in range(start - 1, start - _LONGEST, -1):
        if at not in lines:
            return None
        depth += _depth(lines, at, at)
        if depth > 0:
            return at
    return None


def _depth(lines: Mapping[int, str], start: int, end: int) -> int:
    """Count the brackets that stay open; strings are taken out first."""
    text = "\n".join(lines[at] for at in range(start, end + 1))
    text = re.sub(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"", "", text)
    return sum(map(text.count, "([{")) - sum(map(text.count, ")]}"))


def _dedent(source: str) -> str:
    lines = source.split("\n")
    margin = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join([lines[0].strip(), *(line[margin:].rstrip() for line in lines[1:])])


def expectation(files: PatchedFiles, frame: Frame) -> Expectation | None:
    """Return what the statement at a frame is expected to raise or warn, if anything.

    Either the statement asks for it itself (``raises(E, call)``), or a ``with`` around it does,
    found in the source that the log prints or in the patch.
    """
    whole = statement(files, frame)
    own = _EXPECTS.search(whole)
    if own is not None:
        return Expectation(call=own.group(1), expected=own.group(2) or "", source=whole)
    lines = lines_of(files, frame.path)
    if _shows(lines, frame):
        above = _run_above(lines, frame.line)
        return _enclosing(above, lines[frame.line])
    return _enclosing(frame.lead.split("\n"), frame.source.split("\n", 1)[0])


def _run_above(lines: Mapping[int, str], at: int) -> list[str]:
    start = at
    while start - 1 in lines and at - start < 2 * _LONGEST:
        start -= 1
    return [lines[number] for number in range(start, at)]


def _enclosing(above: Sequence[str], line: str) -> Expectation | None:
    """Walk up through the blocks around a line, as its indentation tells them."""
    indent = len(line) - len(line.lstrip())
    tail: list[str] = []
    for text in reversed(above):
        margin = len(text) - len(text.lstrip())
        if not text.strip():
            continue
        tail.insert(0, text.strip())
        if margin >= indent:
            continue
        found = _EXPECTS.search(text)
        if text.lstrip().startswith(("with ", "async with ")):
            if found is not None:
                source = "\n".join(tail[: _header_lines(tail)])
                again = _EXPECTS.search(source) or found
                return Expectation(
                    call=again.group(1), expected=again.group(2) or "", source=source
                )
        elif text.lstrip().startswith(("def ", "class ", "async def ")):
            return None
        if not text.strip().startswith((")", "]", "}")):
            indent = margin
            tail = []
    return None


def _header_lines(tail: Sequence[str]) -> int:
    return next((at + 1 for at, text in enumerate(tail) if text.endswith(":")), 1)
