"""``audit.sqlite``: run, tasks, candidates and every trial, written as each trial ends.

A trial's log file is written before its row, so a row always has its log. Verdicts are not kept:
they are computed from the logs whenever they are needed.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, TypeVar

from swe_audit.errors import JournalError
from swe_audit.journal import candidates as tried
from swe_audit.journal import codec, logs
from swe_audit.journal import database as files
from swe_audit.journal import trials as ran
from swe_audit.journal.database import FILE_NAME
from swe_audit.journal.records import (
    UNKNOWN,
    Address,
    DroppedList,
    Rules,
    TaskRecord,
    TrialRecord,
)
from swe_audit.model.audit import RunInfo
from swe_audit.model.candidate import MADE, Candidate, Dropped
from swe_audit.model.task import Skipped, SkipReason, Task
from swe_audit.model.trial import Limits, TrialRun, TrialSpec
from swe_audit.planning import Policy

T = TypeVar("T")


class Journal:
    """One run's memory, in one folder; one writer at a time, from one thread."""

    def __init__(self, folder: Path, database: sqlite3.Connection, lock: IO[str] | None) -> None:
        self.folder = folder
        self._db = database
        self._lock = lock

    @classmethod
    def create(cls, folder: Path, info: RunInfo) -> Journal:
        """Begin a run in ``folder``, which is made if need be and must hold no journal yet."""
        path = folder / FILE_NAME
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise JournalError(f"{folder} cannot be made: {error.strerror or error}") from error
        if path.exists():
            raise JournalError(f"{folder} already holds an audit", hint="go on with --resume")
        lock = files.lock(folder)
        database = files.create(path, codec.encode(info), codec.encode(Rules()))
        return cls(folder, database, lock)

    @classmethod
    def open(cls, folder: Path, *, writable: bool) -> Journal:
        """Open the run in ``folder``; reading needs neither write permission nor the lock.

        Raise ``JournalError`` where there is none, where it is damaged, written by a newer
        version, or in use by another process.
        """
        path = folder / FILE_NAME
        if not path.is_file():
            raise JournalError(
                f"{folder} holds no audit ({FILE_NAME} is missing)",
                hint="give the folder of a run, or its id under reports/",
            )
        with contextlib.ExitStack() as undo:
            lock = undo.enter_context(files.lock(folder)) if writable else None
            database = files.connect(path, writable=writable)
            undo.pop_all()
        return cls(folder, database, lock)

    def close(self) -> None:
        """Fold the write-ahead log into the file and let others in."""
        with files.translated(self.folder / FILE_NAME):
            self._db.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def info(self) -> RunInfo:
        """How the run was made."""
        with self._reading() as db:
            row = db.execute("SELECT info FROM run").fetchone()
        if row is None:
            raise JournalError(f"{self.folder / FILE_NAME} does not say what run it is")
        return codec.decode(RunInfo, row[0])

    def set_info(self, info: RunInfo) -> None:
        """Replace what is known of the run."""
        with self._writing() as db:
            db.execute("UPDATE run SET info = ?", (codec.encode(info),))

    def policy(self) -> Policy:
        """How often gold, and whatever surprises, is run in this audit."""
        return Policy(repeats=self._rules().repeats)

    def limits(self) -> Limits:
        """What one trial's container may use in this audit."""
        return self._rules().limits

    def set_rules(self, policy: Policy, limits: Limits) -> None:
        """Keep how often trials run, and what each may use."""
        rules = Rules(repeats=policy.repeats, limits=limits)
        with self._writing() as db:
            db.execute("UPDATE run SET policy = ?", (codec.encode(rules),))

    def _rules(self) -> Rules:
        with self._reading() as db:
            (text,) = db.execute("SELECT policy FROM run").fetchone()
        return codec.decode(Rules, text)

    def set_skipped(self, skipped: Iterable[Skipped]) -> None:
        """Keep what the dataset's loading left out."""
        rows = [(position, codec.encode(item)) for position, item in enumerate(skipped)]
        with self._writing() as db:
            db.execute("DELETE FROM skipped")
            db.executemany("INSERT INTO skipped VALUES (?, ?)", rows)

    def skipped(self) -> tuple[Skipped, ...]:
        """What the dataset's loading left out."""
        with self._reading() as db:
            rows = db.execute("SELECT body FROM skipped ORDER BY position").fetchall()
        return tuple(codec.decode(Skipped, body) for (body,) in rows)

    def put_task(
        self,
        position: int,
        task: Task,
        candidates: Sequence[Candidate],
        dropped: Iterable[Dropped],
    ) -> tuple[str, ...]:
        """Keep a task and its candidates; return the ids of trials that this made stale.

        A trial is stale, and forgotten, when its task or its patch is not what it was. Candidates
        that were made while an unchanged task ran stay.
        """
        identity = codec.identity(task)
        candidates = (*candidates, *self._made(task.instance_id, identity, candidates))
        patches = {candidate.name: candidate.patch_sha256 for candidate in candidates}
        with self._writing() as db:
            row = db.execute(
                "SELECT identity FROM tasks WHERE instance_id = ?", (task.instance_id,)
            ).fetchone()
            same_task = row is None or row[0] == identity
            db.execute(
                "INSERT OR REPLACE INTO tasks VALUES (?, ?, ?, ?, ?, NULL, '')",
                (
                    task.instance_id,
                    position,
                    identity,
                    codec.encode(task),
                    codec.encode(DroppedList(items=tuple(dropped))),
                ),
            )
            if not same_task:
                db.execute("DELETE FROM notes WHERE instance_id = ?", (task.instance_id,))
            db.execute("DELETE FROM candidates WHERE instance_id = ?", (task.instance_id,))
            tried.put(db, task.instance_id, candidates, first=0)
        stale = tuple(
            record.id
            for record in self.trials(task.instance_id)
            if not same_task or patches.get(record.candidate) != record.patch_sha256
        )
        self.forget(stale)
        return stale

    def _made(
        self, instance_id: str, identity: str, gathered: Sequence[Candidate]
    ) -> tuple[Candidate, ...]:
        """The candidates that an earlier run made of an unchanged task's tree.

        An inquiry goes with the candidate that it is about.
        """
        if not self.holds(instance_id):
            return ()
        record = self.task(instance_id)
        if record.identity != identity:
            return ()
        names = {candidate.name for candidate in gathered}
        made = [c for c in record.candidates if c.provenance in MADE and c.name not in names]
        gone = {c.name: c.patch_sha256 for c in record.candidates}
        for candidate in (*gathered, *made):
            if gone.get(candidate.name) == candidate.patch_sha256:
                del gone[candidate.name]
        return tuple(candidate for candidate in made if candidate.subject not in gone)

    def add_candidates(self, instance_id: str, candidates: Iterable[Candidate]) -> None:
        """Keep candidates that were made while the task ran, after those that it has."""
        with self._writing() as db:
            (last,) = db.execute(
                "SELECT coalesce(max(position), -1) FROM candidates WHERE instance_id = ?",
                (instance_id,),
            ).fetchone()
            tried.put(db, instance_id, candidates, first=last + 1)

    def attach(self, instance_id: str, note: object) -> None:
        """Keep a frozen noun about a task; an earlier one of the same kind gives way."""
        with self._writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO notes VALUES (?, ?, ?)",
                (instance_id, type(note).__name__, codec.encode(note)),
            )

    def attached(self, instance_id: str, kind: type[T]) -> T | None:
        """The noun of this kind about a task, None where none is kept."""
        with self._reading() as db:
            known = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'notes'").fetchone()
            row = (
                known
                and db.execute(
                    "SELECT body FROM notes WHERE instance_id = ? AND kind = ?",
                    (instance_id, kind.__name__),
                ).fetchone()
            )
        return codec.decode(kind, row[0]) if row else None

    def skip(self, skipped: Skipped) -> None:
        """Keep that a task could not be run after all, for instance for want of its image."""
        with self._writing() as db:
            db.execute(
                "UPDATE tasks SET skip_reason = ?, skip_detail = ? WHERE instance_id = ?",
                (skipped.reason.value, skipped.detail, skipped.instance_id),
            )

    def task_ids(self) -> tuple[str, ...]:
        """Every task of the run, in the dataset's order."""
        with self._reading() as db:
            rows = db.execute("SELECT instance_id FROM tasks ORDER BY position, 1").fetchall()
        return tuple(name for (name,) in rows)

    def holds(self, instance_id: str) -> bool:
        """Whether the run has this task."""
        with self._reading() as db:
            query = "SELECT 1 FROM tasks WHERE instance_id = ?"
            return db.execute(query, (instance_id,)).fetchone() is not None

    def task(self, instance_id: str) -> TaskRecord:
        """One task with its candidates; raise ``JournalError`` for an id that is not here."""
        with self._reading() as db:
            row = db.execute(
                "SELECT body, identity, dropped, skip_reason, skip_detail FROM tasks"
                " WHERE instance_id = ?",
                (instance_id,),
            ).fetchone()
            candidates = tried.read(db, instance_id)
        if row is None:
            raise JournalError(f"the run in {self.folder} has no task {instance_id}")
        body, identity, dropped, reason, detail = row
        skip = None
        if reason is not None:
            skip = Skipped(instance_id=instance_id, reason=SkipReason(reason), detail=detail)
        return TaskRecord(
            task=codec.decode(Task, body),
            identity=identity,
            candidates=candidates,
            dropped=codec.decode(DroppedList, dropped).items,
            skip=skip,
        )

    def tasks(self) -> Iterator[TaskRecord]:
        """Every task of the run, in the dataset's order, one at a time."""
        return (self.task(instance_id) for instance_id in self.task_ids())

    def record(self, spec: TrialSpec, run: TrialRun, address: Address = UNKNOWN) -> TrialRecord:
        """Keep a trial: its log first, then its row; an earlier one of the same id gives way."""
        instance_id, name = spec.task.instance_id, spec.candidate.name
        record = TrialRecord(
            instance_id=instance_id,
            candidate=name,
            attempt=spec.attempt,
            patch_sha256=spec.candidate.patch_sha256,
            log_path=logs.log_path(instance_id, name, spec.attempt),
            run=replace(run, log=""),
            address=address,
        )
        logs.write_log(self.folder, record.log_path, run.log)
        with self._writing() as db:
            ran.put(db, record)
        return record

    def trials(self, instance_id: str) -> tuple[TrialRecord, ...]:
        """A task's trials, ordered by candidate name and attempt, without their logs."""
        with self._reading() as db:
            return ran.read(db, instance_id, files.version_of(db))

    def load(self, record: TrialRecord) -> TrialRun:
        """The whole run of a trial, its log read from its file."""
        return replace(record.run, log=logs.read_log(self.folder, record.log_path))

    def forget(self, trial_ids: Iterable[str]) -> None:
        """Drop trials, so that they are run again; their logs are overwritten then."""
        with self._writing() as db:
            ran.forget(db, trial_ids)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with files.translated(self.folder / FILE_NAME):
            yield self._db

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with files.translated(self.folder / FILE_NAME), self._db:
            yield self._db
