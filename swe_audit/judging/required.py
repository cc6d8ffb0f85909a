"""Required ids that are not what they seem: swallowed by another test's line, or cut short."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from swe_audit.judging.grading import cases_of, with_plain_line_ends
from swe_audit.model.task import Task
from swe_audit.model.trial import TestStatus

_STARTED = re.compile(r" \.\.\.(?: |$)")
_FAILING = (TestStatus.FAILED.value, TestStatus.ERROR.value)
_LAST_ID = re.compile(r"[\w.]+ \([\w.]+\)\Z")


def shadowed(task: Task, statuses: Mapping[str, str], log: str) -> dict[str, str]:
    """Map each required id that is missing because another test's line swallowed it to that test.

    Unittest runners print ``test_a (m.C) ... `` before a test runs. Where two come on one line
    (``test_a (m.C) ... test_b (m.C) ... ok``), the parser reads one odd id or only the first. An
    odd id may itself be required: some published ones are, and then it is not missing. A test
    that is reported as failing by its bare method name has failed, and is no shadow either.
    """
    if task.is_pro:
        return {}  # its ids are what its own parser reports, word for word
    required = frozenset(task.required)
    missing = {
        test
        for test in required
        if not cases_of(test, statuses) and statuses.get(test.split(" ", 1)[0]) not in _FAILING
    }
    found: dict[str, str] = {}
    if not missing:
        return found
    for line in with_plain_line_ends(log).split("\n"):
        if line.count(" ...") < 2:
            continue
        parts = [part.strip() for part in _STARTED.split(line.rstrip())][:-1]
        tests = [test for part in parts if (test := _test_in(part, required))]
        for one, other in pairwise(tests):
            if other in missing:
                found.setdefault(other, one)
            if one in missing:
                found.setdefault(one, other)
    return found


def _test_in(part: str, required: frozenset[str]) -> str | None:
    """Return the test that a part of a line names: all of it, or an id at its end."""
    if part in required:
        return part
    last = _LAST_ID.search(part[-500:])
    return last.group() if last else None


def merged(task: Task, statuses: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Map each required id that the benchmark cut short to the several cases it stands for."""
    if task.is_pro:
        return {}
    cases = {test: cases_of(test, statuses) for test in task.required}
    return {test: found for test, found in cases.items() if len(found) > 1}
