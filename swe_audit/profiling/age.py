"""When tasks were made, and whether a model could have seen them in training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from swe_audit.model.audit import Rate
from swe_audit.model.profile import Age, CutoffRow, SubmissionScore
from swe_audit.model.task import Task
from swe_audit.statistics import rate

Solved = Mapping[str, tuple[bool | None, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoff:
    """A model's training cut-off; ``submissions`` are patterns of results columns that used it."""

    model: str
    day: date
    submissions: tuple[str, ...]


def day_of(created_at: str | None) -> date | None:
    """Return the day of an ISO 8601 time, None where the text holds none."""
    try:
        return date.fromisoformat((created_at or "").strip()[:10])
    except ValueError:
        return None


def age(
    tasks: Sequence[Task],
    *,
    before: date | None = None,
    cutoffs: Sequence[Cutoff] = (),
    submissions: Sequence[str] = (),
    solved: Solved | None = None,
) -> Age:
    """Return when tasks were made, and the score of submissions before and after each cut-off.

    ``solved`` holds one cell per submission and task, None where nothing is reported. A task of
    the very day of a cut-off counts as after it; tasks without a date count nowhere.
    """
    days = {task.instance_id: day_of(task.created_at) for task in tasks}
    known = sorted(day for day in days.values() if day is not None)
    return Age(
        by_year=tuple(sorted(Counter(day.year for day in known).items())),
        dated=len(known),
        unknown=len(days) - len(known),
        oldest=known[0].isoformat() if known else None,
        newest=known[-1].isoformat() if known else None,
        before_date=before.isoformat() if before else None,
        before=sum(day < before for day in known) if before else None,
        cutoffs=tuple(_cutoff(one, days, submissions, solved) for one in cutoffs),
    )


def _cutoff(
    cutoff: Cutoff,
    days: Mapping[str, date | None],
    submissions: Sequence[str],
    solved: Solved | None,
) -> CutoffRow:
    early = [name for name, day in days.items() if day is not None and day < cutoff.day]
    late = [name for name, day in days.items() if day is not None and day >= cutoff.day]
    columns = [
        (place, name)
        for place, name in enumerate(submissions)
        if any(fnmatchcase(name.lower(), pattern.lower()) for pattern in cutoff.submissions)
    ]
    scores = tuple(
        SubmissionScore(
            submission=name,
            before=_score(early, solved or {}, place),
            after=_score(late, solved or {}, place),
        )
        for place, name in columns
    )
    return CutoffRow(
        model=cutoff.model,
        cutoff=cutoff.day.isoformat(),
        before=len(early),
        after=len(late),
        unknown=len(days) - len(early) - len(late),
        scores=scores,
    )


def _score(names: Sequence[str], solved: Solved, place: int) -> Rate:
    cells = [solved[name][place] for name in names if name in solved]
    known = [cell for cell in cells if cell is not None]
    return rate(sum(known), len(known))
