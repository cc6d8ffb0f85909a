"""The files that reference patches touch, as they were before, out of clones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import git

from swe_audit.errors import InputError
from swe_audit.formats.patches import changed_files
from swe_audit.model.task import Task


def base_texts(
    tasks: Iterable[Task], mirrors: Path, on_problem: Callable[[str], None]
) -> dict[str, tuple[str, ...]]:
    """Return the text of each file that a task's reference changes, by instance id.

    ``mirrors`` holds clones called ``owner__name.git`` or ``owner__name``. A task whose clone or
    commit is not there is told to ``on_problem`` once for each repository, and has no text.
    """
    if not mirrors.is_dir():
        raise InputError(f"{mirrors}: no such folder", hint="It should hold owner__name.git.")
    found: dict[str, tuple[str, ...]] = {}
    told: set[str] = set()
    for task in tasks:
        try:
            found[task.instance_id] = _texts(task, mirrors)
        except InputError as error:
            if task.repo not in told:
                on_problem(f"{error.message}; the hunks alone explain overlaps there")
            told.add(task.repo)
    return found


def _texts(task: Task, mirrors: Path) -> tuple[str, ...]:
    name = task.repo.replace("/", "__")
    folder = next((f for f in (mirrors / f"{name}.git", mirrors / name) if f.is_dir()), None)
    if folder is None:
        raise InputError(f"{mirrors} holds no clone of {task.repo}")
    if not task.gold_patch.strip():
        return ()
    paths = [change.at_base for change in changed_files(task.gold_patch) if change.at_base]
    return tuple(_text(folder, task, path) for path in paths)


def _text(folder: Path, task: Task, path: str) -> str:
    try:
        shown = git.Git(folder).execute(
            ["git", "show", f"{task.base_commit}:{path}"], strip_newline_in_stdout=False
        )
    except git.GitCommandError as error:
        raise InputError(f"{folder} does not hold {path} at {task.base_commit}") from error
    return str(shown)
