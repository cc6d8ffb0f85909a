"""A proposal as a diff against the task's folder: statement, required tests, test patch, script."""

from __future__ import annotations

import json
from pathlib import Path

from swe_audit.errors import InputError
from swe_audit.formats.task_folders import COLUMN_FILES, TESTS_FILE
from swe_audit.formats.text_files import read_json, read_text
from swe_audit.formats.trees import difference
from swe_audit.model.task import FAIL_TO_PASS, PASS_TO_PASS, Task
from swe_audit.model.tree import Tree

STATEMENT_FILE = COLUMN_FILES["problem_statement"]
PATCH_FILE = COLUMN_FILES["test_patch"]
SCRIPT_FILE = COLUMN_FILES["eval_script"]


def diff_of(before: Task, after: Task) -> str:
    """Return the diff to apply inside the task's folder (``patch -p1``), empty for no change.

    Files that do not change are left as they are. The eval script holds the test patch, so it
    changes with it. A task of a dataset has no folder: its files are those that an import writes.
    Raise ``InputError`` where the folder no longer holds what was audited.
    """
    old = _files(before)
    new = dict(old)
    if after.statement != before.statement:
        assert after.statement.startswith(before.statement), "a statement is only added to"
        new[STATEMENT_FILE] = old[STATEMENT_FILE] + after.statement[len(before.statement) :]
    if (after.fail_to_pass, after.pass_to_pass) != (before.fail_to_pass, before.pass_to_pass):
        new[TESTS_FILE] = _lists(after, old[TESTS_FILE])
    if after.test_patch != before.test_patch:
        for name in (PATCH_FILE, SCRIPT_FILE):
            if name in old:
                new[name] = _exchanged(
                    old, name, before.test_patch.strip("\n"), after.test_patch.strip("\n"), before
                )
    trees = [
        Tree({name: text.encode("utf-8", "surrogateescape") for name, text in files.items()})
        for files in (old, new)
    ]
    return difference(trees[0], trees[1], new)


def _files(task: Task) -> dict[str, str]:
    folder = task.folder
    if folder is None or not folder.is_dir():
        return {
            STATEMENT_FILE: task.statement,
            TESTS_FILE: _lists(task, "{}"),
            PATCH_FILE: task.test_patch,
        }
    names = (STATEMENT_FILE, PATCH_FILE, SCRIPT_FILE)
    files = {name: read_text(folder / name) for name in names if (folder / name).is_file()}
    files[TESTS_FILE] = read_text(folder / TESTS_FILE)
    _same_lists(task, folder / TESTS_FILE)
    return files


def _same_lists(task: Task, path: Path) -> None:
    found = read_json(path)
    known = (list(task.fail_to_pass), list(task.pass_to_pass))
    if not isinstance(found, dict) or (found.get(FAIL_TO_PASS), found.get(PASS_TO_PASS)) != known:
        raise InputError(f"{path}: holds other tests than were audited", hint=_HINT)


def _lists(task: Task, text: str) -> str:
    lists = json.loads(text)
    lists[FAIL_TO_PASS], lists[PASS_TO_PASS] = list(task.fail_to_pass), list(task.pass_to_pass)
    return json.dumps(lists, indent=2, ensure_ascii=False) + "\n"


def _exchanged(files: dict[str, str], name: str, old: str, new: str, task: Task) -> str:
    text = files[name]
    if text.count(old) != 1:
        where = (task.folder or Path()) / name
        raise InputError(f"{where}: does not hold what was audited", hint=_HINT)
    return text.replace(old, new)


_HINT = "Audit the task again: it changed since this run."
