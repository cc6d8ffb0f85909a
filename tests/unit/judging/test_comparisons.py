"""What an assertion compared, and what kind of difference it was."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from swe_audit.judging.comparisons import Comparison, comparison, difference, expected_literal
from swe_audit.model.finding import Cause


@pytest.mark.parametrize(
    ("message", "source", "expected", "actual"),
    [
        ("1 != 2", "self.assertEqual(f(), 2)", "2", "1"),
        ("1 != 2", "self.assertEqual(1, f())", "1", "2"),
        ("1 != 2", "self.assertEqual(expected, got)", "1", "2"),
        ("assert 1 == 2", "assert size == f(x)", "1", "2"),
        ("assert 1 == 2", "assert result == f(x)", "2", "1"),
        ("1 != 2 : why not", "self.assertEqual(f(), 2, 'why not')", "2", "1"),
        ("assert 'a != b' == 'c == d'", "assert f() == 'c == d'", "'c == d'", "'a != b'"),
        ("Lists differ: [1] != [2]\n\nFirst", "self.assertEqual(f(), [2])", "[2]", "[1]"),
        ("'a' not found in 'b'", "self.assertIn('a', f())", "'a'", "'b'"),
        ("assert <X> is None", "assert f() is None", "None", "<X>"),
    ],
)
def test_the_side_that_the_test_holds_is_the_expected_one(
    message: str, source: str, expected: str, actual: str
) -> None:
    found = comparison(message, source)
    assert found is not None
    assert (found.expected, found.actual) == (expected, actual)


@pytest.mark.parametrize("message", ["", "False is not true", "assert f(1)", "\n1 != 2"])
def test_no_comparison_is_none(message: str) -> None:
    assert comparison(message, "x") is None


@pytest.mark.parametrize(
    ("message", "source", "cause", "detail"),
    [
        ("assert [2, 1] == [1, 2]", "assert f() == [1, 2]", Cause.ORDER_OR_FORMAT, "[1, 2]"),
        ("assert [2, 1] == [1, 3]", "assert f() == [1, 3]", Cause.VALUE, "[1, 3]"),
        ("assert <A b> == <b A>", "assert f() == g()", Cause.ORDER_OR_FORMAT, "<b A>"),
        ("'SELECT a' != 'SELECT b'", "self.assertEqual(sql, 'SELECT b')", Cause.VALUE, "SELECT b"),
        (
            "[<E: 'It was bad here.'>] != [<E: 'It must be good.'>]",
            "self.assertEqual(check(), wanted)",
            Cause.MESSAGE_TEXT,
            "It must be good.",
        ),
        (
            "'one two' != 'two one!'",
            "self.assertEqual(str(cm.exception), 'two one!')",
            Cause.MESSAGE_TEXT,
            "two one!",
        ),
        (
            "<class 'shop.Bad'> != <class 'shop.Worse'>",
            "self.assertEqual(error_class, message)",
            Cause.VALUE,
            "<class 'shop.Worse'>",
        ),
        (
            "<class 'shop.forms.widgets.Line'> != <class 'shop.forms.widgets.Area'>",
            "self.assertIs(type(f()), Area)",
            Cause.VALUE,
            "<class 'shop.forms.widgets.Area'>",
        ),
        ("'a  b' != 'a b'", "self.assertEqual(f(), 'a b')", Cause.ORDER_OR_FORMAT, "a b"),
    ],
)
def test_differences_are_told_apart(message: str, source: str, cause: Cause, detail: str) -> None:
    found = comparison(message, source)
    assert found is not None
    assert difference(found, source) == (cause, detail)


def test_a_shortened_text_is_taken_from_the_source_or_the_diff() -> None:
    source = "self.assertEqual(f(), 'the whole of a text')"
    found = comparison("'the [12 chars] test' != 'the [12 chars] text'", source)
    assert found is not None
    assert found.expected == "'the whole of a text'"
    diff = "'a[9 chars]b' != 'a[9 chars]c'\n  a line\n- was b\n+ is c\n? ^"
    found = comparison(diff, "self.assertEqual(f(), g())")
    assert found is not None
    assert (found.expected, found.actual) == (repr("a line\nis c"), repr("a line\nwas b"))


def test_the_expected_literal_of_a_statement_is_its_last_literal_side() -> None:
    assert expected_literal("assert f(2) == [1, 'a']") == "[1, 'a']"
    assert expected_literal("assert 3 == f(2)") == "3"
    assert expected_literal("assert f(2) == g(3)") == ""
    assert expected_literal("assert (") == ""
    assert expected_literal("self.assertTrue(f(2), 'why')") == ""


@given(st.text(alphabet="'\"[]ab ,\\"), st.text(alphabet="'\"[]ab ,\\"))
@example("<'a''b'>", "<'a'>")
def test_any_two_sides_have_some_difference(expected: str, actual: str) -> None:
    found = Comparison(operator="==", expected=expected, actual=actual)
    assert difference(found, "assert f() == x")[0] in Cause
