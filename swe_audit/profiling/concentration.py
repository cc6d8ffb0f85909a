"""How far a dataset rests on a few repositories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from swe_audit.model.profile import RepositoryRow
from swe_audit.profiling.licences import is_copyleft, licence_of

TOP = 5


def repositories(names: Iterable[str]) -> tuple[RepositoryRow, ...]:
    """Return a row for each repository, most tasks first; one name for each task."""
    counts = Counter(names)
    total = counts.total()
    return tuple(
        RepositoryRow(
            repository=name,
            tasks=tasks,
            share=tasks / total,
            licence=licence_of(name),
            copyleft=is_copyleft(licence_of(name)),
        )
        for name, tasks in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def top_share(rows: Sequence[RepositoryRow]) -> float | None:
    """Return the share of tasks in the five largest repositories; None for no tasks."""
    total = sum(row.tasks for row in rows)
    return sum(sorted((row.tasks for row in rows), reverse=True)[:TOP]) / total if total else None


def gini(counts: Sequence[int]) -> float | None:
    """Return Gini's coefficient of tasks per repository: 0 if all have the same number.

    The mean absolute difference over twice the mean, over the repositories that occur, so it
    stays below 1 - 1/k for k of them. None for none.
    """
    ordered = sorted(counts)
    total, number = sum(ordered), len(ordered)
    if not total:
        return None
    weighted = sum(place * count for place, count in enumerate(ordered, start=1))
    return 2 * weighted / (number * total) - (number + 1) / number
