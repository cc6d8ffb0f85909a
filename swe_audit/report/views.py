"""What the front page shows, as plain data: every number counted, every sentence written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from swe_audit.inference import describe_design
from swe_audit.model.audit import Audit
from swe_audit.model.decisions import ReviewState
from swe_audit.model.finding import Cause, Confidence, Defect
from swe_audit.model.scores import SubmissionScore
from swe_audit.model.tags import DIFFICULTIES
from swe_audit.report import tallies, words
from swe_audit.report.corrected import ScoreLine, score_lines
from swe_audit.report.decision_views import TriageNote, triage_note
from swe_audit.report.headlines import effect_sentence, proof_lines
from swe_audit.report.lines import FindingLine, TaskLine, finding_line, task_line
from swe_audit.report.methods import MethodsView, methods_view
from swe_audit.report.plots import Point
from swe_audit.report.rates import RateView, rate_view
from swe_audit.report.scores import Encounter, ScoreRow, encounters, score_rows
from swe_audit.report.strata import Strata, all_strata
from swe_audit.report.summary import Summary, summarise
from swe_audit.report.tallies import OTHER, Count, DefectRow, DifficultyRow


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
class Facet:
    """One way to narrow a list; ``values`` are what occurs in it."""

    key: str
    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexView:
    """The front page."""

    run: RunView
    lead: str
    rate: RateView
    proof: tuple[tuple[str, int, str], ...]
    effect: str
    methods: MethodsView
    statuses: tuple[Count, ...]
    reconciliation: str
    confidences: tuple[str, ...]
    defects: tuple[DefectRow, ...]
    states: tuple[Count, ...]
    skips: tuple[Count, ...]
    summary: Summary
    findings: tuple[FindingLine, ...]
    finding_facets: tuple[Facet, ...]
    tasks: tuple[TaskLine, ...]
    task_facets: tuple[Facet, ...]
    difficulties: tuple[DifficultyRow, ...]
    plot_rows: tuple[str, ...]
    points: tuple[Point, ...]
    strata: tuple[Strata, ...]
    scores: tuple[ScoreRow, ...]
    submissions: tuple[SubmissionScore, ...]
    corrected: tuple[ScoreLine, ...]
    encounters: tuple[Encounter, ...]
    triage: TriageNote


def index_view(audit: Audit, pages: Sequence[str]) -> IndexView:
    """Build the front page; ``pages`` are the addresses of the tasks' pages, in their order."""
    summary = summarise(audit)
    lines = [task_line(result, page) for result, page in zip(audit.tasks, pages, strict=True)]
    lines.sort(key=lambda one: (one.status_rank, one.instance_id))
    findings = [
        finding_line(finding, page, result)
        for result, page in zip(audit.tasks, pages, strict=True)
        for finding in result.findings
    ]
    findings.sort(key=lambda one: (one.confidence_rank, one.defect_rank, one.instance_id, one.id))
    points = tallies.points(audit)
    scores = score_rows(audit)
    return IndexView(
        run=_run(audit),
        lead=_lead(summary),
        rate=rate_view(audit),
        proof=proof_lines(audit),
        effect=effect_sentence(scores) if summary.tasks else "",
        methods=methods_view(audit),
        statuses=tallies.statuses(summary),
        reconciliation=tallies.reconciliation(summary),
        confidences=tuple(level.value for level in Confidence),
        defects=tallies.defects(summary),
        states=tallies.states(summary),
        skips=tallies.skips(audit, summary),
        summary=summary,
        findings=tuple(findings),
        finding_facets=_finding_facets(findings),
        tasks=tuple(lines),
        task_facets=_task_facets(lines),
        difficulties=tallies.difficulties(audit),
        plot_rows=tuple(
            row for row in (*DIFFICULTIES, OTHER) if row in {point.row for point in points}
        ),
        points=points,
        strata=all_strata(audit),
        scores=scores,
        submissions=audit.scores.rows if audit.scores else (),
        corrected=score_lines(audit),
        encounters=encounters(audit, pages),
        triage=triage_note(audit),
    )


def _finding_facets(findings: Sequence[FindingLine]) -> tuple[Facet, ...]:
    causes = {words.name(one.value) for one in Cause} & {one.cause for one in findings}
    return (
        Facet(
            key="defect",
            label="Defect",
            values=_present((one.value for one in Defect), (one.defect for one in findings)),
        ),
        Facet(
            key="confidence",
            label="Confidence",
            values=_present(
                (one.value for one in Confidence), (one.confidence for one in findings)
            ),
        ),
        Facet(key="cause", label="Cause", values=tuple(sorted(causes))),
        Facet(
            key="difficulty",
            label="Difficulty",
            values=_difficulties(one.difficulty for one in findings),
        ),
        Facet(
            key="repository",
            label="Repository",
            values=tuple(sorted({one.repository for one in findings if one.repository})),
        ),
        Facet(
            key="review",
            label="Review",
            values=_present((one.value for one in ReviewState), (one.review for one in findings)),
        ),
    )


def _task_facets(lines: Sequence[TaskLine]) -> tuple[Facet, ...]:
    return (
        Facet(
            key="status",
            label="Status",
            values=_present(
                (one.value for one in tallies.STATUS_ORDER), (one.status for one in lines)
            ),
        ),
        Facet(
            key="defect",
            label="Defect",
            values=_present(
                (one.value for one in Defect), (each for one in lines for each in one.defects)
            ),
        ),
        Facet(
            key="difficulty",
            label="Difficulty",
            values=_difficulties(one.difficulty for one in lines),
        ),
        Facet(
            key="repository",
            label="Repository",
            values=tuple(sorted({one.repository for one in lines if one.repository})),
        ),
    )


def _present(order: Iterable[str], found: Iterable[str]) -> tuple[str, ...]:
    present = set(found)
    return tuple(one for one in order if one in present)


def _difficulties(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        sorted({one for one in found if one}, key=lambda one: (tallies.difficulty_rank(one), one))
    )


def _run(audit: Audit) -> RunView:
    run = audit.run
    facts = (
        ("Run", run.id),
        ("Data set", run.dataset),
        ("SHA-256 of the data set", run.dataset_sha256),
        ("Tasks", describe_design(run.sample) if run.sample else ""),
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
        notes=tuple(words.sentence(note) for note in (*run.notes, *run.unanswered)),
    )


def _lead(summary: Summary) -> str:
    if not summary.tasks:
        return "No task was selected, so nothing was audited."
    return (
        f"Do the tests of {words.count(summary.tasks, 'task')} accept correct patches, and only"
        f" those? {words.count(summary.trials, 'trial')} gave"
        f" {words.count(summary.findings, 'finding')}."
    )
