"""Starts a container, and stays with it until it ends or has to be ended, and names its state."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import docker

from swe_audit.containers import container as engine
from swe_audit.containers.disk import DiskWatcher, Watch
from swe_audit.containers.docker_engine import translated
from swe_audit.containers.output import Phase, TrialOutput
from swe_audit.containers.ownership import HOST, PID, RUN, this_process
from swe_audit.containers.reaper import Reaper, remove
from swe_audit.containers.turns import Turns
from swe_audit.errors import EngineCallError
from swe_audit.model.task import Resources
from swe_audit.model.trial import Limits, RunState, TrialRun

_POLL = 0.1
_EARLY = 0.5
"""Seconds between two looks at whether a mutant's verdict is known."""
_OUTPUT_GRACE = 5.0
_KILLED = 128 + 9
_TERMINATED = 128 + 15


class Early:
    """Asks whether a trial's output decides its verdict, ever less often where that is slow."""

    def __init__(self, output: TrialOutput, decided: Callable[[str], bool]) -> None:
        self._output, self._decided = output, decided
        self._next = time.monotonic() + _EARLY
        self._seen = 0

    def known(self) -> bool:
        """Whether it does; asked too soon again, or where nothing is new, no."""
        began = time.monotonic()
        size = self._output.size
        if began < self._next or size == self._seen or self._output.closed:
            return False
        self._seen = size
        found = self._decided(self._output.log)
        took = time.monotonic() - began
        self._next = began + took + max(_EARLY, 20 * took)
        return found


class Session:
    """What an open isolation holds: the client, the reaper and the disk watcher."""

    def __init__(
        self, client: docker.APIClient, disk_interval: float, turns: Turns, *, owned: bool
    ) -> None:
        self.turns = turns
        self.client = client
        self.reaper = Reaper(client)
        self.disk = DiskWatcher(client, disk_interval)
        self._owned = owned

    def attend(
        self,
        name: str,
        content: bytes,
        output: TrialOutput,
        limits: Limits,
        claim: Resources,
        cancel: threading.Event,
        decided: Callable[[str], bool] | None = None,
    ) -> tuple[TrialRun, float]:
        """Start a created container, send it ``content`` when its turn comes, and stay with it.

        Until then it does nothing: starting is work for the engine, not for the tests.
        ``decided`` is asked now and then whether what was printed so far is enough. Return what
        came of it, and the seconds that it waited for its turn.
        """
        stream = engine.start(self.client, name)
        try:
            with self.turns.wait(claim, limits, cancel) as waited:
                if waited is None:
                    return interrupted(), 0.0
                stream.send(content)
                stream.read_into(output)
                return self._run(name, output, limits, cancel, decided), waited
        finally:
            stream.stop()

    def _run(
        self,
        name: str,
        output: TrialOutput,
        limits: Limits,
        cancel: threading.Event,
        decided: Callable[[str], bool] | None,
    ) -> TrialRun:
        watch = self.disk.watch(name, limits.disk)
        try:
            early = Early(output, decided) if decided else None
            ended = self._wait(name, output, limits, cancel, watch, early)
            if isinstance(ended, engine.Ending):
                if ended.exit_code in (_KILLED, _TERMINATED):
                    self._blame(name, ended)
                return name_state(output, limits, ended, None, watch)
            engine.kill(self.client, name)
            output.wait(_OUTPUT_GRACE)
            if ended is RunState.INTERRUPTED:
                return interrupted(output)
            return name_state(output, limits, engine.look(self.client, name), ended, watch)
        finally:
            self.disk.forget(watch)

    def _wait(
        self,
        name: str,
        output: TrialOutput,
        limits: Limits,
        cancel: threading.Event,
        watch: Watch,
        early: Early | None,
    ) -> engine.Ending | RunState:
        """Return how the container ended by itself, or the reason to kill it now."""
        began = time.monotonic()
        pause = 0.005
        while True:
            if output.fault is not None:
                raise output.fault
            reason = _reason(output, cancel, watch, early)
            if reason is not None:
                return reason
            left = (output.evaluation_began or began) + limits.timeout - time.monotonic()
            # The stream ends a moment before the engine knows that the container did; a script
            # that closed its output runs on without one.
            if output.closed:
                ending = engine.look(self.client, name)
                if ending.exit_code is not None:
                    return ending
            if left <= 0:
                return RunState.TIMED_OUT
            if output.closed:
                cancel.wait(min(pause, left))
                pause = min(2 * pause, 1.0)
            else:
                output.wait(min(_POLL, left))

    def _blame(self, name: str, ending: engine.Ending) -> None:
        if not ending.out_of_memory and engine.killed_from_outside(self.client, name, ending):
            raise EngineCallError("the container was killed from outside", transient=True)

    def close(self, run_id: str) -> None:
        """Let go of everything; what a broken call may have left is looked for once more."""
        self.disk.close()
        self.reaper.close()
        owner = this_process()
        mine = [f"{RUN}={run_id}", f"{PID}={owner.process}", f"{HOST}={owner.host}"]
        try:
            with translated("listing containers"):
                rows = self.client.containers(all=True, quiet=True, filters={"label": mine})
            for row in rows:
                remove(self.client, row["Id"])
        except EngineCallError:
            # The engine is gone; the next start's sweep finds whatever comes back with it.
            pass
        if self._owned:
            self.client.close()


def _reason(
    output: TrialOutput, cancel: threading.Event, watch: Watch, early: Early | None
) -> RunState | None:
    """Return why a container should be killed now, None where it may go on."""
    if cancel.is_set():
        return RunState.INTERRUPTED
    if output.exceeded:
        return RunState.OUTPUT_EXCEEDED
    if watch.exceeded.is_set():
        return RunState.DISK_EXCEEDED
    return RunState.CUT if early and early.known() else None


def interrupted(output: TrialOutput | None = None) -> TrialRun:
    """Return the result of a trial that the user stopped, with what it had printed."""
    return TrialRun(
        state=RunState.INTERRUPTED,
        log=output.log if output else "",
        apply_log=output.apply_log if output else "",
        detail="interrupted by the user",
    )


def name_state(
    output: TrialOutput,
    limits: Limits,
    ending: engine.Ending,
    forced: RunState | None,
    watch: Watch,
) -> TrialRun:
    """Name the state of an ended container; raise ``EngineCallError`` where the machinery failed.

    Memory comes first: whatever a kill by the kernel led to (a failing test, a hang, a silent
    end) is not the candidate's answer.
    """
    log, detail, state = output.log, "", RunState.COMPLETED
    if output.phase is Phase.NO_TREE:
        raise EngineCallError(
            "the image has no folder for the tree (/testbed; /app in SWE-bench Pro)",
            transient=False,
        )
    if ending.out_of_memory:
        state = RunState.OUT_OF_MEMORY
        detail = f"a process was killed at the limit of {limits.memory // 2**20} MiB (--memory)"
    elif forced is RunState.TIMED_OUT:
        state = forced
        shown = _seconds(limits.timeout)
        if output.phase is Phase.EVALUATING:
            log += f"\n\nTimeout error: {shown} seconds exceeded."
            detail = f"killed after {shown} seconds (--timeout)"
        else:
            detail = f"the patch was still being applied after {shown} seconds"
    elif forced is RunState.CUT:
        state, detail = forced, "ended once two required tests had failed; --full runs all"
    elif forced is RunState.OUTPUT_EXCEEDED:
        state = forced
        detail = f"more than {limits.output} bytes of output (--output); the first are kept"
    elif forced is RunState.DISK_EXCEEDED:
        state = forced
        detail = f"{watch.used} bytes written, {limits.disk} allowed (--disk)"
    elif output.phase is Phase.REJECTED:
        state, detail = RunState.PATCH_REJECTED, "no command of the harness applied the patch"
    elif output.phase is Phase.APPLYING:
        tail = output.apply_log[-500:].strip()
        raise EngineCallError(
            f"the container ended (code {ending.exit_code}) before the tests began: {tail}",
            transient=True,
        )
    evaluated = output.phase is Phase.EVALUATING
    began, ended = output.evaluation_began, output.ended
    return TrialRun(
        state=state,
        log=log,
        apply_log=output.apply_log,
        detail=detail,
        seconds=max(0.0, ended - began) if evaluated and began and ended else 0.0,
        exit_code=ending.exit_code if evaluated and forced is None else None,
    )


def _seconds(timeout: float) -> str:
    return str(int(timeout)) if float(timeout).is_integer() else str(timeout)
