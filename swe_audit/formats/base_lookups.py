"""Ask a git mirror what a task's base tree holds, without unpacking it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from swe_audit.errors import InputError
from swe_audit.formats.patches import changed_files
from swe_audit.model.paths import is_docs_path
from swe_audit.model.task import Task

try:
    import git
except ImportError as error:  # GitPython looks for the git program when it is imported
    raise InputError(f"git cannot be used: {error}", hint="Install git.") from error

_QUIET = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "LC_ALL": "C.UTF-8"}
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+")
_FEW = 5


class BaseLookup:
    """What git finds in the tree of one commit; each question is asked once."""

    def __init__(self, folder: Path, task: Task) -> None:
        """Stand for the base of a task in a clone that holds its commit."""
        self._git = git.Git(folder)
        self._commit = task.base_commit
        self._places = sorted(
            {
                file.at_base
                for file in changed_files(task.gold_patch)
                if file.at_base and not is_docs_path(file.at_base)
            }
        )
        self._words: dict[str, str | None] = {}

    def holds(self, words: Iterable[str]) -> dict[str, str]:
        """Return those of the words that base holds as whole words, each with a path."""
        wanted = sorted(set(words))
        asked = [word for word in wanted if word not in self._words]
        if asked:
            options = [part for word in asked for part in ("-e", word)]
            rows = self._grep("-w", "-F", "-o", "--full-name", *options, self._commit)
            self._words.update(dict.fromkeys(asked))
            for row in rows:
                _, _, rest = row.partition(":")
                path, _, word = rest.rpartition(":")
                if self._words.get(word, "") is None:
                    self._words[word] = path
        found = ((word, self._words[word]) for word in wanted)
        return {word: path for word, path in found if path is not None}

    def siblings(self, name: str) -> dict[str, tuple[str, ...]]:
        """Return names of gold's own files that begin or end as this one, by what it has else.

        ``transform_max_iter`` beside ``transform_alpha`` and ``transform_algorithm``: the key is
        ``max_iter``. One name alone makes no family.
        """
        parts = list(_PART.finditer(name))
        if len(parts) < 2 or not self._places:
            return {}
        second, last = parts[1].start(), parts[-1].start()
        return {
            rest: family
            for rest, pattern in (
                (name[second:], f"{re.escape(name[:second])}[A-Za-z0-9]+[A-Za-z0-9_]*"),
                (name[:last].rstrip("_"), f"[A-Za-z0-9_]*[A-Za-z0-9]{re.escape(name[last:])}"),
            )
            if len(family := self._named(pattern, name)) > 1
        }

    def _named(self, pattern: str, but: str) -> tuple[str, ...]:
        rows = self._grep("-w", "-E", "-o", "-h", "-e", pattern, self._commit, "--", *self._places)
        counts: dict[str, int] = {}
        for row in rows:
            counts[row] = counts.get(row, 0) + 1
        counts.pop(but, None)
        return tuple(sorted(counts, key=lambda each: (-counts[each], each))[:_FEW])

    def says(self, text: str) -> str | None:
        """Return the path of a file of base that holds a text, None where none does."""
        line = text.strip().split("\n", 1)[0]
        rows = self._grep("-l", "-i", "-F", "-e", line, self._commit) if line else []
        return rows[0].partition(":")[2] if rows else None

    def _grep(self, *options: str) -> list[str]:
        try:
            output = self._git.execute(["git", "grep", "-I", *options], env=_QUIET)
        except git.GitCommandError as error:
            if error.status == 1:  # nothing found
                return []
            said = " ".join(str(error.stderr).split())
            raise InputError(f"git grep failed in the mirror: {said}") from error
        return str(output).splitlines()


def lookup(mirrors: Path, task: Task) -> BaseLookup | None:
    """Return a way to look a task's base up, None where no clone there holds its commit.

    Clones are called ``owner__name.git`` or ``owner__name``.
    """
    name = task.repo.replace("/", "__")
    for folder in (mirrors / f"{name}.git", mirrors / name):
        if folder.is_dir() and _has(folder, task.base_commit):
            return BaseLookup(folder, task)
    return None


def _has(folder: Path, commit: str) -> bool:
    try:
        kind = git.Git(folder).execute(["git", "cat-file", "-t", commit], env=_QUIET)
    except git.GitCommandError:
        return False
    return kind == "commit"
