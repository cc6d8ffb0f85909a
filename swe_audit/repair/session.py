"""A task's image at work for a repair: its trees, and one trial after another."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import dataclass

from swe_audit.alternatives.ground import Ground
from swe_audit.containers.ports import Images, Isolation
from swe_audit.errors import InterruptedRunError
from swe_audit.executors.local import LocalExecutor
from swe_audit.model.task import Task
from swe_audit.model.trial import Limits, TrialRun, TrialSpec
from swe_audit.workshop import ground_of

_GLANCE = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Where repairs are verified; ``stop`` is asked whether the user has had enough."""

    isolation: Isolation
    images: Images
    limits: Limits
    say: Callable[[str], None]
    stop: Callable[[], bool] = lambda: False

    def ground(self, task: Task) -> Ground:
        """Return a task's trees as its image holds them.

        Raise ``EngineError`` where there is no image, ``InputError`` where a patch does not apply.
        """
        found = self.isolation.study(task, self.images.ensure(task, self.say))
        return ground_of(task, found.tree, found.ancestry)

    def run(self, spec: TrialSpec) -> TrialRun:
        """Run one trial and wait for it; raise ``InterruptedRunError`` after ``stop``."""
        image = self.images.ensure(spec.task, self.say)
        executor = LocalExecutor(self.isolation, self.limits, 1)
        try:
            future = executor.submit(spec, image)
            while not future.done():
                if self.stop():
                    executor.cancel()
                wait([future], timeout=_GLANCE)
            run = future.result()
        finally:
            executor.close()
        if self.stop():
            raise InterruptedRunError("stopped; the repairs of earlier tasks are written")
        return run
