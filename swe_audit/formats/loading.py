"""From any source of tasks to a data set of the model; what is at fault becomes a typed skip."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from swe_audit.errors import InputError, UnknownIdError
from swe_audit.formats.environment_files import ENVIRONMENT_FILE, read_environment
from swe_audit.formats.names import unknown_ids
from swe_audit.formats.rows import checked_row, task_from_row
from swe_audit.formats.sources import raw_rows
from swe_audit.formats.task_folders import (
    PRO_SCRIPTS,
    asset_names,
    read_task_folder,
    task_folders,
    tasks_folder,
    with_pro_scripts,
)
from swe_audit.model.task import Dataset, Skipped, SkipReason, Task


def load(source: str | Path, instances: Collection[str] = ()) -> Dataset:
    """Return the tasks of a task repo, a data set file or a Hugging Face id, in its order.

    A task that is malformed, comes twice or has no FAIL_TO_PASS is in ``skipped`` with the
    reason. The data set is named as it was given, but ``.`` and ``..`` by the folder they lead
    to. Raise ``UnknownIdError`` where ``instances`` names one that is not there, and
    ``InputError`` where the source as a whole cannot be read or holds nothing.
    """
    name = str(source)
    folder = tasks_folder(Path(source))
    if folder is None and Path(source).is_dir():
        raise InputError(
            f"{name}: a folder without tasks",
            hint="A task repo holds tasks/<instance id>/task.yaml.",
        )
    wanted = frozenset(instances)
    tasks, skipped = _sorted_out(
        _from_rows(name) if folder is None else _from_folders(folder, wanted)
    )
    if wanted:
        there = {*tasks, *(item.instance_id for item in skipped)}
        known = there if folder is None else {child.name for child in task_folders(folder)}
        if wanted - there:
            raise UnknownIdError(
                unknown_ids(name, wanted - there, known),
                hint="See the ids with: swe-audit tag SOURCE",
            )
        tasks = {key: task for key, task in tasks.items() if key in wanted}
        skipped = [item for item in skipped if item.instance_id in wanted]
    if not tasks and not skipped:
        raise InputError(f"{name}: holds no tasks")
    chosen = tuple(tasks.values())
    return Dataset(
        source=_called(source),
        sha256=content_hash(chosen, tuple(skipped)),
        tasks=chosen,
        skipped=tuple(skipped),
    )


def _called(source: str | Path) -> str:
    """Name a source for a report: ``.`` would say nothing there."""
    path = Path(source)
    named = path.name not in ("", "..")
    return str(source) if named else path.resolve().name or str(source)


def _sorted_out(
    items: Iterable[Task | Skipped],
) -> tuple[dict[str, Task], list[Skipped]]:
    """Part tasks from skips; a second task of the same id is a skip."""
    tasks: dict[str, Task] = {}
    skipped: list[Skipped] = []
    for item in items:
        if isinstance(item, Skipped):
            skipped.append(item)
        elif item.instance_id in tasks:
            detail = "a task of this id came before it"
            reason = SkipReason.DUPLICATE_ID
            skipped.append(Skipped(instance_id=item.instance_id, reason=reason, detail=detail))
        else:
            tasks[item.instance_id] = item
    return tasks, skipped


def content_hash(tasks: tuple[Task, ...], skipped: tuple[Skipped, ...] = ()) -> str:
    """Return a hash of what the tasks say, whatever file they come from and in which order."""
    rows = []
    for task in tasks:
        row = asdict(task)
        del row["folder"]
        rows.append(json.dumps(row, sort_keys=True, ensure_ascii=False))
    rows += [f"skipped {item.instance_id} {item.reason.value}" for item in skipped]
    text = "\n".join(sorted(rows))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _from_rows(source: str) -> Iterator[Task | Skipped]:
    scripts = Path(source).parent / PRO_SCRIPTS
    for where, data in raw_rows(source):
        try:
            if isinstance(data, InputError):
                raise data
            yield task_from_row(checked_row(with_pro_scripts(data, scripts), where))
        except InputError as error:
            name = data.get("instance_id") if isinstance(data, dict) else None
            yield bad_input(name if isinstance(name, str) and name else where, error)


def _from_folders(folder: Path, wanted: frozenset[str]) -> Iterator[Task | Skipped]:
    for child in task_folders(folder):
        if not wanted or child.name in wanted:
            yield _from_folder(child)


def _from_folder(folder: Path) -> Task | Skipped:
    try:
        row = checked_row(read_task_folder(folder), str(folder))
        described = folder / ENVIRONMENT_FILE
        environment = read_environment(described) if described.is_file() else None
        return task_from_row(
            row,
            folder=folder.resolve(),
            environment=environment,
            test_assets=asset_names(folder),
        )
    except InputError as error:
        return bad_input(folder.name, error)


def bad_input(instance_id: str, error: InputError) -> Skipped:
    """Return the typed skip of a task that could not be read."""
    return Skipped(instance_id=instance_id, reason=SkipReason.BAD_INPUT, detail=error.message)
