"""What a task's page shows, as plain data, in the order of its story."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from swe_audit.model.audit import TaskResult
from swe_audit.model.candidate import Candidate, CandidateKind
from swe_audit.model.finding import Confidence, Defect, Evidence, Explanation, Finding
from swe_audit.model.tags import Tags
from swe_audit.model.trial import RunState, Trial, Verdict
from swe_audit.report import words
from swe_audit.report.construction_views import ConstructionsView, constructions_view
from swe_audit.report.diffs import Pair, Patch, alone, parse, side_by_side
from swe_audit.report.logs import Logs, Tail
from swe_audit.report.matrix import Matrix, matrix
from swe_audit.report.prose import Block, blocks
from swe_audit.report.summary import is_rejection, rejections_without_evidence, search_steps
from swe_audit.report.views import FindingLine, finding_line

MAX_TESTS = 40
"""Test ids listed with one finding or one reason at most; the rest is counted."""

MAX_TAILS = 8
"""Logs shown in part on one page; every trial links its whole log."""

MAX_OPEN_DIFFS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tests:
    """Test ids, cut; ``hidden`` counts the rest."""

    shown: tuple[str, ...]
    hidden: int

    @property
    def total(self) -> int:
        """Shown and hidden together."""
        return len(self.shown) + self.hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """One thing to look at; ``anchor`` is the place of its trial on the page, "" for none."""

    kind: str
    text: str
    place: str
    trial: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A finding as its two statements, kept apart: what runs show, and what follows from it."""

    line: FindingLine
    defect_meaning: str
    confidence_meaning: str
    tests: Tests
    candidates: tuple[CandidateView, ...]
    rungs: tuple[tuple[str, str], ...]
    determined: str
    reviewed: tuple[str, ...]
    encounter: str
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One reason for failing tests: those with the same cause, message and place share it."""

    cause: str
    cause_meaning: str
    exception: str
    message: str
    assertion: str
    place: str
    detail: str
    tests: Tests


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionView:
    """Why one candidate was turned down. ``backed`` says whether a finding rests on it."""

    candidate: CandidateView
    trial: str
    anchor: str
    backed: bool
    whys: tuple[Why, ...]
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateView:
    """A candidate with what is known of it. ``outcome`` sums its trials up."""

    name: str
    anchor: str
    kind: str
    kind_meaning: str
    provenance: str
    facts: tuple[tuple[str, str], ...]
    rationale: str
    outcome: str
    outcome_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffView:
    """A candidate's patch beside gold, file by file; ``plain`` where it is no diff."""

    candidate: CandidateView
    pairs: tuple[Pair, ...]
    plain: str
    added: int
    removed: int
    beside_gold: bool
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialView:
    """A trial as a row, with the command that repeats it."""

    id: str
    anchor: str
    candidate: str
    attempt: int
    state: str
    state_meaning: str
    completed: bool
    verdict: str
    official_verdict: str
    differs: bool
    seconds: str
    total_seconds: str
    image: str
    isolation: str
    log: str
    notes: tuple[str, ...]
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TailView:
    """The end of one trial's log."""

    trial: TrialView
    tail: Tail


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
    matrix: Matrix | None
    trials: tuple[TrialView, ...]
    tails: tuple[TailView, ...]
    dropped: tuple[tuple[str, str, str], ...]
    not_reproduced: Tests


def task_view(result: TaskResult, run: str, logs: Logs, folder: Path) -> TaskView:
    """Build a task's page; ``run`` is the run's id and ``folder`` where the page will lie."""
    anchors = {trial.id: f"trial-{nth}" for nth, trial in enumerate(result.trials, 1)}
    candidates = {
        one.name: _candidate(one, nth, result) for nth, one in enumerate(result.candidates, 1)
    }
    trials = tuple(_trial(trial, anchors, run, logs, folder) for trial in result.trials)
    task = result.task
    return TaskView(
        instance_id=result.instance_id,
        status=result.status.value,
        status_meaning=words.STATUS[result.status],
        reason=words.sentence(result.reason),
        findings=tuple(_finding(one, result, candidates, anchors) for one in _by_weight(result)),
        rejections=_rejections(result, candidates, anchors, run),
        tags=_tags(result),
        statement=blocks(task.statement) if task else (),
        hints=blocks(task.hints) if task and task.hints.strip() else (),
        diffs=_diffs(result, candidates),
        test_patch=alone(parse(task.test_patch)) if task else (),
        constructions=constructions_view(result, anchors),
        matrix=matrix(result),
        trials=trials,
        tails=_tails(result, trials, logs),
        dropped=tuple((one.name, words.DROPPED[one.reason], one.detail) for one in result.dropped),
        not_reproduced=_cut(result.not_reproduced),
    )


def _cut(tests: tuple[str, ...]) -> Tests:
    return Tests(shown=tests[:MAX_TESTS], hidden=max(0, len(tests) - MAX_TESTS))


def _by_weight(result: TaskResult) -> list[Finding]:
    levels, defects = list(Confidence), list(Defect)
    return sorted(
        result.findings,
        key=lambda one: (levels.index(one.confidence), defects.index(one.defect), one.id),
    )


def _finding(
    finding: Finding,
    result: TaskResult,
    candidates: Mapping[str, CandidateView],
    anchors: Mapping[str, str],
) -> FindingView:
    own = [one for one in result.candidates if one.name in finding.candidates]
    rate = finding.encounter_rate
    return FindingView(
        line=finding_line(finding, ""),
        defect_meaning=words.DEFECT[finding.defect],
        confidence_meaning=words.CONFIDENCE[finding.confidence],
        tests=_cut(finding.tests),
        candidates=tuple(candidates[one.name] for one in own),
        rungs=tuple((one, words.RUNG.get(one, "")) for one in finding.rungs),
        determined=words.listing([words.DETERMINANT[one] for one in finding.determined_by]),
        reviewed=tuple(_review(one) for one in own if one.kind is CandidateKind.ALTERNATIVE),
        encounter=(
            f"{rate.k} of {words.count(rate.n, 'independent family', 'independent families')}"
            f" met it ({words.percent(rate.k / rate.n)};"
            f" 95\u00a0% interval {words.percent(rate.low)} to {words.percent(rate.high)})."
            if rate and rate.n
            else ""
        ),
        evidence=tuple(_evidence(one, anchors) for one in finding.evidence),
    )


def _review(candidate: Candidate) -> str:
    if candidate.reviewed_by:
        return f"{candidate.name}: confirmed by {candidate.reviewed_by}."
    if candidate.author:
        return f"{candidate.name}: written by {candidate.author}, confirmed by nobody else yet."
    return f"{candidate.name}: confirmed by nobody yet."


def _evidence(evidence: Evidence, anchors: Mapping[str, str]) -> EvidenceView:
    return EvidenceView(
        kind=words.name(evidence.kind),
        text=evidence.text,
        place=_place(evidence.path, evidence.line),
        trial=evidence.trial or "",
        anchor=anchors.get(evidence.trial or "", ""),
    )


def _place(path: str | None, line: int | None) -> str:
    if path is None:
        return ""
    return f"{path}:{line}" if line is not None else path


def _candidate(candidate: Candidate, nth: int, result: TaskResult) -> CandidateView:
    outcome, key = _outcome([one for one in result.trials if one.candidate == candidate.name])
    facts = (
        ("Provenance", words.PROVENANCE[candidate.provenance]),
        ("Family", candidate.family),
        ("Submissions with this patch", str(candidate.count) if candidate.count > 1 else ""),
        ("Author", candidate.author),
        ("Confirmed by", candidate.reviewed_by),
        ("Said to show", candidate.claim.value if candidate.claim else ""),
        ("Evidence given", candidate.evidence),
    )
    return CandidateView(
        name=candidate.name,
        anchor=f"candidate-{nth}",
        kind=candidate.kind.value,
        kind_meaning=(
            words.CONTROL[candidate.control] if candidate.control else words.KIND[candidate.kind]
        ),
        provenance=candidate.provenance.value,
        facts=tuple((label, value) for label, value in facts if value),
        rationale=candidate.rationale,
        outcome=outcome,
        outcome_key=key,
    )


def _outcome(trials: list[Trial]) -> tuple[str, str]:
    """Sum trials up: a sentence part, and a key for its colour."""
    if not trials:
        return "not run", "none"
    completed = [one for one in trials if one.state is RunState.COMPLETED]
    if not completed:
        return words.name(trials[0].state.value), "inconclusive"
    resolved = sum(one.verdict is Verdict.RESOLVED for one in completed)
    if 0 < resolved < len(completed):
        return f"resolved {resolved} of {len(completed)} times", "mixed"
    word = "resolved" if resolved else "unresolved"
    times = "" if len(completed) == 1 else f", {len(completed)} of {len(completed)} times"
    return f"{word}{times}", word


def _rejections(
    result: TaskResult,
    candidates: Mapping[str, CandidateView],
    anchors: Mapping[str, str],
    run: str,
) -> tuple[RejectionView, ...]:
    unbacked = frozenset(rejections_without_evidence(result))
    aside = search_steps(result)
    aside |= {one.name for one in result.candidates if one.kind is CandidateKind.CONTROL}
    return tuple(
        RejectionView(
            candidate=candidates[one.candidate],
            trial=one.trial,
            anchor=anchors.get(one.trial, ""),
            backed=one.candidate not in unbacked,
            whys=_whys(one.explanations),
            command=_command(run, one.trial),
        )
        for one in result.rejections
        if one.candidate in candidates and one.candidate not in aside
    )


def _whys(explanations: tuple[Explanation, ...]) -> tuple[Why, ...]:
    grouped: dict[tuple[object, ...], list[Explanation]] = {}
    for one in explanations:
        key = (one.cause, one.exception, one.message, one.assertion, one.path, one.line, one.detail)
        grouped.setdefault(key, []).append(one)
    return tuple(
        Why(
            cause=words.name(alike[0].cause.value),
            cause_meaning=words.CAUSE[alike[0].cause],
            exception=alike[0].exception,
            message=alike[0].message,
            assertion=alike[0].assertion,
            place=_place(alike[0].path, alike[0].line),
            detail=alike[0].detail,
            tests=_cut(tuple(one.test for one in alike)),
        )
        for alike in grouped.values()
    )


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


def _diffs(result: TaskResult, candidates: Mapping[str, CandidateView]) -> tuple[DiffView, ...]:
    gold = next((one for one in result.candidates if one.kind is CandidateKind.GOLD), None)
    text = gold.patch if gold else (result.task.gold_patch if result.task else "")
    reference = parse(text)
    others = [
        one
        for one in result.candidates
        if one.kind in (CandidateKind.ALTERNATIVE, CandidateKind.INCORRECT)
    ]
    views: list[DiffView] = []
    if gold and (not others or reference.plain):
        views.append(_diff(candidates[gold.name], reference, alone(reference), beside=False))
    for candidate in others:
        patch = parse(candidate.patch)
        pairs = () if patch.plain else side_by_side(reference, patch)
        views.append(
            _diff(
                candidates[candidate.name],
                patch,
                pairs,
                beside=not reference.plain,
                is_open=len(views) < MAX_OPEN_DIFFS,
            )
        )
    return tuple(views)


def _diff(
    candidate: CandidateView,
    patch: Patch,
    pairs: tuple[Pair, ...],
    *,
    beside: bool,
    is_open: bool = True,
) -> DiffView:
    return DiffView(
        candidate=candidate,
        pairs=pairs,
        plain=patch.plain,
        added=patch.added,
        removed=patch.removed,
        beside_gold=beside,
        is_open=is_open,
    )


def _trial(
    trial: Trial, anchors: Mapping[str, str], run: str, logs: Logs, folder: Path
) -> TrialView:
    return TrialView(
        id=trial.id,
        anchor=anchors[trial.id],
        candidate=trial.candidate,
        attempt=trial.attempt,
        state=words.name(trial.state.value),
        state_meaning=words.STATE[trial.state],
        completed=trial.state is RunState.COMPLETED,
        verdict=trial.verdict.value,
        official_verdict=trial.official_verdict.value,
        differs=trial.verdict is not trial.official_verdict,
        seconds=words.duration(trial.seconds),
        total_seconds=words.duration(trial.total_seconds),
        image=trial.image,
        isolation=trial.isolation,
        log=logs.href(trial.log, folder),
        notes=tuple(words.sentence(one) for one in (trial.detail, *trial.notes) if one.strip()),
        command=_command(run, trial.id),
    )


def _command(run: str, trial: str) -> str:
    # One line whatever the id holds: a line feed inside quotes would still end a pasted command.
    return " ".join(f"swe-audit reproduce {shlex.quote(run)} {shlex.quote(trial)}".splitlines())


def _tails(result: TaskResult, trials: tuple[TrialView, ...], logs: Logs) -> tuple[TailView, ...]:
    """Show the logs that matter: one rejecting trial each, or why the controls did not come out."""
    kinds = {one.name: one.kind for one in result.candidates}
    named = {one.trial for one in result.rejections}
    wanted: dict[str, int] = {}
    for nth, trial in enumerate(result.trials):
        kind = kinds.get(trial.candidate)
        rejecting = kind is CandidateKind.ALTERNATIVE and is_rejection(trial)
        if trial.id in named:
            wanted[trial.candidate] = nth
        elif rejecting or (kind is CandidateKind.GOLD and trial.verdict is not Verdict.RESOLVED):
            wanted.setdefault(trial.candidate, nth)
    chosen = list(wanted.values())[:MAX_TAILS]
    return tuple(
        TailView(trial=trials[nth], tail=logs.tail(result.trials[nth].log)) for nth in chosen
    )
