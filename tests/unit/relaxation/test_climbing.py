"""Each step frees its pin and no more: relaxed tests run on gold, candidate, base, garbage."""

from __future__ import annotations

import pytest

from swe_audit.model.finding import Cause
from swe_audit.model.relaxation import Pin, Step
from swe_audit.relaxation.exceptions import relax_exception
from swe_audit.relaxation.garbage import garbage
from swe_audit.workshop import edited
from tests.unit.relaxation import bench

BASE = "def total(prices):\n    return 0\n"
GOLD = """\
def total(prices):
    if not isinstance(prices, list):
        raise ValueError(f"prices must be a list, not {prices!r}")
    return sum(prices)
"""
PYTEST = """\
import pytest

from shop.cart import total


def test_total():
    assert total([1, 2]) == 3


def test_refused():
    with pytest.raises(ValueError, match="prices must be a list, not 7"):
        total(7)
"""
UNITTEST = """\
import unittest

from shop.cart import total


class CartTest(unittest.TestCase):
    def test_total(self):
        self.assertEqual(total([1, 2]), 3)

    def test_refused(self):
        with self.assertRaises(ValueError) as caught:
            total(7)
        self.assertEqual(str(caught.exception), "prices must be a list, not 7")
"""


def with_message(message: str, kind: str = "ValueError") -> str:
    return GOLD.replace(
        'ValueError(f"prices must be a list, not {prices!r}")', f"{kind}({message})"
    )


CLIMBS = {
    "case and punctuation": (
        with_message('f"Prices must be a list -- not {prices!r}."'),
        Step.SPELLING,
    ),
    "other words": (with_message('f"a list is wanted instead of {prices!r}"'), Step.VALUES),
    "no value": (with_message('"a list is wanted"'), Step.TEXT),
}


@pytest.mark.parametrize("tests", [PYTEST, UNITTEST], ids=["pytest", "unittest"])
@pytest.mark.parametrize(("candidate", "step"), CLIMBS.values(), ids=CLIMBS)
def test_a_message_is_relaxed_no_further_than_the_candidate_needs(candidate, step, tests):
    trees = bench.ground(BASE, GOLD, tests)
    (pin,), levels, _ = bench.ladder(trees, candidate)
    assert pin.cause is Cause.MESSAGE_TEXT
    level = bench.admitting(trees, levels, candidate)
    assert level is not None
    assert level.steps == (step,)
    assert level.functions == ("test_refused",)


@pytest.mark.parametrize("tests", [PYTEST, UNITTEST], ids=["pytest", "unittest"])
def test_gold_passes_every_level_and_base_none(tests):
    trees = bench.ground(BASE, GOLD, tests)
    _, levels, _ = bench.ladder(trees, CLIMBS["no value"][0])
    files = [bench.relaxed(trees, level) for level in levels]
    assert bench.accepted([(GOLD, each) for each in files]) == [True] * 3
    for _, results in bench.run_all([(BASE, each) for each in files]):
        assert results
        assert not any(results.values())


def test_garbage_in_the_message_fails_wherever_its_values_still_count():
    trees = bench.ground(BASE, GOLD, PYTEST)
    pins, levels, _ = bench.ladder(trees, CLIMBS["no value"][0])
    edits = garbage(trees, pins)
    assert edits is not None
    nonsense = edited(trees.gold, edits).read(bench.SOURCE)
    assert "ValueError('zqxjk')" in nonsense
    seen = bench.accepted([(nonsense, bench.relaxed(trees, level)) for level in levels])
    assert [(level.steps[0], admitted) for level, admitted in zip(levels, seen, strict=True)] == [
        (Step.SPELLING, False),
        (Step.VALUES, False),
        (Step.TEXT, True),
    ]


PLAIN = {
    "pytest": (PYTEST.replace(", not 7", ""), Step.CLASS),
    "unittest": (UNITTEST.replace(", not 7", ""), Step.TEXT),
}


@pytest.mark.parametrize(("tests", "step"), PLAIN.values(), ids=PLAIN)
def test_without_values_the_class_is_what_stays(tests, step):
    gold = GOLD.replace(", not {prices!r}", "")
    candidate = gold.replace("prices must be a list", "give me a list")
    trees = bench.ground(BASE, gold, tests)
    _, levels, _ = bench.ladder(trees, candidate)
    level = bench.admitting(trees, levels, candidate)
    assert level is not None
    assert level.steps == (step,)


EXCEPTION = PYTEST.replace(', match="prices must be a list, not 7"', "")


@pytest.mark.parametrize(
    ("kind", "written"),
    [("TypeError", "(TypeError, ValueError)"), ("LookupError", None), ("RuntimeError", None)],
)
def test_a_class_of_exceptions_gives_way_to_a_base_that_says_something(kind, written):
    trees = bench.ground(BASE, GOLD, EXCEPTION)
    candidate = with_message('"no list"', kind)
    (pin,), levels, reason = bench.ladder(trees, candidate)
    assert pin.cause is Cause.EXCEPTION_TYPE
    if written is None:
        assert levels == ()
        assert "no base in common" in reason
        return
    assert f"pytest.raises({written})" in bench.relaxed(trees, levels[0])
    assert bench.admitting(trees, levels, candidate) is levels[0]


def test_a_class_of_the_project_gives_way_to_the_base_that_both_have():
    classes = (
        "class CartError(LookupError):\n    pass\n\n\nclass Missing(LookupError):\n    pass\n\n\n"
    )
    gold = classes + with_message('"no list"', "CartError")
    tests = EXCEPTION.replace("ValueError", "CartError").replace("total\n", "CartError, total\n", 1)
    trees = bench.ground(classes + BASE, gold, tests)
    candidate = gold.replace("raise CartError", "raise Missing")
    _, levels, _ = bench.ladder(trees, candidate)
    assert "pytest.raises(LookupError)" in bench.relaxed(trees, levels[0])
    assert bench.accepted(
        [(source, bench.relaxed(trees, levels[0])) for source in (candidate, gold, classes + BASE)]
    ) == [True, True, False]


def test_a_class_of_the_project_comes_of_no_crash():
    classes = "class CartError(ValueError):\n    pass\n\n\n"
    gold = classes + with_message('"no list"', "KeyError")
    tests = EXCEPTION.replace("ValueError", "KeyError").replace("total\n", "CartError, total\n", 1)
    trees = bench.ground(classes + BASE, gold, tests)
    candidate = gold.replace("raise KeyError", "raise CartError")
    _, levels, _ = bench.ladder(trees, candidate)
    assert "pytest.raises((KeyError, CartError))" in bench.relaxed(trees, levels[0])
    crash = gold.replace("raise KeyError", "raise AttributeError")
    assert "no base in common" in bench.ladder(trees, crash)[2]
    unknown = tests.replace("CartError, ", "")
    trees = bench.ground(classes + BASE, gold, unknown)
    _, levels, _ = bench.ladder(trees, candidate)
    file = bench.relaxed(trees, levels[0])
    assert file.startswith("from shop.cart import CartError\nimport pytest\n")
    assert bench.accepted([(each, file) for each in (candidate, gold, classes + BASE)]) == [
        True,
        True,
        False,
    ]


def test_a_class_is_imported_from_where_the_code_does():
    source = "from .errors import CartError\n\n\n"
    gold = source + with_message('"no list"', "KeyError")
    tests = EXCEPTION.replace("ValueError", "KeyError")
    trees = bench.ground(source + BASE, gold, tests)
    pin = Pin(
        cause=Cause.EXCEPTION_TYPE,
        detail="KeyError",
        path=bench.TESTS,
        line=11,
        tests=("t",),
        observed="CartError",
    )
    (rewrite,) = relax_exception(trees, pin, "")
    assert rewrite.imports == {(bench.TESTS, "from shop.errors import CartError")}


NAMES_GOLD = """\
def total(prices):
    return sum(prices)


def names(prices):
    return ["a", "b"]
"""
NAMES_TESTS = {
    "pytest": """\
from shop.cart import names, total


def test_names():
    assert names([1]) == ["a", "b"]
""",
    "unittest": """\
import unittest

from shop.cart import names, total


class CartTest(unittest.TestCase):
    def test_names(self):
        self.assertEqual(names([1]), ["a", "b"])
""",
}


@pytest.mark.parametrize("tests", NAMES_TESTS.values(), ids=NAMES_TESTS)
def test_an_order_is_free_where_the_statement_is_silent(tests):
    base = BASE + "\n\ndef names(prices):\n    return []\n"
    candidate = NAMES_GOLD.replace('["a", "b"]', '["b", "a"]')
    other = NAMES_GOLD.replace('["a", "b"]', '["b", "c"]')
    trees = bench.ground(base, NAMES_GOLD, tests)
    (pin,), levels, _ = bench.ladder(trees, candidate)
    assert pin.cause is Cause.ORDER_OR_FORMAT
    assert levels[0].steps == (Step.ORDER,)
    file = bench.relaxed(trees, levels[0])
    assert bench.accepted([(each, file) for each in (candidate, NAMES_GOLD, other, base)]) == [
        True,
        True,
        False,
        False,
    ]
    spoken = bench.ground(base, NAMES_GOLD, tests, "names() should be sorted.")
    assert "speaks of an order" in bench.ladder(spoken, candidate)[2]


def test_a_value_is_swapped_only_where_the_statement_gives_the_choice():
    gold = BASE.replace("0", "None")
    tests = "from shop.cart import total\n\n\ndef test_none():\n    assert total([]) == None\n"
    candidate = BASE.replace("0", "-1")
    trees = bench.ground(BASE, gold, tests, "total([]) should give `None` or `-1`.")
    _, levels, _ = bench.ladder(trees, candidate)
    assert levels[0].steps == (Step.SWAP,)
    assert "total([]) in (None, -1)" in bench.relaxed(trees, levels[0])
    assert levels[0].choices == ("",), "when it is which, the statement may well say"
    offered = bench.ground(BASE, gold, tests, "For total([]) either of `None` or `-1` would do.")
    _, levels, _ = bench.ladder(offered, candidate)
    assert levels[0].choices == ("For total([]) either of `None` or `-1` would do.",)
    for statement in ("total([]) should give `None`.", "Maybe `None` or `-1`?"):
        _, levels, reason = bench.ladder(bench.ground(BASE, gold, tests, statement), candidate)
        assert levels == ()
        assert "as a choice" in reason


CHANGED_BASE = """\
from shop.cart import total


def test_total():
    assert total([1, 2]) == 0
    assert total([]) == 0
"""


def test_an_assertion_that_the_test_patch_changed_admits_what_base_asserted():
    gold = BASE.replace("return 0", "return 12 if prices else 11")
    candidate = BASE.replace("return 0", "return 12 if prices else 0")
    tests = CHANGED_BASE.replace("2]) == 0", "2]) == 12").replace(
        "total([]) == 0", "total([]) == 11"
    )
    trees = bench.ground(BASE, gold, tests, "Sums come out wrong.", CHANGED_BASE)
    _, levels, _ = bench.ladder(trees, candidate)
    (level,) = levels
    assert level.steps == (Step.OLD_OR_NEW,)
    assert "except AssertionError:\n        assert total([]) == 0" in bench.relaxed(trees, level)
    before = edited(trees.tests, level.base).read(bench.TESTS)
    assert "total([1, 2]) == 12" in before
    assert "total([]) == 0" in before
    file = bench.relaxed(trees, level)
    assert bench.accepted([(each, file) for each in (candidate, gold, BASE)]) == [True, True, False]


def test_an_assertion_whose_value_the_statement_holds_is_not_given_back():
    gold = BASE.replace("return 0", "return 112")
    tests = CHANGED_BASE.replace("2]) == 0", "2]) == 112").replace(
        "total([]) == 0", "total([]) == 112"
    )
    trees = bench.ground(BASE, gold, tests, "A sum should be 112.", CHANGED_BASE)
    _, levels, reason = bench.ladder(trees, BASE.replace("return 0", "return 5"))
    assert levels == ()
    assert "holds what the assertion is about: 112" in reason


SETUP = """\
import pytest

from shop.cart import FAST, total


@pytest.mark.skipif(not FAST, reason="slow")
def test_total():
    assert total([1, 2]) == 3
"""


def test_a_name_that_only_sets_tests_up_is_defined_in_the_test_module():
    gold = BASE.replace("return 0", "return sum(prices)") + "\n\nFAST = True\n"
    candidate = BASE.replace("return 0", "return sum(prices)")
    trees = bench.ground(BASE, gold, SETUP)
    (pin,), levels, _ = bench.ladder(trees, candidate)
    assert (pin.cause, pin.detail) == (Cause.MISSING_NAME, "FAST")
    (level,) = levels
    assert level.steps == (Step.SETUP,)
    assert level.functions == (), "the whole module changes"
    file = bench.relaxed(trees, level)
    assert bench.accepted([(each, file) for each in (candidate, gold, BASE)]) == [True, True, False]


def test_a_name_that_a_test_uses_itself_is_not_defined_there():
    gold = BASE + "\n\nFAST = True\n"
    tests = SETUP + "\n\ndef test_fast():\n    assert FAST\n"
    _, levels, reason = bench.ladder(bench.ground(BASE, gold, tests), BASE)
    assert levels == ()
    assert "in a test's own body" in reason


def test_one_pin_that_nothing_frees_keeps_a_candidate_where_it_is():
    candidate = with_message('"a list is wanted"').replace("sum(prices)", "0")
    _, levels, reason = bench.ladder(bench.ground(BASE, GOLD, PYTEST), candidate)
    assert levels == ()
    assert "no step frees a value" in reason or "choice" in reason


def test_two_pins_are_freed_together():
    gold = GOLD.replace(
        "    return sum",
        '    if not prices:\n        raise ValueError("nothing to add")\n    return sum',
    )
    tests = (
        PYTEST
        + """

def test_nothing():
    with pytest.raises(ValueError, match="nothing to add"):
        total([])
"""
    )
    candidate = gold.replace("prices must be a list, not", "Prices must be a list. Not").replace(
        "nothing to add", "the cart is bare"
    )
    trees = bench.ground(BASE, gold, tests)
    pins, levels, _ = bench.ladder(trees, candidate)
    assert len(pins) == 2
    level = bench.admitting(trees, levels, candidate)
    assert level is not None
    assert set(level.steps) <= {Step.VALUES, Step.CLASS}
    assert level.functions == ("test_nothing", "test_refused")
