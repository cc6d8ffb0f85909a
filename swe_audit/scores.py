"""Scores of an audit's submissions: as published, and with the tasks mended or taken out.

A task with a proven finding is taken out. On the others a rejected patch that backs a proven or
likely finding counts as solved: evidence says that it is correct.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from swe_audit.model.audit import TaskResult
from swe_audit.model.candidate import CandidateKind, DropReason
from swe_audit.model.finding import Confidence
from swe_audit.model.scores import (
    Claims,
    Score,
    Scores,
    ScoreSource,
    SubmissionScore,
    Submitted,
)
from swe_audit.model.trial import Verdict
from swe_audit.statistics import counted, format_share
from swe_audit.statistics.scores import LEVEL, METHOD, Paired, intervals, ranks

_EVIDENCED = (Confidence.PROVEN, Confidence.LIKELY)
_OUTCOMES = {Verdict.RESOLVED: 1.0, Verdict.UNRESOLVED: 0.0}
_DROPPED = {
    DropReason.EQUALS_GOLD: 1.0,
    DropReason.EMPTY: 0.0,
    DropReason.NOT_A_DIFF: 0.0,
    DropReason.UNSAFE_PATH: 0.0,
    DropReason.TESTS_ONLY: 0.0,
}
"""What a patch that was not tried counts as: gold itself solves, no change does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One task: each submission's outcome by source, 0 to 1, and what evidence adds to it."""

    instance_id: str
    excluded: bool
    outcomes: Mapping[tuple[ScoreSource, str], float]
    credited: Mapping[tuple[ScoreSource, str], float]


def scores_of(
    results: Iterable[TaskResult],
    claims: Mapping[str, Claims],
    submitted: Mapping[str, Submitted],
    seed: int = 0,
) -> Scores | None:
    """Return the scores of every submission, None where there is none."""
    nobody, nothing = Submitted(), Claims()
    tasks = [
        _task(
            result,
            claims.get(result.instance_id, nothing),
            submitted.get(result.instance_id, nobody),
        )
        for result in results
    ]
    rows = [
        row
        for source in ScoreSource
        for row in _rows(source, [task for task in tasks if _has(task, source)], seed)
    ]
    if not rows:
        return None
    excluded = tuple(task.instance_id for task in tasks if task.excluded and task.outcomes)
    return Scores(rows=tuple(rows), excluded=excluded, level=LEVEL, method=METHOD)


def _has(task: _Task, source: ScoreSource) -> bool:
    return any(key[0] is source for key in task.outcomes)


def _task(result: TaskResult, claims: Claims, submitted: Submitted) -> _Task:
    evidenced = {
        name
        for finding in result.findings
        if finding.confidence in _EVIDENCED
        for name in finding.candidates
    }
    tried = _tried(result, submitted)
    outcomes = {(ScoreSource.RESULTS, name): 1.0 for name in claims.solved}
    outcomes.update({(ScoreSource.RESULTS, name): 0.0 for name in claims.failed})
    credited = dict(outcomes)
    for name, patches in tried.items():
        key = (ScoreSource.TRIALS, name)
        values = [value for _, value in patches]
        mended = [1.0 if patch in evidenced else value for patch, value in patches]
        outcomes[key] = sum(values) / len(values)
        credited[key] = sum(mended) / len(mended)
        reported = (ScoreSource.RESULTS, name)
        if reported in credited and credited[key] > outcomes[key]:
            credited[reported] = max(credited[reported], credited[key])
    proven = any(finding.confidence is Confidence.PROVEN for finding in result.findings)
    return _Task(
        instance_id=result.instance_id, excluded=proven, outcomes=outcomes, credited=credited
    )


def _tried(result: TaskResult, submitted: Submitted) -> dict[str, list[tuple[str, float]]]:
    """Return each submission's patches with what the benchmark says of them in our trials."""
    said: dict[str, float] = {}
    alternatives = {c.name for c in result.candidates if c.kind is CandidateKind.ALTERNATIVE}
    for trial in result.trials:
        outcome = _OUTCOMES.get(trial.official_verdict)
        if trial.candidate in alternatives and outcome is not None:
            said.setdefault(trial.candidate, outcome)
    tried: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for name, candidate in submitted.pairs:
        if candidate in said:
            tried[name].append((candidate, said[candidate]))
    for dropped in result.dropped:
        if result.trials and dropped.reason in _DROPPED:
            tried[dropped.name].append(("", _DROPPED[dropped.reason]))
    return tried


def _rows(source: ScoreSource, tasks: Sequence[_Task], seed: int) -> list[SubmissionScore]:
    names = sorted({name for task in tasks for kind, name in task.outcomes if kind is source})
    paired = [
        Paired(
            before=tuple(task.outcomes.get((source, name)) for task in tasks),
            after=tuple(
                None if task.excluded else task.credited.get((source, name)) for task in tasks
            ),
        )
        for name in names
    ]
    same = len({tuple(cell is not None for cell in each.before) for each in paired}) <= 1
    bounds = intervals(paired, seed)
    rows = [
        SubmissionScore(
            name=name,
            source=source,
            published=_score(each.before),
            corrected=_score(each.after),
            credited=_credited(tasks, each),
            low=bound[0] if bound else None,
            high=bound[1] if bound else None,
        )
        for name, each, bound in zip(names, paired, bounds, strict=True)
    ]
    if same or source is ScoreSource.RESULTS:
        rows = _ranked(rows)
    return sorted(rows, key=lambda row: (-(row.published.share or 0.0), row.name))


def _ranked(rows: Sequence[SubmissionScore]) -> list[SubmissionScore]:
    before = ranks([row.published.share for row in rows])
    after = ranks([row.corrected.share for row in rows])
    return [
        replace(row, rank_published=old, rank_corrected=new)
        for row, old, new in zip(rows, before, after, strict=True)
    ]


def _score(cells: Sequence[float | None]) -> Score:
    known = [cell for cell in cells if cell is not None]
    return Score(solved=sum(known), tasks=len(known))


def _credited(tasks: Sequence[_Task], paired: Paired) -> tuple[str, ...]:
    return tuple(
        task.instance_id
        for task, before, after in zip(tasks, paired.before, paired.after, strict=True)
        if before is not None and after is not None and after > before
    )


def describe_scores(scores: Scores) -> tuple[str, ...]:
    """Say in a line for each source what the correction changes."""
    lines = []
    for source in ScoreSource:
        rows = [row for row in scores.rows if row.source is source]
        if rows:
            lines.append(f"{source.value}: {_described(rows, scores)}")
    return tuple(lines)


def _described(rows: Sequence[SubmissionScore], scores: Scores) -> str:
    known = [row for row in rows if row.change is not None]
    credited = sum(bool(row.credited) for row in rows)
    moved = sum(row.moved for row in rows)
    text = (
        f"{counted(len(rows), 'submission')}, without {counted(len(scores.excluded), 'task')}"
        f" with proven findings; {counted(credited, 'submission')} credited"
    )
    if any(row.rank_published is not None for row in rows):
        text += f", {counted(moved, 'rank')} changed"
    if known and any(row.change for row in known):
        most = max(known, key=lambda row: (abs(row.change or 0.0), row.name))
        text += f"; largest change {most.name} {told(most)}"
    return text


def told(row: SubmissionScore) -> str:
    """Write a correction in words: ``41.0 % to 43.2 % (+2.2 points, 0.8 to 3.9)``."""
    before, after, change = row.published.share, row.corrected.share, row.change
    if before is None or after is None or change is None:
        return "has no task left"
    text = f"{format_share(before, 1)} to {format_share(after, 1)} ({100 * change:+.1f} points"
    if row.low is not None and row.high is not None:
        text += f", {100 * row.low:+.1f} to {100 * row.high:+.1f}"
    return text + ")"
