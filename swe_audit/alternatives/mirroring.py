"""Tests of our own in the place of the task's: the eval script with another test patch in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from swe_audit.model.construction import ConstructionKind, Site
from swe_audit.model.task import Task

_HOLE = re.compile(r"\{[^{}]*\}|%(?:\(\w+\))?[-#0 +]*[\d.*]*[a-zA-Z]")
"""A placeholder of a message template: of ``format``, an f-string or ``%``."""


def with_test_patch(task: Task, test_patch: str, script: str | None = None) -> str | None:
    """Return the task's eval script with another test patch where its own stood.

    ``script`` is looked at instead of the task's, where it is not None. None where the script
    does not hold the task's test patch exactly once, as when test files come with the image:
    then a mirror cannot be run.
    """
    script = (task.eval_script or "") if script is None else script
    own = task.test_patch.strip("\n")
    if not own or script.count(own) != 1:
        return None
    return script.replace(own, test_patch.strip("\n"))


def renamed_tests(task: Task, sites: Iterable[Site]) -> tuple[tuple[str, str], ...]:
    """Pair the ids that required tests have under the mirrored tests with the ids required.

    A detail inside a parametrised id changes with the tests: a name as a whole word, a message
    between its placeholders.
    """
    changes = [change for site in sites for change in _changes(site)]
    pairs = []
    for test in task.required:
        new = test
        for pattern, replacement in changes:
            new = pattern.sub(lambda _, text=replacement: text, new)  # type: ignore[misc]
        if new != test:
            pairs.append((new, test))
    return tuple(pairs)


def _changes(site: Site) -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield what a site changes in an id, and into what."""
    if site.detail.isidentifier():
        word = rf"(?<![A-Za-z0-9_]){re.escape(site.detail)}(?![A-Za-z0-9_])"
        yield re.compile(word), site.replacement
    elif site.kind is ConstructionKind.MESSAGE:
        before, after = (_HOLE.split(text) for text in (site.detail, site.replacement))
        if len(before) == len(after):
            for old, new in zip(before, after, strict=True):
                if old != new and len(old.split()) > 1:
                    yield re.compile(re.escape(old.strip())), new.strip()
