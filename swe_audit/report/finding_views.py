"""A finding as its story: the detail, what ran, the pin, the judgement, and how to repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from swe_audit.model.audit import TaskResult
from swe_audit.model.candidate import Candidate, CandidateKind, Control, Provenance
from swe_audit.model.finding import Confidence, Defect, EncounterRate, Evidence, Finding
from swe_audit.model.trial import Trial
from swe_audit.report import words
from swe_audit.report.candidate_views import CandidateView
from swe_audit.report.decision_views import DecisionLine, decision_lines
from swe_audit.report.detail_views import DetailView, detail_view
from swe_audit.report.id_lists import Tests, cut, place
from swe_audit.report.lines import FindingLine, finding_line
from swe_audit.report.summary import is_rejection
from swe_audit.report.trial_views import reproduce_command

_TOLD = frozenset({"check", "review", "rationale", "evidence"})
"""Kinds of evidence that the story shows in a place of its own."""

_RAN = frozenset({"trial", "mirror", "mirror_empty"})
"""Kinds that are a row of what ran, if their trial is on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """One thing to look at; ``anchor`` is the place of its trial on the page, "" for none."""

    kind: str
    text: str
    place: str
    trial: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RanView:
    """One candidate that ran for a finding: what it has to show, and each attempt's outcome."""

    candidate: CandidateView
    role: str
    attempts: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A finding as its two statements, kept apart: what runs show, and what follows from it."""

    line: FindingLine
    defect_meaning: str
    confidence_meaning: str
    tests: Tests
    candidates: tuple[CandidateView, ...]
    detail: DetailView | None
    detail_title: str
    ran: tuple[RanView, ...]
    rungs: tuple[tuple[str, str], ...]
    known: str
    judgement: str
    reviewed: tuple[str, ...]
    encounter: str
    checks: tuple[str, ...]
    evidence: tuple[EvidenceView, ...]
    command: str
    decisions: tuple[DecisionLine, ...] = ()

    @property
    def own(self) -> frozenset[str]:
        """The places of its candidates' patches on the page."""
        return frozenset(one.anchor for one in self.candidates)


def by_weight(result: TaskResult) -> list[Finding]:
    """Give a task's findings, surest first."""
    levels, defects = list(Confidence), list(Defect)
    return sorted(
        result.findings,
        key=lambda one: (levels.index(one.confidence), defects.index(one.defect), one.id),
    )


def finding_view(
    finding: Finding,
    result: TaskResult,
    candidates: Mapping[str, CandidateView],
    anchors: Mapping[str, str],
    run: str,
) -> FindingView:
    """Build a finding's story; ``anchors`` maps trials to their place on the page."""
    own = [one for one in result.candidates if one.name in finding.candidates]
    rate = finding.encounter_rate
    detail = detail_view(finding, result)
    return FindingView(
        line=finding_line(finding, ""),
        defect_meaning=words.DEFECT[finding.defect],
        confidence_meaning=words.CONFIDENCE[finding.confidence],
        tests=cut(finding.tests),
        candidates=tuple(candidates[one.name] for one in own),
        detail=detail,
        detail_title=words.DETAIL.get(finding.defect, words.DETAIL[Defect.NARROW])[0],
        ran=_ran(own, result, candidates, anchors),
        rungs=tuple((one, words.RUNG.get(one, "")) for one in finding.rungs),
        known=_known(finding),
        judgement=words.JUDGEMENT.get(finding.defect, ""),
        reviewed=tuple(_review(one) for one in own if _claimed(one)),
        encounter=(
            f"{rate.k} of {words.count(rate.n, 'independent family', 'independent families')}"
            f" met it ({words.percent(rate.k / rate.n)};"
            f" 95\u00a0% interval {words.percent(rate.low)} to {words.percent(rate.high)})."
            f"{_knowing(rate)}"
            if rate and rate.n
            else ""
        ),
        checks=tuple(
            dict.fromkeys(_check(one.text) for one in finding.evidence if one.kind == "check")
        ),
        evidence=tuple(
            _evidence(one, anchors)
            for one in finding.evidence
            if one.kind not in _TOLD
            and not (one.kind in _RAN and one.trial in anchors)
            and not (one.kind == "assertion" and detail is not None)
        ),
        command=repeat_command(finding, result, run),
        decisions=decision_lines(finding.id, result.decisions),
    )


def _known(finding: Finding) -> str:
    """Say what determines a finding's detail; nothing where that is not the question."""
    if finding.determined_by:
        named = words.listing([words.DETERMINANT[one] for one in finding.determined_by])
        return f"Determined by {named}."
    silent = finding.defect in words.JUDGEMENT or finding.defect is Defect.CONTRADICTORY
    return "" if silent else "Nothing is recorded that determines it."


def _knowing(rate: EncounterRate) -> str:
    """Say how many got by with a detail that nothing determines."""
    if not rate.knows_detail:
        return ""
    families = words.count(rate.knows_detail, "other family carries", "other families carry")
    return f" {families} the detail although nothing determines it: luck, or memory."


def _ran(
    own: list[Candidate],
    result: TaskResult,
    candidates: Mapping[str, CandidateView],
    anchors: Mapping[str, str],
) -> tuple[RanView, ...]:
    """Give what ran for a finding: its candidates, then the controls that hold them up."""
    combined = {one.sites for one in own if one.sites}
    chosen = [(one, _role(one)) for one in own]
    chosen += [
        (one, _role(one))
        for one in result.candidates
        if one not in own
        and (
            one.kind in (CandidateKind.GOLD, CandidateKind.EMPTY)
            or (one.control in (Control.MIRROR, Control.MIRROR_EMPTY) and one.sites in combined)
            or (one.control is Control.NOISE and combined)
        )
    ]
    return tuple(
        RanView(
            candidate=candidates[one.name],
            role=role,
            attempts=tuple(
                (
                    anchors.get(trial.id, ""),
                    words.name(trial.verdict.value),
                    words.name(trial.state.value),
                    words.duration(trial.seconds),
                )
                for trial in result.trials
                if trial.candidate == one.name
            ),
        )
        for one, role in chosen
    )


def _role(candidate: Candidate) -> str:
    if candidate.control is not None:
        return f"control: {words.CONTROL[candidate.control]}"
    if candidate.kind is CandidateKind.GOLD:
        return "control: the reference patch; it has to resolve"
    if candidate.kind is CandidateKind.EMPTY:
        return "control: no patch at all; it has to fail"
    return f"{words.KIND[candidate.kind]}; {words.PROVENANCE[candidate.provenance]}"


def _claimed(candidate: Candidate) -> bool:
    """Say whether somebody claims that a candidate is correct, so that a review would help."""
    made = candidate.provenance is Provenance.CONSTRUCTION
    return candidate.kind is CandidateKind.ALTERNATIVE and not made


def _review(candidate: Candidate) -> str:
    if candidate.reviewed_by:
        return f"{candidate.name}: confirmed by {candidate.reviewed_by}."
    if candidate.author:
        return f"{candidate.name}: written by {candidate.author}, confirmed by nobody else yet."
    return f"{candidate.name}: confirmed by nobody yet."


def _check(text: str) -> str:
    """Write a check's line with its rule in words: ``base_tests: ...`` is ``Base tests: ...``."""
    rule, colon, rest = text.partition(": ")
    return words.sentence(f"{words.name(rule)}{colon}{rest}")


def _evidence(evidence: Evidence, anchors: Mapping[str, str]) -> EvidenceView:
    return EvidenceView(
        kind=words.name(evidence.kind),
        text=evidence.text,
        place=place(evidence.path, evidence.line),
        trial=evidence.trial or "",
        anchor=anchors.get(evidence.trial or "", ""),
    )


def repeat_command(finding: Finding, result: TaskResult, run: str) -> str:
    """Give the command that repeats what shows a finding, a rejection before anything else."""
    trials = [trial for trial in result.trials if trial.candidate in finding.candidates]
    chosen: Trial | None = next(
        (trial for trial in trials if is_rejection(trial)), trials[0] if trials else None
    )
    return reproduce_command(run, chosen.id) if chosen else ""
