"""When a mutant's verdict is known before its tests have ended, so that they need not go on.

Only where a runner names each failure as it happens; pytest does so at its very end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from swe_audit.judging.grading import END_MARKER, START_MARKER, with_plain_line_ends
from swe_audit.judging.parsers import parser_of
from swe_audit.judging.parsing import Statuses, UnreadableLogError
from swe_audit.model.candidate import Candidate, Provenance
from swe_audit.model.task import EvalType, Task
from swe_audit.model.trial import RunState, TestStatus, Trial

ENOUGH = 2
"""One failing test could be the flaky one; two are a verdict."""

_STREAMED = frozenset({"parse_log_django", "parse_log_sympy"})


def decisive_tests(task: Task, candidate: Candidate, golds: Iterable[Trial]) -> frozenset[str]:
    """Return the tests whose failure decides a candidate's verdict; empty where it runs in full.

    These are the required tests that each of gold's attempts passes. Only mutants are cut short,
    and of those not gold without a unit: which of its tests fail is evidence.
    """
    dropped = any(item.kind == "dropped" for item in candidate.evidence_items)
    if candidate.provenance is not Provenance.MUTANT or dropped:
        return frozenset()
    if task.log_parser not in _STREAMED:
        return frozenset()
    passed = [
        frozenset(gold.outcome.passed_f2p + gold.outcome.passed_p2p)
        for gold in golds
        if gold.state is RunState.COMPLETED
    ]
    return frozenset.intersection(*passed) if passed else frozenset()


def is_decided(task: Task, log: str, decisive: Collection[str]) -> bool:
    """Whether the log of a trial that still runs shows enough of the decisive tests failing.

    False once the tests have ended: then the whole log decides.
    """
    if END_MARKER in log:
        return False
    statuses = statuses_so_far(task, log)
    return len(failures(task, statuses, decisive)) >= ENOUGH


def statuses_so_far(task: Task, log: str) -> Statuses:
    """Return what the whole lines of an unfinished log report."""
    parser = parser_of(task)
    begun = with_plain_line_ends(log).partition(START_MARKER)[2]
    whole_lines = begun[: begun.rfind("\n") + 1]
    try:
        return parser(whole_lines) if parser else {}
    except UnreadableLogError:
        return {}


def failures(task: Task, statuses: Statuses, tests: Iterable[str]) -> tuple[str, ...]:
    """Return which of the tests are reported as failing, by the task's own rule."""
    failing = {TestStatus.FAILED.value}
    if task.eval_type is not EvalType.FAIL_ONLY:
        failing.add(TestStatus.ERROR.value)
    return tuple(test for test in tests if statuses.get(test) in failing)
