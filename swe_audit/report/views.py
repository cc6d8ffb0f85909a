"""What the front page shows, as plain data: every number counted, every sentence written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from swe_audit.model.audit import Audit, TaskResult, TaskStatus
from swe_audit.model.candidate import CandidateKind
from swe_audit.model.finding import Confidence, Defect, Finding
from swe_audit.model.tags import DIFFICULTIES
from swe_audit.report import words
from swe_audit.report.plots import Point
from swe_audit.report.rates import RateView, rate_view
from swe_audit.report.summary import (
    UNSTATED,
    Summary,
    rejected_alternatives,
    rejections_without_evidence,
    skip_reasons,
    summarise,
)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """A finding as a line of a list; ``page`` is the address of its task from the front page."""

    id: str
    anchor: str
    instance_id: str
    page: str
    defect: str
    defect_rank: int
    confidence: str
    confidence_rank: int
    cause: str
    cause_meaning: str
    detail: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """A task as a row of the table; missing numbers are None and sort last."""

    instance_id: str
    page: str
    status: str
    status_rank: int
    reason: str
    defects: tuple[str, ...]
    confidence: str
    confidence_rank: int
    repository: str
    difficulty: str
    difficulty_rank: int
    difficulty_estimated: bool
    lines: int | None
    tried: int
    rejected: int
    unexplained_rejections: int
    trials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """How the audit was made, in the words of its own record."""

    id: str
    dataset: str
    started: str
    facts: tuple[tuple[str, str], ...]
    command: str
    versions: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexView:
    """The front page."""

    run: RunView
    lead: str
    rate: RateView
    statuses: tuple[Count, ...]
    reconciliation: str
    confidences: tuple[str, ...]
    defects: tuple[DefectRow, ...]
    states: tuple[Count, ...]
    skips: tuple[Count, ...]
    summary: Summary
    findings: tuple[FindingLine, ...]
    tasks: tuple[TaskLine, ...]
    difficulties: tuple[DifficultyRow, ...]
    plot_rows: tuple[str, ...]
    points: tuple[Point, ...]
    filter_defects: tuple[str, ...]
    filter_difficulties: tuple[str, ...]
    filter_repositories: tuple[str, ...]


def index_view(audit: Audit, pages: Sequence[str]) -> IndexView:
    """Build the front page; ``pages`` are the addresses of the tasks' pages, in their order."""
    summary = summarise(audit)
    lines = tuple(_task_line(result, page) for result, page in zip(audit.tasks, pages, strict=True))
    findings = [
        finding_line(finding, page)
        for result, page in zip(audit.tasks, pages, strict=True)
        for finding in result.findings
    ]
    findings.sort(key=lambda one: (one.confidence_rank, one.defect_rank, one.instance_id, one.id))
    difficulties = _difficulties(audit)
    points = _points(audit)
    return IndexView(
        run=_run(audit),
        lead=_lead(summary),
        rate=rate_view(audit),
        statuses=_statuses(summary),
        reconciliation=_reconciliation(summary),
        confidences=tuple(level.value for level in Confidence),
        defects=_defects(summary),
        states=tuple(
            Count(
                key=state.value,
                label=words.name(state.value),
                meaning=words.STATE[state],
                value=value,
            )
            for state, value in summary.by_run_state.items()
        ),
        skips=_skips(audit, summary),
        summary=summary,
        findings=tuple(findings),
        tasks=tuple(sorted(lines, key=lambda one: (one.status_rank, one.instance_id))),
        difficulties=difficulties,
        plot_rows=tuple(
            row for row in (*DIFFICULTIES, OTHER) if row in {point.row for point in points}
        ),
        points=points,
        filter_defects=tuple(defect.value for defect in Defect if defect in summary.by_defect),
        filter_difficulties=tuple(row.label for row in difficulties),
        filter_repositories=tuple(sorted({line.repository for line in lines if line.repository})),
    )


def finding_line(finding: Finding, page: str) -> FindingLine:
    """Give a finding as a line; its anchor is the tail of its id, which is hexadecimal."""
    return FindingLine(
        id=finding.id,
        anchor=f"finding-{finding.id.rsplit(':', 1)[-1]}",
        instance_id=finding.instance_id,
        page=page,
        defect=finding.defect.value,
        defect_rank=list(Defect).index(finding.defect),
        confidence=finding.confidence.value,
        confidence_rank=list(Confidence).index(finding.confidence),
        cause=words.name(finding.cause.value) if finding.cause else "",
        cause_meaning=words.CAUSE[finding.cause] if finding.cause else "",
        detail=finding.detail,
        summary=words.sentence(finding.summary),
    )


def _task_line(result: TaskResult, page: str) -> TaskLine:
    live = [finding for finding in result.findings if finding.confidence.live]
    best = min((list(Confidence).index(finding.confidence) for finding in live), default=99)
    defects = {finding.defect for finding in live}
    ran = {trial.candidate for trial in result.trials}
    tags = result.tags
    difficulty = (tags.difficulty or NOT_GIVEN) if tags else ""
    return TaskLine(
        instance_id=result.instance_id,
        page=page,
        status=result.status.value,
        status_rank=STATUS_ORDER.index(result.status),
        reason=words.sentence(result.reason),
        defects=tuple(defect.value for defect in Defect if defect in defects),
        confidence=list(Confidence)[best].value if live else "",
        confidence_rank=best,
        repository=tags.repository if tags else (result.task.repo if result.task else ""),
        difficulty=difficulty,
        difficulty_rank=_rank(difficulty),
        difficulty_estimated=bool(tags and tags.difficulty_estimated),
        lines=tags.lines_changed if tags else None,
        tried=sum(
            one.kind is CandidateKind.ALTERNATIVE and one.name in ran for one in result.candidates
        ),
        rejected=len(rejected_alternatives(result)),
        unexplained_rejections=len(rejections_without_evidence(result)),
        trials=len(result.trials),
    )


def _rank(difficulty: str) -> int:
    if difficulty in DIFFICULTIES:
        return DIFFICULTIES.index(difficulty)
    return len(DIFFICULTIES) + (not difficulty)


def _run(audit: Audit) -> RunView:
    run = audit.run
    facts = (
        ("Run", run.id),
        ("Data set", run.dataset),
        ("SHA-256 of the data set", run.dataset_sha256),
        ("Started", run.started),
        ("Finished", run.finished),
        ("Container engine", run.engine),
        ("Isolation", run.isolation),
        ("Seed", str(run.seed)),
    )
    return RunView(
        id=run.id,
        dataset=run.dataset,
        started=run.started,
        facts=tuple((label, value) for label, value in facts if value),
        command=run.command,
        versions=run.versions,
        notes=tuple(words.sentence(note) for note in run.notes),
    )


def _lead(summary: Summary) -> str:
    if not summary.tasks:
        return "No task was selected, so nothing was audited."
    return (
        f"{words.count(summary.tasks, 'task')}, {words.count(summary.trials, 'trial')} "
        f"and {words.count(summary.findings, 'finding')}."
    )


def _statuses(summary: Summary) -> tuple[Count, ...]:
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


def _reconciliation(summary: Summary) -> str:
    if not summary.tasks:
        return ""
    parts = " + ".join(
        f"{words.number(summary.by_status.get(status, 0))}\u00a0{status.value}"
        for status in STATUS_ORDER
    )
    return f"{words.count(summary.tasks, 'task')} = {parts}"


def _defects(summary: Summary) -> tuple[DefectRow, ...]:
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


def _skips(audit: Audit, summary: Summary) -> tuple[Count, ...]:
    meanings = {reason.value: meaning for reason, meaning in words.SKIP.items()}
    meanings[UNSTATED] = "no reason was recorded"
    present = set(skip_reasons(audit))
    return tuple(
        Count(key=key, label=words.name(key), meaning=meanings[key], value=value)
        for key, value in summary.by_skip_reason.items()
        if key in present
    )


def _difficulties(audit: Audit) -> tuple[DifficultyRow, ...]:
    tagged = [(result.tags, result.status) for result in audit.tasks if result.tags]
    labels = sorted({tags.difficulty for tags, _ in tagged}, key=lambda one: (_rank(one), one))
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


def _points(audit: Audit) -> tuple[Point, ...]:
    return tuple(
        Point(
            row=result.tags.difficulty if result.tags.difficulty in DIFFICULTIES else OTHER,
            lines=result.tags.lines_changed,
            status=result.status,
        )
        for result in audit.tasks
        if result.tags
    )
