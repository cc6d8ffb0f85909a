"""Keep trials running: images get ready in the background, and as each is, its trials follow.

Earlier tasks go first, so that tasks finish, rather than all of them a little. What runs when
depends on the machine; what is run does not (see ``planning``).
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from swe_audit.assessment import judge_one, judged_with
from swe_audit.containers.ports import Images
from swe_audit.errors import (
    AuditError,
    EngineError,
    EngineUnavailableError,
    ImageError,
    NoInterpreterError,
)
from swe_audit.executors.ports import Executor
from swe_audit.executors.watch import EngineWatch
from swe_audit.listening import Listener
from swe_audit.model.candidate import Candidate
from swe_audit.model.construction import Survey
from swe_audit.model.task import Skipped, SkipReason, Task
from swe_audit.model.trial import Trial, TrialRun, TrialSpec
from swe_audit.planning import Policy, least_remaining, next_constructions, next_trials
from swe_audit.preparation import Prepared
from swe_audit.workshop import Workshop

_GLANCE = 0.25
"""Seconds between two looks at whether the user wants to stop."""


@dataclass(slots=True, kw_only=True)
class Work:
    """One task under way. ``trials`` are those that count, judged with what is known now.

    ``survey`` and ``workshop`` come with the image, where alternatives are made of the tree.
    """

    task: Task
    candidates: tuple[Candidate, ...]
    trials: list[Trial] = field(default_factory=list)
    image: str | None = None
    running: set[str] = field(default_factory=set)
    left: int = 0
    survey: Survey | None = None
    workshop: Workshop | None = None

    def next(self, policy: Policy) -> list[TrialSpec]:
        """What can be started now, less what is running."""
        specs = next_trials(self.task, self.candidates, self.trials, policy, self.survey)
        return [spec for spec in specs if spec.id not in self.running]

    def remaining(self, policy: Policy) -> int:
        """How many trials are still to come at least."""
        return least_remaining(self.task, self.candidates, self.trials, policy, self.survey)

    def grow(self) -> tuple[Candidate, ...]:
        """Make the constructions that the results so far call for, and return them."""
        if self.workshop is None:
            return ()
        wanted = next_constructions(self.task, self.candidates, self.trials, self.survey)
        made = tuple(self.workshop.make(one) for one in wanted)
        self.candidates += made
        return made

    def is_open(self, policy: Policy) -> bool:
        """Whether anything is left to run or to make."""
        wanted = next_constructions(self.task, self.candidates, self.trials, self.survey)
        return bool(wanted or self.next(policy))

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
    the candidates that were made since. ``finished`` gets a task that has nothing left to run.
    """

    record: Callable[[TrialSpec, TrialRun], None]
    ready: Callable[[Work], None]
    prepared: Callable[[Work, Prepared], None]
    grown: Callable[[Work, tuple[Candidate, ...]], None]
    finished: Callable[[Work], None]
    skipped: Callable[[Work, Skipped], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A task's image, and what was made of the tree in it."""

    image: str
    prepared: Prepared


class ImageQueue:
    """Gets images ready in the order asked for, a few at a time, in threads that never hold up
    the end of the program: a build that was not waited for is found half-done or done next time.
    """

    def __init__(
        self,
        images: Images,
        builders: int,
        say: Callable[[str, str], None],
        watch: EngineWatch,
        prepare: Callable[[Task, str], Prepared] = lambda _task, _image: Prepared(),
    ) -> None:
        self._prepare = prepare
        self._images = images
        self._watch = watch
        self._say = say
        self._jobs: queue.SimpleQueue[tuple[Task, Future[Ready]] | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"image-{number}", daemon=True)
            for number in range(builders)
        ]
        for thread in self._threads:
            thread.start()

    def ensure(self, task: Task) -> Future[Ready]:
        """Return the future image of a task, with what was made of its tree."""
        future: Future[Ready] = Future()
        self._jobs.put((task, future))
        return future

    def close(self) -> None:
        """Begin nothing more; what is being built is left to itself."""
        self._watch.cancel()
        while True:
            try:
                self._jobs.get_nowait()
            except queue.Empty:
                break
        for _ in self._threads:
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            task, future = job
            try:
                image = self._ensure(task)
                future.set_result(Ready(image=image, prepared=self._prepare(task, image)))
            except AuditError as error:
                future.set_exception(error)
            except BaseException as error:  # the thread's owner has to hear of a defect of ours
                future.set_exception(error)
                raise

    def _ensure(self, task: Task) -> str:
        say = partial(self._say, task.instance_id)
        try:
            return self._images.ensure(task, say)
        except EngineError:
            if not self._watch.was_away():
                raise
            return self._images.ensure(task, say)


class Scheduler:
    """Runs every trial of every task; ``stop`` is asked whether the user has had enough."""

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
        self._works: list[Work] = []
        self._images: dict[Future[Ready], Work] = {}
        self._trials: dict[Future[TrialRun], tuple[Work, TrialSpec]] = {}

    def run(self, works: Iterable[Work], images: ImageQueue) -> bool:
        """Run until nothing is left; return False where the user stopped it before.

        After a stop, trials in flight are killed and recorded as interrupted.
        """
        self._works = list(works)
        for work in self._works:
            work.left = work.remaining(self._policy)
        self._listener.planned(len(self._works), self._remaining())
        for work in self._works:
            self._images[images.ensure(work.task)] = work
        while self._works:
            if self._stop():
                self._executor.cancel()
                images.close()
                self._images.clear()
                while self._trials:
                    self._await()
                return False
            self._fill()
            self._await()
        return True

    def _fill(self) -> None:
        """Give the executor as much as it can do at once, earlier tasks first."""
        for work in self._works:
            if len(self._trials) >= self._executor.slots:
                return
            if work.image is None:
                continue
            for spec in work.next(self._policy)[: self._executor.slots - len(self._trials)]:
                work.running.add(spec.id)
                self._listener.began(spec)
                self._trials[self._executor.submit(spec, work.image)] = (work, spec)

    def _await(self) -> None:
        futures: list[Future[Any]] = [*self._images, *self._trials]
        done, _ = wait(futures, timeout=_GLANCE, return_when=FIRST_COMPLETED)
        for future in done:
            if future in self._images:
                self._image(self._images.pop(future), future)
            elif future in self._trials:
                work, spec = self._trials.pop(future)
                self._trial(work, spec, future.result())

    def _image(self, work: Work, future: Future[Ready]) -> None:
        try:
            ready = future.result()
        except EngineUnavailableError:
            raise
        except EngineError as error:
            missing = isinstance(error, NoInterpreterError)
            self._works = [other for other in self._works if other is not work]
            self._hooks.skipped(
                work,
                Skipped(
                    instance_id=work.task.instance_id,
                    reason=SkipReason.NO_INTERPRETER if missing else SkipReason.IMAGE_UNAVAILABLE,
                    detail=_told(error),
                ),
            )
            return
        work.image = ready.image
        self._hooks.ready(work)
        self._hooks.prepared(work, ready.prepared)
        self._grow(work)
        work.left = work.remaining(self._policy)
        self._settle(work)

    def _trial(self, work: Work, spec: TrialSpec, run: TrialRun) -> None:
        self._hooks.record(spec, run)
        trial = work.take(spec, run)
        self._grow(work)
        work.left = work.remaining(self._policy)
        self._listener.ended(trial, self._remaining())
        self._settle(work)

    def _grow(self, work: Work) -> None:
        made = work.grow()
        if made:
            self._hooks.grown(work, made)

    def _settle(self, work: Work) -> None:
        if not work.running and not work.next(self._policy):
            self._works = [other for other in self._works if other is not work]
            self._hooks.finished(work)

    def _remaining(self) -> int:
        return sum(work.left for work in self._works)


def _told(error: EngineError) -> str:
    """Say why there is no image; the end of a build log says more than its exit code."""
    lines = error.log.strip().splitlines() if isinstance(error, ImageError) else []
    return f"{error.message}: {lines[-1].strip()}" if lines else error.message
