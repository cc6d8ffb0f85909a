"""The journal's file: its schema, its one writer, and SQLite's failures in our words."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from swe_audit.errors import JournalError
from swe_audit.journal import candidates, trials

FILE_NAME = "audit.sqlite"
SCHEMA_VERSION = 5

SCHEMA = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY CHECK (id = 1), info TEXT NOT NULL, policy TEXT NOT NULL
);
CREATE TABLE skipped (position INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE tasks (
    instance_id TEXT PRIMARY KEY, position INTEGER NOT NULL, identity TEXT NOT NULL,
    body TEXT NOT NULL, dropped TEXT NOT NULL,
    skip_reason TEXT, skip_detail TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE candidates (
    instance_id TEXT NOT NULL, position INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (instance_id, position)
) WITHOUT ROWID;
"""
_NOTES = """
CREATE TABLE notes (
    instance_id TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (instance_id, kind)
) WITHOUT ROWID;
"""
SCHEMA += trials.TABLE + _NOTES + candidates.TABLE
MIGRATIONS = {1: _NOTES, 2: trials.KEYS, 3: candidates.TABLE, 4: trials.INSTALLS}
"""What turns a journal of a version into one of the next."""
_PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"


def create(path: Path, info: str, rules: str) -> sqlite3.Connection:
    """Make a journal file that holds a run and nothing else; a crash leaves it whole or not at all.

    ``info`` and ``rules`` are what is known of the run, as JSON.
    """
    part = path.with_name(FILE_NAME + ".part")
    with translated(path):
        try:
            part.unlink(missing_ok=True)
        except OSError as error:
            raise JournalError(f"{part} cannot be removed: {error.strerror or error}") from error
        with contextlib.closing(sqlite3.connect(part)) as database, database:
            database.execute("PRAGMA journal_mode = OFF")  # a half-made file is thrown away whole
            database.executescript(f"BEGIN;{SCHEMA}PRAGMA user_version = {SCHEMA_VERSION};COMMIT;")
            database.execute("INSERT INTO run VALUES (1, ?, ?)", (info, rules))
        part.replace(path)
        database = sqlite3.connect(path)
        database.executescript(_PRAGMAS)
    return database


def connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    """Open a journal file; raise ``JournalError`` where it is none, or a newer program's."""
    with translated(path):
        # Without a write-ahead log nobody writes, and a read-only folder can be read too.
        quiet = not path.with_name(FILE_NAME + "-wal").exists()
        mode = "mode=rw" if writable else "mode=ro&immutable=1" if quiet else "mode=ro"
        if writable or quiet or os.access(path.parent, os.W_OK):
            database = sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True)
        else:
            database = _copied(path)
        try:
            version = version_of(database)
            if writable and 0 < version <= SCHEMA_VERSION:
                database.executescript(_PRAGMAS)
                version = _migrated(database, version)
        except sqlite3.Error:
            database.close()
            raise
    if not 0 < version <= SCHEMA_VERSION:
        database.close()
        newer = version > SCHEMA_VERSION
        raise JournalError(
            f"{path} has journal version {version}, this program reads {SCHEMA_VERSION}",
            hint="use the newer swe-audit that wrote it" if newer else "the file is no journal",
        )
    return database


def _copied(path: Path) -> sqlite3.Connection:
    """Read a journal whose writer died into memory: SQLite would have to write beside it."""
    memory = sqlite3.connect(":memory:")
    with tempfile.TemporaryDirectory(prefix="swe-audit-") as folder:
        for name in (FILE_NAME, FILE_NAME + "-wal"):
            shutil.copyfile(path.with_name(name), Path(folder) / name)
        with contextlib.closing(sqlite3.connect(Path(folder) / FILE_NAME)) as database:
            database.backup(memory)
    return memory


def version_of(database: sqlite3.Connection) -> int:
    """Return the version of an open journal; one that is only read may be an older one."""
    (version,) = database.execute("PRAGMA user_version").fetchone()
    return int(version)


def _migrated(database: sqlite3.Connection, version: int) -> int:
    """Bring a journal that is open for writing up to date, one version at a time."""
    while version < SCHEMA_VERSION:
        script = f"BEGIN;{MIGRATIONS[version]}PRAGMA user_version = {version + 1};COMMIT;"
        database.executescript(script)
        version += 1
    return version


def lock(folder: Path) -> IO[str]:
    """Become the run's one writer until the file is closed or the process ends."""
    path = folder / "audit.lock"
    try:
        handle = path.open("w")
    except OSError as error:
        raise JournalError(
            f"{folder} cannot be written to: {error.strerror or error}",
            hint="choose another --out, or change the folder's permissions",
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise JournalError(
            f"another process is writing the audit in {folder}",
            hint="wait for it, or choose another --out",
        ) from error
    return handle


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise JournalError(
            f"the journal {path} cannot be used: {error}",
            hint="check the folder's permissions and free space, then go on with --resume",
        ) from error
    except sqlite3.DatabaseError as error:
        raise JournalError(
            f"the journal {path} is damaged or no journal: {error}",
            hint="start the audit again in a new folder",
        ) from error
