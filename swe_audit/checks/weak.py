"""``weak``: an incorrect candidate resolves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from swe_audit.checks.case import Case
from swe_audit.checks.confirmation import named_patches
from swe_audit.model.candidate import Candidate, CandidateKind, Provenance
from swe_audit.model.finding import Confidence, Defect, Evidence, Finding
from swe_audit.model.trial import RunState, Verdict
from swe_audit.statistics import counted

_ORDER = (Confidence.PROVEN, Confidence.LIKELY, Confidence.SUSPECT)
_SHOWN = ("difference", "named_by_statement")
"""What makes a mutant more than a suspicion: another behaviour, or a place that is asked for."""


def weak(case: Case) -> Iterator[Finding]:
    """Find candidates that are claimed wrong and resolve in every planned attempt.

    A reviewed claim proves it; a claim with a shown difference in behaviour makes it likely; a
    bare claim is ``suspect``. Gold without a hunk is a finding of its own, likely where the
    statement names the file or function; all other mutants share one. Where gold does not
    resolve as well, nothing follows.
    """
    accepted = [c for c in case.of_kind(CandidateKind.INCORRECT) if _resolves(case, c)]
    if not accepted or not case.gold_always_resolves:
        return
    claimed = [c for c in accepted if c.provenance is not Provenance.MUTANT]
    if claimed:
        yield _claimed(case, claimed)
    made = [c for c in accepted if c.provenance is Provenance.MUTANT]
    for candidate in made:
        if _dropped(candidate):
            yield _without_unit(case, candidate, made)
    others = [c for c in made if not _dropped(c)]
    if others:
        yield _mutants(case, others)


def _claimed(case: Case, accepted: Sequence[Candidate]) -> Finding:
    confidence = min((_confidence(candidate) for candidate in accepted), key=_ORDER.index)
    names = named_patches([candidate.name for candidate in accepted])
    wrong = "is wrong by its" if len(accepted) == 1 else "are wrong by their"
    return Finding(
        instance_id=case.task.instance_id,
        defect=Defect.WEAK,
        confidence=confidence,
        summary=f"the tests accept {names}, which {wrong} rationale",
        tests=case.task.fail_to_pass,
        rungs=("reviewed",) if confidence is Confidence.PROVEN else ("curated",),
        candidates=tuple(candidate.name for candidate in accepted),
        evidence=tuple(item for candidate in accepted for item in _evidence(case, candidate)),
    )


def _without_unit(case: Case, candidate: Candidate, accepted: Sequence[Candidate]) -> Finding:
    unit = _dropped(candidate)[0]
    unseen = any(_raises_in(each, unit) for each in accepted)
    note = ", which no required test executes" if unseen else ""
    return Finding(
        instance_id=case.task.instance_id,
        defect=Defect.WEAK,
        confidence=_confidence(candidate),
        detail=unit.text,
        summary=f"the tests accept {candidate.rationale}{note}",
        tests=case.task.fail_to_pass,
        rungs=("dropped",),
        candidates=(candidate.name,),
        evidence=(*candidate.evidence_items, *_trials(case, candidate)),
    )


def _mutants(case: Case, accepted: Sequence[Candidate]) -> Finding:
    tried = [
        c
        for c in case.of_kind(CandidateKind.INCORRECT)
        if c.provenance is Provenance.MUTANT and not _dropped(c) and case.completed(c)
    ]
    unseen = [c for c in accepted if _raises(c)]
    note = f"; {counted(len(unseen), 'added line')} no required test executes" if unseen else ""
    return Finding(
        instance_id=case.task.instance_id,
        defect=Defect.WEAK,
        confidence=min((_confidence(each) for each in accepted), key=_ORDER.index),
        summary=f"the tests accept {len(accepted)} of {counted(len(tried), 'mutant')} of the"
        f" lines that the reference patch adds{note}",
        tests=case.task.fail_to_pass,
        rungs=("mutant",),
        candidates=tuple(candidate.name for candidate in accepted),
        evidence=tuple(
            item for each in accepted for item in (*each.evidence_items, *_trials(case, each))
        ),
    )


def _dropped(candidate: Candidate) -> tuple[Evidence, ...]:
    return tuple(item for item in candidate.evidence_items if item.kind == "dropped")


def _raises(candidate: Candidate) -> tuple[Evidence, ...]:
    return tuple(item for item in candidate.evidence_items if item.kind == "raises")


def _raises_in(candidate: Candidate, unit: Evidence) -> bool:
    """Whether a line of a dropped piece raises."""
    first = unit.line or 0
    lines = range(first, first + 1 + unit.text.count("\n"))
    return any(item.path == unit.path and item.line in lines for item in _raises(candidate))


def _resolves(case: Case, candidate: Candidate) -> bool:
    trials = case.attempts(candidate)
    return len(trials) >= case.repeats and all(
        t.state is RunState.COMPLETED and t.verdict is Verdict.RESOLVED for t in trials
    )


def _confidence(candidate: Candidate) -> Confidence:
    if candidate.reviewed:
        return Confidence.PROVEN
    shown = any(item.kind in _SHOWN for item in candidate.evidence_items)
    return Confidence.LIKELY if candidate.evidence or shown else Confidence.SUSPECT


def _evidence(case: Case, candidate: Candidate) -> Iterator[Evidence]:
    if candidate.rationale:
        yield Evidence(kind="rationale", text=candidate.rationale)
    if candidate.evidence:
        yield Evidence(kind="evidence", text=candidate.evidence)
    yield from _trials(case, candidate)


def _trials(case: Case, candidate: Candidate) -> Iterator[Evidence]:
    for trial in case.attempts(candidate):
        yield Evidence(kind="trial", text=trial.verdict.value, trial=trial.id)
