"""Apply a diff that somebody pasted into a statement: its spacing is lost, its numbers may be old.

Context and removed lines are looked for by their words; added lines take the indentation that
their neighbours have in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from swe_audit.alternatives.replacing import Replacement, Source
from swe_audit.alternatives.syntax import margin_of

_FILE = re.compile(r"^(?:diff --git|--- |\+\+\+ |index [0-9a-f]|new file|deleted file)")
_NAME = re.compile(r"^\+\+\+ (?:b/)?(\S+)")


@dataclass(slots=True)
class _Hunk:
    """The lines of a hunk: sign (space, minus, plus) and text; ``path`` empty if none is named."""

    path: str
    lines: list[tuple[str, str]] = field(default_factory=list)


def applied(diff: str, sources: Iterable[Source]) -> tuple[Replacement, ...]:
    """Apply each hunk to the source that holds its old lines once; empty where one has no place.

    Hunks for files that are no source of the task (its tests above all) are left out.
    """
    texts = {source.path: source for source in sources}
    done: dict[str, Replacement] = {}
    for hunk in _hunks(diff):
        if not any(sign != " " for sign, _ in hunk.lines):
            continue
        if hunk.path and not _matching(hunk.path, texts):
            continue
        paths = _matching(hunk.path, texts) if hunk.path else list(texts)
        results = [r for path in paths if (r := _placed(hunk, texts[path])) is not None]
        if len(results) != 1:
            return ()
        result = results[0]
        texts[result.path] = Source(path=result.path, text=result.text)
        first = done.get(result.path)
        done[result.path] = Replacement(
            path=result.path,
            line=first.line if first else result.line,
            before=f"{first.before}\n{result.before}" if first else result.before,
            text=result.text,
            what="diff",
        )
    return tuple(done.values())


def _matching(path: str, texts: dict[str, Source]) -> list[str]:
    return [each for each in texts if each == path or each.endswith(f"/{path}")]


def _hunks(diff: str) -> list[_Hunk]:
    hunks: list[_Hunk] = []
    path = ""
    fresh = True
    for line in diff.split("\n"):
        if match := _NAME.match(line):
            path = match[1]
        if _FILE.match(line) or line.startswith("@@"):
            fresh = True
            continue
        if fresh:
            hunks.append(_Hunk(path))
            fresh = False
        sign = line[:1] if line[:1] in ("+", "-") else " "
        hunks[-1].lines.append((sign, line[1:] if line[:1] in ("+", "-", " ") else line))
    return hunks


def _placed(hunk: _Hunk, source: Source) -> Replacement | None:
    signed = [i for i, (sign, _) in enumerate(hunk.lines) if sign != " "]
    for context in (len(hunk.lines), 3, 1, 0):
        part = hunk.lines[max(0, signed[0] - context) : signed[-1] + 1 + context]
        while part and part[0][0] == " " and not part[0][1].strip():
            part = part[1:]
        while part and part[-1][0] == " " and not part[-1][1].strip():
            part = part[:-1]
        old = [text.strip() for sign, text in part if sign != "+"]
        lines = [line.strip() for line in source.lines]
        at = [i for i in range(len(lines)) if old and lines[i : i + len(old)] == old]
        if len(at) == 1 and any(len(line) > 4 for line in old):
            return _written(part, source, at[0], len(old))
    return None


def _written(
    part: list[tuple[str, str]], source: Source, first: int, length: int
) -> Replacement | None:
    new: list[str] = []
    index = first
    shift = _shift(part, source, first)
    for sign, text in part:
        if sign == "+":
            margin = max(0, len(margin_of(text)) + shift)
            new.append(" " * margin + text.strip() if text.strip() else "")
        else:
            if sign == " ":
                new.append(source.lines[index])
            index += 1
    before = "\n".join(source.lines[first : first + length])
    text = source.with_lines(first, first + length, new)
    return Replacement(path=source.path, line=first + 1, before=before, text=text, what="diff")


def _shift(part: list[tuple[str, str]], source: Source, first: int) -> int:
    """How much deeper the file is indented than the diff, by its first removed or context line."""
    index = first
    shifts: dict[str, int] = {}
    for sign, text in part:
        if sign == "+":
            continue
        if text.strip():
            deeper = len(margin_of(source.lines[index])) - len(margin_of(text))
            shifts.setdefault(sign, deeper)
        index += 1
    return shifts.get("-", shifts.get(" ", 0))
