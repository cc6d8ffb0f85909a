"""``--cutoffs FILE``: until when each model's training data reaches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from swe_audit.errors import InputError
from swe_audit.formats.yaml_files import read_yaml

_EXAMPLE = "Write it as `gpt-4: 2021-09-30`, or with `cutoff:` and `submissions:` below the name."


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCutoff:
    """A model, the day its training data ends, and the results columns that used it."""

    model: str
    day: date
    submissions: tuple[str, ...]


def load_cutoffs(path: str | Path) -> tuple[ModelCutoff, ...]:
    """Return the models of a YAML mapping, in its order.

    ``model: 2024-04-01``, or a mapping with ``cutoff`` and ``submissions`` (a pattern or a list
    of them, with ``*``; without it any column that holds the model's name). ``2024-04`` is the
    first of that month. Raise ``InputError`` naming the model that is wrong.
    """
    entries = read_yaml(Path(path))
    if not entries:
        raise InputError(f"{path}: names no model", hint=_EXAMPLE)
    return tuple(_cutoff(path, name, value) for name, value in entries.items())


def _cutoff(path: str | Path, name: str, value: Any) -> ModelCutoff:
    fields = value if isinstance(value, dict) else {"cutoff": value}
    unknown = sorted(set(fields) - {"cutoff", "submissions"})
    if unknown:
        raise InputError(f"{path}: {name}: {unknown[0]!r} is not known", hint=_EXAMPLE)
    patterns = fields.get("submissions", f"*{name}*")
    patterns = [patterns] if isinstance(patterns, str) else patterns
    if not isinstance(patterns, list) or not all(isinstance(one, str) for one in patterns):
        raise InputError(f"{path}: {name}: submissions is not a list of names", hint=_EXAMPLE)
    day = fields.get("cutoff")
    return ModelCutoff(
        model=name,
        day=parsed_day(day if isinstance(day, str) else "", f"{path}: {name}: cutoff"),
        submissions=tuple(patterns),
    )


def parsed_day(text: str, where: str) -> date:
    """Return the day that ``2024-04-01``, ``2024-04`` or ``2024`` names, the first of its span."""
    parts = text.strip().split("-")
    try:
        return date.fromisoformat("-".join([*parts, *["01"] * (3 - len(parts))]))
    except ValueError as error:
        raise InputError(
            f"{where}: {text!r} is no date", hint="write it as 2024-04-01 or 2024-04"
        ) from error
