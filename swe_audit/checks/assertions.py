"""What each assertion of the tests says against a candidate, as evidence (EVIDENCE 1.4)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from swe_audit.alternatives.mirroring import with_test_patch
from swe_audit.checks.case import Case
from swe_audit.judging.clusters import rejecting, run_of
from swe_audit.model.candidate import Candidate, CandidateKind
from swe_audit.model.finding import Determinant, Evidence
from swe_audit.model.observation import Observation
from swe_audit.statistics import counted

MOST = 8


def against(case: Case, candidate: Candidate) -> tuple[Observation, ...]:
    """Return what fails for a candidate and not for gold; empty where no softened run tells."""
    runs = tuple(case.softened.values())
    gold = next((run_of(runs, one.name) for one in case.of_kind(CandidateKind.GOLD)), None)
    run = run_of(runs, candidate.name)
    return rejecting(run, gold) if run is not None and gold is not None else ()


def pinned_by_base(case: Case, candidate: Candidate) -> bool:
    """Whether all that rejects a candidate stood in the base tests already, and held there."""
    failing = against(case, candidate)
    return bool(failing) and all(Determinant.BASE_TESTS in seen.determined_by for seen in failing)


def assertion_evidence(
    case: Case, candidate: Candidate, told: Collection[tuple[str | None, int | None]] = ()
) -> Iterator[Evidence]:
    """Yield each assertion that rejects a candidate, but those already told by path and line.

    Where the tests could not be softened, or the softened run is void, say so: the finding then
    rests on test ids.
    """
    run = case.softened.get(candidate.name)
    if run is None:
        if with_test_patch(case.task, case.task.test_patch) is None:
            text = "the tests come with the image, so assertions are not told apart"
            yield Evidence(kind="test_ids", text=text)
        return
    if run.void:
        text = f"assertions are not told apart, for the softened run is void: {run.void}"
        yield Evidence(kind="test_ids", text=text, trial=run.trial)
        return
    places = {(seen.path, seen.line): seen for seen in reversed(against(case, candidate))}
    further = [seen for place, seen in reversed(places.items()) if place not in told]
    for seen in further[:MOST]:
        yield Evidence(
            kind="assertion",
            text=seen.source or seen.message,
            path=seen.path,
            line=seen.line,
            trial=run.trial,
        )
    if len(further) > MOST:
        text = f"{counted(len(further) - MOST, 'more assertion')}"
        yield Evidence(kind="assertions", text=text, trial=run.trial)
