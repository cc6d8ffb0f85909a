"""Where things lie between runs that can be made again at any time."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder(name: str) -> Path:
    """Return ``~/.cache/swe-audit/NAME``, by XDG's base directory rule; it need not be there."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "swe-audit" / name
