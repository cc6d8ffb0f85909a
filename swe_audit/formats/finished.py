"""What an earlier audit found of each task, out of its ``report.json``."""

from __future__ import annotations

from pathlib import Path

from swe_audit.errors import InputError
from swe_audit.formats.text_files import read_json
from swe_audit.model.audit import TaskStatus

REPORT = "report.json"


def load_statuses(path: str | Path) -> dict[str, TaskStatus]:
    """Return the status of every task in a ``report.json``, or in the one of a run's folder.

    Raise ``InputError`` where it is not one, or speaks of a status that does not exist.
    """
    file = Path(path) / REPORT if Path(path).is_dir() else Path(path)
    document = read_json(file)
    tasks = document.get("tasks") if isinstance(document, dict) else None
    if not isinstance(tasks, list):
        raise InputError(f"{file}: is no report of an audit", hint="give a run's report.json")
    try:
        return {str(task["instance_id"]): TaskStatus(task["status"]) for task in tasks}
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{file}: a task without a known status ({error})") from error
