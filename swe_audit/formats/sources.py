"""Raw dataset rows from a file or a Hugging Face id, before anybody checked them."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from swe_audit.errors import InputError
from swe_audit.formats.text_files import json_lines, read_json

_HUB_ID = re.compile(r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*(?::\w+)?$")
_SUFFIXES = (".json", ".json.gz", ".jsonl", ".jsonl.gz", ".parquet")


def raw_rows(source: str) -> Iterator[tuple[str, Any | InputError]]:
    """Yield where each row stands, with the row or with what is wrong with it.

    ``source`` is a ``.json``, ``.jsonl``, either of them with ``.gz``, or ``.parquet`` file, or
    a Hugging Face id such as ``owner/name`` or ``owner/name:split``. Raise ``InputError`` where
    the source as a whole cannot be read.
    """
    path = Path(source)
    if path.exists() or source.endswith(_SUFFIXES):
        yield from _file_rows(path)
    elif _HUB_ID.match(source):
        yield from _hub_rows(source)
    else:
        raise InputError(f"{source}: no such file, and not a Hugging Face id", hint=_KINDS)


_KINDS = f"Give a task repo, a file ending in {', '.join(_SUFFIXES)}, or an id as owner/name."


def _file_rows(path: Path) -> Iterator[tuple[str, Any | InputError]]:
    name = path.name
    if name.endswith((".jsonl", ".jsonl.gz")):
        yield from json_lines(path)
    elif name.endswith((".json", ".json.gz")):
        yield from listed(read_json(path), str(path))
    elif name.endswith(".parquet"):
        yield from _parquet_rows(path)
    else:
        raise InputError(f"{path}: not a kind of file that holds tasks", hint=_KINDS)


def listed(document: Any, where: str) -> Iterator[tuple[str, Any]]:
    """Yield the items of a JSON list, or the values of an object keyed by id."""
    if isinstance(document, dict):
        document = [document] if "instance_id" in document else list(document.values())
    if not isinstance(document, list):
        raise InputError(f"{where}: holds neither a list nor an object of rows")
    for number, item in enumerate(document, start=1):
        yield f"{where}: item {number}", item


def _parquet_rows(path: Path) -> Iterator[tuple[str, Any]]:
    if not path.is_file():
        raise InputError(f"{path}: no such file", hint="Check the path.")
    try:
        parquet = importlib.import_module("pyarrow.parquet")
        arrow = importlib.import_module("pyarrow")
    except ImportError as error:
        raise InputError(
            f"{path}: reading Parquet needs pyarrow", hint="pip install 'swe-audit[parquet]'"
        ) from error
    try:
        table = parquet.read_table(path)
    except (arrow.ArrowException, OSError) as error:
        raise InputError(f"{path}: not a valid Parquet file: {error}") from error
    for number, row in enumerate(table.to_pylist(), start=1):
        yield f"{path}: row {number}", row


def _hub_rows(source: str) -> Iterator[tuple[str, Any]]:
    try:
        datasets = importlib.import_module("datasets")
        hub = importlib.import_module("huggingface_hub.errors")
    except ImportError as error:
        raise InputError(
            f"{source}: no such file; as a Hugging Face id it needs the datasets package",
            hint="Check the path, or: pip install 'swe-audit[huggingface]'",
        ) from error
    name, _, split = source.partition(":")
    try:
        rows = datasets.load_dataset(name, split=split or "test")
    except (datasets.exceptions.DatasetsError, hub.HfHubHTTPError, OSError, ValueError) as error:
        said = " ".join(str(error).split())
        raise InputError(f"{source}: cannot be loaded from Hugging Face: {said}") from error
    for number, row in enumerate(rows, start=1):
        yield f"{source}: row {number}", row
