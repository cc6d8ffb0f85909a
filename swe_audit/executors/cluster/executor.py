"""Trials on a cluster: each is a task that claims processors and memory of some node.

What a task does there is ``node.py``. Ray schedules, carries, and tells what was lost; the node of
a trial is ours to choose (``placing.py``), since its image has to be there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from swe_audit.containers.ports import Surroundings
from swe_audit.errors import EngineError, UsageError
from swe_audit.executors.cluster import node as there
from swe_audit.executors.cluster.connection import Connection, Ref
from swe_audit.executors.cluster.node import Fault, OpenEngine, Printed, packed
from swe_audit.executors.cluster.roster import PATIENCE, Roster
from swe_audit.model.task import Resources, Task
from swe_audit.model.trial import Limits, RunState, TrialRun, TrialSpec

TRIES = 4
"""How often a trial is begun in all, where nodes are lost or cannot run it."""

_GLANCE = 0.25
_CUT = 5.0
"""Seconds for the making of images to end once nobody wants them."""


class _Landing(Future[TrialRun]):
    """The future of a trial; what it printed stays on its node until the result is asked for."""

    fetch: Callable[[TrialRun], TrialRun] | None = None

    def result(self, timeout: float | None = None) -> TrialRun:
        """Return the trial with what it printed."""
        run = super().result(timeout)
        return self.fetch(run) if self.fetch else run


@dataclass(slots=True, kw_only=True, eq=False)
class _Flight:
    """A trial under way on the node ``on``; ``avoid`` holds the nodes that could not run it."""

    spec: TrialSpec
    image: str
    claim: Resources
    future: _Landing = field(default_factory=_Landing)
    on: str = ""
    printed: Ref = None
    tries: int = 0
    avoid: set[str] = field(default_factory=set)

    def end(self, state: RunState, detail: str = "") -> None:
        """End without results."""
        self.future.set_result(TrialRun(state=state, log="", detail=detail, image=self.image))


class RayExecutor:
    """An ``Executor`` on the nodes of a cluster; ``open_engine`` makes isolation and images there.

    A node needs the same swe-audit, and an engine of its own. A trial that was lost with its
    node, or that a node could not run, begins again on another, with the same attempt number.
    ``surroundings`` says what a task's image is here: on each node it has to be the same.
    Raise ``EngineUnavailableError`` where no cluster answers or none of its nodes will do.
    """

    def __init__(
        self,
        address: str,
        open_engine: OpenEngine,
        surroundings: Callable[[Task], Surroundings],
        limits: Limits,
        say: Callable[[str], None],
    ) -> None:
        self._open, self._surroundings, self._limits = open_engine, surroundings, limits
        self._claim = Resources(cpus=limits.cpus, memory=limits.memory)
        self._lock = threading.RLock()
        self._flights: dict[Ref, _Flight] = {}
        self._grounded: list[_Flight] = []
        self._ready: dict[tuple[str, str], Ref] = {}
        self._shared: dict[tuple[str, object], Ref] = {}
        self._cancelled, self._closed = threading.Event(), threading.Event()
        self._cluster = Connection(address)
        self._roster = Roster(self._cluster, open_engine, say)
        self._thread = threading.Thread(target=self._attend, name="cluster", daemon=True)
        try:
            self._require_room()
        except BaseException:
            self._cluster.leave()
            raise
        self._thread.start()

    @property
    def slots(self) -> int:
        """How many trials keep those nodes at work that there are now."""
        with self._lock:
            return max(1, self._roster.nodes.slots(self._claim))

    def submit(self, spec: TrialSpec, image: str) -> Future[TrialRun]:
        """Begin a trial; after ``cancel`` it comes back interrupted without having begun."""
        limits = self._limits.claimed_by(spec.task)
        claim = Resources(cpus=limits.cpus, memory=limits.memory)
        flight = _Flight(spec=spec, image=image, claim=claim)
        with self._lock:
            self._launch(flight)
        return flight.future

    def shortage(self, resources: Resources) -> str:
        """Say what no node has enough of to ever run a trial; empty where one has."""
        with self._lock:
            return self._roster.nodes.shortage(resources)

    def cancel(self) -> None:
        """Kill every running container, on every node; nothing more is started."""
        with self._lock:
            self._cancelled.set()
            grounded, self._grounded = self._grounded, []
            for flight in grounded:
                flight.end(RunState.INTERRUPTED)
            self._cluster.cancel([*self._flights, *self._ready.values()])

    def close(self) -> None:
        """Wait for what runs, remove what lost trials left on any node, and part."""
        if self._closed.is_set():
            return
        while self._flights or self._grounded:
            time.sleep(_GLANCE)
        self._closed.set()
        self._thread.join()
        making = list(self._ready.values())
        self._cluster.cancel(making)
        self._cluster.all_ended(making, _CUT)
        nodes = self._cluster.nodes()
        left = [self._cluster.begin(node, there.leave, self._open) for node in nodes]
        self._cluster.all_ended(left, PATIENCE)
        self._cluster.leave()

    def _require_room(self) -> None:
        self._roster.require()
        lacking = self._roster.nodes.shortage(self._claim)
        if lacking:
            raise UsageError(lacking, hint="lower --cpus or --memory")

    def _launch(self, flight: _Flight) -> None:
        """Send a trial to a node; where there is none, keep it until one comes."""
        if self._cancelled.is_set():
            flight.end(RunState.INTERRUPTED)
            return
        task = flight.spec.task
        node = self._roster.nodes.place(task.instance_id, flight.claim, flight.avoid)
        if node is None:
            self._grounded.append(flight)
            return
        flight.on = node.id
        try:
            image = self._image(node.id, task)
        except EngineError as error:  # of the engine here, which knows what the image should be
            self._roster.nodes.release(node.id, flight.claim)
            flight.end(RunState.ENGINE_ERROR, error.message)
            return
        run, flight.printed = self._cluster.begin(
            node.id,
            there.run_trial,
            self._open,
            self._limits,
            flight.spec,
            packed(task.folder) if task.test_assets else None,
            image,
            num_cpus=flight.claim.cpus,
            memory=flight.claim.memory,
            num_returns=2,
        )
        self._flights[run] = flight

    def _image(self, node: str, task: Task) -> Ref:
        """Have a task's image made ready on a node, once; those that share packages in turn."""
        known = self._ready.get((node, task.instance_id))
        if known is not None:
            return known
        shared = (node, task.environment and (task.environment.python, task.environment.pip))
        ref = self._cluster.begin(
            node,
            _make_ready,
            self._open,
            task,
            packed(task.folder),
            self._surroundings(task),
            self._shared.get(shared),
            num_cpus=1,
        )
        if task.environment is not None:
            self._shared[shared] = ref
        self._ready[node, task.instance_id] = ref
        return ref

    def _attend(self) -> None:
        """Take what ends, until closed; a defect of ours is heard by whoever waits."""
        try:
            while not self._closed.is_set():
                with self._lock:
                    waited = [*self._flights, *self._roster.greeted]
                if not waited:
                    self._closed.wait(_GLANCE / 10)
                for ref in self._cluster.ended(waited, _GLANCE):
                    with self._lock:
                        if not self._roster.answered(ref):
                            self._land(ref)
                with self._lock:
                    self._roster.renew()
                    self._raise_the_grounded()
        except BaseException as error:
            with self._lock:
                for flight in (*self._flights.values(), *self._grounded):
                    flight.future.set_exception(error)
                self._flights, self._grounded = {}, []
            raise

    def _land(self, ref: Ref) -> None:
        """Take a trial that ended; one that was lost, or that its node could not run, goes on."""
        outcome = self._cluster.outcome(ref)
        flight = self._flights.pop(ref)
        self._roster.nodes.release(flight.on, flight.claim)
        flight.tries += 1
        if isinstance(outcome, TrialRun):
            flight.future.fetch = lambda run: self._whole(flight, run)
            flight.future.set_result(outcome)
            return
        assert isinstance(outcome, Fault)
        if outcome.unusable:
            self._lose(flight.on, outcome.detail)
        if self._cancelled.is_set():
            flight.end(RunState.INTERRUPTED)
        elif flight.tries == TRIES:
            flight.end(RunState.ENGINE_ERROR, f"{outcome.detail} (begun {TRIES} times)")
        else:
            flight.avoid.add(flight.on)
            self._launch(flight)

    def _whole(self, flight: _Flight, run: TrialRun) -> TrialRun:
        """Fetch what a trial printed; if that was lost with its node, the trial runs again."""
        printed = self._cluster.outcome(flight.printed)
        if not isinstance(printed, Printed):
            return self.submit(flight.spec, flight.image).result()
        return replace(run, log=printed.log, apply_log=printed.apply_log)

    def _lose(self, node: str, why: str) -> None:
        """Use a node no more until it answers again; what was ready there is asked for again."""
        self._roster.lose(node, why)
        self._ready = {key: ref for key, ref in self._ready.items() if key[0] != node}
        self._shared = {key: ref for key, ref in self._shared.items() if key[0] != node}

    def _raise_the_grounded(self) -> None:
        """Send off what waits for a node, or give it up."""
        lost = self._roster.is_lost
        grounded, self._grounded = self._grounded, []
        for flight in grounded:
            if lost:
                flight.future.set_exception(self._roster.nowhere())
            else:
                self._launch(flight)


def _make_ready(
    open_engine: OpenEngine,
    task: Task,
    parcel: bytes | None,
    expected: Surroundings,
    _after: object,
) -> str | Fault:
    """Make an image ready once the one that shares its packages is: Ray waits for ``_after``."""
    return there.make_ready(open_engine, task, parcel, expected)
