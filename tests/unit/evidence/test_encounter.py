"""How many families met a pin, and how many only knew the detail."""

from __future__ import annotations

from dataclasses import replace

import fakes
import pytest

from swe_audit.alternatives.benchmark import controls
from swe_audit.checks import Case, findings_of
from swe_audit.evidence.encounter import encounter_rate
from swe_audit.model.candidate import Candidate, Provenance
from swe_audit.model.construction import LicenceCheck
from swe_audit.model.finding import Cause, Determinant, EncounterRate
from swe_audit.model.relaxation import ControlSeen, Pin, Relaxation, Relaxed, Step

TASK = fakes.make_task()
PIN = Pin(
    cause=Cause.MESSAGE_TEXT,
    detail="prices must be a list, not 3",
    path="tests/test_cart.py",
    line=3,
    tests=(fakes.F2P,),
)
CHECK = LicenceCheck(rule="convention", text="siblings say so", determines=Determinant.CONVENTION)


def run(family: str, name: str, *, count: int = 1, text: str = "0", **changes: object) -> Candidate:
    one = fakes.curated(TASK, name, text, provenance=Provenance.PREDICTION, family=family)
    return replace(one, count=count, **changes)  # type: ignore[arg-type]


def relaxed(
    *,
    admitted: tuple[Candidate, ...] = (),
    kept: tuple[Candidate, ...] = (),
    held: bool = True,
    checks: tuple[LicenceCheck, ...] = (),
    pins: tuple[Pin, ...] = (PIN,),
) -> tuple[Relaxed, tuple[Candidate, ...]]:
    relaxation = Relaxation(pins=pins, steps=(Step.TEXT,), test_patch="", diff="", checks=checks)
    found = Relaxed(
        relaxation=relaxation,
        candidate="climber",
        trial="t",
        controls=(ControlSeen(name="gold passes", held=held, text=""),),
        admitted=tuple(one.name for one in admitted),
        kept=tuple(one.name for one in kept),
    )
    return found, (*admitted, *kept)


def figure(found: tuple[Relaxed, tuple[Candidate, ...]]) -> EncounterRate | None:
    return encounter_rate(TASK, *found)


def test_the_rate_is_of_families_that_relaxed_tests_accept() -> None:
    one = figure(relaxed(admitted=(run("a", "a1"), run("b", "b1")), kept=(run("c", "c1"),)))
    assert one is not None
    assert (one.k, one.n) == (2, 3)
    assert 0 < one.low < 2 / 3 < one.high < 1


def test_below_three_families_there_is_no_figure() -> None:
    runs = (run("a", "a1"), run("a", "a2"), run("b", "b1"))
    assert figure(relaxed(admitted=runs)) is None
    assert figure(relaxed(admitted=(*runs, run("c", "c1")))) is not None


def test_a_family_meets_the_pin_when_most_of_its_runs_do() -> None:
    others = (run("b", "b1"), run("c", "c1"))
    few = figure(relaxed(admitted=(run("a", "a1"),), kept=(run("a", "a2", count=2), *others)))
    most = figure(relaxed(admitted=(run("a", "a1", count=3),), kept=(run("a", "a2"), *others)))
    assert few is not None
    assert most is not None
    assert ((few.k, few.n), (most.k, most.n)) == ((0, 3), (1, 3))


def test_curated_files_and_constructions_are_no_families() -> None:
    made = run("curated", "x", provenance=Provenance.CURATED)
    assert figure(relaxed(admitted=(made, run("a", "a1"), run("b", "b1")))) is None


def test_who_edits_what_the_tests_rest_on_is_in_no_family() -> None:
    conftest = "diff --git a/conftest.py b/conftest.py\n--- /dev/null\n+++ b/conftest.py\n"
    bent = run("c", "c1")
    bent = replace(bent, patch=f"{bent.patch}{conftest}@@ -0,0 +1 @@\n+import os\n")
    assert figure(relaxed(admitted=(run("a", "a1"), run("b", "b1"), bent))) is None


def test_tests_that_are_not_verified_give_no_figure() -> None:
    runs = (run("a", "a1"), run("b", "b1"), run("c", "c1"))
    assert figure(relaxed(admitted=runs, held=False)) is None


CARRIES = "raise_(f'prices must be a list, not {len(prices)}')"


def test_who_carries_what_nothing_determines_is_counted_apart() -> None:
    kept = (run("b", "b1", text=CARRIES), run("c", "c1"))
    one = figure(relaxed(admitted=(run("a", "a1"),), kept=kept))
    assert one is not None
    assert (one.k, one.n, one.knows_detail) == (1, 3, 1)
    told = figure(relaxed(admitted=(run("a", "a1"),), kept=kept, checks=(CHECK,)))
    assert told is not None
    assert told.knows_detail == 0, "siblings tell it"


@pytest.mark.parametrize(("text", "known"), [("grand(prices)", 1), ("grandest(prices)", 0)])
def test_a_name_is_carried_as_a_whole_word(text: str, known: int) -> None:
    pin = replace(PIN, cause=Cause.MISSING_NAME, detail="grand")
    kept = (run("b", "b1", text=text), run("c", "c1"))
    one = figure(relaxed(admitted=(run("a", "a1"),), kept=kept, pins=(pin,)))
    assert one is not None
    assert one.knows_detail == known


def test_a_finding_has_the_rate_of_the_tests_that_free_its_pin() -> None:
    found, runs = relaxed(admitted=(run("a", "a1"), run("b", "b1")), kept=(run("c", "c1"),))
    case = Case(
        task=TASK, candidates=(*controls(TASK), *runs), trials=(), repeats=3, relaxed=(found,)
    )
    (finding,) = [one for one in findings_of(case) if "relaxation" in one.rungs]
    assert finding.encounter_rate is not None
    assert (finding.encounter_rate.k, finding.encounter_rate.n) == (2, 3)
    few = replace(case, candidates=case.candidates[:-1])
    (finding,) = [one for one in findings_of(few) if "relaxation" in one.rungs]
    assert finding.encounter_rate is None
