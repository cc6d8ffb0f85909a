"""What defects mean for scores: each submission as published, and as corrected."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a results matrix says of one task: which submissions solve it and which do not."""

    solved: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """Whose patches are on trial in one task: the submission's name and the candidate's."""

    pairs: tuple[tuple[str, str], ...] = ()


class ScoreSource(str, Enum):
    """Who says which task a submission solves: a results matrix, or our own trials."""

    RESULTS = "results"
    TRIALS = "trials"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Tasks solved, of those that count; a task tried several times counts by its share."""

    solved: float
    tasks: int

    @property
    def share(self) -> float | None:
        """Solved over tasks, None where no task is left."""
        return self.solved / self.tasks if self.tasks else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionScore:
    """One submission. ``credited`` are the tasks that only the correction counts as solved.

    ``low`` and ``high`` bound corrected less published (shares), None below three tasks. Ranks
    begin at 1, equal shares have the same; None where the submissions tried different tasks.
    """

    name: str
    source: ScoreSource
    published: Score
    corrected: Score
    credited: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    rank_published: int | None = None
    rank_corrected: int | None = None

    @property
    def change(self) -> float | None:
        """Corrected less published, None where either has no task."""
        before, after = self.published.share, self.corrected.share
        return None if before is None or after is None else after - before

    @property
    def moved(self) -> bool:
        """Whether the correction gives it another rank."""
        return self.rank_published != self.rank_corrected


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The scores of an audit, by source, then the best published first.

    ``excluded`` are the tasks with proven findings, which the correction takes out.
    """

    rows: tuple[SubmissionScore, ...]
    excluded: tuple[str, ...]
    level: float
    method: str
