"""Sizes as people write them: ``4g``, ``512 MiB``."""

from __future__ import annotations

import re

_SIZE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?\s*$", re.IGNORECASE)
_POWERS = {"k": 1, "m": 2, "g": 3, "t": 4}


def bytes_of(text: str, unit: str = "g") -> int | None:
    """Return the bytes that a text says, None where it is no size.

    A bare number counts ``unit`` (``k``, ``m``, ``g`` or ``t``, powers of 1024).
    """
    match = _SIZE.match(text)
    if match is None:
        return None
    return int(float(match[1]) * 1024 ** _POWERS[(match[2] or unit).lower()])


def size_text(size: int) -> str:
    """Write bytes in the largest unit that says them exactly; less than 1 KiB counts as that."""
    for unit in "tgm":
        if size % 1024 ** _POWERS[unit] == 0:
            return f"{size // 1024 ** _POWERS[unit]}{unit}"
    return f"{-(-size // 1024)}k"
