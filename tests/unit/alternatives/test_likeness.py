"""Patches that leave the same program, and patches that nearly do."""

from __future__ import annotations

import difflib

import pytest

from swe_audit.alternatives.likeness import same_program

BASE = """\
import math


def total(prices, tax=0):
    checked = list(prices)
    return 0


def mean(prices):
    return 0
"""
GOLD = BASE.replace(
    "    return 0\n\n\ndef mean",
    "    result = 0\n    for price in checked:\n        result += price\n"
    "    return result\n\n\ndef mean",
)


def diff(text: str, path: str = "shop/cart.py", base: str = BASE) -> str:
    lines = difflib.unified_diff(
        base.splitlines(keepends=True), text.splitlines(keepends=True), f"a/{path}", f"b/{path}"
    )
    return f"diff --git a/{path} b/{path}\n{''.join(lines)}"


def same(one: str, other: str) -> bool:
    return same_program(diff(one), diff(other), lambda _: False)


@pytest.mark.parametrize(
    "other",
    [
        GOLD,
        GOLD.replace("result", "amount"),
        GOLD.replace("price in", "each in").replace("+= price", "+= each"),
        GOLD.replace("    result = 0\n", "    # add them up\n    result = 0  # so far\n\n"),
        GOLD.replace("result += price", "result  +=  price"),
    ],
)
def test_formatting_comments_and_local_names_make_no_other_program(other: str) -> None:
    assert same(GOLD, other)


def test_a_line_broken_in_brackets_and_other_quotes_are_formatting() -> None:
    one = BASE.replace("    return 0\n\n\ndef mean", "    return f(prices, 'a')\n\n\ndef mean")
    other = one.replace("f(prices, 'a')", 'f(\n        prices, "a"\n    )')
    assert same(one, other)
    assert not same(one, one.replace("'a'", '"b"'))


@pytest.mark.parametrize(
    "other",
    [
        GOLD.replace("result = 0", "result = 1"),
        GOLD.replace("+=", "-="),
        GOLD.replace("return result", "return price"),
        GOLD.replace("    return result", "        return result"),
        GOLD.replace("in checked:", "in prices:"),
        BASE,
    ],
)
def test_another_value_operator_name_or_depth_is_another_program(other: str) -> None:
    assert not same(GOLD, other)


def test_a_name_that_base_has_is_not_local() -> None:
    one = BASE.replace("    return 0\n\n\ndef mean", "    tax = 1\n    return tax\n\n\ndef mean")
    other = one.replace("    tax = 1\n    return tax", "    prices = 1\n    return prices")
    assert not same(one, other)


def test_names_of_the_module_keywords_and_attributes_are_not_local() -> None:
    for line in ("LIMIT = 3\n", "def helper():\n    return 1\n"):
        one = f"{BASE}\n\n{line}"
        assert not same(one, one.replace("LIMIT", "BOUND").replace("helper", "other"))
    one = BASE.replace("return 0\n\n\ndef mean", "step = 1\n    return f(step=2)\n\n\ndef mean")
    assert not same(one, one.replace("step", "stride"))


def test_two_names_that_change_places_are_another_program() -> None:
    body = "    one = 1\n    two = 2\n    return one - two\n\n\ndef mean"
    text = BASE.replace("    return 0\n\n\ndef mean", body)
    assert same(text, text.replace("one", "low").replace("two", "high"))
    assert not same(text, text.replace("one - two", "two - one"))


def test_the_same_lines_in_another_place_are_another_program() -> None:
    first = BASE.replace("    return 0\n\n\ndef mean", "    return 1\n\n\ndef mean")
    second = BASE[: BASE.rindex("    return 0")] + "    return 1\n"
    assert not same(first, second)


def test_other_files_are_compared_as_they_are() -> None:
    one, other = diff("a\nb\n", "x.cfg", "a\n"), diff("a\nb \n", "x.cfg", "a\n")
    assert same_program(one, one, lambda _: False)
    assert not same_program(one, other, lambda _: False)
    assert same_program(diff(GOLD) + one, diff(GOLD), lambda path: path == "x.cfg")
    assert not same_program(diff(GOLD) + one, diff(GOLD), lambda _: False)


def test_what_is_no_diff_is_no_program() -> None:
    assert not same_program("", "", lambda _: False)
    assert not same_program("@@ -1 +1 @@\n", diff(GOLD), lambda _: False)
