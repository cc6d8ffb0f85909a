"""Difficulty, size of the change, and what goes with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from swe_audit.model.audit import Rate, TaskStatus
from swe_audit.model.contamination import Mean
from swe_audit.model.profile import CrossCell, DifficultyRow, Sizes, Spread
from swe_audit.model.tags import DIFFICULTIES, Tags
from swe_audit.model.task import Task
from swe_audit.profiling.spreads import spread
from swe_audit.statistics import interval_of_mean, rate
from swe_audit.tags.difficulty import estimate_difficulty
from swe_audit.tags.tagger import changed_files

LINE_CLASSES: tuple[tuple[int, int | None], ...] = (
    (0, 5),
    (6, 15),
    (16, 50),
    (51, 150),
    (151, None),
)
"""Classes of changed lines in the cross-table, ends included."""

_JUDGED = (TaskStatus.DEFECTIVE, TaskStatus.SUSPECT, TaskStatus.CLEARED, TaskStatus.UNTESTED)

Tagged = tuple[Task, Tags]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What is known of tasks from elsewhere, by instance id.

    ``solved`` is the share of submissions that solve it; ``statuses`` what an audit found.
    """

    solved: Mapping[str, float] | None = None
    statuses: Mapping[str, TaskStatus] | None = None

    def solved_mean(self, tagged: Sequence[Tagged]) -> Mean | None:
        """Return the mean over those of the tasks that are known; None without results."""
        if self.solved is None:
            return None
        known = [self.solved[t.instance_id] for t, _ in tagged if t.instance_id in self.solved]
        found = interval_of_mean(known)
        return Mean(mean=found.mean, low=found.low, high=found.high, n=found.n)

    def defect_rate(self, tagged: Sequence[Tagged]) -> Rate | None:
        """Return defective over judged tasks; None without an audit."""
        if self.statuses is None:
            return None
        known = [self.statuses.get(task.instance_id) for task, _ in tagged]
        return rate(
            sum(status is TaskStatus.DEFECTIVE for status in known),
            sum(status in _JUDGED for status in known),
        )


def difficulty_rows(tagged: Sequence[Tagged], outcomes: Outcomes) -> tuple[DifficultyRow, ...]:
    """Return a row for each of the benchmark's labels, easiest first, empty ones included."""
    return tuple(
        _row(label, [one for one in tagged if one[1].difficulty == label], outcomes)
        for label in DIFFICULTIES
    )


def _row(label: str, tagged: Sequence[Tagged], outcomes: Outcomes) -> DifficultyRow:
    return DifficultyRow(
        difficulty=label,
        tasks=len(tagged),
        estimated=sum(tags.difficulty_estimated for _, tags in tagged),
        lines_added=_over(tagged, lambda tags: tags.lines_added),
        lines_changed=_over(tagged, lambda tags: tags.lines_changed),
        files=_over(tagged, lambda tags: tags.files),
        solved=outcomes.solved_mean(tagged),
        defective=outcomes.defect_rate(tagged),
    )


def estimated_difficulty(tagged: Sequence[Tagged]) -> tuple[tuple[str, int], ...]:
    """Count tasks by the difficulty that their size alone suggests, easiest first."""
    counts = Counter(
        estimate_difficulty(tags.lines_changed, tags.files, tags.hunks) for _, tags in tagged
    )
    return tuple((label, counts[label]) for label in DIFFICULTIES)


def cross_table(tagged: Sequence[Tagged], outcomes: Outcomes) -> tuple[CrossCell, ...]:
    """Return difficulty by class of changed lines, row by row; cells without tasks included."""
    cells = []
    for label in DIFFICULTIES:
        for least, most in LINE_CLASSES:
            part = [
                one
                for one in tagged
                if one[1].difficulty == label
                and least <= one[1].lines_changed
                and (most is None or one[1].lines_changed <= most)
            ]
            cells.append(
                CrossCell(
                    difficulty=label,
                    least=least,
                    most=most,
                    tasks=len(part),
                    solved=outcomes.solved_mean(part),
                    defective=outcomes.defect_rate(part),
                )
            )
    return tuple(cells)


def sizes(tagged: Sequence[Tagged]) -> Sizes:
    """Return the size of reference patches: the program's own files, and everything."""
    whole = [
        (
            sum(change.added for change in changes),
            sum(change.added + change.removed for change in changes),
            len(changes),
        )
        for changes in (changed_files(t.gold_patch, whose=t.instance_id) for t, _ in tagged)
    ]
    return Sizes(
        lines_added=_over(tagged, lambda tags: tags.lines_added),
        lines_changed=_over(tagged, lambda tags: tags.lines_changed),
        files=_over(tagged, lambda tags: tags.files),
        whole_added=spread([added for added, _, _ in whole]),
        whole_changed=spread([changed for _, changed, _ in whole]),
        whole_files=spread([files for _, _, files in whole]),
    )


def _over(tagged: Sequence[Tagged], of: Callable[[Tags], int]) -> Spread:
    return spread([of(tags) for _, tags in tagged])
