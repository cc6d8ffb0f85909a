"""Read a data set for what it holds: a missing column or half a file loses only what is missing.

An audit wants whole rows, and ``loading`` refuses others; a profile can say something of rows
that lack a column, and of the first half of a file that was cut short.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from swe_audit.errors import InputError
from swe_audit.formats.loading import bad_input, load
from swe_audit.formats.rows import Row, checked_row, task_from_row
from swe_audit.formats.sources import raw_rows
from swe_audit.formats.task_folders import tasks_folder
from swe_audit.formats.text_files import MAX_FILE
from swe_audit.model.task import Dataset, Skipped, SkipReason, Task

_STAND_INS: dict[tuple[str, ...], Any] = {
    ("base_commit",): "0" * 40,
    ("problem_statement",): "",
    ("FAIL_TO_PASS", "fail_to_pass"): [],
    ("PASS_TO_PASS", "pass_to_pass"): [],
    ("patch",): None,
    ("repo",): None,
}
_NO_PATCH = "diff --git a/none b/none\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDataset:
    """What could be read, and how many rows lack each column.

    A task whose row lacks a column has an empty value there: an empty statement, reference
    patch, or list of ids; the repository is told from the instance id, ``owner__name-number``,
    else ``unknown``.
    """

    dataset: Dataset
    lacking: tuple[tuple[str, int], ...]


def load_partial(source: str | Path) -> PartialDataset:
    """Return all that can be read of a source; raise ``InputError`` where that is nothing.

    A file that is cut short gives the rows before the cut, and one skip that says so.
    """
    name = str(source)
    if tasks_folder(Path(source)) is not None or Path(source).is_dir():
        return PartialDataset(dataset=load(source), lacking=())
    tasks: dict[str, Task] = {}
    skipped: list[Skipped] = []
    lacking: Counter[str] = Counter()
    for where, data in _rows(name):
        item = _item(where, data, lacking)
        if isinstance(item, Task) and item.instance_id in tasks:
            item = Skipped(
                instance_id=item.instance_id,
                reason=SkipReason.DUPLICATE_ID,
                detail="a task of this id came before it",
            )
        if isinstance(item, Skipped):
            skipped.append(item)
        else:
            tasks[item.instance_id] = item
    if not tasks:
        why = f": {skipped[0].detail}" if skipped else ""
        raise InputError(f"{name}: holds no row that can be read{why}")
    dataset = Dataset(source=name, sha256="", tasks=tuple(tasks.values()), skipped=tuple(skipped))
    return PartialDataset(dataset=dataset, lacking=tuple(sorted(lacking.items())))


def _item(where: str, data: object, lacking: Counter[str]) -> Task | Skipped:
    try:
        if isinstance(data, InputError):
            raise data
        row, missing = _filled(data, where)
    except InputError as error:
        name = data.get("instance_id") if isinstance(data, Mapping) else None
        return bad_input(name if isinstance(name, str) and name else where, error)
    lacking.update(missing)
    ids = row.fail_to_pass or ["none"]  # a task that nothing grades can still be profiled
    task = task_from_row(row.model_copy(update={"fail_to_pass": ids}))
    assert isinstance(task, Task)
    return replace(
        task,
        fail_to_pass=tuple(row.fail_to_pass),
        gold_patch="" if "patch" in missing else task.gold_patch,
    )


def _filled(data: object, where: str) -> tuple[Row, list[str]]:
    """Return a checked row, with stand-ins for columns that are not there or null."""
    if not isinstance(data, Mapping):
        return checked_row(data, where), []
    row, missing = dict(data), []
    for names, instead in _STAND_INS.items():
        if any(row.get(name) not in (None, "") for name in names):
            continue
        if names[0] in ("FAIL_TO_PASS", "PASS_TO_PASS") and any(row.get(n) == "" for n in names):
            continue  # an empty text is an empty list
        missing.append(names[0])
        if names[0] == "repo":
            instead = _repository(str(row.get("instance_id", "")))
        row[names[0]] = _NO_PATCH if names[0] == "patch" else instead
    return checked_row(row, where), missing


def _repository(instance_id: str) -> str:
    owner, _, rest = instance_id.removeprefix("instance_").partition("__")
    name = rest.rsplit("-", 1)[0]
    return f"{owner}/{name}" if owner and name else "unknown"


def _rows(source: str) -> Iterator[tuple[str, Any]]:
    """Yield raw rows; where the source breaks off, what came before and then the error."""
    found = 0
    try:
        for item in raw_rows(source):
            found += 1
            yield item
    except InputError as error:
        for place, row in enumerate(_rescued(Path(source)), start=1):
            if place > found:  # a reader's buffer may have swallowed rows before the cut
                found += 1
                yield f"{source}: row {place}", row
        if not found:
            raise
        yield source, InputError(f"{error.message}; what follows is lost")


def _rescued(path: Path) -> Iterator[Any]:
    """Yield the whole rows of a file that ends too early; nothing where there are none."""
    if not path.is_file() or not path.name.removesuffix(".gz").endswith((".json", ".jsonl")):
        return
    content = path.read_bytes()[:MAX_FILE]
    text = (_unpacked(content) if path.suffix == ".gz" else content).decode("utf-8", "replace")
    if path.name.removesuffix(".gz").endswith(".json"):
        yield from _whole_items(text)
        return
    for line in text.split("\n"):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        yield row


def _unpacked(content: bytes) -> bytes:
    """Unpack as much of a gzip file as there is."""
    try:
        return zlib.decompressobj(wbits=31).decompress(content, MAX_FILE)
    except zlib.error:
        return b""  # damaged rather than cut short: nobody knows where the damage begins


def _whole_items(text: str) -> Iterator[Any]:
    """Yield the items of a JSON list as far as they are whole."""
    decoder = json.JSONDecoder()
    at = text.find("[") + 1
    while 0 < at < len(text):
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield item
