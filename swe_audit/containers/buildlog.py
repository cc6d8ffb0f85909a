"""One build's log, kept as a file where a folder was named."""

from __future__ import annotations

import re
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import TextIO

from swe_audit.errors import ImageError

_TAIL = 30


class BuildLog:
    """Keeps the lines of one build; an ``ImageError`` that passes through carries their end."""

    def __init__(self, folder: Path | None, name: str) -> None:
        self._path = folder / (re.sub(r"[^\w.-]+", "_", name) + ".log") if folder else None
        self._tail: deque[str] = deque(maxlen=_TAIL)
        self._file: TextIO | None = None

    def __enter__(self) -> BuildLog:
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w", encoding="utf-8")
        return self

    def write(self, line: str) -> None:
        """Keep one line."""
        self._tail.append(line)
        if self._file is not None:
            self._file.write(line + "\n")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
        if isinstance(error, ImageError) and not error.log:
            error.log = "\n".join(self._tail)
            if self._path is not None:
                error.hint = error.hint or f"the build log is {self._path}"
