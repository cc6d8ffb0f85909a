"""Sizes and times on the command line: ``4g``, ``512 MiB``, ``30m``, ``1.5h``."""

from __future__ import annotations

import re

from swe_audit.errors import UsageError
from swe_audit.formats.sizes import bytes_of

_TIME = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([smhd]?)\s*$", re.IGNORECASE)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def size(text: str, option: str, unit: str) -> int:
    """Return bytes; a bare number counts ``unit`` (``k``, ``m``, ``g`` or ``t``, powers of 1024).

    Raise ``UsageError`` for anything else.
    """
    found = bytes_of(text, unit)
    if found is None:
        raise UsageError(f"{option}: {text!r} is no size", hint="write it like 512m or 4g")
    return found


def seconds(text: str, option: str) -> float:
    """Return seconds; a bare number counts seconds. Raise ``UsageError`` for anything else."""
    match = _TIME.match(text)
    if match is None:
        raise UsageError(f"{option}: {text!r} is no time", hint="write it like 90s, 30m or 2h")
    return float(match[1]) * _SECONDS[(match[2] or "s").lower()]
