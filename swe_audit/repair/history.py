"""The journaled runs of a task, graded again under a changed task; nothing is run here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from swe_audit.journal import Journal
from swe_audit.judging.reproduction import ignorable
from swe_audit.judging.verdicts import judge
from swe_audit.model.audit import SiteOutcome, TaskResult
from swe_audit.model.candidate import Candidate, CandidateKind
from swe_audit.model.construction import ConstructionKind, Site
from swe_audit.model.finding import Cause, Confidence, Defect, Finding
from swe_audit.model.task import Task
from swe_audit.model.trial import HARNESS, RunState, Trial, TrialRun, TrialSpec, Verdict
from swe_audit.statements import holds_text
from swe_audit.statistics import counted

_REJECTING = (Defect.NARROW, Defect.WIDE, Defect.CONTRADICTORY)
_WORTH_REPAIRING = (Confidence.PROVEN, Confidence.LIKELY)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A judged task with the runs behind it; ``runs`` reads a trial's run by its id."""

    task: Task
    result: TaskResult
    runs: Mapping[str, Callable[[], TrialRun]]

    def findings(self) -> tuple[Finding, ...]:
        """Return the findings worth a repair: tests that reject what evidence says is correct."""
        return tuple(
            finding
            for finding in self.result.findings
            if finding.confidence in _WORTH_REPAIRING
            and finding.defect in _REJECTING
            and finding.candidates
        )

    def sites(self, finding: Finding) -> tuple[Site, ...]:
        """Return the free details that a finding's constructions change."""
        known = {one.site.id: one.site for one in self.result.sites}
        wanted = (id_ for one in self.candidates(finding) for id_ in one.sites)
        return tuple(known[id_] for id_ in dict.fromkeys(wanted) if id_ in known)

    def met(self, finding: Finding) -> tuple[Site, ...]:
        """Return a finding's free details; of a curated one, the pinned message that it met."""
        own = self.sites(finding)
        if own or finding.cause is not Cause.MESSAGE_TEXT:
            return own
        text = unescaped(finding.detail)
        return tuple(
            one.site
            for one in self.result.sites
            if one.outcome is SiteOutcome.PINNED
            and one.site.kind is ConstructionKind.MESSAGE
            and holds_text(text, one.site.detail)
        )

    def candidates(self, finding: Finding) -> tuple[Candidate, ...]:
        """Return the alternatives that back a finding."""
        return tuple(one for one in self.result.candidates if one.name in finding.candidates)

    def evidenced(self, findings: Sequence[Finding]) -> tuple[Candidate, ...]:
        """Return the alternatives that the tests reject although evidence says they are correct."""
        names = {name for finding in findings for name in finding.candidates}
        return tuple(
            one
            for one in self.result.candidates
            if one.name in names and one.kind is CandidateKind.ALTERNATIVE
        )

    def golds(self) -> tuple[Candidate, ...]:
        """Return the reference patch."""
        return self._of(CandidateKind.GOLD)

    def empties(self) -> tuple[Candidate, ...]:
        """Return the empty patch."""
        return self._of(CandidateKind.EMPTY)

    def wrong(self) -> tuple[Candidate, ...]:
        """Return the wrong patches that the tests reject in every attempt of ours."""
        return tuple(
            one
            for one in self._of(CandidateKind.INCORRECT)
            if self.trials(one)
            and all(trial.verdict is Verdict.UNRESOLVED for trial in self.trials(one))
        )

    def trials(self, candidate: Candidate) -> tuple[Trial, ...]:
        """Return a candidate's completed trials that we ran ourselves, in their order."""
        return tuple(
            trial
            for trial in self.result.trials
            if trial.candidate == candidate.name
            and trial.state is RunState.COMPLETED
            and trial.isolation != HARNESS
        )

    def again(self, trial: Trial, task: Task) -> Trial:
        """Grade a journaled run under another list of required tests."""
        candidate = next(one for one in self.result.candidates if one.name == trial.candidate)
        spec = TrialSpec(task=task, candidate=candidate, attempt=trial.attempt)
        return self.graded(self.runs[trial.id](), spec)

    def graded(self, run: TrialRun, spec: TrialSpec) -> Trial:
        """Judge a run as the audit did: less the tests that gold does not reproduce here."""
        missing = frozenset(self.result.not_reproduced)
        return judge(
            run,
            spec,
            gold_has_results=spec.candidate.kind is not CandidateKind.GOLD,
            not_reproduced=ignorable(spec.task, missing),
        )

    def _of(self, kind: CandidateKind) -> tuple[Candidate, ...]:
        return tuple(one for one in self.result.candidates if one.kind is kind)


def history_of(journal: Journal, result: TaskResult) -> History | None:
    """Return a judged task with its journaled runs, None for a task that was skipped unread."""
    if result.task is None:
        return None
    records = journal.trials(result.instance_id)
    runs = {record.id: partial(journal.load, record) for record in records}
    return History(task=result.task, result=result, runs=runs)


def unescaped(pattern: str) -> str:
    """Return the text that a pattern of literal characters stands for."""
    return re.sub(r"\\([^\w\s])", r"\1", pattern)


def failing(trial: Trial, history: History) -> tuple[str, ...]:
    """Return the required tests that a trial fails, less those that gold does not reproduce."""
    ignored = ignorable(history.task, frozenset(history.result.not_reproduced))
    return tuple(test for test in trial.outcome.failed if test not in ignored)


def told(trial: Trial | None) -> str:
    """Say in few words what the tests made of a candidate."""
    if trial is None:
        return "not run"
    if trial.state is not RunState.COMPLETED:
        return str(trial.state.value).replace("_", " ")
    if trial.verdict is Verdict.RESOLVED:
        return "accepted"
    failed = trial.outcome.failed
    return f"rejected by {counted(len(failed), 'test')}" if failed else "rejected"
