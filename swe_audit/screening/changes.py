"""A patch read file by file: the lines that it adds, removes and shows, with their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from swe_audit.errors import InputError
from swe_audit.model.paths import language_of_path

_WORD = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file after the patch, from 1; ``added`` unless the base has it, too."""

    number: int
    text: str
    added: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """A stretch of a file: ``after`` the patch, and what was ``removed`` (numbers in base).

    ``heading`` is what stands behind the ``@@``: git puts the enclosing definition there.
    """

    heading: str
    after: tuple[Line, ...]
    removed: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """What a patch does to one file."""

    path: str
    language: str | None
    new: bool
    hunks: tuple[Hunk, ...]

    def added(self) -> Iterator[Line]:
        """Yield the lines that the patch adds."""
        return (line for hunk in self.hunks for line in hunk.after if line.added)

    def removed(self) -> Iterator[tuple[int, str]]:
        """Yield the lines that the patch removes, with their numbers in base."""
        return (line for hunk in self.hunks for line in hunk.removed)

    def base_words(self) -> set[str]:
        """Return every word of the lines that base is seen to have."""
        found: set[str] = set()
        for hunk in self.hunks:
            found.update(_WORD.findall(hunk.heading))
            for line in hunk.after:
                if not line.added:
                    found.update(_WORD.findall(line.text))
            for _, text in hunk.removed:
                found.update(_WORD.findall(text))
        return found


def read_patch(patch: str, whose: str) -> tuple[FileChange, ...]:
    """Return what a unified diff changes; raise ``InputError`` where it is none."""
    try:
        files = PatchSet(patch)
    except UnidiffParseError as error:
        raise InputError(f"a patch of {whose} is no unified diff: {error}") from error
    return tuple(
        FileChange(
            path=file.path,
            language=language_of_path(file.path),
            new=file.is_added_file,
            hunks=tuple(_hunk(hunk) for hunk in file),
        )
        for file in files
    )


def _hunk(hunk: Any) -> Hunk:
    after: list[Line] = []
    removed: list[tuple[int, str]] = []
    for line in hunk:
        text = line.value.rstrip("\r\n")
        if line.is_removed:
            removed.append((line.source_line_no, text))
        elif line.is_added or line.is_context:
            after.append(Line(line.target_line_no, text, line.is_added))
    return Hunk(heading=hunk.section_header, after=tuple(after), removed=tuple(removed))


def words_of(text: str) -> list[str]:
    """Return the identifiers and words of a text, in order."""
    return _WORD.findall(text)
