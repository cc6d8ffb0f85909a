"""Find a trial that ran before by what its outcome depends on, here or in another run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field, replace

from swe_audit.containers.ports import Images, Surroundings
from swe_audit.containers.runner_script import Marks, read_assets, trial_files
from swe_audit.executors.ports import Executor
from swe_audit.inquiries import Inquired
from swe_audit.journal import Address, Journal, TrialRecord
from swe_audit.journal.codec import identity
from swe_audit.model.construction import Survey
from swe_audit.model.reinstall import Reinstall
from swe_audit.model.task import Resources, Task
from swe_audit.model.trial import Limits, RunState, TrialRun, TrialSpec
from swe_audit.planning import UNFINISHED
from swe_audit.preparation import Asked

RUNNER = "2"
"""Raise it whenever a change of ours, other than of the runner's script, may change an outcome."""

_NO_MARKS = Marks(evaluate=b"", rejected=b"", no_tree=b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fixed:
    """What the trials of one task share."""

    surroundings: Surroundings
    digest: str
    assets: dict[str, bytes]


class Addresses:
    """Says what a trial's outcome depends on: everything but how its log is graded.

    That is the task, every file that its container gets (patch, tests, script, the runner's own),
    the attempt's number, the image's content, the limits, the isolation and our version of it.
    """

    def __init__(self, images: Images, limits: Limits, isolation: str) -> None:
        self._images = images
        self._limits, self._isolation = limits, isolation
        self._fixed: dict[str, _Fixed] = {}

    def of(self, spec: TrialSpec) -> Address:
        """Return a trial's address, as far as it is known now."""
        fixed = self._of_task(spec.task)
        digest = hashlib.sha256(f"{fixed.digest}\0{spec.attempt}".encode())
        for path, data in sorted(trial_files(spec, _NO_MARKS, fixed.assets).items()):
            digest.update(f"\0{path}\0{len(data)}\0".encode())
            digest.update(data)
        return Address(key=digest.hexdigest(), resolved=fixed.surroundings.resolved)

    def all_of(self, spec: TrialSpec) -> tuple[Address, ...]:
        """Return the addresses of trials that may stand for this one.

        What installed the tree again did no less than one that need not.
        """
        whole = replace(spec, without_install=False)
        return (self.of(spec), self.of(whole)) if spec.without_install else (self.of(spec),)

    def know(self, task: Task, surroundings: Surroundings) -> None:
        """Take what a task's image is, now that it is there."""
        limits = asdict(self._limits.claimed_by(task))
        rules = json.dumps([RUNNER, self._isolation, limits], sort_keys=True)
        parts = (identity(task), surroundings.description, rules)
        self._fixed[task.instance_id] = _Fixed(
            surroundings=surroundings,
            digest=hashlib.sha256("\0".join(parts).encode()).hexdigest(),
            assets=read_assets(task),
        )

    def _of_task(self, task: Task) -> _Fixed:
        if task.instance_id not in self._fixed:
            self.know(task, self._images.surroundings(task))
        return self._fixed[task.instance_id]


def as_ran(spec: TrialSpec, run: TrialRun) -> TrialSpec:
    """Return what was run, where what was asked for may have been less."""
    return replace(spec, without_install=run.without_install)


@dataclass(slots=True, kw_only=True)
class Recall:
    """What other runs hold; their journals are read, never written.

    With ``full`` a trial that was cut short is none.
    """

    journals: Sequence[Journal]
    addresses: Addresses
    full: bool = False
    found: int = 0
    _known: dict[str, dict[str, list[tuple[Journal, TrialRecord]]]] = field(default_factory=dict)

    def find(self, spec: TrialSpec) -> TrialRun | None:
        """Return what came of a trial that can be no other than this one, None where none ran."""
        if not self.journals:
            return None
        known = self._of_task(spec.task.instance_id)
        for address in self.addresses.all_of(spec):
            for journal, record in known.get(address.key, ()):
                if record.address.may_equal(address):
                    self.found += 1
                    return journal.load(record)
        return None

    def _of_task(self, instance_id: str) -> dict[str, list[tuple[Journal, TrialRecord]]]:
        if instance_id not in self._known:
            found: dict[str, list[tuple[Journal, TrialRecord]]] = {}
            for journal in self.journals:
                for record in journal.trials(instance_id):
                    state = record.run.state
                    usable = state not in UNFINISHED and not (self.full and state is RunState.CUT)
                    if record.address.key and usable:
                        found.setdefault(record.address.key, []).append((journal, record))
            self._known[instance_id] = found
        return self._known[instance_id]

    def install_of(self, instance_id: str) -> Reinstall | None:
        """Return what another run saw a task's install do; in which image, it says itself."""
        found = (other.attached(instance_id, Reinstall) for other in self.journals)
        return next(filter(None, found), None)

    def adopt(self, journal: Journal, position: int, task: Task, asked: Asked | None) -> None:
        """Take over what another run made of this very task's tree, if it was asked for the same.

        A task that the journal has already stays as it is.
        """
        if asked is None or journal.holds(task.instance_id):
            return
        for other in self.journals:
            if not other.holds(task.instance_id):
                continue
            record = other.task(task.instance_id)
            if record.identity != identity(task):
                continue
            if other.attached(task.instance_id, Asked) == asked:
                journal.put_task(position, task, record.candidates, record.dropped)
                notes: list[object] = [
                    other.attached(task.instance_id, Survey),
                    other.attached(task.instance_id, Inquired),
                    asked,
                ]
                for note in notes:
                    if note is not None:
                        journal.attach(task.instance_id, note)
                return


class RecallingExecutor:
    """An ``Executor`` that runs on another only what nobody has run before."""

    def __init__(self, executor: Executor, find: Callable[[TrialSpec], TrialRun | None]) -> None:
        self._executor = executor
        self._find = find

    @property
    def slots(self) -> int:
        """How many trials the other runs at once; a cluster gains and loses machines."""
        return self._executor.slots

    def submit(self, spec: TrialSpec, image: str) -> Future[TrialRun]:
        """Return what is known of a trial, or begin it."""
        known = self._find(spec)
        if known is None:
            return self._executor.submit(spec, image)
        future: Future[TrialRun] = Future()
        future.set_result(known)
        return future

    def shortage(self, resources: Resources) -> str:
        """Say what no machine has enough of to ever run a trial; empty where one has."""
        return self._executor.shortage(resources)

    def cancel(self) -> None:
        """Kill what runs."""
        self._executor.cancel()

    def close(self) -> None:
        """Wait for what runs and let go of everything."""
        self._executor.close()
