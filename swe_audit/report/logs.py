"""Read a trial's compressed log for the task page: its end as text, the whole of it packed."""

from __future__ import annotations

import base64
import gzip
import os
import zlib
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Protocol, cast
from urllib.parse import quote

from swe_audit.report.text import shorten, visible, without_ansi

TAIL_LINES = 30
MAX_LINE = 400
_CHUNK = 1 << 20
_GZIP = b"\x1f\x8b"
_MAX_READ = 256 * 1024**2
"""Bytes read at most of one log; runs cap their output far below."""
MAX_PACKED = 8 * 1024**2
"""Compressed bytes of a log that a page can hold at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """The last lines of a log; ``problem`` says in words why there are none.

    ``packed`` is the whole of it as gzip in base64, where there is more than these lines and a
    page can hold it.
    """

    text: str = ""
    skipped_lines: int = 0
    packed: str = ""
    problem: str = ""


class Logs(Protocol):
    """Where a report's logs are found."""

    def tail(self, log: str) -> Tail:
        """Give the end of a log; ``log`` is relative to the run's folder."""
        ...

    def href(self, log: str, page_folder: Path) -> str:
        """Give the relative address of a log from a page in ``page_folder``, "" for none."""
        ...


class LogFolder:
    """The logs of a run on disk, below the folder that trials' log paths are relative to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._prefixes: dict[Path, str] = {}

    def tail(self, log: str) -> Tail:
        """Give the end of a log; a missing or damaged file is said, not raised."""
        path = self._path(log)
        if path is None:
            return Tail(problem="No log was kept.")
        try:
            with path.open("rb") as raw:
                start = raw.read(MAX_PACKED + 1)
                raw.seek(0)
                packed = start[:2] == _GZIP
                tail = _tail(cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if packed else raw)
            if not tail.skipped_lines or len(start) > MAX_PACKED:
                return tail
            return replace(
                tail, packed=_in_base64(start if packed else gzip.compress(start, mtime=0))
            )
        except FileNotFoundError:
            return Tail(problem=f"The log {log} is not there.")
        except (OSError, EOFError, zlib.error) as error:
            return Tail(problem=f"The log {log} cannot be read: {error}.")

    def href(self, log: str, page_folder: Path) -> str:
        """Give the relative address of a log that exists, "" for one that does not."""
        inside = os.path.normpath(log) if log and "\0" not in log else ".."
        if (
            inside.startswith("..")
            or Path(inside).is_absolute()
            or not (self._folder / inside).is_file()
        ):
            return ""
        return quote(f"{self._prefix(page_folder)}/{Path(inside).as_posix()}")

    def _prefix(self, page_folder: Path) -> str:
        if page_folder not in self._prefixes:
            path = os.path.relpath(self._folder, page_folder.resolve())
            self._prefixes[page_folder] = Path(path).as_posix()
        return self._prefixes[page_folder]

    def _path(self, log: str) -> Path | None:
        if not log or "\0" in log:
            return None
        path = (self._folder / log).resolve()
        return path if path.is_relative_to(self._folder) else None


def _in_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _tail(file: IO[bytes]) -> Tail:
    lines: deque[bytes] = deque(maxlen=TAIL_LINES + 1)
    seen, rest, read = 0, b"", 0
    while read < _MAX_READ and (chunk := file.read(_CHUNK)):
        read += len(chunk)
        *whole, rest = (rest + chunk).split(b"\n")
        rest = rest[-4 * MAX_LINE :]
        seen += len(whole)
        lines.extend(whole)
    if rest:
        seen += 1
        lines.append(rest)
    shown = [line[: 8 * MAX_LINE].decode("utf-8", "replace") for line in list(lines)[-TAIL_LINES:]]
    text = "\n".join(shorten(visible(without_ansi(line)), MAX_LINE) for line in shown)
    return Tail(text=text, skipped_lines=max(0, seen - len(shown)))
