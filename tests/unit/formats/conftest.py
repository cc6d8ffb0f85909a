"""Made-up tasks for the readers: a row, a task repo, a git clone."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

COMMIT = "0123456789abcdef0123456789abcdef01234567"
GOLD = """diff --git a/pkg/core.py b/pkg/core.py
--- a/pkg/core.py
+++ b/pkg/core.py
@@ -1,2 +1,2 @@
 def answer():
-    return 41
+    return 42
"""
TESTS = """diff --git a/tests/test_core.py b/tests/test_core.py
--- a/tests/test_core.py
+++ b/tests/test_core.py
@@ -3,2 +3,2 @@
 def test_answer():
-    assert answer() == 41
+    assert answer() == 42
"""


@pytest.fixture
def row() -> dict[str, Any]:
    return {
        "instance_id": "acme__widget-1",
        "repo": "acme/widget",
        "base_commit": COMMIT,
        "patch": GOLD,
        "test_patch": TESTS,
        "problem_statement": "The answer is wrong.\r\nIt should be 42.",
        "hints_text": "",
        "created_at": "2024-05-06T07:08:09Z",
        "version": "1.10",
        "difficulty": "<15 min fix",
        "FAIL_TO_PASS": ["tests/test_core.py::test_answer"],
        "PASS_TO_PASS": '["tests/test_core.py::test_other"]',
        "test_cmd": "pytest -rA tests/test_core.py",
        "image": "acme/widget:1",
        "log_parser": "parse_log_pytest",
        "eval_type": "pass_and_fail",
    }


@pytest.fixture
def dataset(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes rows as JSON lines."""

    def write(*rows: object, name: str = "rows.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(item) + "\n" for item in rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def task_repo(
    tmp_path: Path, dataset: Callable[..., Path], row: dict[str, Any]
) -> Callable[..., Path]:
    """Return a function that writes a task repo with one task for each id."""
    from swe_audit.formats.importer import import_tasks

    def write(*ids: str) -> Path:
        rows = [{**row, "instance_id": name} for name in ids or ("acme__widget-1",)]
        root = tmp_path / "repo"
        import_tasks(str(dataset(*rows, name="for_repo.jsonl")), root)
        return root

    return write


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> tuple[Path, str]:
    """A clone with two commits, and the hash of the second."""
    folder = tmp_path / "clones" / "acme__widget"
    (folder / "pkg").mkdir(parents=True)
    (folder / "tests").mkdir()
    (folder / "pkg" / "core.py").write_text("old\n")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    (folder / "pkg" / "core.py").write_text("def answer():\n    return 41\n")
    (folder / "tests" / "test_core.py").write_text(
        "from pkg.core import answer\n\ndef test_answer():\n    assert answer() == 41\n"
    )
    (folder / "pyproject.toml").write_text('[build-system]\nrequires = ["setuptools>=61"]\n')
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "second")
    return folder, git(folder, "rev-parse", "HEAD")
