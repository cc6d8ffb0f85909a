"""Runs one trial in a fresh container and leaves nothing behind."""

from __future__ import annotations

import atexit
import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Any

import docker

from swe_audit.containers import container as engine
from swe_audit.containers.docker_engine import ask_anew, connect, describe, translated
from swe_audit.containers.output import TrialOutput
from swe_audit.containers.ownership import TRIAL, this_process
from swe_audit.containers.ports import EngineInfo, Study
from swe_audit.containers.reaper import leftovers, remove
from swe_audit.containers.reinstalling import reinstall
from swe_audit.containers.runner_script import new_marks, read_assets, sending, trial_files
from swe_audit.containers.session import Session, interrupted
from swe_audit.containers.study import study
from swe_audit.containers.turns import Turns
from swe_audit.errors import EngineCallError, EngineUnavailableError
from swe_audit.judging.early import is_decided
from swe_audit.model.reinstall import Reinstall
from swe_audit.model.task import Task
from swe_audit.model.trial import NOT_INSTALLED_AGAIN, Limits, RunState, TrialRun, TrialSpec

TRIES = 3


class DockerIsolation:
    """An ``Isolation`` on Docker or Podman; one object serves any number of threads.

    ``run_id`` labels every container. ``client`` is for an engine that the caller has already
    connected to; without it the first use connects. Close it, or use it as a context manager:
    that waits until the last container is gone. ``back_off`` is the first pause in seconds
    before a failed engine call's trial is tried again; it doubles and has jitter. ``running`` is
    how many containers run at once, by default all: the others are made ready and wait.
    """

    name = "docker"

    def __init__(
        self,
        run_id: str,
        *,
        client: docker.APIClient | None = None,
        back_off: float = 0.5,
        disk_interval: float = 2.0,
        running: int | None = None,
    ) -> None:
        self._running = running
        self._run_id = run_id
        self._given = client
        self._back_off = back_off
        self._disk_interval = disk_interval
        self._lock = threading.Lock()
        self._open: Session | None = None
        self._images: dict[str, tuple[str, ...]] = {}

    def info(self) -> EngineInfo:
        """Describe the engine; raise ``EngineUnavailableError`` where none answers."""
        try:
            client = self._session().client
            ask_anew(client)
            return describe(client)
        except EngineCallError as fault:  # it was there when we connected
            raise EngineUnavailableError(
                f"the container engine does not answer any more: {fault.message}",
                hint="start it again, then go on with --resume",
            ) from fault

    def run(self, spec: TrialSpec, image: str, limits: Limits, cancel: threading.Event) -> TrialRun:
        """Run one trial as ``Isolation.run`` promises; see ``docs/parity.md`` for how.

        A failure of the engine, and a container that somebody else killed or removed, is tried
        again in a new container, up to three times in all.
        """
        result = self._persist(spec, image, limits, cancel)
        if spec.without_install:
            told = "; ".join(filter(None, (result.detail, NOT_INSTALLED_AGAIN)))
            result = replace(result, detail=told, without_install=True)
        return replace(result, image=image, isolation=self.name)

    def study(self, task: Task, image: str) -> Study:
        """Read a task's base tree out of its image, and what the classes that gold touches inherit.

        Raise ``EngineCallError`` where the engine fails or the image holds no git tree.
        """
        paths = [p for p in new_paths(task.gold_patch) if p.endswith(".py")]
        client = self._session().client
        return study(client, self._run_id, image, task.gold_patch, paths, task.workdir)

    def reinstall(self, task: Task, image: str, limits: Limits) -> Reinstall:
        """See what installing a task's tree once more does, as ``Isolation.reinstall`` promises."""
        if limits.network != "none":  # what it installs may be another thing each time
            return Reinstall(image="", preamble="", problem="trials have network")
        client = self._session().client
        variables = self._variables(client, image, limits)
        return reinstall(client, self._run_id, image, task, limits.claimed_by(task), variables)

    def sweep(self) -> int:
        """Remove containers of ours whose process is dead; those of live runs stay."""
        client = self._session().client
        dead = leftovers(client)
        for container in dead:
            remove(client, container)
        return len(dead)

    def close(self) -> None:
        """Wait until every container that this object started is gone; safe to call twice."""
        with self._lock:
            session, self._open = self._open, None
        if session is not None:
            session.close(self._run_id)
            atexit.unregister(self.close)

    def __enter__(self) -> DockerIsolation:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _session(self) -> Session:
        with self._lock:
            if self._open is None:
                client = self._given or connect()
                turns = Turns(self._running, describe(client).machine)
                owned = self._given is None
                self._open = Session(client, self._disk_interval, turns, owned=owned)
                atexit.register(self.close)
            return self._open

    def _persist(
        self, spec: TrialSpec, image: str, limits: Limits, cancel: threading.Event
    ) -> TrialRun:
        session = self._session()
        began, pause = time.monotonic(), self._back_off
        for attempt in range(1, TRIES + 1):
            if cancel.is_set():
                return interrupted()
            try:
                return self._once(session, spec, image, limits, cancel)
            except EngineCallError as fault:
                if attempt == TRIES or not fault.transient or not _answers(session.client):
                    tried = f" ({attempt} tries)" if attempt > 1 else ""
                    return TrialRun(
                        state=RunState.ENGINE_ERROR,
                        log="",
                        detail=fault.message + tried,
                        total_seconds=time.monotonic() - began,
                    )
            cancel.wait(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, no secret
            pause *= 4
        raise AssertionError("the loop returns at its last attempt")

    def _once(
        self,
        session: Session,
        spec: TrialSpec,
        image: str,
        limits: Limits,
        cancel: threading.Event,
    ) -> TrialRun:
        """One attempt; raise ``EngineCallError`` where the machinery, not the candidate, failed.

        The time in which it waited for its turn is none of its ``total_seconds``.
        """
        began = time.monotonic()
        marks = new_marks()
        output = TrialOutput(marks, limits.output)
        variables = self._variables(session.client, image, limits)
        name = engine.container_name(self._run_id)
        # Patching and tests may each take the whole timeout, and another's may come before.
        deadline = time.time() + 4 * limits.timeout
        labels = {**this_process().labels(self._run_id, deadline), TRIAL: spec.id}
        try:
            command, content = sending(trial_files(spec, marks, read_assets(spec.task)))
            engine.create(
                session.client,
                name,
                image,
                limits,
                labels=labels,
                variables=variables,
                command=command,
            )
            decided = partial(is_decided, spec.task, decisive=spec.decisive)
            early = decided if spec.decisive else None
            claim = spec.task.resources
            run, waited = session.attend(name, content, output, limits, claim, cancel, early)
            return replace(run, total_seconds=time.monotonic() - began - waited)
        finally:
            session.reaper.take(name)

    def _variables(self, client: docker.APIClient, image: str, limits: Limits) -> dict[str, str]:
        if limits.network != "none":
            return {}
        return engine.offline_variables(self._image_variables(client, image))

    def _image_variables(self, client: docker.APIClient, image: str) -> tuple[str, ...]:
        """The image's own environment, asked for once."""
        if image not in self._images:
            try:
                with translated(f"looking at image {image}"):
                    inspect: Callable[[str], dict[str, Any]] = client.inspect_image
                    row = inspect(image)
            except EngineCallError as fault:
                raise EngineCallError(
                    fault.message, transient=fault.transient and not fault.missing
                ) from fault
            self._images[image] = tuple((row.get("Config") or {}).get("Env") or ())
        return self._images[image]


def new_paths(patch: str) -> list[str]:
    """Return the files that a patch leaves behind, by its ``+++`` lines."""
    heads = (line[4:].split("\t")[0].strip() for line in patch.split("\n") if line[:4] == "+++ ")
    return sorted({head[2:] for head in heads if head.startswith("b/")})


def _answers(client: docker.APIClient) -> bool:
    """Whether the engine is there: one that is away has to be waited for, not tried again."""
    try:
        with translated("asking whether the engine answers"):
            ask_anew(client)
            client.ping()
    except EngineCallError:
        return False
    return True
