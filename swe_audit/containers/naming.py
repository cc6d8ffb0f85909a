"""Names of images, by the content of what they are built from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from swe_audit import environments as env
from swe_audit.containers.classic import context_files
from swe_audit.model.task import Environment, Task


def task_name(task: Task, *, classic: bool) -> str:
    """Name the image that is built for a task with a folder, of its description or Dockerfile.

    ``classic`` images are built another way and must not be taken for the others.
    """
    assert task.folder is not None
    if task.environment is not None:
        key = env.content_key(task.environment, task.workdir)
        if task.environment.source.folder:
            source = task.folder / task.environment.source.folder
            key = _digest([key, folder_digest(source, source.rglob("*"))])
    else:
        key = folder_digest(task.folder, context_files(task.folder))
    return f"swe-audit/task{'-classic' if classic else ''}:{key}"


def environment_name(environment: Environment) -> str:
    """Name the image of the packages, which all tasks that ask for the same share."""
    return f"swe-audit/environment:{env.environment_key(environment)}"


def folder_digest(folder: Path, paths: Iterable[Path]) -> str:
    """Identify what lies below a folder: names, executable bits and bytes."""
    parts: list[str] = []
    for path in sorted(paths):
        if path.is_file():
            mode = "x" if path.stat().st_mode & 0o100 else "-"
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            parts += [str(path.relative_to(folder)), mode, digest]
    return _digest(parts)


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
