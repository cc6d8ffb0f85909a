"""``wide``: a correct alternative is rejected for behaviour that the statement does not ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from swe_audit.checks import relaxed, submitted
from swe_audit.checks.assertions import against
from swe_audit.checks.beyond import is_beyond, speaks_of
from swe_audit.checks.case import Case, submissions
from swe_audit.checks.confirmation import Standing, standing
from swe_audit.checks.curated import findings
from swe_audit.evidence.witnesses import support_edits
from swe_audit.model.candidate import Candidate, CandidateKind, Provenance
from swe_audit.model.finding import Confidence, Defect, Evidence, Explanation, Finding


def wide(case: Case) -> Iterator[Finding]:
    """Find behaviour beyond the statement that alternatives are rejected for.

    Curated ones, submissions that evidence speaks for, and gold without one unit of its change.
    The latter is ``suspect``: the unit is needed for some of the failing tests alone, nothing that
    base passes breaks, and neither the assertions nor the unit have a word in common with the
    statement. It is ``likely`` where an independent submission fails the same assertions, passes
    all others, and does on the statement's code what gold does.
    """
    yield from findings(case, Defect.WIDE)
    yield from relaxed.findings(case, Defect.WIDE)
    yield from submitted.findings(case, Defect.WIDE)
    for candidate in case.of_kind(CandidateKind.INCORRECT):
        if candidate.provenance is Provenance.MUTANT and _units(candidate):
            yield from _dropped(case, candidate)


def _dropped(case: Case, candidate: Candidate) -> Iterator[Finding]:
    if standing(case, candidate) is not Standing.REJECTED:
        return
    trials = case.completed(candidate)
    failed = set(trials[0].outcome.failed) - case.missing
    if not failed < set(case.task.fail_to_pass) - case.missing:
        return
    told = case.rejections[trials[0].id].explanations
    if {each.test for each in told} != failed or not all(is_beyond(case, e) for e in told):
        return
    if any(speaks_of(case.task.statement, unit.text) for unit in _units(candidate)):
        return
    first = told[0]
    alike = _alike(case, {(each.path, each.line) for each in told})
    yield Finding(
        instance_id=case.task.instance_id,
        defect=Defect.WIDE,
        confidence=Confidence.LIKELY if alike else Confidence.SUSPECT,
        cause=first.cause,
        detail=first.detail,
        summary="the reference patch without one unit of its change is rejected only by"
        " assertions that have no subject in the statement",
        tests=tuple(test for test in case.task.required if test in failed),
        rungs=("dropped", "reproduction") if alike else ("dropped",),
        candidates=(candidate.name, *(one.name for one in alike)),
        evidence=(
            *candidate.evidence_items,
            *(_assertion(each, trials[0].id) for each in told),
            *(
                Evidence(
                    kind="reproduction",
                    text=f"{one.name} ({one.family}) fails these assertions alone, and shows on"
                    " the statement's code what the reference patch shows",
                    trial=case.completed(one)[0].id,
                )
                for one in alike
            ),
            *(Evidence(kind="trial", text=t.verdict.value, trial=t.id) for t in trials),
        ),
    )


def _alike(case: Case, places: Collection[tuple[str | None, int | None]]) -> list[Candidate]:
    """Return the submissions that only these assertions reject and the statement's code clears.

    Only softened runs tell that all other assertions pass (EVIDENCE 5).
    """
    shown = case.reproduction.candidates if case.reproduction else ()
    cleared = {one.candidate for one in shown if one.answer.speaks_for}
    return [
        one
        for one in submissions(case)
        if one.name in cleared
        and standing(case, one) is Standing.REJECTED
        and {(seen.path, seen.line) for seen in against(case, one)} == set(places)
        and not support_edits(case.task, one)
    ]


def _units(candidate: Candidate) -> tuple[Evidence, ...]:
    return tuple(item for item in candidate.evidence_items if item.kind == "dropped")


def _assertion(told: Explanation, trial: str) -> Evidence:
    return Evidence(
        kind="assertion", text=told.assertion, path=told.path, line=told.line, trial=trial
    )
