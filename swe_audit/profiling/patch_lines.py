"""The text of a patch by what it does: added runs, and what it shows of the files before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from swe_audit.model.paths import is_source_path

_HUNK = re.compile(r"^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchLines:
    """``added`` holds runs of consecutive added lines; ``before`` the old side of each hunk.

    Only the program's own files: what a patch does to tests and documents is left out.
    """

    added: tuple[tuple[str, ...], ...]
    before: tuple[str, ...]


def patch_lines(patch: str) -> PatchLines:
    """Read a unified diff by its hunks' own counts; what is no diff adds nothing.

    Never raises: submissions are what they are.
    """
    added: list[tuple[str, ...]] = []
    before: list[str] = []
    lines = patch.split("\n")
    index, wanted = 0, True
    while index < len(lines):
        line = lines[index]
        if line.startswith("+++ "):
            path = line[4:].split("\t", 1)[0].strip().removeprefix("b/")
            wanted = path != "/dev/null" and is_source_path(path)
        match = _HUNK.match(line)
        index += 1
        if match:
            index = _read_hunk(lines, index, match, added, before, wanted=wanted)
    return PatchLines(added=tuple(added), before=tuple(before))


def _read_hunk(
    lines: list[str],
    index: int,
    match: re.Match[str],
    added: list[tuple[str, ...]],
    before: list[str],
    *,
    wanted: bool,
) -> int:
    """Take in one hunk and return the index of the line after it."""
    old = int(match[1]) if match[1] is not None else 1
    new = int(match[2]) if match[2] is not None else 1
    run: list[str] = []
    old_side: list[str] = []
    while (old > 0 or new > 0) and index < len(lines):
        mark, text = lines[index][:1], lines[index][1:]
        if mark == "+":
            run.append(text)
            new -= 1
        elif mark == "\\":
            pass
        else:
            old_side.append(text)
            old -= 1
            if mark != "-":
                new -= 1
            if run:
                added.extend([tuple(run)] if wanted else [])
                run = []
        index += 1
    if run and wanted:
        added.append(tuple(run))
    if wanted:
        before.append("\n".join(old_side))
    return index
