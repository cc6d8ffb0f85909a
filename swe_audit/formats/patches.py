"""What a patch touches, from its own header lines: paths, what happens to each, and safety."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath

from swe_audit.errors import InputError

_HUNK = re.compile(r"^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_GIT_HEADER = re.compile(rf"^diff --git (?P<old>{_QUOTED}|.+?) (?P<new>{_QUOTED}|.+)$")
_ESCAPE = re.compile(rb"\\([0-7]{3}|[abfnrtv\"\\])")
_LETTERS = {b"a": 7, b"b": 8, b"f": 12, b"n": 10, b"r": 13, b"t": 9, b"v": 11, b'"': 34, b"\\": 92}
_NOWHERE = "/dev/null"


class Change(str, Enum):
    """What a patch does to a file."""

    ADDED = "added"
    DELETED = "deleted"
    MODIFIED = "modified"
    RENAMED = "renamed"
    COPIED = "copied"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One file of a patch; ``old`` is None for a new file, ``new`` for a deleted one."""

    change: Change
    old: str | None
    new: str | None
    binary: bool = False

    @property
    def path(self) -> str:
        """The file's path after the patch, or before it where the file is deleted."""
        return self.new or self.old or ""

    @property
    def at_base(self) -> str | None:
        """The path whose content at base the patch replaces or removes, if any."""
        return None if self.change in (Change.ADDED, Change.COPIED) else self.old

    @property
    def created(self) -> str | None:
        """The path that exists only because of the patch, if any."""
        return self.new if self.change in (Change.ADDED, Change.COPIED, Change.RENAMED) else None


@dataclass(slots=True)
class _Block:
    """The header lines of one file, as they come."""

    old: str | None = None
    new: str | None = None
    change: Change = Change.MODIFIED
    binary: bool = False
    hunks: int = 0
    named: bool = False


def changed_files(patch: str) -> tuple[FileChange, ...]:
    """Return each file that a unified diff touches, in its order.

    Both git's form and plain ``---``/``+++`` headers are read. Raise ``InputError`` where the
    text is no diff or a hunk has another length than it says; an empty text is no diff either.
    """
    blocks: list[_Block] = []
    lines = patch.split("\n")
    index = 0
    while index < len(lines):
        line = lines[index].rstrip("\r")
        if match := _HUNK.match(line):
            if not blocks or not blocks[-1].named:
                raise InputError(f"line {index + 1}: a hunk that belongs to no file")
            blocks[-1].hunks += 1
            index = _after_hunk(lines, index, match)
            continue
        _read_header(blocks, line, lines[index + 1] if index + 1 < len(lines) else "")
        index += 1
    if not blocks:
        raise InputError("not a diff: it names no file")
    return tuple(_finished(block) for block in blocks)


def unsafe_path(files: tuple[FileChange, ...]) -> str | None:
    """Return the first path that leaves the repository or reaches into ``.git``, if any."""
    for file in files:
        for path in (file.old, file.new):
            if path is not None and not is_safe_path(path):
                return path
    return None


def is_safe_path(path: str) -> bool:
    """Whether a path stays inside the folder that it is relative to, and out of its ``.git``."""
    if not path or "\0" in path or "\\" in path or path.startswith("/"):
        return False
    parts = PurePosixPath(path).parts
    if re.match(r"^[A-Za-z]:", path):
        return False
    return ".." not in parts and not any(part.lower() == ".git" for part in parts)


def patch_problem(patch: str) -> str | None:
    """Return in one sentence why a patch cannot be used, None where it can."""
    try:
        files = changed_files(patch)
    except InputError as error:
        return error.message
    unsafe = unsafe_path(files)
    if unsafe is not None:
        return f"it writes outside the repository: {unsafe!r}"
    return None


def _after_hunk(lines: list[str], start: int, match: re.Match[str]) -> int:
    """Return the index after a hunk's body, which its header's counts bound."""
    old = int(match[1]) if match[1] is not None else 1
    new = int(match[2]) if match[2] is not None else 1
    index = start + 1
    while old > 0 or new > 0:
        # The text's last piece, after its final newline, is no line.
        if index >= len(lines) or (index == len(lines) - 1 and not lines[index]):
            raise InputError(f"line {start + 1}: the hunk is shorter than it says")
        mark = lines[index][:1]
        if mark in (" ", "", "\r"):
            old, new = old - 1, new - 1
        elif mark == "-":
            old -= 1
        elif mark == "+":
            new -= 1
        elif mark != "\\":
            raise InputError(f"line {index + 1}: a line of a hunk that starts with {mark!r}")
        index += 1
    if old < 0 or new < 0:
        raise InputError(f"line {start + 1}: the hunk is longer than it says")
    return index


def _read_header(blocks: list[_Block], line: str, following: str) -> None:
    """Take in one line outside a hunk."""
    if match := _GIT_HEADER.match(line):
        old, new = _git_names(line, match)
        blocks.append(_Block(old=old, new=new))
        return
    if line.startswith("--- ") and following.startswith("+++ "):
        old_name = _name(line[4:])
        if not blocks or blocks[-1].named or blocks[-1].hunks:
            blocks.append(_Block())
        block = blocks[-1]
        block.named = True
        if old_name is None:
            block.change, block.old = Change.ADDED, None
        else:
            block.old = old_name
        return
    if not blocks:
        return
    block = blocks[-1]
    if line.startswith("+++ ") and block.named and not block.hunks:
        new_name = _name(line[4:])
        if new_name is None:
            block.change, block.new = Change.DELETED, None
        else:
            block.new = new_name
        return
    _read_extended_header(block, line)


def _read_extended_header(block: _Block, line: str) -> None:
    if block.hunks:
        return
    if line.startswith("new file mode "):
        block.change = Change.ADDED
    elif line.startswith("deleted file mode "):
        block.change = Change.DELETED
    elif line.startswith(("rename from ", "copy from ")):
        block.change = Change.RENAMED if line.startswith("rename") else Change.COPIED
        block.old = _unquoted(line.split(" from ", 1)[1])
    elif line.startswith(("rename to ", "copy to ")):
        block.new = _unquoted(line.split(" to ", 1)[1])
    elif line.startswith(("GIT binary patch", "Binary files ")):
        block.binary = True


def _finished(block: _Block) -> FileChange:
    old = None if block.change is Change.ADDED else block.old
    new = None if block.change is Change.DELETED else block.new
    if not (old or new) or "" in (old, new):
        raise InputError("not a diff: a file in it has no name")
    change = block.change
    if change is Change.MODIFIED and old != new and old is not None and new is not None:
        # Plain diffs name a backup file on the left; the right one is what is patched.
        old = new
    return FileChange(change=change, old=old, new=new, binary=block.binary)


def _git_names(line: str, match: re.Match[str]) -> tuple[str, str]:
    """Split a ``diff --git`` line; a name with spaces stands there twice, equal but for a/, b/."""
    rest = line[len("diff --git ") :]
    if not rest.startswith('"') and len(rest) % 2 == 1:
        half = len(rest) // 2
        left, right = rest[:half], rest[half + 1 :]
        if rest[half] == " " and left[:2] == "a/" and right[:2] == "b/" and left[2:] == right[2:]:
            return left[2:], right[2:]
    return _stripped(_unquoted(match["old"])), _stripped(_unquoted(match["new"]))


def _name(text: str) -> str | None:
    """Return the path of a ``---`` or ``+++`` line, None for ``/dev/null``."""
    text = text if text.startswith('"') else text.split("\t", 1)[0]
    path = _unquoted(text.rstrip())
    return None if path == _NOWHERE else _stripped(path)


def _stripped(path: str) -> str:
    """Take off the first component, as ``-p1`` does."""
    return path[2:] if path[:2] in ("a/", "b/", "i/", "w/", "c/", "o/") else path


def _unquoted(text: str) -> str:
    """Undo git's C-style quoting of names with unusual characters."""
    if not (text.startswith('"') and '"' in text[1:]):
        return text
    # No name has lone surrogates; they stand for bytes of a patch that are no UTF-8.
    inner = text[1 : text.rindex('"')].encode("utf-8", "surrogatepass")
    raw = _ESCAPE.sub(
        lambda found: bytes(
            [int(found[1], 8) & 0xFF if found[1][:1].isdigit() else _LETTERS[found[1]]]
        ),
        inner,
    )
    return raw.decode("utf-8", "surrogateescape")
