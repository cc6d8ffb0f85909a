"""Texts of several runs, compared without what differs between them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from swe_audit.evidence.masking import HIDDEN, same_as_printed, template_of

TEXT = st.text(alphabet="ab1 .:'<>\n", max_size=30)


def test_addresses_and_places_never_differ() -> None:
    one = template_of(["<Cart at 0x7f00aa11>, /testbed/shop/cart.py, /tmp/abc"])
    assert one.admits("<Cart at 0x7f99bb22>, shop/cart.py, /tmp/xyz")
    assert not one.admits("<Till at 0x7f00aa11>, shop/cart.py, /tmp/abc")


def test_a_clock_is_masked_as_a_whole() -> None:
    one = template_of(["at 12:00:01: 3", "at 12:00:04: 3"])
    assert one.text == f"at {HIDDEN}: 3"
    assert one.admits("at 13:10:00: 3")
    assert not one.admits("at 13:10:00: 4")


def test_what_runs_say_alike_stays() -> None:
    one = template_of(["{'a', 'b', 3}", "{'b', 'a', 3}"])
    assert one.admits("{'x', 'y', 3}")
    assert not one.admits("{'x', 'y', 4}")
    assert not one.admits("{'x', 3}")


def test_runs_of_another_shape_say_nothing() -> None:
    one = template_of(["1", "1 2"])
    assert not one.says
    assert one.admits("anything")


def test_signs_and_bare_addresses_say_nothing() -> None:
    assert not template_of(["[]"]).says
    assert not template_of(["<shop.Cart object at 0x7f00aa11>"]).says
    assert template_of(["<shop.Cart object at 0x7f00aa11>, 3"]).says


def test_a_detail_may_be_put_in_other_words() -> None:
    one = template_of(["ValueError: no such thing: 3"])
    assert one.admits_but_for("ValueError: gone: 3", ["no such thing"])
    assert not one.admits_but_for("ValueError: gone: 4", ["no such thing"])
    assert not one.admits_but_for("ValueError: gone: 3", ["another thing", ""])


def test_a_printed_value_is_found_whatever_its_white_space_and_quotes() -> None:
    assert same_as_printed("Cart(a=1,\n     b=2)", ["'Cart(a=1, b=2)'"])
    assert same_as_printed("[1, ..., 9]", ["[1, 2, 3, 9]"])
    assert not same_as_printed("3", ["33", "'4'"])
    assert not same_as_printed("", [""])


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_a_template_admits_what_it_was_made_of(texts: list[str]) -> None:
    one = template_of(texts)
    assert all(one.admits(text) and one.admits_but_for(text, ["a", "1"]) for text in texts)


def test_a_detail_that_is_written_as_a_pattern_is_held_without_its_escapes():
    one = template_of(["CartError: line 1: off by 2.50 (EUR)"])
    assert one.admits_but_for("CartError: line 1: 2.50 is missing", [r"off by 2\.50 \(EUR\)"])
    assert not one.admits_but_for("CartError: line 2: 2.50 is missing", [r"off by 2\.50 \(EUR\)"])
