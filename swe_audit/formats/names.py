"""What to say of ids that were asked for and do not exist."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable


def unknown_ids(source: str, unknown: Iterable[str], known: Collection[str]) -> str:
    """Return one sentence that names each unknown id with the closest ones that exist."""
    said = []
    for name in sorted(unknown):
        close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.6)
        said.append(f"{name} (close: {', '.join(close)})" if close else name)
    return f"{source} holds no task {', '.join(said)}"
