"""Candidates in the journal's file; their long texts stand there once, for many share them.

A softened test patch and its script go with every rejected candidate of a task, and a patch is
tried again under other tests: they would be most of the file.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from typing import Any

from swe_audit.journal import codec
from swe_audit.model.candidate import Candidate

TABLE = """
CREATE TABLE IF NOT EXISTS texts (sha256 TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
"""
_LONG = 500
_KEY = "text_sha256"
"""The one key of what stands for a long text in a candidate's JSON."""


def put(
    database: sqlite3.Connection, instance_id: str, candidates: Iterable[Candidate], *, first: int
) -> None:
    """Keep candidates of a task, from a position on."""

    def fold(value: Any) -> Any:
        if not isinstance(value, str) or len(value) < _LONG:
            return value
        body = value.encode("utf-8", "surrogatepass")
        sha256 = hashlib.sha256(body).hexdigest()
        database.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (sha256, body))
        return {_KEY: sha256}

    database.executemany(
        "INSERT INTO candidates VALUES (?, ?, ?)",
        [
            (instance_id, place, codec.encode(candidate, fold))
            for place, candidate in enumerate(candidates, start=first)
        ],
    )


def read(database: sqlite3.Connection, instance_id: str) -> tuple[Candidate, ...]:
    """Return a task's candidates, in order; those of an older journal hold their texts themselves.

    Raise ``JournalError`` where a text is missing.
    """
    texts: dict[str, str] = {}

    def unfold(plain: dict[str, Any]) -> Any:
        sha256 = plain.get(_KEY)
        if sha256 is None:
            return plain
        if sha256 not in texts:
            query = "SELECT body FROM texts WHERE sha256 = ?"
            (body,) = database.execute(query, (sha256,)).fetchone()
            texts[sha256] = body.decode("utf-8", "surrogatepass")
        return texts[sha256]

    rows = database.execute(
        "SELECT body FROM candidates WHERE instance_id = ? ORDER BY position", (instance_id,)
    ).fetchall()
    return tuple(codec.decode(Candidate, body, unfold) for (body,) in rows)
