from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.errors import InputError
from swe_audit.formats.patches import Change, changed_files, is_safe_path, patch_problem

PLAIN = "--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b\n"


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_every_kind_of_change_that_git_writes_is_read(tmp_path: Path) -> None:
    lines = "".join(f"line {n}\n" for n in range(20))
    for name in ("changed.py", "gone.py", "old name.py", "mode.sh", "naïve.py", "a b/c d.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name + "\n" + lines)
    (tmp_path / "picture.png").write_bytes(bytes(range(256)))
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", "-A")
    _git(tmp_path, "commit", "-q", "-m", "base")
    (tmp_path / "changed.py").write_text("-- a/not-a-header\n+ b\n" + lines)
    (tmp_path / "gone.py").unlink()
    (tmp_path / "old name.py").rename(tmp_path / "new name.py")
    (tmp_path / "mode.sh").chmod(0o755)
    (tmp_path / "naïve.py").write_text("x\n")
    (tmp_path / "a b" / "c d.py").write_text("x\n")
    (tmp_path / "picture.png").write_bytes(bytes(range(255)))
    (tmp_path / "empty.py").touch()
    (tmp_path / "added.py").write_text("-- a/x\n++ b/x\n@@ -1 +1 @@\n")
    _git(tmp_path, "add", "-A")
    files = changed_files(_git(tmp_path, "diff", "--cached", "-M", "--binary"))
    assert {(file.change, file.old, file.new) for file in files} == {
        (Change.MODIFIED, "changed.py", "changed.py"),
        (Change.DELETED, "gone.py", None),
        (Change.RENAMED, "old name.py", "new name.py"),
        (Change.MODIFIED, "mode.sh", "mode.sh"),
        (Change.MODIFIED, "naïve.py", "naïve.py"),
        (Change.MODIFIED, "a b/c d.py", "a b/c d.py"),
        (Change.MODIFIED, "picture.png", "picture.png"),
        (Change.ADDED, None, "empty.py"),
        (Change.ADDED, None, "added.py"),
    }
    assert [file.path for file in files if file.binary] == ["picture.png"]


def test_a_diff_without_git_headers_is_read() -> None:
    (file,) = changed_files("some mail text\n" + PLAIN + "-- \n2.39\n")
    assert (file.change, file.old, file.new) == (Change.MODIFIED, "x.py", "x.py")


@pytest.mark.parametrize(
    ("header", "at_base", "created"),
    [
        ("new file mode 100644\n", None, "y"),
        ("deleted file mode 100644\n", "x", None),
        ("old mode 100644\nnew mode 100755\n", "y", None),
        ("similarity index 100%\nrename from x\nrename to y\n", "x", "y"),
        ("similarity index 100%\ncopy from x\ncopy to y\n", None, "y"),
    ],
)
def test_what_stands_at_base_is_told_from_what_is_new(
    header: str, at_base: str | None, created: str | None
) -> None:
    (file,) = changed_files(f"diff --git a/x b/y\n{header}")
    assert (file.at_base, file.created) == (at_base, created)


def test_carriage_returns_do_not_hide_a_file() -> None:
    assert [file.path for file in changed_files(PLAIN.replace("\n", "\r\n"))] == ["x.py"]


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        ("", "not a diff"),
        ("I could not solve it.", "not a diff"),
        ("@@ -1 +1 @@\n-a\n+b\n", "belongs to no file"),
        ("--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n-a\n+b\n", "shorter than it says"),
        ("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n*oops\n+b\n c\n", "starts with"),
        ("--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+b\n", "has no name"),
        (PLAIN.replace("b/x.py", "b/../x.py"), "outside the repository: '../x.py'"),
        (PLAIN.replace("a/x.py", "/etc/x").replace("b/x.py", "/etc/x"), "outside.*'/etc/x'"),
        (PLAIN.replace("b/x.py", "b/.git/hooks/x"), "outside the repository"),
        (
            'diff --git a/x "b/../\\170"\nnew file mode 100644\n',
            r"outside the repository: '\.\./x'",
        ),
        ("diff --git a/x b/y\nrename from x\nrename to /y\n", "outside the repository: '/y'"),
    ],
)
def test_what_is_wrong_with_a_patch_is_one_sentence(patch: str, said: str) -> None:
    problem = patch_problem(patch)
    assert problem is not None
    assert re.search(said, problem), problem


@pytest.mark.parametrize("path", ["a.py", "a/b.py", "a..b/c", "...", ".gitignore", "a b"])
def test_paths_inside_are_safe(path: str) -> None:
    assert is_safe_path(path)


@pytest.mark.parametrize(
    "path",
    ["", "/a", "../a", "a/../../b", "a/..", ".git/config", "a/.GIT/x", "C:/x", "a\\b", "a\0"],
)
def test_paths_that_lead_out_are_not_safe(path: str) -> None:
    assert not is_safe_path(path)


_HEADERS = st.sampled_from(
    [
        "diff --git a/x b/x",
        "--- a/x",
        "+++ b/x",
        "@@ -1,2 +1 @@",
        "-a",
        "+b",
        " c",
        "\\ No",
        "rename to ",
        "--- /dev/null",
        '+++ "b/\\3"',
        "new file mode 100644",
        "GIT binary patch",
    ]
)


@given(st.lists(_HEADERS | st.text(max_size=20), max_size=12).map("\n".join))
def test_any_text_is_a_patch_or_an_input_error(text: str) -> None:
    try:
        files = changed_files(text)
    except InputError:
        return
    assert all(file.old or file.new for file in files)


@pytest.mark.parametrize("odd", [0xDCFF, 0xD800])
def test_a_quoted_name_with_bytes_that_are_no_text_is_read(odd):
    patch = f'--- a/a.py\n+++ "b/{chr(odd)}.py"\n@@ -1 +1 @@\n-a\n+b\n'
    (change,) = changed_files(patch)
    assert change.new is not None
    assert change.new.endswith(".py")
