"""Lists of instance ids: one a line, a JSON list, or the first column of a CSV."""

from __future__ import annotations

from pathlib import Path

from swe_audit.errors import InputError
from swe_audit.formats.conventions import is_instance_id
from swe_audit.formats.text_files import parsed_json, read_text


def load_ids(path: str | Path) -> tuple[str, ...]:
    """Return the ids that a file lists, each once, in its order.

    Blank lines, and what follows a ``#``, are passed over; a line may hold more columns after a
    comma, and a first line ``instance_id`` is a heading. Raise ``InputError`` for an id that
    cannot be one, and for a list of none.
    """
    text = read_text(Path(path))
    if text.lstrip().startswith("["):
        items = parsed_json(text, str(path))
        found = [(f"{path}: item {place}", item) for place, item in enumerate(items, start=1)]
    else:
        found = [
            (f"{path}:{number}", line.split("#", 1)[0].split(",", 1)[0].strip().strip('"'))
            for number, line in enumerate(text.splitlines(), start=1)
        ]
        found = [(where, item) for where, item in found if item and item != "instance_id"]
    for where, item in found:
        if not isinstance(item, str) or not is_instance_id(item):
            raise InputError(f"{where}: {item!r} is no instance id")
    if not found:
        raise InputError(f"{path}: lists no instance id")
    return tuple(dict.fromkeys(item for _, item in found))
