"""Finished logs of the benchmark's harness: ``<run>/<model>/<instance>/`` under a logs folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from swe_audit.errors import InputError
from swe_audit.formats.eval_scripts import END_MARKER, START_MARKER
from swe_audit.formats.text_files import read_text

PATCH_FILE, OUTPUT_FILE, REPORT_FILE = "patch.diff", "test_output.txt", "report.json"
_DEPTHS = ("*/*/*", "run_evaluation/*/*/*", "logs/run_evaluation/*/*/*")


@dataclass(frozen=True, slots=True, kw_only=True)
class HarnessLog:
    """One finished evaluation; ``resolved`` is what its report says, None where it says nothing.

    ``folder`` is where it was found; ``model`` the folder above it.
    """

    instance_id: str
    model: str
    patch: str
    output: str
    folder: str
    resolved: bool | None = None


def load_harness_logs(path: Path, on_problem: Callable[[str], None]) -> tuple[HarnessLog, ...]:
    """Return the whole logs under a folder, in the order of their paths.

    ``path`` is the folder ``run_evaluation``, what it lies in, or the ``logs`` folder's parent. A
    log without its patch, or without both markers of the test output, is told to ``on_problem``
    and left out. Raise ``InputError`` where ``path`` is no folder or holds no log at all.
    """
    if not path.is_dir():
        raise InputError(f"{path}: no such folder", hint="Give a folder logs/run_evaluation.")
    folders = list(_folders(path))
    if not folders:
        raise InputError(
            f"{path}: holds no {OUTPUT_FILE}",
            hint="Its logs lie in logs/run_evaluation/<run>/<model>/<instance>/.",
        )
    found = []
    for folder in folders:
        try:
            found.append(_log(folder))
        except InputError as error:
            on_problem(error.message)
    return tuple(found)


def _folders(path: Path) -> Iterator[Path]:
    for depth in _DEPTHS:
        yield from sorted(file.parent for file in path.glob(f"{depth}/{OUTPUT_FILE}"))


def _log(folder: Path) -> HarnessLog:
    output = read_text(folder / OUTPUT_FILE)
    if START_MARKER not in output or END_MARKER not in output:
        raise InputError(f"{folder / OUTPUT_FILE}: lacks a marker of the test output")
    return HarnessLog(
        instance_id=folder.name,
        model=folder.parent.name,
        patch=read_text(folder / PATCH_FILE),
        output=output,
        folder=str(folder),
        resolved=_resolved(folder),
    )


def _resolved(folder: Path) -> bool | None:
    """Return what the harness's own report says; a report that cannot be read says nothing."""
    try:
        report = json.loads(read_text(folder / REPORT_FILE))
        said = report[folder.name]["resolved"]
    except (InputError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return said if isinstance(said, bool) else None
