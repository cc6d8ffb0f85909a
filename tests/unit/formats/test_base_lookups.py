"""What a git mirror tells of a base tree, asked without unpacking it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from swe_audit.formats.base_lookups import BaseLookup, lookup
from swe_audit.model.task import Task

CODER = """class Coder:
    def __init__(self, transform_alpha=None, transform_algorithm="omp"):
        raise ValueError("no such transform: %s" % transform_algorithm)
"""
GOLD = """diff --git a/coder.py b/coder.py
--- a/coder.py
+++ b/coder.py
@@ -1,1 +1,2 @@
 class Coder:
+    transform_max_iter = 1
"""


def task_at(commit: str) -> Task:
    return Task(
        instance_id="code__code-1",
        repo="code/code",
        base_commit=commit,
        statement="",
        gold_patch=GOLD,
        test_patch="",
        fail_to_pass=("t",),
        pass_to_pass=(),
        log_parser="",
    )


@pytest.fixture(scope="module")
def mirrors(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("mirrors")
    clone = folder / "code__code"
    clone.mkdir()

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(clone), "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    git("init", "-q")
    (clone / "coder.py").write_text(CODER, encoding="utf-8")
    (clone / "a:b.txt").write_text("odd_name here\n", encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "base")
    base = git("rev-parse", "HEAD")
    (clone / "coder.py").write_text(CODER + "later_name = 1\n", encoding="utf-8")
    git("commit", "-qam", "later")
    return folder, base


@pytest.fixture
def base(mirrors: tuple[Path, str]) -> BaseLookup:
    found = lookup(mirrors[0], task_at(mirrors[1]))
    assert found is not None
    return found


def test_words_are_whole_and_of_that_commit_only(base: BaseLookup) -> None:
    asked = {"transform_alpha", "transform", "later_name", "max_iter", "odd_name", "Coder"}
    assert base.holds(asked) == {
        "Coder": "coder.py",
        "odd_name": "a:b.txt",
        "transform": "coder.py",
        "transform_alpha": "coder.py",
    }
    assert base.holds(asked) == base.holds(sorted(asked))
    assert base.holds([]) == {}


def test_siblings_share_a_beginning_or_an_end(base: BaseLookup) -> None:
    assert base.siblings("transform_max_iter") == {
        "max_iter": ("transform_algorithm", "transform_alpha")
    }
    assert base.siblings("fit_max_iter") == {}
    assert base.siblings("iter") == {}


def test_texts_are_found_whatever_their_case(base: BaseLookup) -> None:
    assert base.says("No such transform:") == "coder.py"
    assert base.says("no such transformation") is None
    assert base.says("-e") is None


def test_a_clone_that_lacks_the_commit_is_no_base(mirrors: tuple[Path, str]) -> None:
    assert lookup(mirrors[0], task_at("f" * 40)) is None
    assert lookup(mirrors[0] / "nowhere", task_at(mirrors[1])) is None
