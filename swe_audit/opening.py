"""Begin a run or go on with one: its folder, its name, and how its report says it was made."""

from __future__ import annotations

import platform
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from swe_audit.containers.ports import EngineInfo
from swe_audit.errors import UsageError
from swe_audit.gathering import Gathered
from swe_audit.journal import FILE_NAME, Journal
from swe_audit.model.audit import RunInfo
from swe_audit.model.candidate import Dropped
from swe_audit.model.task import UNSTATED, Dataset
from swe_audit.model.trial import Limits
from swe_audit.statistics import counted
from swe_audit.version import VERSION


def new_run_id() -> str:
    """Name a run after the moment it begins; a suffix keeps two of one second apart."""
    return f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(2)}"


def check_out(out: Path, *, resume: bool) -> None:
    """Raise ``UsageError`` where ``out`` holds something that a new run would mix with."""
    if not out.exists() or resume:
        return
    if not out.is_dir():
        raise UsageError(f"{out} is no folder", hint="choose another --out")
    if any(out.iterdir()):
        begun = (out / FILE_NAME).exists()
        raise UsageError(
            f"{out} {'already holds an audit' if begun else 'is not empty'}",
            hint="go on with --resume, or choose another --out"
            if begun
            else "choose another --out",
        )


def open_journal(out: Path, about: RunInfo) -> Journal:
    """Open the run of a folder for writing, begun here where there is none."""
    if not (out / FILE_NAME).exists():
        return Journal.create(out, about)
    journal = Journal.open(out, writable=True)
    before = journal.info()
    journal.set_info(replace(about, started=before.started, finished=before.finished))
    return journal


def run_id_of(out: Path) -> str:
    """Return the id of the run in a folder, which containers and images can be labelled with."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", out.resolve().name).strip("-.")[:80] or "run"


def run_info(
    dataset: Dataset,
    run_id: str,
    info: EngineInfo,
    isolation: str,
    notes: tuple[str, ...],
    seed: int,
    command: str,
) -> RunInfo:
    """Return what is known of a run as it begins."""
    return RunInfo(
        id=run_id,
        command=command,
        seed=seed,
        dataset=dataset.source,
        dataset_sha256=dataset.sha256,
        engine=f"{info.name} {info.version}",
        isolation=isolation,
        versions=(
            ("swe-audit", VERSION),
            ("python", platform.python_version()),
            (info.name, info.version),
            ("storage driver", info.storage_driver),
        ),
        started=now(),
        finished="",
        notes=notes,
    )


def notes_on(
    limits: Limits,
    info: EngineInfo,
    dataset: Dataset,
    gathered: Mapping[str, Gathered],
    strangers: tuple[Dropped, ...],
) -> tuple[str, ...]:
    """Return what a reader of the report has to know about how the trials were made."""
    notes = [
        f"limits of a trial: {limits.timeout:g} s, {limits.memory // 1024**2} MiB of memory,"
        f" {limits.cpus:g} CPU, {limits.pids} processes, {limits.output // 1024**2} MiB of"
        f" output, {limits.disk // 1024**2} MiB written"
    ]
    claiming = sum(task.resources != UNSTATED for task in dataset.tasks)
    if claiming:
        notes.append(f"processors or memory as the task claims them: {counted(claiming, 'task')}")
    if limits.network != "none":
        notes.append(f"trials had network ({limits.network})")
    if info.unenforced:
        notes.append(f"the engine cannot enforce limits on {', '.join(info.unenforced)}")
    notes += [problem for found in gathered.values() for problem in found.problems]
    if strangers:
        notes.append(
            f"{counted(len(strangers), 'prediction')} left out, for "
            f"{counted(len({s.instance_id for s in strangers}), 'task')} not selected"
        )
    return tuple(notes)


def now() -> str:
    """Return this moment in UTC, ISO 8601, to the second."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
