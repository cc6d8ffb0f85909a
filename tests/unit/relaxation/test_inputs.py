"""Another piece of test input, where the statement allows it; the tests run for real."""

from __future__ import annotations

import pytest

from swe_audit.model.construction import Survey
from swe_audit.model.finding import Cause, Confidence
from swe_audit.model.relaxation import Step
from swe_audit.relaxation.climbing import climb
from swe_audit.relaxation.determination import determination
from swe_audit.workshop import edited
from tests.unit.relaxation import bench

SAYS = "Let `split` take several names. What separates them could be a semicolon (`;`) or `,`."
BASE = "def split(text):\n    return [text]\n"
GOLD = "def split(text):\n    return text.split(';')\n"
OTHER = "def split(text):\n    return text.split(',')\n"
TESTS = '''\
import pytest

from shop.cart import split


def test_two():
    """Two names; both are found."""
    names = split("ada;bob")
    assert names == ["ada", "bob"]


def test_three():
    assert len(split("a;b;c")) == 3


def test_one():
    assert split("ada") == ["ada"]
'''


def level_for(statement: str = SAYS, candidate: str = OTHER, tests: str = TESTS):
    trees = bench.ground(BASE, GOLD, tests, statement)
    pins, levels, reason = bench.ladder(trees, candidate)
    assert len(pins) == 2
    return trees, levels, reason


def test_tests_go_on_with_the_other_input_and_every_control_holds():
    trees, (level,), _ = level_for()
    assert level.steps == (Step.INPUT,)
    (pin,) = level.pins
    assert (pin.cause, pin.detail) == (Cause.VALUE, ";")
    assert len(pin.tests) == 2, "pins of one input are one, with the tests of each"
    assert level.functions == ("test_three", "test_two")
    file = bench.relaxed(trees, level)
    assert '"""Two names; both are found."""' in file, "documentation may be the test's id"
    nonsense = edited(trees.tests, level.nonsense).read(bench.TESTS) or ""
    assert "split('adazqxjkbob')" in nonsense
    alike = "def split(text):\n    return ['ada', 'bob'] if len(text) > 5 else list(text)[:3]\n"
    ran = [(GOLD, file), (OTHER, file), (BASE, file), (alike, file), (GOLD, nonsense)]
    assert bench.accepted(ran) == [True, True, False, False, False]


def test_what_the_statement_allows_is_not_stated_and_is_at_most_likely():
    trees, (level,), _ = level_for()
    (pin,), (choice,) = level.pins, level.choices
    (check,) = determination(trees, Survey(), pin, choice)
    assert (check.rule, check.caps, check.determines) == ("choice", Confidence.LIKELY, None)
    assert level.spoken(SAYS) == choice
    assert choice.endswith("could be a semicolon (`;`) or `,`.")


def test_a_repair_climbs_to_the_same_tests_from_what_the_audit_kept():
    trees, (level,), _ = level_for()
    assert climb(trees, "", "", level.pins) == ((level,), ())


STRICT = """\
def split(text):
    found = text.split({!r})
    if "" in found:
        raise ValueError(text)
    return found
"""


def test_what_pytest_itself_fails_is_tried_again_too():
    tests = TESTS.replace(
        'assert len(split("a;b;c")) == 3', 'with pytest.raises(ValueError):\n        split("a;;b")'
    )
    gold, other = STRICT.format(";"), STRICT.format(",")
    trees = bench.ground(BASE, gold, tests, SAYS)
    _, (level,), _ = bench.ladder(trees, other)
    file = bench.relaxed(trees, level)
    assert bench.accepted([(gold, file), (other, file), (OTHER, file)]) == [True, True, False]


@pytest.mark.parametrize(
    "statement",
    [
        "Names could be separated by `;`.",
        "Users may separate names by `;` or `,`.",
        "Maybe it could be `;` or `,`.",
        "`;` or `,` could raise an error.",
        "It could be `|` or `:`.",
        "It could be `;`. Or write `,`.",
    ],
)
def test_without_a_choice_nothing_is_put_in_its_place(statement):
    _, levels, _ = level_for(statement)
    assert not any(Step.INPUT in level.steps for level in levels)


def test_a_test_that_holds_both_pieces_already_is_left_alone():
    _, levels, _ = level_for(tests=TESTS.replace('split("ada;bob")', 'split("ada;bob".strip(","))'))
    assert all("names = split" not in edit.text for level in levels for edit in level.edits)
