"""How far a dataset rests on a few repositories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from swe_audit.model.profile import RepositoryRow
from swe_audit.profiling.licences import is_copyleft, licence_of

TOP = 5


def repositories(tasks: Iterable[tuple[str, date | None]]) -> tuple[RepositoryRow, ...]:
    """Return a row for each repository, most tasks first, from repository and day of each task.

    A repository whose tasks stand under different licences, or some under one that is not known,
    has none here.
    """
    days: dict[str, list[date | None]] = {}
    for name, day in tasks:
        days.setdefault(name, []).append(day)
    total = sum(map(len, days.values()))
    rows = []
    for name, dates in sorted(days.items(), key=lambda item: (-len(item[1]), item[0])):
        known = {licence_of(name, day) for day in dates}
        licence = known.pop() if len(known) == 1 else None
        rows.append(
            RepositoryRow(
                repository=name,
                tasks=len(dates),
                share=len(dates) / total,
                licence=licence,
                copyleft=is_copyleft(licence),
            )
        )
    return tuple(rows)


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
