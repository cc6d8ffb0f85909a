"""Scores of submissions, as published and as corrected: a document's entry and a table's lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from swe_audit.model.audit import Audit
from swe_audit.model.scores import Score, Scores, SubmissionScore
from swe_audit.statistics import NOTHING, format_share


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """One submission in words; ``rank`` is empty where it has none, ``moved`` if it changed."""

    name: str
    source: str
    published: str
    corrected: str
    change: str
    interval: str
    rank: str
    moved: bool
    credited: tuple[str, ...]


def score_lines(audit: Audit) -> tuple[ScoreLine, ...]:
    """Return the table of corrected scores, by source and the best published first."""
    return tuple(_line(row) for row in audit.scores.rows) if audit.scores is not None else ()


def scores_entry(scores: Scores | None) -> dict[str, Any] | None:
    """Give the ``scores`` of ``report.json``, None where no submission is known."""
    if scores is None:
        return None
    return {
        "excluded": list(scores.excluded),
        "level": scores.level,
        "method": scores.method,
        "submissions": [_entry(row) for row in scores.rows],
    }


def _entry(row: SubmissionScore) -> dict[str, Any]:
    return {
        "name": row.name,
        "source": row.source.value,
        "published": _score(row.published),
        "corrected": _score(row.corrected),
        "credited": list(row.credited),
        "change": row.change,
        "low": row.low,
        "high": row.high,
        "rank_published": row.rank_published,
        "rank_corrected": row.rank_corrected,
    }


def _score(score: Score) -> dict[str, Any]:
    return {"solved": score.solved, "tasks": score.tasks, "share": score.share}


def _line(row: SubmissionScore) -> ScoreLine:
    ranked = row.rank_published is not None and row.rank_corrected is not None
    bounded = row.low is not None and row.high is not None
    return ScoreLine(
        name=row.name,
        source=row.source.value,
        published=_told(row.published),
        corrected=_told(row.corrected),
        change=NOTHING if row.change is None else _points(row.change),
        interval=f"{_points(row.low or 0.0)} to {_points(row.high or 0.0)}" if bounded else "",
        rank=f"{row.rank_published} to {row.rank_corrected}" if ranked else "",
        moved=ranked and row.moved,
        credited=row.credited,
    )


def _told(score: Score) -> str:
    return NOTHING if score.share is None else f"{format_share(score.share, 1)} of {score.tasks}"


def _points(difference: float) -> str:
    """Write a difference of shares in points; what rounds to nought has no sign."""
    points = round(100 * difference, 1)
    return f"{points:+.1f}" if points else "0.0"
