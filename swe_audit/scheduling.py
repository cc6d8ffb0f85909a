"""Keep trials running: images get ready in the background, and as each is, its trials follow.

Earlier tasks go first, so that tasks finish, rather than all of them a little. What runs when
depends on the machine; what is run does not (see ``planning``).
"""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any

from swe_audit.assessment import judge_one, judged_with
from swe_audit.containers.ports import Surroundings
from swe_audit.containers.runner_script import eval_script
from swe_audit.errors import (
    EngineError,
    EngineUnavailableError,
    ImageError,
    NoInterpreterError,
)
from swe_audit.executors.ports import Executor
from swe_audit.installing import may_leave_out
from swe_audit.judging.early import decisive_tests
from swe_audit.listening import Listener
from swe_audit.model.candidate import Candidate, CandidateKind
from swe_audit.model.construction import Survey
from swe_audit.model.reinstall import Reinstall
from swe_audit.model.task import Skipped, SkipReason, Task
from swe_audit.model.trial import Trial, TrialRun, TrialSpec
from swe_audit.ordering import by_evidence
from swe_audit.planning import (
    Policy,
    least_remaining,
    next_checks,
    next_constructions,
    next_trials,
)
from swe_audit.preparation import Prepared
from swe_audit.readying import ImageQueue, Ready
from swe_audit.workshop import Workshop

_GLANCE = 0.25
"""Seconds between two looks at whether the user wants to stop."""


@dataclass(slots=True, kw_only=True)
class Work:
    """One task under way. ``trials`` are those that count, judged with what is known now.

    ``place`` is where it comes in the order of tasks.

    Where it ``reads`` its trees, ``survey`` and ``workshop`` come with the image; ``reinstall``
    does where the tree's install was looked at.
    """

    task: Task
    candidates: tuple[Candidate, ...]
    trials: list[Trial] = field(default_factory=list)
    image: str | None = None
    surroundings: Surroundings | None = None
    running: set[str] = field(default_factory=set)
    left: int = 0
    place: int = 0
    survey: Survey | None = None
    workshop: Workshop | None = None
    reads: bool = False
    reinstall: Reinstall | None = None

    def next(self, policy: Policy) -> list[TrialSpec]:
        """What can be started now, less what is running; what proves most comes first."""
        specs = next_trials(self.task, self.candidates, self.trials, policy, self.survey)
        specs = [spec for spec in specs if spec.id not in self.running]
        specs.sort(key=lambda spec: by_evidence(spec.candidate))
        return specs if policy.full else [self._hastened(spec) for spec in specs]

    def _hastened(self, spec: TrialSpec) -> TrialSpec:
        """Leave out of a trial what cannot matter: an install that is known to change nothing,
        and the tests that run once its verdict is known.
        """
        golds = {c.name for c in self.candidates if c.kind is CandidateKind.GOLD}
        runs = [trial for trial in self.trials if trial.candidate in golds]
        decisive = decisive_tests(self.task, spec.candidate, runs)
        spared = False
        if self.reinstall is not None and not self.reinstall.problem:
            candidate = spec.candidate
            script = eval_script(self.task, {}, candidate.test_patch, candidate.script)
            spared = may_leave_out(spec, script, self.reinstall)
        if not decisive and not spared:
            return spec
        return replace(spec, decisive=decisive, without_install=spared)

    def remaining(self, policy: Policy) -> int:
        """How many trials are still to come at least."""
        return least_remaining(self.task, self.candidates, self.trials, policy, self.survey)

    def grow(self) -> tuple[Candidate, ...]:
        """Make the controls and constructions that the results call for, and return them."""
        made = next_checks(self.task, self.candidates, self.trials)
        if self.workshop is not None:
            wanted = next_constructions(self.task, self.candidates, self.trials, self.survey)
            made += tuple(self.workshop.make(one) for one in wanted)
        self.candidates += made
        return made

    def is_open(self, policy: Policy) -> bool:
        """Whether anything is left to run or to make."""
        wanted = next_constructions(self.task, self.candidates, self.trials, self.survey)
        checks = next_checks(self.task, self.candidates, self.trials)
        return bool(wanted or checks or self.next(policy))

    def take(self, spec: TrialSpec, run: TrialRun) -> Trial:
        """Add a trial that ended, and bring the verdicts of all up to date."""
        trial = judge_one(run, spec, self.trials, self.candidates)
        self.running.discard(spec.id)
        self.trials = judged_with([*self.trials, trial], self.task, self.candidates)
        return next(known for known in self.trials if known.id == spec.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """What the scheduler tells its owner: it keeps results, the scheduler only makes them.

    ``ready`` gets a task whose image is there, before its first trial, and may take trials back
    that were made on another image. ``prepared`` gets what was made of the task's tree, ``grown``
    the candidates that were made since. ``inquire`` is asked, once a task has nothing left to
    run, for what its results leave to be asked; None where that takes trees that were not read.
    ``finished`` gets a task that is done.
    """

    record: Callable[[TrialSpec, TrialRun], None]
    ready: Callable[[Work], None]
    prepared: Callable[[Work, Prepared], None]
    grown: Callable[[Work, tuple[Candidate, ...]], None]
    inquire: Callable[[Work], tuple[Candidate, ...] | None]
    finished: Callable[[Work], None]
    skipped: Callable[[Work, Skipped], None]


class Scheduler:
    """Runs every trial of every task; ``stop`` is asked whether the user has had enough.

    Images are asked for in the order of the tasks, a few more than there are slots at a time:
    enough to keep every slot at work, and no more disk and memory than that takes.
    """

    def __init__(
        self,
        executor: Executor,
        policy: Policy,
        hooks: Hooks,
        listener: Listener,
        stop: Callable[[], bool],
    ) -> None:
        self._executor = executor
        self._policy = policy
        self._hooks = hooks
        self._listener = listener
        self._stop = stop
        self._ahead = 2 * executor.slots + 2
        self._waiting: deque[Work] = deque()
        self._ready: list[Work] = []
        self._images: dict[Future[Ready], Work] = {}
        self._trials: dict[Future[TrialRun], tuple[Work, TrialSpec]] = {}
        self._done: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
        self.left = 0

    def run(self, works: Iterable[Work], images: ImageQueue) -> bool:
        """Run until nothing is left; return False where the user stopped it before.

        After a stop, trials in flight are killed and recorded as interrupted. ``left`` counts the
        trials that are still to come at least.
        """
        self._waiting = deque(works)
        for place, work in enumerate(self._waiting):
            work.place = place
            self._count(work)
        self._listener.planned(len(self._waiting), self.left)
        while self._waiting or self._images or self._ready:
            if self._stop():
                self._executor.cancel()
                images.close()
                self._images.clear()
                while self._trials:
                    self._await()
                return False
            self._prepare(images)
            self._fill()
            self._await()
        return True

    def _prepare(self, images: ImageQueue) -> None:
        while self._waiting and len(self._images) + len(self._ready) < self._ahead:
            work = self._waiting.popleft()
            lacking = self._executor.shortage(work.task.resources)
            if lacking:
                self._skip(work, SkipReason.NO_MACHINE, lacking)
                continue
            again = work.surroundings is not None
            future = images.ensure(work.task, read=work.reads, again=again)
            self._images[future] = work
            future.add_done_callback(self._done.put)

    def _fill(self) -> None:
        """Give the executor as much as it can do at once, earlier tasks first."""
        for work in self._ready:
            free = self._executor.slots - len(self._trials)
            if free <= 0:
                return
            assert work.image is not None
            for spec in work.next(self._policy)[:free]:
                work.running.add(spec.id)
                self._listener.began(spec)
                future = self._executor.submit(spec, work.image)
                self._trials[future] = (work, spec)
                future.add_done_callback(self._done.put)

    def _await(self) -> None:
        """Take what has ended, waiting a moment for the first."""
        try:
            future = self._done.get(timeout=_GLANCE)
            while True:
                if future in self._images:
                    self._image(self._images.pop(future), future)
                elif future in self._trials:
                    work, spec = self._trials.pop(future)
                    self._trial(work, spec, future.result())
                future = self._done.get_nowait()
        except queue.Empty:
            return

    def _image(self, work: Work, future: Future[Ready]) -> None:
        try:
            ready = future.result()
        except EngineUnavailableError:
            raise
        except EngineError as error:
            missing = isinstance(error, NoInterpreterError)
            reason = SkipReason.NO_INTERPRETER if missing else SkipReason.IMAGE_UNAVAILABLE
            self._skip(work, reason, _told(error))
            return
        work.image, work.surroundings = ready.image, ready.surroundings
        work.reinstall = ready.reinstall
        self._ready = sorted([*self._ready, work], key=lambda one: one.place)
        self._hooks.ready(work)
        self._hooks.prepared(work, ready.prepared)
        self._grow(work)
        self._count(work)
        self._settle(work)

    def _skip(self, work: Work, reason: SkipReason, detail: str) -> None:
        self.left -= work.left
        self._hooks.skipped(
            work, Skipped(instance_id=work.task.instance_id, reason=reason, detail=detail)
        )

    def _trial(self, work: Work, spec: TrialSpec, run: TrialRun) -> None:
        self._hooks.record(spec, run)
        trial = work.take(spec, run)
        self._grow(work)
        self._count(work)
        self._listener.ended(trial, self.left)
        self._settle(work)

    def _grow(self, work: Work) -> None:
        made = work.grow()
        if not made and not work.running and not work.next(self._policy):
            asked = self._hooks.inquire(work)
            if asked is None:
                work.reads, work.image = True, None
            made = asked or ()
            work.candidates += made
        if made:
            self._hooks.grown(work, made)

    def _settle(self, work: Work) -> None:
        if not work.running and not work.next(self._policy):
            self._ready = [other for other in self._ready if other is not work]
            if work.image is None:
                self._waiting.appendleft(work)  # it comes again with its trees
                return
            self._hooks.finished(work)
            work.workshop, work.trials = None, []  # trees and results are many megabytes

    def _count(self, work: Work) -> None:
        """Bring up to date how many trials are to come; what was counted before is known."""
        before, work.left = work.left, work.remaining(self._policy)
        self.left += work.left - before


def _told(error: EngineError) -> str:
    """Say why there is no image; the end of a build log says more than its exit code."""
    lines = error.log.strip().splitlines() if isinstance(error, ImageError) else []
    return f"{error.message}: {lines[-1].strip()}" if lines else error.message
