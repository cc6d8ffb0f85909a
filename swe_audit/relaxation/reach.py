"""Which candidates relaxed tests can admit: those that fail only tests which changed."""

from __future__ import annotations

import re

from swe_audit.model.relaxation import Relaxation
from swe_audit.model.trial import Trial

_NAMED = re.compile(r"::|\.py\b|^\w+ \([\w.]+\)$|^test\w*$")
"""Ids that hold the test's own name; a docstring in its place does not."""


def may_change(relaxation: Relaxation, trial: Trial) -> bool:
    """Whether a rejected trial could turn out otherwise; any unchanged failing test says no."""
    return bool(trial.outcome.failed) and all(
        is_changed(relaxation, test) for test in trial.outcome.failed
    )


def is_changed(relaxation: Relaxation, test: str) -> bool:
    """Whether a test is another one when relaxed; yes where its id does not tell."""
    if not relaxation.functions or not _NAMED.search(test):
        return True
    return bool(set(relaxation.functions) & set(re.findall(r"\w+", test)))
