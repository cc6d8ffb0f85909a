"""Ask an outside writer for alternatives: it sees the statement and the base tree, nothing else."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from swe_audit.model.outside import Written
from swe_audit.model.task import Task
from swe_audit.model.tree import Tree
from swe_audit.outside.command import Outside

MOST = 64
"""Patches of one task that are taken from a writer; more of them are a fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """An outside writer of patches. It never gets to see gold or the tests that grade."""

    outside: Outside

    def write(self, task: Task, base: Tree, stop: Callable[[], bool] = lambda: False) -> Written:
        """Return what the writer makes of a task; raise ``OutsideCommandError`` where it fails.

        The base tree lies in a folder that is gone afterwards; git's own files, links and
        submodules are not there.
        """
        with tempfile.TemporaryDirectory(prefix="swe-audit-writer-") as folder:
            _lay_out(base, Path(folder))
            answer = self.outside.ask({**_shown(task), "base": folder}, stop)
        patches = answer.get("patches")
        if not isinstance(patches, list) or not all(isinstance(one, str) for one in patches):
            raise self.outside.complaint("printed no list of patches")
        if len(patches) > MOST:
            raise self.outside.complaint(f"printed {len(patches)} patches, more than {MOST}")
        return Written(
            command=self.outside.command, question=self.key(task), patches=tuple(patches)
        )

    def key(self, task: Task) -> str:
        """Return the identity of what this writer is shown of a task."""
        text = json.dumps([self.outside.command, task.base_commit, _shown(task)], sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _shown(task: Task) -> dict[str, object]:
    return {
        "schema_version": 1,
        "instance_id": task.instance_id,
        "repo": task.repo,
        "problem_statement": task.statement,
    }


def _lay_out(tree: Tree, folder: Path) -> None:
    for path in tree.paths():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(tree.bytes_of(path) or b"")
