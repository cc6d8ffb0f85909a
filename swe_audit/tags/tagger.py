"""Tag a task from its row and its reference patch."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from swe_audit.errors import InputError
from swe_audit.model.paths import is_source_path, language_of_path
from swe_audit.model.tags import DIFFICULTIES, Tags
from swe_audit.model.task import Task
from swe_audit.tags.difficulty import estimate_difficulty

UNKNOWN_LANGUAGE = "unknown"

_YEAR = re.compile(r"^\s*((?:19|20)\d\d)-\d\d")
_SPOKEN_NAMES = {"js": "javascript", "ts": "typescript", "golang": "go", "py": "python"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """What a diff does to one file, in lines and hunks."""

    path: str
    added: int
    removed: int
    hunks: int


def tag(task: Task) -> Tags:
    """Return the tags of a task; sizes leave out tests, documentation and generated files.

    A difficulty that the data gives is kept verbatim, otherwise it is estimated from the size
    and marked so. The language is the row's, otherwise the one that most changed lines are in.
    Raises ``InputError`` where the reference patch is no unified diff.
    """
    changes = changed_files(task.gold_patch, whose=task.instance_id)
    source = [change for change in changes if is_source_path(change.path)]
    added = sum(change.added for change in source)
    removed = sum(change.removed for change in source)
    hunks = sum(change.hunks for change in source)
    given = task.difficulty if task.difficulty in DIFFICULTIES else None
    return Tags(
        difficulty=given or estimate_difficulty(added + removed, len(source), hunks),
        difficulty_estimated=given is None,
        lines_added=added,
        lines_removed=removed,
        files=len(source),
        hunks=hunks,
        repository=task.repo,
        language=_language(task.language, source, changes),
        year=_year(task.created_at),
    )


def changed_files(patch: str, *, whose: str) -> list[FileChange]:
    """Return what a unified diff changes, file by file; ``whose`` names it in the error.

    Raises ``InputError`` where the text cannot be read as a diff; an empty one changes nothing.
    """
    try:
        files = PatchSet(patch)
    except UnidiffParseError as error:
        raise InputError(
            f"the reference patch of {whose} is no unified diff: {error}",
            hint="it should be the output of `git diff`, unchanged",
        ) from error
    return [
        FileChange(path=file.path, added=file.added, removed=file.removed, hunks=len(file))
        for file in files
    ]


def _language(given: str | None, source: list[FileChange], changes: list[FileChange]) -> str:
    if given:
        name = given.strip().lower()
        return _SPOKEN_NAMES.get(name, name)
    lines: Counter[str] = Counter()
    for change in source or changes:
        language = language_of_path(change.path)
        if language is not None:
            lines[language] += change.added + change.removed
    # The most lines; of equals the first by name, so that the answer never depends on order.
    return min(lines, key=lambda name: (-lines[name], name), default=UNKNOWN_LANGUAGE)


def _year(created_at: str | None) -> int | None:
    match = _YEAR.match(created_at or "")
    return int(match.group(1)) if match else None
