from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from swe_audit.errors import InputError
from swe_audit.formats.mirrors import Mirror


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def _unpacked(archive: bytes, folder: Path) -> Path:
    (folder / ".git").mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        assert all(entry.mtime == 0 and entry.uid == 0 for entry in tar)
        names = tar.getnames()
        tar.extractall(folder / ".git", filter="data")
    assert names == sorted(names)
    assert not {"hooks", "logs", "description"} & set(names)
    return folder


def test_the_archive_is_the_tree_under_its_real_hash(
    clone: tuple[Path, str], tmp_path: Path
) -> None:
    origin, commit = clone
    with Mirror(origin, [commit]) as mirror:
        folder = _unpacked(mirror.archive(commit), tmp_path / "out")
    _git(folder, "config", "core.bare", "false")
    _git(folder, "checkout", "-q", "-f", "--detach", commit)
    assert _git(folder, "rev-parse", "HEAD") == commit
    assert _git(folder, "rev-parse", "HEAD^{tree}") == _git(origin, "rev-parse", "HEAD^{tree}")
    assert _git(folder, "rev-list", "--count", "HEAD") == "1"
    assert _git(folder, "status", "--porcelain") == ""
    _git(folder, "fsck", "--strict")


def test_nothing_of_the_history_is_in_it(clone: tuple[Path, str], tmp_path: Path) -> None:
    origin, commit = clone
    first = _git(origin, "rev-parse", "HEAD~1")
    with Mirror(origin, [commit, first]) as mirror:
        folder = _unpacked(mirror.archive(commit), tmp_path / "out")
    held = _git(folder, "cat-file", "--batch-all-objects", "--batch-check")
    assert first not in held
    assert _git(origin, "rev-parse", "HEAD~1:pkg/core.py") not in held


def test_a_shallow_bare_clone_gives_the_same_bytes(clone: tuple[Path, str], tmp_path: Path) -> None:
    origin, _ = clone
    # Enough text that how it is compressed, and against what, would show.
    for version in ("one", "two"):
        for name in ("a.txt", "b.txt"):
            lines = (f"{name + version if n == 7 else n} {n * n}\n" for n in range(3000))
            (origin / name).write_text("".join(lines))
        _git(origin, "add", "-A")
        _git(origin, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", version)
    commit = _git(origin, "rev-parse", "HEAD")
    bare = tmp_path / "bare.git"
    _git(tmp_path, "clone", "-q", "--bare", "--depth", "1", origin.as_uri(), str(bare))
    _git(bare, "gc", "-q")
    with Mirror(origin, [commit]) as one, Mirror(bare, [commit]) as other:
        assert one.archive(commit) == other.archive(commit) == one.archive(commit)


def test_files_are_read_at_the_commit(clone: tuple[Path, str]) -> None:
    origin, commit = clone
    first = _git(origin, "rev-parse", "HEAD~1")
    names = ["absent.txt", "pkg/core.py", "pkg", "pyproject.toml"]
    with Mirror(origin, [commit, first]) as mirror:
        found = mirror.files(commit, names)
        assert list(found) == ["pkg/core.py", "pyproject.toml"]
        assert found["pkg/core.py"] == b"def answer():\n    return 41\n"
        assert mirror.files(first, names) == {"pkg/core.py": b"old\n"}


def test_a_commit_that_is_not_there_is_named(clone: tuple[Path, str]) -> None:
    origin, _ = clone
    absent = "f" * 40
    with Mirror(origin, [absent, "main", "--help"]) as mirror:
        with pytest.raises(InputError, match=f"holds no commit {absent}"):
            mirror.archive(absent)
        with pytest.raises(InputError, match="holds no commit main"):
            mirror.files("main", ["a"])


@pytest.mark.parametrize("make", [True, False])
def test_what_is_no_repository_is_told(tmp_path: Path, make: bool) -> None:
    folder = tmp_path / "plain"
    if make:
        folder.mkdir()
    with pytest.raises(InputError, match="not a git repository"):
        Mirror(folder, [])
