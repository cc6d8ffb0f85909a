"""Run a command that reads one JSON object on its standard input and writes one to its output."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from swe_audit.errors import InterruptedRunError, OutsideCommandError, UsageError

_LARGEST = 32 * 1024**2
_GLANCE = 0.25
"""Seconds between two looks at whether the user wants to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A command in words, and how many seconds it may take; ``role`` is for messages."""

    role: str
    words: tuple[str, ...]
    patience: float

    @property
    def command(self) -> str:
        """The command as a shell would take it."""
        return shlex.join(self.words)

    def ask(
        self, document: Mapping[str, object], stop: Callable[[], bool] = lambda: False
    ) -> Mapping[str, object]:
        """Return the command's answer to one question.

        Raise ``OutsideCommandError`` where it cannot be started, takes too long, fails, or
        prints anything but one JSON object; ``InterruptedRunError`` after ``stop``. It gets a
        process group of its own, which is killed as a whole. What it prints as errors is its own
        affair, but for the last line.
        """
        try:
            process = subprocess.Popen(
                self.words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise self.complaint(f"cannot be started: {error.strerror}") from error
        try:
            printed, said = self._talk(process, json.dumps(document).encode("ascii"), stop)
        finally:
            _end(process)
        if process.returncode:
            lines = said.decode("utf-8", "replace").strip().splitlines()
            why = f": {lines[-1].strip()[:200]}" if lines else ""
            raise self.complaint(f"ended with exit code {process.returncode}{why}")
        return self._answer(printed)

    def _talk(
        self, process: subprocess.Popen[bytes], question: bytes | None, stop: Callable[[], bool]
    ) -> tuple[bytes, bytes]:
        """Return what the command prints and says as errors, once it has ended."""
        deadline = time.monotonic() + self.patience
        while True:
            try:
                return process.communicate(question, timeout=_GLANCE)
            except subprocess.TimeoutExpired as error:
                question = None  # it has been given; communicate takes it once
                if stop():
                    raise InterruptedRunError(f"stopped while the {self.role} was asked") from error
                if time.monotonic() >= deadline:
                    raise self.complaint(f"gave no answer within {self.patience:g} s") from error

    def _answer(self, printed: bytes) -> Mapping[str, object]:
        if len(printed) > _LARGEST:
            raise self.complaint(f"printed more than {_LARGEST} bytes")
        try:
            answer = json.loads(printed.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            start = printed[:60].decode("utf-8", "replace").strip()
            raise self.complaint(f"printed no JSON: {start!r}") from error
        if not isinstance(answer, dict):
            raise self.complaint("printed no JSON object")
        return answer

    def complaint(self, why: str) -> OutsideCommandError:
        """Return the error that says what is wrong with an answer."""
        return OutsideCommandError(
            f"the {self.role} {self.words[0]!r} {why}",
            hint="docs/outside-commands.md says what it is given and has to print",
        )


PATIENCE = {"judge": 600.0, "writer": 3600.0}
"""Seconds that each kind of command may take for one answer."""


def outside_command(role: str, text: str, patience: float | None = None) -> Outside:
    """Return the command that a text names; raise ``UsageError`` where there is no such program."""
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        raise UsageError(f"--{role} {text!r} is no command: {error}") from error
    if not words or shutil.which(words[0]) is None:
        name = words[0] if words else text
        raise UsageError(
            f"--{role}: there is no program {name!r}", hint="give a command that can be run"
        )
    return Outside(role=role, words=words, patience=patience or PATIENCE[role])


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill whatever is left of the command's process group, and collect it."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
