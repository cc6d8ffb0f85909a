"""How tasks are graded: how many tests are required, and ids that no log can show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import Enum

from swe_audit.judging.parsers import PARSERS, parse_django, parse_sympy
from swe_audit.judging.parsing import UnreadableLogError
from swe_audit.model.profile import BadIds, GradingHealth
from swe_audit.model.task import Task
from swe_audit.profiling.spreads import spread

_EXAMPLES = 3


class IdTrouble(str, Enum):
    """What is wrong with a required test id."""

    EMPTY = "empty"
    TWICE = "listed twice"
    IN_BOTH = "in both lists"
    UNREADABLE = "its log parser cannot yield it"
    CUT = "cut short, so that it stands for several tests"


def grading_health(tasks: Sequence[Task]) -> GradingHealth:
    """Return the figures over all tasks; an id is counted under the first trouble that holds."""
    found: dict[IdTrouble, list[tuple[Task, str]]] = defaultdict(list)
    for task in tasks:
        for trouble, test in troubles(task):
            found[trouble].append((task, test))
    return GradingHealth(
        fail_to_pass=spread([len(task.fail_to_pass) for task in tasks]),
        pass_to_pass=spread([len(task.pass_to_pass) for task in tasks]),
        single=sum(len(task.fail_to_pass) == 1 for task in tasks),
        no_pass_to_pass=sum(not task.pass_to_pass for task in tasks),
        bad_ids=tuple(
            BadIds(
                reason=trouble.value,
                ids=len(found[trouble]),
                tasks=len({task.instance_id for task, _ in found[trouble]}),
                fail_to_pass=sum(test in task.fail_to_pass for task, test in found[trouble]),
                examples=tuple(
                    (task.instance_id, test) for task, test in found[trouble][:_EXAMPLES]
                ),
            )
            for trouble in IdTrouble
            if found[trouble]
        ),
    )


def troubles(task: Task) -> Iterator[tuple[IdTrouble, str]]:
    """Yield each required id with something wrong with it."""
    readable = _readable(task)
    both = set(task.fail_to_pass) & set(task.pass_to_pass)
    seen: set[str] = set()
    for test in task.required:
        if not test.strip():
            yield IdTrouble.EMPTY, test
        elif test in both:
            if test in seen:
                yield IdTrouble.IN_BOTH, test
        elif test in seen:
            yield IdTrouble.TWICE, test
        elif readable is not None and test not in readable:
            yield IdTrouble.UNREADABLE, test
        elif readable is not None and _is_cut(task, test):
            yield IdTrouble.CUT, test
        seen.add(test)


def _readable(task: Task) -> set[str] | None:
    """Return those ids that the task's parser reads out of a log in which each passes.

    None where we do not have the parser, or do not know what its log looks like.
    """
    parser = PARSERS.get(task.log_parser)
    if parser is None:
        return None
    if parser is parse_django:
        lines = [f"{test} ... ok" for test in task.required]
    elif parser is parse_sympy:
        lines = [f"{test} ok" for test in task.required]
    else:
        lines = [f"PASSED {test}" for test in task.required]
    try:
        return set(parser("\n".join(lines)))
    except UnreadableLogError:
        return None


def _is_cut(task: Task, test: str) -> bool:
    """Whether a parameter opens and does not close: pytest's ids end at a blank there."""
    is_pytest = PARSERS.get(task.log_parser) not in (parse_django, parse_sympy)
    return is_pytest and test.count("[") > test.count("]")
