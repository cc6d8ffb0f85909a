"""Trials on this machine: a few threads, each with one container at a time."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor

from swe_audit.containers.ports import Isolation
from swe_audit.executors.watch import EngineWatch
from swe_audit.model.trial import Limits, RunState, TrialRun, TrialSpec


class LocalExecutor:
    """Runs each trial on one of ``slots`` threads; one that an absent engine failed runs again."""

    def __init__(
        self,
        isolation: Isolation,
        limits: Limits,
        slots: int,
        watch: EngineWatch | None = None,
    ) -> None:
        self.slots = slots
        self._watch = watch or EngineWatch(isolation.info)
        self._isolation = isolation
        self._limits = limits
        self._cancelled = threading.Event()
        self._threads = ThreadPoolExecutor(slots, thread_name_prefix="trial")

    def submit(self, spec: TrialSpec, image: str) -> Future[TrialRun]:
        """Begin a trial; after ``cancel`` it comes back interrupted without having begun."""
        return self._threads.submit(self._run, spec, image)

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
        run = self._isolation.run(spec, image, self._limits, self._cancelled)
        if run.state is RunState.ENGINE_ERROR and self._watch.was_away():
            return self._isolation.run(spec, image, self._limits, self._cancelled)
        return run
