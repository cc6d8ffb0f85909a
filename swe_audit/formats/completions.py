"""``--completions FILE``: how models went on when shown the beginning of a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from swe_audit.errors import InputError
from swe_audit.formats.environment_files import problems_of
from swe_audit.formats.rows import clean_text
from swe_audit.formats.sources import listed
from swe_audit.formats.text_files import json_lines, read_json

_Text = Annotated[str, BeforeValidator(clean_text)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What a model wrote after ``prompt``; an empty prompt means that it saw no statement."""

    instance_id: str
    model: str
    prompt: str
    completion: str


class _Columns(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    instance_id: _Text
    completion: _Text
    prompt: _Text = ""
    model: _Text = Field(default="", validation_alias=AliasChoices("model_name_or_path", "model"))


def load_completions(
    paths: Iterable[str | Path], on_problem: Callable[[str], None]
) -> tuple[Completion, ...]:
    """Return the completions of ``.json`` or ``.jsonl`` files, plain or ``.gz``, in order.

    A malformed item is told to ``on_problem`` and left out; a missing model is the file's name.
    """
    found: list[Completion] = []
    for path in map(Path, paths):
        for where, item in _items(path):
            try:
                found.append(_completion(item, where, path))
            except InputError as error:
                on_problem(error.message)
    return tuple(found)


def _items(path: Path) -> Iterator[tuple[str, Any]]:
    if path.name.endswith((".jsonl", ".jsonl.gz")):
        return json_lines(path)
    return listed(read_json(path), str(path))


def _completion(item: Any, where: str, path: Path) -> Completion:
    if isinstance(item, InputError):
        raise item
    try:
        columns = _Columns.model_validate(item)
    except ValidationError as error:
        raise InputError(f"{where}: {problems_of(error)}") from error
    return Completion(
        instance_id=columns.instance_id,
        model=columns.model or path.name.split(".")[0],
        prompt=columns.prompt,
        completion=columns.completion,
    )
