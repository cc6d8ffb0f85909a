"""The counts of the front page, as rows of its tables."""

from __future__ import annotations

from dataclasses import dataclass

from swe_audit.model.audit import Audit, TaskStatus
from swe_audit.model.finding import Confidence
from swe_audit.model.tags import DIFFICULTIES
from swe_audit.report import words
from swe_audit.report.plots import Point
from swe_audit.report.summary import UNSTATED, Summary, skip_reasons

STATUS_ORDER = (
    TaskStatus.DEFECTIVE,
    TaskStatus.SUSPECT,
    TaskStatus.CLEARED,
    TaskStatus.UNTESTED,
    TaskStatus.INCONCLUSIVE,
    TaskStatus.SKIPPED,
)
"""The order of the table of statuses: what was judged first, worst first."""

OTHER = "other"
NOT_GIVEN = "not given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number with its name, what it means, and its place in a bar of 1000 units."""

    key: str
    label: str
    meaning: str
    value: int
    share: str = ""
    offset: float = 0.0
    width: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DefectRow:
    """A defect, with its findings by confidence in the order of ``Confidence``."""

    key: str
    meaning: str
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DifficultyRow:
    """A difficulty, its tasks by status in ``STATUS_ORDER``, and the median of lines changed."""

    label: str
    counts: tuple[int, ...]
    total: int
    estimated: int
    median_lines: str


def difficulty_rank(difficulty: str) -> int:
    """Give a difficulty's place in order; unknown words come last but one, none at all last."""
    if difficulty in DIFFICULTIES:
        return DIFFICULTIES.index(difficulty)
    return len(DIFFICULTIES) + (not difficulty)


def states(summary: Summary) -> tuple[Count, ...]:
    """Count the trials by run state."""
    return tuple(
        Count(
            key=state.value,
            label=words.name(state.value),
            meaning=words.STATE[state],
            value=value,
        )
        for state, value in summary.by_run_state.items()
    )


def statuses(summary: Summary) -> tuple[Count, ...]:
    """Count the tasks by status, with each one's place in the bar."""
    counts: list[Count] = []
    offset = 0.0
    for status in STATUS_ORDER:
        value = summary.by_status.get(status, 0)
        width = 1000 * value / summary.tasks if summary.tasks else 0.0
        counts.append(
            Count(
                key=status.value,
                label=status.value,
                meaning=words.STATUS[status],
                value=value,
                share=words.percent(value / summary.tasks) if summary.tasks else "",
                offset=round(offset, 2),
                width=round(width, 2),
            )
        )
        offset += width
    return tuple(counts)


def reconciliation(summary: Summary) -> str:
    """Write the sum of the tasks, so that every reader can add it up."""
    if not summary.tasks:
        return ""
    parts = " + ".join(
        f"{words.number(summary.by_status.get(status, 0))}\u00a0{status.value}"
        for status in STATUS_ORDER
    )
    return f"{words.count(summary.tasks, 'task')} = {parts}"


def defects(summary: Summary) -> tuple[DefectRow, ...]:
    """Count the findings by defect and confidence."""
    return tuple(
        DefectRow(
            key=defect.value,
            meaning=words.DEFECT[defect],
            counts=tuple(
                summary.by_defect_and_confidence.get((defect, level), 0) for level in Confidence
            ),
            total=total,
        )
        for defect, total in summary.by_defect.items()
    )


def skips(audit: Audit, summary: Summary) -> tuple[Count, ...]:
    """Count the skipped tasks by reason."""
    meanings = {reason.value: meaning for reason, meaning in words.SKIP.items()}
    meanings[UNSTATED] = "no reason was recorded"
    present = set(skip_reasons(audit))
    return tuple(
        Count(key=key, label=words.name(key), meaning=meanings[key], value=value)
        for key, value in summary.by_skip_reason.items()
        if key in present
    )


def difficulties(audit: Audit) -> tuple[DifficultyRow, ...]:
    """Count the tasks by difficulty and status."""
    tagged = [(result.tags, result.status) for result in audit.tasks if result.tags]
    labels = sorted(
        {tags.difficulty for tags, _ in tagged}, key=lambda one: (difficulty_rank(one), one)
    )
    rows: list[DifficultyRow] = []
    for label in labels:
        own = [(tags, status) for tags, status in tagged if tags.difficulty == label]
        lines = sorted(tags.lines_changed for tags, _ in own)
        middle = (lines[(len(lines) - 1) // 2] + lines[len(lines) // 2]) / 2
        rows.append(
            DifficultyRow(
                label=label or NOT_GIVEN,
                counts=tuple(sum(one is status for _, one in own) for status in STATUS_ORDER),
                total=len(own),
                estimated=sum(tags.difficulty_estimated for tags, _ in own),
                median_lines=f"{middle:g}",
            )
        )
    return tuple(rows)


def points(audit: Audit) -> tuple[Point, ...]:
    """Give each tagged task as a point of the plot."""
    return tuple(
        Point(
            row=result.tags.difficulty if result.tags.difficulty in DIFFICULTIES else OTHER,
            lines=result.tags.lines_changed,
            status=result.status,
        )
        for result in audit.tasks
        if result.tags
    )
