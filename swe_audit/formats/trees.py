"""Whole trees of files: read from git, changed by a patch, and compared into one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from swe_audit.errors import InputError
from swe_audit.formats.patches import changed_files, unsafe_path
from swe_audit.model.task import Task
from swe_audit.model.tree import Tree, tree_of_objects

try:
    import git
except ImportError as error:  # GitPython looks for the git program when it is imported
    raise InputError(f"git cannot be used: {error}", hint="Install git.") from error

_QUIET = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "LC_ALL": "C"}


def tree_of_commit(folder: Path, commit: str) -> Tree:
    """Return the tree of a commit of a clone, bare or not; ``InputError`` where it is not there."""
    try:
        listing = _git(folder, "ls-tree", "-r", "-z", commit)
        heads = [entry.split(b"\t")[0].split() for entry in listing.split(b"\0") if entry]
        blobs = b"".join(head[2] + b"\n" for head in heads if head[1] == b"blob")
        return tree_of_objects(listing, _git(folder, "cat-file", "--batch", data=blobs))
    except git.GitCommandError as error:
        raise InputError(
            f"{folder}: holds no commit {commit}", hint="Fetch it into the clone."
        ) from error


def tree_of_mirrors(mirrors: Path, task: Task) -> Tree:
    """Return a task's base tree from a folder of clones (``owner__name.git`` or ``owner__name``).

    Raise ``InputError`` where there is no such clone or it lacks the commit.
    """
    name = task.repo.replace("/", "__")
    for folder in (mirrors / f"{name}.git", mirrors / name):
        if folder.is_dir():
            return tree_of_commit(folder, task.base_commit)
    raise InputError(f"{mirrors}: holds no clone called {name}.git", hint="See `--mirrors`.")


def patched(tree: Tree, patch: str) -> Tree:
    """Return the tree that a patch yields; raise ``InputError`` where git cannot apply it."""
    if not patch.strip():
        return tree
    changes = changed_files(patch)
    unsafe = unsafe_path(changes)
    if unsafe is not None:
        raise InputError(f"the patch writes outside the repository: {unsafe!r}")
    touched = sorted({path for change in changes for path in (change.old, change.new) if path})
    with tempfile.TemporaryDirectory(prefix="swe-audit-") as scratch:
        root = Path(scratch)
        _write(root, tree, touched)
        try:
            _git(root, "init", "-q", ".")
            data = patch.encode("utf-8", "surrogateescape")
            _git(root, "apply", "--whitespace=nowarn", "-", data=data)
        except git.GitCommandError as error:
            said = " ".join(str(error.stderr).split())
            raise InputError(f"the patch does not apply: {said}") from error
        return tree.with_files({path: _read(root / path) for path in touched})


def difference(before: Tree, after: Tree, paths: Iterable[str]) -> str:
    """Return the patch from one tree to another over some paths, empty where they agree.

    Renamed files are written as removed and added, which every tool that applies patches reads.
    """
    touched = sorted({p for p in paths if before.bytes_of(p) != after.bytes_of(p)})
    if not touched:
        return ""
    with tempfile.TemporaryDirectory(prefix="swe-audit-") as scratch:
        root = Path(scratch)
        _write(root / "a", before, touched)
        _write(root / "b", after, touched)
        options = ("--no-index", "--no-prefix", "--no-renames", "--binary")
        output = _git(root, "diff", *options, "a", "b", fine=(0, 1))
    return output.decode("utf-8", "surrogateescape")


def _git(folder: Path, *arguments: str, data: bytes = b"", fine: tuple[int, ...] = (0,)) -> bytes:
    """Run git in a folder; raise ``GitCommandError`` for an exit code that is not ``fine``."""
    command = ["git", *arguments]
    with tempfile.TemporaryFile() as stream:
        stream.write(data)
        stream.seek(0)
        code, output, said = git.Git(folder).execute(
            command,
            istream=stream,
            with_extended_output=True,
            with_exceptions=False,
            stdout_as_string=False,
            strip_newline_in_stdout=False,
            env=_QUIET,
        )
    if code not in fine:
        raise git.GitCommandError(command, code, said)
    return bytes(output)


def _write(root: Path, tree: Tree, paths: Iterable[str]) -> None:
    root.mkdir(exist_ok=True)
    for path in paths:
        content = tree.bytes_of(path)
        if content is not None:
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None
