"""What defects mean for scores: solve rates with and without defective tasks, and encounters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from swe_audit.model.audit import Audit, TaskResult, TaskStatus
from swe_audit.report import words
from swe_audit.report.lines import difficulty_of, finding_line
from swe_audit.report.tallies import difficulty_rank

ALL = "all tasks"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """The average solve rate of the reported submissions over some tasks.

    ``before`` over all ``tasks`` of them with a reported result, ``after`` without the
    ``defective``; None where no task is left.
    """

    label: str
    tasks: int
    defective: int
    before: float
    after: float | None

    @property
    def told(self) -> tuple[str, str]:
        """Both in words."""
        after = words.percent(self.after) if self.after is not None else "no task left"
        return words.percent(self.before), after


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """One live finding: how many solve its task, and how often families met its pin."""

    instance_id: str
    page: str
    anchor: str
    detail: str
    confidence: str
    solved: float
    met: float
    k: int
    n: int
    low: float
    high: float

    @property
    def told(self) -> str:
        """How often families met it, in words."""
        interval = f"{words.percent(self.low)} to {words.percent(self.high)}"
        return f"{self.k} of {self.n} ({words.percent(self.met)}; {interval})"


def score_rows(audit: Audit) -> tuple[ScoreRow, ...]:
    """Average over all tasks and by difficulty; nothing without a results matrix."""
    reported = [one for one in audit.tasks if one.reported is not None and one.reported.of]
    if not reported:
        return ()
    labels = sorted(
        {difficulty_of(one) for one in reported}, key=lambda one: (difficulty_rank(one), one)
    )
    rows = [_row(ALL, reported)]
    if len(labels) > 1:
        rows += [
            _row(label or "not read", [one for one in reported if difficulty_of(one) == label])
            for label in labels
        ]
    return tuple(rows)


def _row(label: str, tasks: Sequence[TaskResult]) -> ScoreRow:
    sound = [one for one in tasks if one.status is not TaskStatus.DEFECTIVE]
    return ScoreRow(
        label=label,
        tasks=len(tasks),
        defective=len(tasks) - len(sound),
        before=_average(tasks),
        after=_average(sound) if sound else None,
    )


def _average(tasks: Sequence[TaskResult]) -> float:
    shares = [one.reported.solved / one.reported.of for one in tasks if one.reported is not None]
    return min(1.0, sum(shares) / len(shares))


def encounters(audit: Audit, pages: Sequence[str]) -> tuple[Encounter, ...]:
    """Give the live findings of which both an encounter rate and a solve rate are known."""
    return tuple(
        Encounter(
            instance_id=finding.instance_id,
            page=page,
            anchor=finding_line(finding, page).anchor,
            detail=finding.detail,
            confidence=finding.confidence.value,
            solved=min(1.0, result.reported.solved / result.reported.of),
            met=min(1.0, finding.encounter_rate.k / finding.encounter_rate.n),
            k=finding.encounter_rate.k,
            n=finding.encounter_rate.n,
            low=finding.encounter_rate.low,
            high=finding.encounter_rate.high,
        )
        for result, page in zip(audit.tasks, pages, strict=True)
        for finding in result.findings
        if finding.confidence.live
        and result.reported is not None
        and result.reported.of
        and finding.encounter_rate is not None
        and finding.encounter_rate.n
    )
