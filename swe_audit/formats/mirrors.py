"""From a local git clone to ``source.tar.gz``: one commit, its real hash, and nothing else."""

from __future__ import annotations

import gzip
import io
import os
import re
import tarfile
import tempfile
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from swe_audit.errors import InputError

try:
    import git
except ImportError as error:  # GitPython looks for the git program when it is imported
    raise InputError(f"git cannot be used: {error}", hint="Install git.") from error

_COMMIT = re.compile(r"^[0-9a-f]{40}$")
_CONFIG = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"


class Mirror:
    """A local clone: bare or not, shallow or not. It is only read; use it in a ``with`` block.

    The commits that will be asked for are unpacked once into a scratch store where no object is
    a difference from another one, so that each archive is then a plain copy of its objects.
    """

    def __init__(self, path: Path, commits: Iterable[str]) -> None:
        """Open a clone; raise ``InputError`` where there is none."""
        try:
            with git.Repo(path) as repo:
                self._common = Path(repo.common_dir).resolve()
        except (git.InvalidGitRepositoryError, git.NoSuchPathError) as error:
            raise InputError(f"{path}: not a git repository") from error
        self.path = path
        self._commits = self._present(commits)
        self._scratch = tempfile.TemporaryDirectory(prefix="swe-audit-")
        self._store = Path(self._scratch.name)
        self._lock = threading.Lock()
        self._unpacked = False

    def __enter__(self) -> Mirror:
        return self

    def __exit__(self, *_: object) -> None:
        self._scratch.cleanup()

    def files(self, commit: str, names: Sequence[str]) -> dict[str, bytes]:
        """Return the content of those of the named files that the commit's tree holds."""
        self._need(commit)
        asked = "".join(f"{commit}:{name}\n" for name in names)
        answer = _git(self._common, "cat-file", "--batch", data=asked.encode())
        found: dict[str, bytes] = {}
        for name in names:
            head, _, rest = answer.partition(b"\n")
            words = head.split(b" ")
            if len(words) != 3 or words[-1] == b"missing":
                answer = rest
                continue
            size = int(words[2])
            if words[1] == b"blob":
                found[name] = rest[:size]
            answer = rest[size + 1 :]
        return found

    def archive(self, commit: str) -> bytes:
        """Return a tar.gz of a bare, shallow git folder that holds just this commit.

        Unpacked as ``.git`` of an empty folder, ``git checkout`` of the commit gives the tree
        with its real hash. The same git version gives the same bytes, whatever clone they come
        from: names sorted, no times, owners, hooks, logs or remotes.
        """
        self._need(commit)
        with self._lock:
            if not self._unpacked:
                self._unpack()
                self._unpacked = True
        with tempfile.TemporaryDirectory(prefix="swe-audit-") as scratch:
            folder = Path(scratch)
            _pack(folder, self._store, [commit])
            return _packed(folder)

    def _present(self, commits: Iterable[str]) -> list[str]:
        """Return those of the commits, given by full hashes, that the clone holds."""
        wanted = sorted({commit for commit in commits if _COMMIT.match(commit)})
        asked = "".join(f"{commit}\n" for commit in wanted).encode()
        answer = _git(self._common, "cat-file", "--batch-check", data=asked).decode()
        return [line.split()[0] for line in answer.splitlines() if line.split()[1] == "commit"]

    def _need(self, commit: str) -> None:
        if commit not in self._commits:
            raise InputError(
                f"{self.path}: holds no commit {commit}",
                hint="Fetch it into the clone, by its full hash.",
            )

    def _unpack(self) -> None:
        """Fill the scratch store with every object of the wanted commits."""
        _pack(self._store, self._common, self._commits, "--no-reuse-object", "--compression=1")


def _pack(folder: Path, origin: Path, commits: list[str], *options: str) -> None:
    """Make a bare git folder that holds some commits, without their parents, in one pack.

    One thread and no search for differences: quick, and the same bytes each time.
    """
    for name in ("objects/pack", "objects/info", "refs"):
        (folder / name).mkdir(parents=True)
    (folder / "HEAD").write_text(f"{commits[0]}\n")
    (folder / "shallow").write_text("".join(f"{commit}\n" for commit in commits))
    (folder / "config").write_text(_CONFIG)
    borrowed = folder / "objects" / "info" / "alternates"
    borrowed.write_text(f"{origin / 'objects'}\n")
    listed = _git(folder, "rev-list", "--objects", "--no-object-names", *commits)
    _git(
        folder,
        "-c",
        "pack.writeReverseIndex=false",
        "pack-objects",
        "--threads=1",
        "--window=0",
        *options,
        "-q",
        str(folder / "objects" / "pack" / "pack"),
        data=listed,
    )
    borrowed.unlink()


def _git(folder: Path, *arguments: str, data: bytes = b"") -> bytes:
    """Run git on a git folder, apart from the user's configuration; return its output."""
    with tempfile.TemporaryFile() as stream:
        stream.write(data)
        stream.seek(0)
        try:
            output = git.Git(folder).execute(
                ["git", "--git-dir", str(folder), *arguments],
                istream=stream,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                env={"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "LC_ALL": "C"},
            )
        except git.GitCommandError as error:
            said = " ".join(str(error.stderr).split())
            raise InputError(f"{folder}: git {arguments[0]} failed: {said}") from error
    return bytes(output)


def _packed(folder: Path) -> bytes:
    """Return a folder's content as tar.gz, normalised."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for path in sorted(folder.rglob("*")):
            entry = tarfile.TarInfo(path.relative_to(folder).as_posix())
            entry.mode = 0o755 if path.is_dir() else 0o644
            if path.is_dir():
                entry.type = tarfile.DIRTYPE
                archive.addfile(entry)
            else:
                content = path.read_bytes()
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    # A pack is compressed already; gzip is only the form that image builders unpack.
    return gzip.compress(plain.getvalue(), compresslevel=0, mtime=0)
