"""Tests of our own in the place of the task's: the eval script with another test patch in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from swe_audit.model.construction import Site
from swe_audit.model.task import Task


def with_test_patch(task: Task, test_patch: str) -> str | None:
    """Return the task's eval script with another test patch where its own stood.

    None where the script does not hold the task's test patch exactly once, as when test files
    come with the image: then a mirror cannot be run.
    """
    script = task.eval_script or ""
    own = task.test_patch.strip("\n")
    if not own or script.count(own) != 1:
        return None
    return script.replace(own, test_patch.strip("\n"))


def renamed_tests(task: Task, sites: Iterable[Site]) -> tuple[tuple[str, str], ...]:
    """Pair the ids that required tests have under the mirrored tests with the ids required.

    A detail inside a parametrised id changes with the tests; only whole words do.
    """
    words = [(site.detail, site.replacement) for site in sites if site.detail.isidentifier()]
    pairs = []
    for test in task.required:
        new = test
        for old, replacement in words:
            new = re.sub(rf"(?<![A-Za-z0-9_]){re.escape(old)}(?![A-Za-z0-9_])", replacement, new)
        if new != test:
            pairs.append((new, test))
    return tuple(pairs)
