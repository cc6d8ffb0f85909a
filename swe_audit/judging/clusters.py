"""Compare softened runs: who fails the same assertions in the same way, and who passes what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from swe_audit.model.observation import Cluster, Observation, SoftRun

Place = tuple[str, str, int, int]

_ACCIDENTAL = re.compile(r"\b0x[0-9a-fA-F]{6,}\b|/tmp/[^\s'\"]+")
"""What differs between two runs of the same code: addresses, and temporary files."""
_ASSERTING = ("AssertionError", "Failed")


def rejecting(run: SoftRun, gold: SoftRun) -> tuple[Observation, ...]:
    """Return what fails for a candidate and not for gold: the causes of its rejection.

    Assertions and statements that gold never came to count as well.
    """
    failing = {seen.place for seen in gold.observations if not seen.passed}
    return tuple(seen for seen in run.observations if not seen.passed and seen.place not in failing)


def beyond_empty(run: SoftRun, empty: SoftRun) -> tuple[Observation, ...]:
    """Return the assertions that a candidate passes and no patch at all does not (EVIDENCE 1.5)."""
    anyway = {seen.place for seen in empty.observations if seen.passed}
    return tuple(seen for seen in run.observations if seen.passed and seen.place not in anyway)


def clusters(runs: Iterable[SoftRun], gold: SoftRun) -> tuple[Cluster, ...]:
    """Group candidates by what they fail in the same observed way, the largest groups first.

    A candidate that fails several assertions can be in several clusters; assertions that the very
    same candidates fail alike share one. Void runs are in none.
    """
    alike: dict[tuple[object, ...], list[tuple[str, Observation]]] = {}
    for run in runs:
        if not run.void and run.subject != gold.subject:
            for seen in rejecting(run, gold):
                alike.setdefault((seen.place, *manner(seen)), []).append((run.subject, seen))
    groups: dict[tuple[str, ...], list[Observation]] = {}
    for members in alike.values():
        names = tuple(dict.fromkeys(name for name, _ in members))
        groups.setdefault(names, []).append(members[0][1])
    found = [Cluster(candidates=names, failed=tuple(seen)) for names, seen in groups.items()]
    return tuple(sorted(found, key=lambda each: -len(each.candidates)))


def manner(seen: Observation) -> tuple[str, ...]:
    """Return in which way an assertion failed, addresses and temporary files aside.

    For a comparison that is the value; where an error came instead, its class and its text.
    """
    compared = seen.exception in _ASSERTING and seen.observed
    told = (seen.exception, seen.observed if compared else seen.message)
    return tuple(_ACCIDENTAL.sub("", text) for text in told)


def run_of(runs: Sequence[SoftRun], subject: str) -> SoftRun | None:
    """Return a candidate's softened run that may be believed, None where there is none."""
    return next((run for run in runs if run.subject == subject and not run.void), None)
