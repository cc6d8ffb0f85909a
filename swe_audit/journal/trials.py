"""Trials in the journal's file, a row each; their logs are files of their own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from swe_audit.journal.records import Address, TrialRecord, plain_text
from swe_audit.model.trial import NOT_INSTALLED_AGAIN, RunState, TrialRun

TABLE = """
CREATE TABLE trials (
    instance_id TEXT NOT NULL, candidate TEXT NOT NULL, attempt INTEGER NOT NULL,
    patch_sha256 TEXT NOT NULL, state TEXT NOT NULL, detail TEXT NOT NULL,
    seconds REAL NOT NULL, total_seconds REAL NOT NULL, exit_code INTEGER,
    image TEXT NOT NULL, isolation TEXT NOT NULL, apply_log TEXT NOT NULL,
    log TEXT NOT NULL, ended TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    key TEXT NOT NULL DEFAULT '', resolved TEXT NOT NULL DEFAULT '',
    without_install INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (instance_id, candidate, attempt)
) WITHOUT ROWID;
"""
KEYS = """
ALTER TABLE trials ADD COLUMN key TEXT NOT NULL DEFAULT '';
ALTER TABLE trials ADD COLUMN resolved TEXT NOT NULL DEFAULT '';
"""
"""What a journal of version 2 lacks."""
_SAID = f"detail LIKE '%{NOT_INSTALLED_AGAIN}'"
INSTALLS = f"""
ALTER TABLE trials ADD COLUMN without_install INTEGER NOT NULL DEFAULT 0;
UPDATE trials SET without_install = {_SAID};
"""  # noqa: S608 - our own words
"""What one of version 4 lacks; there the detail alone says it."""

_COLUMNS = (
    "candidate, attempt, patch_sha256, log, state, detail, seconds, total_seconds, exit_code,"
    " image, isolation, apply_log, key, resolved, without_install"
)


def put(database: sqlite3.Connection, record: TrialRecord) -> None:
    """Keep a trial; an earlier one of the same id gives way."""
    run = record.run
    values = (
        record.candidate,
        record.attempt,
        record.patch_sha256,
        record.log_path,
        run.state.value,
        plain_text(run.detail),
        run.seconds,
        run.total_seconds,
        run.exit_code,
        run.image,
        run.isolation,
        plain_text(run.apply_log),
        record.address.key,
        record.address.resolved,
        run.without_install,
    )
    marks = ", ".join("?" * (1 + len(values)))
    database.execute(
        f"INSERT OR REPLACE INTO trials (instance_id, {_COLUMNS}) VALUES ({marks})",  # noqa: S608
        (record.instance_id, *values),
    )


def read(database: sqlite3.Connection, instance_id: str, version: int) -> tuple[TrialRecord, ...]:
    """Return a task's trials by candidate and attempt; ``version`` is the journal's, which may be
    an older one where it is only read.
    """
    columns = _COLUMNS if version >= 5 else _COLUMNS.replace("without_install", _SAID)
    columns = columns if version >= 3 else columns.replace("key, resolved", "'', ''")
    rows = database.execute(
        f"SELECT {columns} FROM trials"  # noqa: S608
        " WHERE instance_id = ? ORDER BY candidate, attempt",
        (instance_id,),
    ).fetchall()
    return tuple(_record(instance_id, *row) for row in rows)


def forget(database: sqlite3.Connection, trial_ids: Iterable[str]) -> None:
    """Drop trials by their ids."""
    keys = [tuple(trial_id.split("/", 1)) for trial_id in trial_ids]
    rows = [(instance, *rest.rsplit("/", 1)) for instance, rest in keys]
    database.executemany(
        "DELETE FROM trials WHERE instance_id = ? AND candidate = ? AND attempt = ?", rows
    )


def _record(
    instance_id: str,
    candidate: str,
    attempt: int,
    patch_sha256: str,
    log: str,
    state: str,
    detail: str,
    seconds: float,
    total_seconds: float,
    exit_code: int | None,
    image: str,
    isolation: str,
    apply_log: str,
    key: str,
    resolved: str,
    without_install: int,
) -> TrialRecord:
    return TrialRecord(
        instance_id=instance_id,
        candidate=candidate,
        attempt=attempt,
        patch_sha256=patch_sha256,
        log_path=log,
        run=TrialRun(
            state=RunState(state),
            log="",
            apply_log=apply_log,
            detail=detail,
            seconds=seconds,
            total_seconds=total_seconds,
            exit_code=exit_code,
            image=image,
            isolation=isolation,
            without_install=bool(without_install),
        ),
        address=Address(key=key, resolved=resolved),
    )
