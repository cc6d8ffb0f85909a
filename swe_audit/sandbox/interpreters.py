"""Find a Python of the host for an environment: the same minor version, able to make a venv."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from swe_audit.errors import NoInterpreterError

_ASK = (
    "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2]);"
    " print(sys.base_prefix); print(sys.version.split()[0])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """A Python of the host: its program, the folder it was installed to, its whole version."""

    program: Path
    prefix: Path
    version: str


@cache
def interpreter_for(python: str, folder: Path | None = None) -> Interpreter:
    """Return a host's interpreter of a minor version such as ``3.9``.

    ``folder`` holds one folder per version and comes first, then this program's own Python,
    ``PATH``, and the versions of pyenv. Raise ``NoInterpreterError`` where none answers.
    """
    seen: set[Path] = set()
    for program in _places(python, folder):
        real = program.resolve()
        if real in seen or not os.access(program, os.X_OK):
            continue
        seen.add(real)
        found = _asked(program, python)
        if found is not None:
            return found
    raise NoInterpreterError(
        f"no Python {python} that can make a virtual environment is on this machine",
        hint=f"install python{python} with its venv module, or name a folder of interpreters "
        "with --interpreters",
    )


def _places(python: str, folder: Path | None) -> Iterator[Path]:
    name = f"python{python}"
    if folder is not None:
        yield from _versions(folder.expanduser(), python)
    yield Path(sys.base_prefix, "bin", name)
    for place in os.environ.get("PATH", "").split(os.pathsep):
        if place and "pyenv/shims" not in place:
            yield Path(place, name)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from _versions(pyenv / "versions", python)


def _versions(folder: Path, python: str) -> Iterator[Path]:
    """Installations of a minor version in a folder with one folder for each, newest first."""
    found = [
        path
        for path in folder.glob(f"{python}*")
        if path.name == python or path.name.startswith(python + ".")
    ]
    for path in sorted(found, key=_numbers, reverse=True):
        yield path / "bin" / f"python{python}"


def _numbers(path: Path) -> list[int]:
    return [int(part) for part in path.name.split(".") if part.isdigit()]


def _asked(program: Path, python: str) -> Interpreter | None:
    """Ask a program what it is; None where it is another version or lacks a part."""
    try:
        done = subprocess.run(
            [str(program), "-I", "-c", _ASK],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.splitlines()
    if done.returncode or len(lines) != 3 or lines[0] != python:
        return None
    # A program that is a virtual environment's would make one that rests on it.
    own = Path(lines[1], "bin", f"python{python}")
    return Interpreter(
        program=own if own.exists() else program, prefix=Path(lines[1]), version=lines[2]
    )
