"""What a machine of a cluster does for an audit: images made ready, trials, nothing left behind.

Each function runs in a process of its own there, knows nothing of the cluster, and uses what an
audit of one machine uses. ``open_engine`` makes the isolation and the images of that machine.
"""

from __future__ import annotations

import io
import signal
import tarfile
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from swe_audit.containers.ports import Engine, Surroundings
from swe_audit.errors import AuditError, EngineUnavailableError
from swe_audit.executors.local import LocalExecutor
from swe_audit.model.task import Task
from swe_audit.model.trial import Limits, RunState, TrialRun, TrialSpec

OpenEngine = Callable[[], Engine]

_GLANCE = 0.1
"""Seconds between two looks at whether the trial was cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a machine could not do what was asked; another may. ``unusable``: nor anything else."""

    detail: str
    unusable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What a trial printed: megabytes, so it travels apart from how the trial ended."""

    log: str
    apply_log: str


def greet(open_engine: OpenEngine) -> str:
    """Remove what dead runs left; say why trials cannot run here, nothing where they can."""
    try:
        leave(open_engine)
    except AuditError as error:
        return error.message
    return ""


def make_ready(
    open_engine: OpenEngine, task: Task, parcel: bytes | None, expected: Surroundings
) -> str | Fault:
    """Return the task's image on this machine, pulled or built if need be.

    An image that is not what ``expected`` says of the auditor's is a fault: verdicts on two
    images do not compare.
    """
    try:
        engine = open_engine()
        try:
            with unpacked(task, parcel) as here:
                image = engine.images.ensure(here, lambda _line: None)
                found = engine.images.surroundings(here)
        finally:
            engine.isolation.close()
    except AuditError as error:
        gone = isinstance(error, EngineUnavailableError)
        return Fault(detail=error.message, unusable=gone)
    if not _same(found, expected):
        return Fault(
            detail=f"the image of {task.instance_id} differs: it is {_shown(found)}, and"
            f" {_shown(expected)} where the audit was started"
        )
    return image


def run_trial(
    open_engine: OpenEngine,
    limits: Limits,
    spec: TrialSpec,
    parcel: bytes | None,
    image: str | Fault,
) -> tuple[TrialRun | Fault, Printed]:
    """Run one trial, and return once its container is gone.

    SIGINT, as which a cluster passes on that a task was cancelled, kills the container.
    """
    nothing = Printed(log="", apply_log="")
    if isinstance(image, Fault):
        return image, nothing
    try:
        engine = open_engine()
        executor = LocalExecutor(engine.isolation, limits, 1)
        with _on_interrupt(executor.cancel), unpacked(spec.task, parcel) as task:
            try:
                future = executor.submit(replace(spec, task=task), image)
                while not wait([future], timeout=_GLANCE).done:
                    pass  # a signal is heard between two waits
                run = future.result()
            finally:
                executor.close()
                engine.isolation.close()
    except EngineUnavailableError as error:
        return Fault(detail=error.message, unusable=True), nothing
    if run.state is RunState.ENGINE_ERROR:
        return Fault(detail=run.detail), nothing
    return replace(run, log="", apply_log=""), Printed(log=run.log, apply_log=run.apply_log)


def leave(open_engine: OpenEngine) -> int:
    """Remove what processes that were killed here left behind; return how many containers."""
    engine = open_engine()
    try:
        engine.isolation.info()
        return engine.isolation.sweep()
    finally:
        engine.isolation.close()


def packed(folder: Path | None) -> bytes | None:
    """Pack a folder for another machine; None for none."""
    if folder is None:
        return None
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        tar.add(folder, arcname=".")
    return buffer.getvalue()


@contextmanager
def unpacked(task: Task, parcel: bytes | None) -> Iterator[Task]:
    """Yield the task with the folder that was packed elsewhere, for as long as it is needed."""
    if parcel is None:
        yield replace(task, folder=None)
        return
    with tempfile.TemporaryDirectory(prefix="swe-audit-") as place:
        with tarfile.open(fileobj=io.BytesIO(parcel)) as tar:
            tar.extractall(place)  # noqa: S202 - the auditor packed it
        yield replace(task, folder=Path(place))


@contextmanager
def _on_interrupt(cancel: Callable[[], None]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears signals
        return
    before = signal.signal(signal.SIGINT, lambda _number, _frame: cancel())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _same(found: Surroundings, expected: Surroundings) -> bool:
    resolved = {found.resolved, expected.resolved} - {""}
    return found.description == expected.description and len(resolved) <= 1


def _shown(surroundings: Surroundings) -> str:
    return ", ".join(filter(None, (surroundings.description, *surroundings.resolved.split("\n"))))
