"""The two streams: results to stdout, everything else to stderr."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from swe_audit.errors import UsageError
from swe_audit.version import VERSION

SCHEMA_VERSION = 1


def print_result(text: str) -> None:
    """Write one line of result to stdout."""
    sys.stdout.write(text + "\n")


def print_json(document: Mapping[str, Any]) -> None:
    """Write the one JSON document of a ``--json`` command to stdout, headed by its versions."""
    whole = {"schema_version": SCHEMA_VERSION, "tool_version": VERSION, **document}
    sys.stdout.write(json.dumps(whole, indent=2, ensure_ascii=False) + "\n")


def say(text: str) -> None:
    """Write one line of progress or explanation to stderr."""
    sys.stderr.write(text + "\n")


class Voice:
    """Speaks to stderr as loud as was asked for, and writes everything to a log file if there is
    one. ``through`` takes the lines instead of stderr while a live display owns the terminal.
    """

    def __init__(self, *, verbose: bool, quiet: bool, log_file: Path | None) -> None:
        self._verbose = verbose
        self._quiet = quiet
        self._log = _opened(log_file)
        self.through: Callable[[str], None] | None = None

    def say(self, text: str) -> None:
        """Say a line unless quiet was asked for."""
        self._keep(text)
        if not self._quiet:
            (self.through or say)(text)

    def detail(self, text: str) -> None:
        """Say a line only where details were asked for."""
        self._keep(text)
        if self._verbose and not self._quiet:
            (self.through or say)(text)

    def warn(self, text: str) -> None:
        """Say a line in any case."""
        self._keep(text)
        (self.through or say)(text)

    def _keep(self, text: str) -> None:
        if self._log is not None:
            moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            self._log.write(f"{moment} {text}\n")
            self._log.flush()

    def close(self) -> None:
        """Close the log file."""
        if self._log is not None:
            self._log.close()
            self._log = None


def _opened(path: Path | None) -> IO[str] | None:
    if path is None:
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"the log file {path} cannot be written: {error.strerror}") from error
