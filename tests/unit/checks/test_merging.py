"""Findings that say the same become one."""

from __future__ import annotations

from dataclasses import replace

from swe_audit.checks.merging import explained, merged
from swe_audit.model.finding import Cause, Confidence, Defect, Finding

WIDE = Finding(
    instance_id="shop__cart-1",
    defect=Defect.WIDE,
    confidence=Confidence.LIKELY,
    cause=Cause.VALUE,
    detail="None",
    tests=("a",),
    rungs=("relaxation",),
    candidates=("one",),
)
OPEN = replace(
    WIDE,
    defect=Defect.UNEXPLAINED,
    confidence=Confidence.SUSPECT,
    tests=("a", "b"),
    rungs=("consensus",),
    candidates=("one", "two"),
)


def test_what_another_finding_explains_is_not_unexplained() -> None:
    (one,) = explained([WIDE, OPEN])
    assert (one.defect, one.confidence) == (Defect.WIDE, Confidence.LIKELY)
    assert (one.tests, one.rungs) == (("a", "b"), ("relaxation", "consensus"))
    assert one.candidates == ("one", "two")


def test_another_detail_stays_unexplained() -> None:
    other = replace(OPEN, detail="0")
    assert explained([WIDE, other]) == (WIDE, other)


def test_the_surest_of_one_pin_counts_unless_runs_contradict_the_other() -> None:
    proven = replace(WIDE, confidence=Confidence.PROVEN, rungs=("reviewed",))
    (one,) = merged([WIDE, proven])
    assert (one.confidence, one.rungs) == (Confidence.PROVEN, ("reviewed", "relaxation"))
    (one,) = merged([proven, replace(WIDE, confidence=Confidence.DISPUTED)])
    assert one.confidence is Confidence.DISPUTED
