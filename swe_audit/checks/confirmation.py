"""Whether a rejection holds: every attempt, the same failing tests, the same cause, gold between.

EVIDENCE 1.2. That gold ran in between follows from the order in which trials are planned.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from swe_audit.checks.case import Case
from swe_audit.model.candidate import Candidate
from swe_audit.model.trial import Trial, Verdict


class Standing(str, Enum):
    """How an alternative stands after all its attempts."""

    UNTRIED = "untried"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNCONFIRMED = "unconfirmed"
    UNSTABLE = "unstable"


def standing(case: Case, candidate: Candidate) -> Standing:
    """Return how an alternative stands; ``REJECTED`` only where the rejection is confirmed.

    ``UNSTABLE`` is a candidate that disagrees with itself, ``UNCONFIRMED`` one whose rejection
    lacks attempts, a test that may ground it, or a gold that resolves throughout.
    """
    trials = case.completed(candidate)
    if not trials:
        return Standing.UNTRIED
    if not agree(case, trials):
        return Standing.UNSTABLE
    if trials[0].verdict is Verdict.RESOLVED:
        return Standing.ACCEPTED
    reasons = {_reason(case, trial) for trial in trials}
    if len(reasons) > 1:
        return Standing.UNSTABLE
    grounded = all(case.rejections[trial.id].grounding for trial in trials)
    if len(trials) >= case.repeats and grounded and case.gold_always_resolves:
        return Standing.REJECTED
    return Standing.UNCONFIRMED


def named_patches(names: Sequence[str]) -> str:
    """Name patches in a sentence, three at most: ``patch a``, ``patches a, b, c and 2 more``."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{'patch' if len(names) == 1 else 'patches'} {', '.join(names[:3])}{more}"


def agree(case: Case, trials: tuple[Trial, ...]) -> bool:
    """Whether completed attempts of one candidate say the same of every test that counts."""
    return len({(t.verdict, _failing(case, t)) for t in trials}) <= 1


def differing_tests(case: Case, trials: tuple[Trial, ...]) -> tuple[str, ...]:
    """Return the required tests on which completed attempts of one candidate differ."""
    sets = [_failing(case, trial) for trial in trials]
    every = frozenset().union(*sets)
    common = frozenset(every).intersection(*sets)
    return tuple(test for test in case.task.required if test in every - common)


def _failing(case: Case, trial: Trial) -> frozenset[str]:
    # In a rebuilt environment, what gold cannot pass at all is our noise, not the candidate's.
    ignored = case.missing if case.task.rebuilt else frozenset()
    return frozenset(trial.outcome.failed) - ignored


def _reason(case: Case, trial: Trial) -> frozenset[tuple[str, str]]:
    rejection = case.rejections.get(trial.id)
    if rejection is None:
        return frozenset()
    return frozenset((e.test, e.cause.value) for e in rejection.explanations)
