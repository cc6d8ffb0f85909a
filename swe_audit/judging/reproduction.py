"""Which required tests gold does not reproduce here, and what that means for the task."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from swe_audit.model.task import Task
from swe_audit.model.trial import RunState, Trial


class Reproduction(str, Enum):
    """Whether a task can be judged by gold's results."""

    REPRODUCED = "reproduced"
    INCONCLUSIVE = "inconclusive"
    BROKEN = "broken"


def not_reproduced(task: Task, gold: Iterable[Trial]) -> frozenset[str]:
    """Return the required tests that no completed gold trial passes.

    Empty where no gold trial completed: nothing is known then, and the task is inconclusive for
    that reason. A completed trial without results passes nothing.
    """
    completed = [trial.outcome for trial in gold if trial.state is RunState.COMPLETED]
    if not completed:
        return frozenset()
    passed = {test for each in completed for test in each.passed_f2p + each.passed_p2p}
    # A test on neither side (a status that the benchmark has no word for) spoils nothing there.
    failed = {test for each in completed for test in each.failed}
    return frozenset(failed - passed).intersection(task.required)


def ignorable(task: Task, missing: frozenset[str]) -> frozenset[str]:
    """Return the tests to leave out of ``verdict``: what gold misses in a rebuilt environment.

    In the task's own image or Dockerfile nothing is left out.
    """
    return missing if task.rebuilt else frozenset()


def reproduction(task: Task, missing: frozenset[str]) -> Reproduction:
    """Say what required tests that gold does not reproduce mean.

    In the task's own environment one is enough: ``BROKEN``. In one that we rebuilt the fault may
    be ours: a lost F2P test, or more than half of P2P, leaves the task ``INCONCLUSIVE``.
    """
    if not missing:
        return Reproduction.REPRODUCED
    if not task.rebuilt:
        return Reproduction.BROKEN
    lost = sum(test in missing for test in task.pass_to_pass)
    if not missing.isdisjoint(task.fail_to_pass) or 2 * lost > len(task.pass_to_pass):
        return Reproduction.INCONCLUSIVE
    return Reproduction.REPRODUCED
