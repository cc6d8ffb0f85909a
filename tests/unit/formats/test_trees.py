"""Trees: read from git, changed by a patch, compared into one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swe_audit.errors import InputError
from swe_audit.formats.trees import difference, patched, tree_of_commit, tree_of_mirrors
from swe_audit.model.tree import Tree


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "shop__cart"
    (folder / "docs").mkdir(parents=True)
    (folder / "cart.py").write_text("total = 0\n")
    (folder / "docs" / "käse.txt").write_text("text\n")
    (folder / ".gitattributes").write_text("docs export-ignore\n")
    (folder / "link").symlink_to("cart.py")
    (folder / "raw").write_bytes(b"\xff\x00")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    return folder


def test_a_commit_gives_its_files_without_links_and_with_what_exports_leave_out(
    clone: Path,
) -> None:
    tree = tree_of_commit(clone, "HEAD")
    assert list(tree.paths()) == [".gitattributes", "cart.py", "docs/käse.txt", "raw"]
    assert tree.read("cart.py") == "total = 0\n"
    assert tree.read("raw") is None
    assert tree.bytes_of("raw") == b"\xff\x00"


def test_a_commit_that_is_not_there_is_said(clone: Path) -> None:
    with pytest.raises(InputError, match="holds no commit"):
        tree_of_commit(clone, "0" * 40)


def test_a_clone_is_found_by_the_name_of_its_repository(clone: Path, fake_task: object) -> None:
    from dataclasses import replace

    task = replace(fake_task, base_commit=git(clone, "rev-parse", "HEAD"))  # type: ignore[type-var]
    assert "cart.py" in tree_of_mirrors(clone.parent, task)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="holds no clone"):
        tree_of_mirrors(clone, task)  # type: ignore[arg-type]


@pytest.fixture
def fake_task() -> object:
    import fakes

    return fakes.make_task()


BASE = Tree({"a.py": b"one\ntwo\nthree\n", "gone.py": b"x\n", "b.txt": b"no newline"})


def test_a_patch_changes_adds_and_removes() -> None:
    after = BASE.with_files({"a.py": "one\n2\nthree\n", "gone.py": None, "new/c.py": "c\n"})
    patch = difference(BASE, after, ["a.py", "gone.py", "new/c.py", "b.txt"])
    assert "diff --git a/a.py b/a.py" in patch
    again = patched(BASE, patch)
    assert {p: again.read(p) for p in again.paths()} == {
        "a.py": "one\n2\nthree\n",
        "b.txt": "no newline",
        "new/c.py": "c\n",
    }


def test_equal_trees_have_no_difference() -> None:
    assert difference(BASE, BASE.with_files({"a.py": "one\ntwo\nthree\n"}), ["a.py"]) == ""


def test_a_patch_that_does_not_fit_is_said() -> None:
    patch = difference(BASE, BASE.with_files({"a.py": "1\n"}), ["a.py"])
    with pytest.raises(InputError, match="does not apply"):
        patched(BASE.with_files({"a.py": "other\n"}), patch)


def test_a_patch_out_of_the_tree_is_refused() -> None:
    evil = "--- a/../evil\n+++ b/../evil\n@@ -0,0 +1 @@\n+x\n"
    with pytest.raises(InputError, match="outside"):
        patched(BASE, evil)


lines = st.lists(st.sampled_from(["a", "b", "", "+", "-x", "@@ -1 +1 @@"]), max_size=8)
texts = st.builds(lambda rows, end: "\n".join(rows) + end, lines, st.sampled_from(["", "\n"]))


@settings(max_examples=25, deadline=None)
@given(before=texts, after=texts)
def test_the_difference_of_two_trees_applied_to_one_gives_the_other(
    before: str, after: str
) -> None:
    one, other = Tree({"f": before.encode()}), Tree({"f": after.encode()})
    assert patched(one, difference(one, other, ["f"])).read("f") == after


def test_a_word_is_found_whole() -> None:
    tree = Tree({"a": b"blank_line", "b": b"x.blank()", "c": b"blanks"})
    assert tree.containing("blank") == ("b",)
