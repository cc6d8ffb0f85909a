"""Trials on this machine: a few threads, each with one container at a time."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor

from swe_audit.containers.ports import Isolation
from swe_audit.containers.turns import shortage
from swe_audit.executors.watch import EngineWatch
from swe_audit.model.task import UNSTATED, Resources
from swe_audit.model.trial import Limits, RunState, TrialRun, TrialSpec


class LocalExecutor:
    """Runs each trial on one of ``slots`` threads; one that an absent engine failed runs again.

    ``machine`` is what there is for all of them together; the isolation lets run what it holds.
    """

    def __init__(
        self,
        isolation: Isolation,
        limits: Limits,
        slots: int,
        watch: EngineWatch | None = None,
        machine: Resources = UNSTATED,
    ) -> None:
        self.slots = slots
        self._machine = machine
        self._watch = watch or EngineWatch(isolation.info)
        self._isolation = isolation
        self._limits = limits
        self._cancelled = threading.Event()
        self._threads = ThreadPoolExecutor(slots, thread_name_prefix="trial")

    def submit(self, spec: TrialSpec, image: str) -> Future[TrialRun]:
        """Begin a trial; after ``cancel`` it comes back interrupted without having begun."""
        return self._threads.submit(self._run, spec, image)

    def shortage(self, resources: Resources) -> str:
        """Say what the machine has not enough of to ever run a trial; empty where it has."""
        return shortage(resources, self._machine)

    def cancel(self) -> None:
        """Kill every running container; nothing more is started."""
        self._cancelled.set()
        self._watch.cancel()

    def close(self) -> None:
        """Wait for the running trials to end."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _run(self, spec: TrialSpec, image: str) -> TrialRun:
        if self._cancelled.is_set():
            return TrialRun(state=RunState.INTERRUPTED, log="", image=image)
        limits = self._limits.claimed_by(spec.task)
        run = self._isolation.run(spec, image, limits, self._cancelled)
        while run.state is RunState.ENGINE_ERROR and self._watch.was_away():
            run = self._isolation.run(spec, image, limits, self._cancelled)
        return run
