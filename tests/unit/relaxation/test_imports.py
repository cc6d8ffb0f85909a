"""An import moved into the tests that use it leaves a module that means the same."""

from __future__ import annotations

import ast

import pytest

from swe_audit.model.tree import Tree
from swe_audit.relaxation.imports import NotMovableError, define_instead, move_import
from swe_audit.workshop import edited

PATH = "tests/test_cart.py"
MODULE = '''\
import pytest

from shop.cart import (
    rebated,
    total,
)


@pytest.fixture
def bill():
    """A bill."""
    return rebated([5], 2)


def test_total():
    assert total([1]) == 1


def test_rebated():
    """Rebates go off."""
    assert rebated([5], 2) == 3


def test_bill(bill):
    assert bill == 3


class TestMany:
    def setup_method(self):
        self.bill = rebated([5], 1)

    def test_first(self):
        assert self.bill == 4
'''


def moved(text, name="rebated"):
    found = move_import(PATH, text, name)
    assert found is not None
    after = edited(Tree({PATH: text.encode()}), found.edits).read(PATH)
    ast.parse(after)
    return after, found.tests


def test_each_function_that_uses_the_name_imports_it_itself_behind_its_documentation():
    after, _ = moved(MODULE)
    assert after.count("from shop.cart import rebated\n") == 3
    assert "from shop.cart import (\n    total,\n)" in after
    place = '"""Rebates go off."""\n    from shop.cart import rebated\n\n    assert'
    assert place in after


def test_tests_that_reach_the_name_through_a_fixture_or_a_set_up_are_counted():
    _, tests = moved(MODULE)
    assert {"bill", "test_rebated", "test_bill", "setup_method", "test_first"} <= tests
    assert "test_total" not in tests


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("from shop.cart import rebated\n", ""),
        ("from shop.cart import rebated, total\n", "from shop.cart import total\n"),
        ("from shop.cart import total, rebated\n", "from shop.cart import total\n"),
        ("from shop.cart import rebated as r, total\n", "from shop.cart import total\n"),
    ],
)
def test_the_rest_of_the_import_stays(line, left):
    use = "r" if " as r" in line else "rebated"
    after, _ = moved(f"{line}\n\ndef test_it():\n    {use}()\n")
    assert after.startswith(f"{left}\n\ndef test_it():\n    from shop.cart import rebated")


@pytest.mark.parametrize(
    "use",
    [
        "LIMIT = rebated([1], 0)",
        "@rebated\ndef test_it():\n    pass",
        "def test_it(rebated):\n    rebated()",
        "def test_it():\n    rebated = 1\n    assert rebated",
        "class TestIt(rebated):\n    pass",
        "def test_it(): rebated()",
    ],
)
def test_a_name_that_is_needed_before_a_test_runs_stays(use):
    with pytest.raises(NotMovableError, match=PATH):
        move_import(PATH, f"from shop.cart import rebated\n\n\n{use}\n", "rebated")


def test_a_name_that_is_not_imported_is_nobodys_business():
    assert (
        move_import(PATH, "import shop\n\n\ndef test_it():\n    shop.rebated()\n", "rebated")
        is None
    )


def test_what_decides_whether_a_test_runs_can_be_defined_in_the_module_itself():
    text = (
        "import pytest\nfrom shop.cart import SLOW, total\n\n\n"
        "@pytest.mark.skipif(SLOW, reason='slow')\ndef test_it():\n    assert total([]) == 0\n"
    )
    with pytest.raises(NotMovableError):
        move_import(PATH, text, "SLOW")
    found = define_instead(PATH, text, "SLOW", "import os\n\nSLOW = bool(os.environ)\n")
    after = edited(Tree({PATH: text.encode()}), found.edits).read(PATH)
    assert after.startswith(
        "import pytest\nfrom shop.cart import total\n\nimport os\n\nSLOW = bool(os.environ)\n\n\n@"
    )
    assert found.tests == frozenset()


@pytest.mark.parametrize(
    ("line", "use"),
    [
        ("from shop.cart import rebated", "def test_it():\n    assert rebated([5], 2) == 3"),
        ("from shop.cart import rebated as r", "@r\ndef test_it():\n    pass"),
    ],
)
def test_a_test_does_not_test_a_definition_of_its_own(line, use):
    with pytest.raises(NotMovableError):
        define_instead(PATH, f"{line}\n\n\n{use}\n", "rebated", "def rebated(): pass")
