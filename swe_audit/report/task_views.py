"""What a task's page shows, as plain data, in the order of its story."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from swe_audit.model.audit import TaskResult
from swe_audit.model.finding import Finding
from swe_audit.model.tags import Tags
from swe_audit.report import words
from swe_audit.report.candidate_views import DiffView, candidate_views, diff_views
from swe_audit.report.clusters import ClusterRow, cluster_rows
from swe_audit.report.construction_views import ConstructionsView, constructions_view
from swe_audit.report.detail_views import is_pinning, sites_of, wanted_in
from swe_audit.report.diffs import Pair, alone, parse
from swe_audit.report.finding_views import FindingView, by_weight, finding_view
from swe_audit.report.id_lists import Tests, cut
from swe_audit.report.logs import Logs
from swe_audit.report.marks import needles
from swe_audit.report.matrix import Matrix, matrix
from swe_audit.report.names import page_names
from swe_audit.report.parts import Part, Parts
from swe_audit.report.prose import Block, blocks, pinned
from swe_audit.report.rejection_views import RejectionView, rejection_views
from swe_audit.report.relaxed import RelaxedView, relaxed_views
from swe_audit.report.repairs import Repairs, RepairView
from swe_audit.report.reproduced import ReproducedView, reproduced_view
from swe_audit.report.trial_views import TailView, TrialView, tail_views, trial_views


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """A task's page."""

    instance_id: str
    status: str
    status_meaning: str
    reason: str
    findings: tuple[FindingView, ...]
    rejections: tuple[RejectionView, ...]
    tags: tuple[tuple[str, str], ...]
    statement: tuple[Block, ...]
    hints: tuple[Block, ...]
    diffs: tuple[DiffView, ...]
    test_patch: tuple[Pair, ...]
    constructions: ConstructionsView | None
    relaxed: tuple[RelaxedView, ...]
    reproduced: ReproducedView | None
    clusters: tuple[ClusterRow, ...]
    matrix: Matrix | None
    trials: tuple[TrialView, ...]
    tails: tuple[TailView, ...]
    dropped: tuple[tuple[str, str, str], ...]
    not_reproduced: Tests
    repair: RepairView
    parts: tuple[Part, ...]

    @property
    def places(self) -> frozenset[str]:
        """The tests that can be linked to."""
        return self.matrix.places if self.matrix else frozenset()

    @property
    def told(self) -> frozenset[str]:
        """The places of the patches that stand inside a finding's story."""
        return frozenset().union(*(one.own for one in self.findings))


def task_view(
    result: TaskResult,
    run: str,
    logs: Logs,
    folder: Path,
    page: str = "",
    repairs: Repairs | None = None,
) -> TaskView:
    """Build a task's page, called ``page`` in ``folder``; ``run`` is the run's id.

    Without a name the page is called after its task.
    """
    parts = Parts(page or page_names((result.instance_id,))[0])
    anchors = {trial.id: f"trial-{nth}" for nth, trial in enumerate(result.trials, 1)}
    candidates = candidate_views(result)
    trials = trial_views(result, anchors, run, logs, folder)
    findings = by_weight(result)
    task = result.task
    repair = repairs.view(result.instance_id, parts) if repairs else RepairView()
    diffs = diff_views(result, candidates, _details(findings, result), parts)
    return TaskView(
        instance_id=result.instance_id,
        status=result.status.value,
        status_meaning=words.STATUS[result.status],
        reason=words.sentence(result.reason),
        findings=tuple(finding_view(one, result, candidates, anchors, run) for one in findings),
        rejections=rejection_views(result, candidates, anchors, run),
        tags=_tags(result),
        statement=_marked(task.statement, result, findings) if task else (),
        hints=_marked(task.hints, result, findings) if task and task.hints.strip() else (),
        diffs=diffs,
        test_patch=(parts.pairs(alone(parse(task.test_patch)), "", "Test patch") if task else ()),
        constructions=constructions_view(result, anchors, parts),
        relaxed=relaxed_views(result, anchors, parts),
        reproduced=reproduced_view(result, anchors),
        clusters=cluster_rows(result),
        matrix=matrix(result),
        trials=trials,
        tails=tail_views(result, trials, logs, parts),
        dropped=tuple((one.name, words.DROPPED[one.reason], one.detail) for one in result.dropped),
        not_reproduced=cut(result.not_reproduced),
        repair=repair,
        parts=parts.made,
    )


def _details(
    findings: list[Finding], result: TaskResult
) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Say what to mark beside whom: the detail in gold, its replacement in the alternative."""
    details: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for finding in reversed(findings):
        sites = sites_of(finding, result)
        replacements = tuple(each for site in sites for each in needles(site.replacement))
        for name in finding.candidates:
            details[name] = wanted_in(finding, sites), replacements
    return details


def _marked(text: str, result: TaskResult, findings: list[Finding]) -> tuple[Block, ...]:
    """Give the statement or hints, with what the findings speak of marked where it stands."""
    shown = blocks(text)
    for finding in findings:
        if is_pinning(finding):
            shown = pinned(shown, wanted_in(finding, sites_of(finding, result)))
        for line in finding.evidence:
            if line.kind == "solution_line":
                shown = pinned(shown, (line.text,))
    return shown


def _tags(result: TaskResult) -> tuple[tuple[str, str], ...]:
    task, tags = result.task, result.tags
    facts = [
        ("Repository", tags.repository if tags else (task.repo if task else "")),
        ("Base commit", task.base_commit[:12] if task else ""),
        *(_tag_facts(tags) if tags else ()),
        ("Version", task.version if task else ""),
        (
            "Required tests",
            f"{words.number(len(task.fail_to_pass))} FAIL_TO_PASS,"
            f" {words.number(len(task.pass_to_pass))} PASS_TO_PASS"
            if task
            else "",
        ),
        ("Environment", "rebuilt here from a recipe" if task and task.rebuilt else ""),
    ]
    return tuple((label, value) for label, value in facts if value)


def _tag_facts(tags: Tags) -> tuple[tuple[str, str], ...]:
    estimated = " (estimated)" if tags.difficulty_estimated else ""
    return (
        ("Difficulty", tags.difficulty + estimated if tags.difficulty else ""),
        (
            "Reference patch",
            f"{words.count(tags.lines_changed, 'line')} changed"
            f" (+{tags.lines_added} \u2212{tags.lines_removed}),"
            f" {words.count(tags.hunks, 'hunk')}, {words.count(tags.files, 'file')}",
        ),
        ("Language", tags.language),
        ("Year", str(tags.year) if tags.year is not None else ""),
    )
