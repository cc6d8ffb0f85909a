"""The audit divided by difficulty, repository and year: statuses and the defect rate of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from swe_audit.model.audit import Audit, Rate, TaskResult, TaskStatus
from swe_audit.report import words
from swe_audit.report.lines import difficulty_of, repository_of
from swe_audit.report.tallies import NOT_GIVEN, STATUS_ORDER, difficulty_rank
from swe_audit.statistics import rate

MAX_DRAWN = 12
"""Rows drawn at most; the smaller ones share a last row, and the table has them all."""

_UNJUDGED = (TaskStatus.INCONCLUSIVE, TaskStatus.SKIPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumRow:
    """One part of the tasks: by status in ``STATUS_ORDER``, and its defect rate."""

    label: str
    counts: tuple[int, ...]
    rate: Rate

    @property
    def total(self) -> int:
        """Tasks in this part."""
        return sum(self.counts)

    @property
    def told(self) -> str:
        """The defect rate in words."""
        if not self.rate.n or self.rate.low is None or self.rate.high is None:
            return "no task judged"
        return (
            f"{words.percent(self.rate.k / self.rate.n)}"
            f" ({words.percent(self.rate.low)} to {words.percent(self.rate.high)})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Strata:
    """The tasks divided by one property; ``drawn`` are the rows of the plot."""

    key: str
    title: str
    rows: tuple[StratumRow, ...]
    drawn: tuple[StratumRow, ...]


def all_strata(audit: Audit) -> tuple[Strata, ...]:
    """Divide an audit by each property that tells its tasks apart."""
    divided = (
        _strata(audit, "difficulty", "Difficulty", _difficulty, _by_difficulty),
        _strata(audit, "repository", "Repositories", _repository, _by_size),
        _strata(audit, "year", "Years", _year, _by_label),
    )
    return tuple(one for one in divided if len(one.rows) > 1)


def _strata(
    audit: Audit,
    key: str,
    title: str,
    label_of: Callable[[TaskResult], str],
    order: Callable[[StratumRow], tuple[object, ...]],
) -> Strata:
    parts: dict[str, list[TaskStatus]] = {}
    for result in audit.tasks:
        if result.tags:
            parts.setdefault(label_of(result), []).append(result.status)
    rows = tuple(sorted((_row(label, statuses) for label, statuses in parts.items()), key=order))
    return Strata(key=key, title=title, rows=rows, drawn=_drawn(rows))


def _row(label: str, statuses: list[TaskStatus]) -> StratumRow:
    judged = [one for one in statuses if one not in _UNJUDGED]
    return StratumRow(
        label=label,
        counts=tuple(statuses.count(one) for one in STATUS_ORDER),
        rate=rate(judged.count(TaskStatus.DEFECTIVE), len(judged)),
    )


def _drawn(rows: tuple[StratumRow, ...]) -> tuple[StratumRow, ...]:
    if len(rows) <= MAX_DRAWN:
        return rows
    largest = sorted(rows, key=lambda one: (-one.total, one.label))[: MAX_DRAWN - 1]
    rest = [one for one in rows if one not in largest]
    counts = tuple(map(sum, zip(*(one.counts for one in rest), strict=True)))
    other = StratumRow(
        label=f"{len(rest)} others",
        counts=counts,
        rate=rate(sum(one.rate.k for one in rest), sum(one.rate.n for one in rest)),
    )
    return (*(one for one in rows if one in largest), other)


def _difficulty(result: TaskResult) -> str:
    return difficulty_of(result)


def _repository(result: TaskResult) -> str:
    return repository_of(result) or NOT_GIVEN


def _year(result: TaskResult) -> str:
    year = result.tags.year if result.tags else None
    return NOT_GIVEN if year is None else str(year)


def _by_difficulty(row: StratumRow) -> tuple[object, ...]:
    return difficulty_rank("" if row.label == NOT_GIVEN else row.label), row.label


def _by_size(row: StratumRow) -> tuple[object, ...]:
    return -row.total, row.label


def _by_label(row: StratumRow) -> tuple[object, ...]:
    return row.label == NOT_GIVEN, row.label
