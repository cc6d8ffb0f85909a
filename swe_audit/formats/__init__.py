"""Other people's files, read into the model and written from it.

The names below are loaded when they are first used, for the readers weigh more than a command
line that only prints its help should carry.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from swe_audit.formats.curated import load_curated
    from swe_audit.formats.environment_files import read_environment, write_environment
    from swe_audit.formats.families import load_families
    from swe_audit.formats.id_lists import load_ids
    from swe_audit.formats.loading import load
    from swe_audit.formats.predictions import load_predictions
    from swe_audit.formats.results import load_results
    from swe_audit.formats.rows import why_unrunnable

__all__ = [
    "load",
    "load_curated",
    "load_families",
    "load_ids",
    "load_predictions",
    "load_results",
    "read_environment",
    "why_unrunnable",
    "write_environment",
]

_HOMES = {
    "load": "loading",
    "load_curated": "curated",
    "load_families": "families",
    "load_ids": "id_lists",
    "load_predictions": "predictions",
    "load_results": "results",
    "read_environment": "environment_files",
    "why_unrunnable": "rows",
    "write_environment": "environment_files",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds a name of this package."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
