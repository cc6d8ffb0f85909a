"""Submitted patches in the SWE-bench form: a list, an object by id, lines, or a folder of these."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from swe_audit.errors import InputError
from swe_audit.formats.conventions import is_instance_id
from swe_audit.formats.environment_files import problems_of
from swe_audit.formats.rows import clean_text
from swe_audit.formats.sources import listed
from swe_audit.formats.text_files import json_lines, read_json
from swe_audit.model.candidate import Prediction

_SUFFIXES = (".json", ".json.gz", ".jsonl", ".jsonl.gz")
_Text = Annotated[str, BeforeValidator(clean_text)]


class _Columns(BaseModel):
    """What a prediction must hold; SWE-bench Pro calls the patch ``patch``, the name ``prefix``."""

    model_config = ConfigDict(extra="allow", strict=True)

    instance_id: _Text
    model_patch: _Text = Field(validation_alias=AliasChoices("model_patch", "patch"))
    model_name_or_path: _Text = Field(
        default="", validation_alias=AliasChoices("model_name_or_path", "prefix", "model")
    )
    source: _Text = ""


def load_predictions(
    paths: Iterable[str | Path], on_problem: Callable[[str], None] | None = None
) -> tuple[Prediction, ...]:
    """Return every prediction of some files or folders, in the order of files and lines.

    A null patch is an empty one; a missing name is the file's. A malformed item is told to
    ``on_problem`` in one sentence and left out; without ``on_problem`` all of them together are
    an ``InputError``. So is a file that cannot be read.
    """
    predictions: list[Prediction] = []
    problems: list[str] = []
    for path in paths:
        for file in _files(Path(path)):
            for where, item in _items(file):
                try:
                    predictions.append(_prediction(item, where, file))
                except InputError as error:
                    problems.append(error.message)
    if problems and on_problem is None:
        more = f" (and {len(problems) - 5} more)" if len(problems) > 5 else ""
        raise InputError("; ".join(problems[:5]) + more, hint="Correct or remove these items.")
    for problem in problems:
        if on_problem is not None:
            on_problem(problem)
    return tuple(predictions)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        if not path.name.endswith(_SUFFIXES):
            raise InputError(
                f"{path}: not a kind of file that holds predictions",
                hint=f"Give a folder or a file ending in {', '.join(_SUFFIXES)}.",
            )
        return [path]
    files = sorted(child for child in path.rglob("*") if child.name.endswith(_SUFFIXES))
    if not files:
        raise InputError(f"{path}: a folder without predictions ({', '.join(_SUFFIXES)})")
    return files


def _items(path: Path) -> Iterator[tuple[str, Any]]:
    if path.name.endswith((".jsonl", ".jsonl.gz")):
        yield from json_lines(path)
        return
    document = read_json(path)
    if isinstance(document, dict) and "instance_id" not in document:
        # SWE-agent keys predictions by id, and may leave the id out of the value.
        document = [
            {"instance_id": key, **value} if isinstance(value, dict) else value
            for key, value in document.items()
        ]
    yield from listed(document, str(path))


def _prediction(item: Any, where: str, file: Path) -> Prediction:
    if isinstance(item, InputError):
        raise item
    if not isinstance(item, dict):
        raise InputError(f"{where}: a prediction is a {type(item).__name__}, not an object")
    try:
        columns = _Columns.model_validate(item)
    except ValidationError as error:
        raise InputError(f"{where}: {problems_of(error)}") from error
    if not is_instance_id(columns.instance_id):
        raise InputError(f"{where}: instance_id {columns.instance_id!r} is no instance id")
    claims = [
        (name, json.dumps(value, sort_keys=True, ensure_ascii=True))
        for name, value in sorted((columns.model_extra or {}).items())
    ]
    return Prediction(
        instance_id=columns.instance_id,
        model_name_or_path=columns.model_name_or_path or file.name.split(".")[0],
        model_patch=columns.model_patch,
        source=columns.source,
        claims=tuple(claims),
        where=where,
    )
