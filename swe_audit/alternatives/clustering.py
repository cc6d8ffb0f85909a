"""Submissions of one task in groups: those that change the same, and those that fare the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from swe_audit.alternatives.carrying import added_text, likeness
from swe_audit.model.candidate import Candidate
from swe_audit.model.trial import HARNESS, RunState, Trial

ALIKE = 0.85
"""From this likeness of added lines on, two patches change the same."""


def by_change(candidates: Sequence[Candidate]) -> list[tuple[Candidate, ...]]:
    """Return groups of patches that add nearly the same lines, the largest first.

    Each candidate is in one; who is like any member of a group is in it.
    """
    texts = {one.name: " ".join(added_text(one.patch).split()) for one in candidates}
    groups: list[list[Candidate]] = []
    for one in candidates:
        mine = texts[one.name]
        near = [
            group for group in groups if any(likeness(mine, texts[o.name]) >= ALIKE for o in group)
        ]
        merged = [member for group in near for member in group]
        groups = [group for group in groups if group not in near]
        groups.append([*merged, one])
    return _ordered(groups, candidates)


def by_outcome(
    candidates: Sequence[Candidate], trials: Iterable[Trial]
) -> list[tuple[tuple[Candidate, ...], tuple[str, ...]]]:
    """Return groups that fail the same required tests, with those; who never completed is in none.

    The first completed attempt of ours counts. Who fails nothing is accepted.
    """
    first: dict[str, Trial] = {}
    for trial in trials:
        if trial.state is RunState.COMPLETED and trial.isolation != HARNESS:
            first.setdefault(trial.candidate, trial)
    groups: dict[tuple[str, ...], list[Candidate]] = {}
    for one in candidates:
        if one.name in first:
            groups.setdefault(first[one.name].outcome.failed, []).append(one)
    ordered = _ordered(list(groups.values()), candidates)
    return [(group, first[group[0].name].outcome.failed) for group in ordered]


def _ordered(
    groups: Iterable[list[Candidate]], candidates: Sequence[Candidate]
) -> list[tuple[Candidate, ...]]:
    place = {one.name: at for at, one in enumerate(candidates)}
    whole = [tuple(sorted(group, key=lambda one: place[one.name])) for group in groups]
    return sorted(whole, key=lambda group: (-len(group), place[group[0].name]))
