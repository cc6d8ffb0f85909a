"""Sizes on the command line: ``4g``, ``512 MiB``, or a bare number in the option's own unit."""

from __future__ import annotations

import re

from swe_audit.errors import UsageError

_SIZE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?\s*$", re.IGNORECASE)
_POWERS = {"k": 1, "m": 2, "g": 3, "t": 4}


def size(text: str, option: str, unit: str) -> int:
    """Return bytes; a bare number counts ``unit`` (``k``, ``m``, ``g`` or ``t``, powers of 1024).

    Raise ``UsageError`` for anything else.
    """
    match = _SIZE.match(text)
    if match is None:
        raise UsageError(f"{option}: {text!r} is no size", hint="write it like 512m or 4g")
    return int(float(match[1]) * 1024 ** _POWERS[(match[2] or unit).lower()])
