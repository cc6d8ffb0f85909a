"""What determines a pinned detail, and what the statement says of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swe_audit.model.construction import ConstructionKind, RefusalReason, Refused, Survey
from swe_audit.model.finding import Cause, Confidence, Determinant
from swe_audit.model.relaxation import Pin
from swe_audit.relaxation.determination import determination, spoken_of
from swe_audit.workshop import survey_of
from tests.unit.relaxation import bench
from tests.unit.relaxation.test_climbing import BASE, GOLD, PYTEST

TEXT = Pin(
    cause=Cause.MESSAGE_TEXT,
    detail="prices must be a list, not 7",
    path=bench.TESTS,
    line=11,
    tests=("t",),
    assertion='pytest.raises(ValueError, match="prices must be a list, not 7")',
)


def caps(checks):
    return [(check.caps, check.determines) for check in checks if check.caps is not None]


def test_a_text_that_gold_introduces_is_judged_by_its_construction():
    trees = bench.ground(BASE, GOLD, PYTEST)
    assert caps(determination(trees, survey_of(trees), TEXT)) == []
    assert caps(determination(trees, Survey(), TEXT)) == [(Confidence.LIKELY, None)]


@pytest.mark.parametrize(
    ("reason", "cap", "determines"),
    [
        (RefusalReason.IN_BASE, Confidence.SUSPECT, Determinant.BASE_CODE),
        (RefusalReason.STATED_TEXT, Confidence.SUSPECT, Determinant.STATEMENT),
        (RefusalReason.NO_WORDING, Confidence.LIKELY, None),
    ],
)
def test_a_text_that_its_construction_refuses_is_capped_by_the_reason(reason, cap, determines):
    trees = bench.ground(BASE, GOLD, PYTEST)
    refused = Refused(
        kind=ConstructionKind.MESSAGE,
        symbol="error message",
        detail="prices must be a list, not {prices!r}",
        scope="total",
        path=bench.SOURCE,
        line=3,
        reason=reason,
        text="why",
    )
    assert caps(determination(trees, Survey(refused=(refused,)), TEXT)) == [(cap, determines)]


def test_a_text_that_gold_does_not_introduce_stands_in_base():
    base = GOLD.replace("sum(prices)", "0")
    trees = bench.ground(base, GOLD, PYTEST)
    found = caps(determination(trees, Survey(), TEXT))
    assert found == [(Confidence.SUSPECT, Determinant.BASE_CODE)]


def test_an_assertion_of_the_base_tests_is_pinned_there():
    pin = replace(TEXT, cause=Cause.VALUE, detail="3", assertion="assert total([1, 2])  == 3")
    trees = bench.ground(BASE, GOLD, PYTEST, base_tests=PYTEST)
    found = caps(determination(trees, Survey(), pin))
    assert found[0] == (Confidence.SUSPECT, Determinant.BASE_TESTS)
    assert found[-1] == (Confidence.LIKELY, None), "a value is never proven without review"


@pytest.mark.parametrize(
    ("statement", "speaks"),
    [
        ("Lists only, please.", False),
        ("The error message should name what was given.", True),
        ("It says: prices must be a list, not 7", True),
        ("An error occurs.", False),
    ],
)
def test_a_statement_speaks_of_a_text_that_it_asks_for(statement, speaks):
    assert bool(spoken_of(statement, TEXT)) is speaks
