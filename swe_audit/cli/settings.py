"""Settings: flag over ``SWE_AUDIT_*`` variable over ``swe-audit.toml`` or ``pyproject.toml``.

What can be set is what ``run`` has options for, less what belongs to one run alone. A key is the
option's long name; ``SWE_AUDIT_DISK_RESERVE`` is the variable of ``--disk-reserve``.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from swe_audit.errors import UsageError

# The standard library's from Python 3.11 on; before that, the package it was taken from.
tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

PREFIX = "SWE_AUDIT_"
OWN_FILE, PROJECT_FILE, TABLE = "swe-audit.toml", "pyproject.toml", "swe-audit"
_OF_ONE_RUN = frozenset(
    {"help", "instance", "predictions", "resume", "out", "json", "verbose", "quiet", "seed"}
    | {"sample", "stratify", "hardest", "instances", "results", "cache"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A value and where it was set."""

    value: Any
    source: str


def read_settings(
    keys: frozenset[str], start: Path, environment: Mapping[str, str]
) -> dict[str, Setting]:
    """Return what is set, by key; a variable wins over the file.

    The file is the first of ``swe-audit.toml`` and a ``pyproject.toml`` with ``[tool.swe-audit]``
    in ``start`` or above it. Raise ``UsageError`` for an unknown key, or a file that is no TOML.
    """
    settings = _from_file(keys, start)
    for name, value in sorted(environment.items()):
        if name.startswith(PREFIX):
            key = name.removeprefix(PREFIX).lower().replace("_", "-")
            _check(keys, key, f"the variable {name}")
            settings[key] = Setting(value=value, source=name)
    return settings


# Commands are Any below: typer brings a click of its own, or uses the one that is installed.


def default_map(command: Any) -> dict[str, Any]:
    """Return what the command line takes as defaults of every command below ``command``."""
    settings = read_settings(_keys(command), Path.cwd(), os.environ)
    return _defaults_of(command, {key: setting.value for key, setting in settings.items()})


def effective_settings() -> list[tuple[str, object, str]]:
    """Return every setting as key, value and source, defaults included, by key."""
    from typer.main import get_command

    from swe_audit.cli.app import app

    root = get_command(app)
    run = _run_options(root)
    settings = read_settings(_keys(root), Path.cwd(), os.environ)
    rows: list[tuple[str, object, str]] = []
    for key in sorted(run):
        default = run[key].default
        value = getattr(default, "value", default)
        setting = settings.get(key, Setting(value=value, source="default"))
        rows.append((key, "" if setting.value is None else setting.value, setting.source))
    return rows


def _keys(root: Any) -> frozenset[str]:
    return frozenset(_run_options(root))


def _run_options(root: Any) -> dict[str, Any]:
    options = _options(root.commands["run"])
    return {key: option for key, option in options.items() if key not in _OF_ONE_RUN}


def _options(command: Any) -> dict[str, Any]:
    """Map the long name of each option of a command to the option."""
    return {
        name.removeprefix("--"): parameter
        for parameter in command.params
        if parameter.param_type_name == "option"
        for name in parameter.opts
        if name.startswith("--")
    }


def _defaults_of(command: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    children = getattr(command, "commands", None)
    if children is not None:
        defaults = {name: _defaults_of(child, values) for name, child in children.items()}
        defaults.get("reproduce", {}).pop("timeout", None)  # a trial is repeated as it was
        return defaults
    options = _options(command)
    return {
        option.name: values[key]
        for key, option in options.items()
        if key in values and option.name is not None
    }


def _from_file(keys: frozenset[str], start: Path) -> dict[str, Setting]:
    for folder in (start, *start.parents):
        for path in (folder / OWN_FILE, folder / PROJECT_FILE):
            table = _table(path)
            if table is None:
                continue
            for key in table:
                _check(keys, key, str(path))
            return {key: Setting(value=value, source=str(path)) for key, value in table.items()}
    return {}


def _table(path: Path) -> dict[str, Any] | None:
    """Return our table of a file, None where it has none."""
    if not path.is_file():
        return None
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}", hint="it has to be TOML") from error
    table = document if path.name == OWN_FILE else document.get("tool", {}).get(TABLE)
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{path}: [tool.{TABLE}] is no table")
    return table


def _check(keys: frozenset[str], key: str, where: str) -> None:
    if key in keys:
        return
    near = get_close_matches(key, keys, n=1)
    raise UsageError(
        f"{where}: there is no setting {key!r}",
        hint=f"did you mean {near[0]!r}?" if near else f"settings are {', '.join(sorted(keys))}",
    )
