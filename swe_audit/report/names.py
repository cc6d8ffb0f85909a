"""File names for task pages: safe on every file system, whatever an id holds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_LONGEST = 120


def page_names(instance_ids: Iterable[str]) -> tuple[str, ...]:
    """Give each id a file name ending in ``.html``, no two alike even without regard to case.

    An ordinary id is its own name; any other gets a digest of the id behind what is left of it.
    """
    taken: set[str] = set()
    names: list[str] = []
    for instance_id in instance_ids:
        stem = _stem(instance_id)
        name, nth = f"{stem}.html", 1
        while name.lower() in taken:
            nth += 1
            name = f"{stem}-{nth}.html"
        taken.add(name.lower())
        names.append(name)
    return tuple(names)


def _stem(instance_id: str) -> str:
    safe = _UNSAFE.sub("_", instance_id).strip("._-")
    if _RESERVED.match(safe):
        safe = f"task-{safe}"
    if safe and safe == instance_id and len(safe) <= _LONGEST:
        return safe
    digest = hashlib.sha256(instance_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe[:_LONGEST]}-{digest}" if safe else f"task-{digest}"
