"""One task of a task repo: a folder of files, read into a row and written from one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from swe_audit.errors import InputError
from swe_audit.formats.conventions import is_instance_id
from swe_audit.formats.text_files import read_json, read_text
from swe_audit.formats.yaml_files import dumped_yaml, read_yaml

TASKS_FOLDER = "tasks"
CONFIG_FILE = "sweb.yaml"
TASK_FILE = "task.yaml"
TESTS_FILE = "tests.json"
ASSETS_FOLDER = "test_assets"
COLUMN_FILES = {
    "patch": "gold.patch",
    "test_patch": "test.patch",
    "eval_script": "eval.sh",
    "problem_statement": "problem_statement.md",
}
PRO_FILES = {"run_script": "run_script.sh", "parser_script": "parser.py"}
"""What a task of SWE-bench Pro has besides; its ``eval.sh`` is made of them."""
PRO_SCRIPTS = "run_scripts"
HINTS_FILE = "hints.md"


def tasks_folder(path: Path) -> Path | None:
    """Return the ``tasks/`` folder of a task repo, given its root or that folder itself."""
    if not path.is_dir():
        return None
    for folder in (path / TASKS_FOLDER, path):
        if folder.is_dir() and task_folders(folder):
            return folder
    if (path / CONFIG_FILE).is_file() and (path / TASKS_FOLDER).is_dir():
        return path / TASKS_FOLDER
    return None


def task_folders(folder: Path) -> list[Path]:
    """Return the folders that hold a ``task.yaml``, sorted by name."""
    return sorted(child for child in folder.iterdir() if (child / TASK_FILE).is_file())


def read_task_folder(folder: Path) -> dict[str, Any]:
    """Return a task folder as a dataset row with SWE-bench 5 column names.

    Raise ``InputError`` naming the file that is missing or malformed.
    """
    row = read_yaml(folder / TASK_FILE)
    for column, name in COLUMN_FILES.items():
        row[column] = read_text(folder / name)
    for column, name in PRO_FILES.items():
        if (folder / name).is_file():
            row[column] = read_text(folder / name)
    hints = folder / HINTS_FILE
    row["hints_text"] = read_text(hints) if hints.is_file() else ""
    tests = read_json(folder / TESTS_FILE)
    if not isinstance(tests, dict):
        raise InputError(f"{folder / TESTS_FILE}: holds no object")
    row.update(tests)
    if row.get("instance_id") != folder.name:
        raise InputError(
            f"{folder / TASK_FILE}: instance_id is {row.get('instance_id')!r}, "
            f"but the folder is called {folder.name!r}"
        )
    return row


def with_pro_scripts(data: object, folder: Path) -> object:
    """Return a row with the scripts that SWE-bench Pro keeps apart from its data set.

    They lie in ``run_scripts/<instance_id>/`` beside it; a row that has some keeps its own.
    """
    if not folder.is_dir() or not isinstance(data, dict):
        return data
    name = data.get("instance_id")
    if not isinstance(name, str) or not is_instance_id(name):
        return data
    there = {
        column: read_text(folder / name / file)
        for column, file in PRO_FILES.items()
        if (folder / name / file).is_file()
    }
    return {**there, **data}


def asset_names(folder: Path) -> tuple[str, ...]:
    """Return the files of ``test_assets/``, relative to it, sorted."""
    root = folder / ASSETS_FOLDER
    if not root.is_dir():
        return ()
    return tuple(
        sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    )


def write_task_folder(
    folder: Path, meta: dict[str, Any], columns: dict[str, str], tests: dict[str, list[str]]
) -> None:
    """Write the files that SWE-bench 5 asks for; ``columns`` are those kept as their own file."""
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / TASK_FILE, dumped_yaml(meta, sort_keys=True))
    for column, name in COLUMN_FILES.items():
        write(folder / name, columns[column])
    for column, name in PRO_FILES.items():
        if columns.get(column):
            write(folder / name, columns[column])
    if columns.get("hints_text"):
        write(folder / HINTS_FILE, columns["hints_text"])
    write(folder / TESTS_FILE, json.dumps(tests, indent=2, ensure_ascii=False) + "\n")


def write(path: Path, text: str) -> None:
    """Write text with its line ends as they are."""
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
