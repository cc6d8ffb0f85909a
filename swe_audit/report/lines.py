"""Findings and tasks as lines of a list: what is shown of each, and what it is sorted by."""

from __future__ import annotations

from dataclasses import dataclass

from swe_audit.model.audit import TaskResult
from swe_audit.model.candidate import CandidateKind
from swe_audit.model.finding import Confidence, Defect, Finding
from swe_audit.report import words
from swe_audit.report.decision_views import state_of
from swe_audit.report.detail_views import shown_detail
from swe_audit.report.summary import rejected_alternatives, rejections_without_evidence
from swe_audit.report.tallies import NOT_GIVEN, STATUS_ORDER, difficulty_rank


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
    repository: str = ""
    difficulty: str = ""
    review: str = ""


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


def finding_line(finding: Finding, page: str, result: TaskResult | None = None) -> FindingLine:
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
        detail=shown_detail(finding),
        summary=words.sentence(finding.summary),
        repository=repository_of(result) if result else "",
        difficulty=difficulty_of(result) if result else "",
        review=state_of(finding.id, result.decisions).value if result else "",
    )


def repository_of(result: TaskResult) -> str:
    """Give a task's repository as far as it is known, else an empty text."""
    if result.tags:
        return result.tags.repository
    return result.task.repo if result.task else ""


def difficulty_of(result: TaskResult) -> str:
    """Give a task's difficulty; ``not given`` where its data say none, empty where unread."""
    return (result.tags.difficulty or NOT_GIVEN) if result.tags else ""


def task_line(result: TaskResult, page: str) -> TaskLine:
    """Give a task as a row of the table; ``page`` is the address of its page."""
    live = [finding for finding in result.findings if finding.confidence.live]
    best = min((list(Confidence).index(finding.confidence) for finding in live), default=99)
    defects = {finding.defect for finding in live}
    ran = {trial.candidate for trial in result.trials}
    tags = result.tags
    difficulty = difficulty_of(result)
    return TaskLine(
        instance_id=result.instance_id,
        page=page,
        status=result.status.value,
        status_rank=STATUS_ORDER.index(result.status),
        reason=words.sentence(result.reason),
        defects=tuple(defect.value for defect in Defect if defect in defects),
        confidence=list(Confidence)[best].value if live else "",
        confidence_rank=best,
        repository=repository_of(result),
        difficulty=difficulty,
        difficulty_rank=difficulty_rank(difficulty),
        difficulty_estimated=bool(tags and tags.difficulty_estimated),
        lines=tags.lines_changed if tags else None,
        tried=sum(
            one.kind is CandidateKind.ALTERNATIVE and one.name in ran for one in result.candidates
        ),
        rejected=len(rejected_alternatives(result)),
        unexplained_rejections=len(rejections_without_evidence(result)),
        trials=len(result.trials),
    )
