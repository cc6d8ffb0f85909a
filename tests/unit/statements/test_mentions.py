"""How strongly a statement mentions a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.statements import Mention, mention, names_file, names_function


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("Use `limit` here.", "limit"),
        ("Use `query.limit(3)` here.", "limit"),
        ("Use <code>limit</code> here.", "limit"),
        ("Add an option limit to it.", "limit"),
        ("Add a limit argument to it.", "limit"),
        ("Add a parameter named 'limit' to it.", "limit"),
        ("It needs row_limit now.", "row_limit"),
        ("It needs rowLimit now.", "rowLimit"),
        ("See query.limit for it.", "limit"),
        ("Call limit() for it.", "limit"),
        ("Pass limit=3 to it.", "limit"),
        ("Pass --row-limit to it.", "row_limit"),
        ("Try:\n```python\nquery(limit=3)\n```\n", "limit"),
        ("It is called “limit” there.", "limit"),
    ],
)
def test_a_name_is_named(statement: str, name: str) -> None:
    assert mention(statement, name) == (Mention.NAMED, _line_with(statement, name))


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("There is no limit to it.", "limit"),
        ("Limit the rows.", "limit"),
        ("Set the row limit somewhere.", "row_limit"),
    ],
)
def test_an_ordinary_word_is_prose(statement: str, name: str) -> None:
    assert mention(statement, name)[0] is Mention.PROSE


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        (
            "It fails:\n```\nTraceback (most recent call last):\n"
            '  File "x.py", line 3, in limit\n    row_limit(1)\nValueError: row_limit\n```\n',
            "row_limit",
        ),
        (
            '>>> f()\nTraceback (most recent call last):\n  File "x.py", line 3, in row_limit\n'
            "ValueError: bad\n",
            "row_limit",
        ),
        ("See https://example.org/row_limit/page for more.", "row_limit"),
        ("See src/row_limit/core.py for more.", "row_limit"),
        ("See `src/row_limit/core.py` for more.", "row_limit"),
        ("See row_limit.py for more.", "row_limit"),
        ("Versions\n```\npython: 3.9.1\nrow_limit: 1.2.3\nnumpy: 1.20.1\n```\n", "row_limit"),
    ],
)
def test_what_only_quotes_does_not_name(statement: str, name: str) -> None:
    assert mention(statement, name)[0] is Mention.QUOTED


@pytest.mark.parametrize("statement", ["", "Nothing of it.", "sublimits", "unlimited row_limits"])
def test_a_part_of_another_word_is_no_mention(statement: str) -> None:
    assert mention(statement, "limit") == (Mention.NONE, "")


def test_the_strongest_mention_counts_and_gives_the_line() -> None:
    statement = "A limit.\nSee https://example.org/limit\nPass `limit` on.\n"
    assert mention(statement, "limit") == (Mention.NAMED, "Pass `limit` on.")


def test_code_after_a_traceback_in_the_same_block_names() -> None:
    statement = (
        '```\n>>> f()\nTraceback (most recent call last):\n  File "x", line 1\nKeyError: 1\n'
        ">>> g(limit=1)\n```\n"
    )
    assert mention(statement, "limit")[0] is Mention.NAMED


def _line_with(statement: str, name: str) -> str:
    name = name if name in statement else name.replace("_", "-")
    line = next(line for line in statement.split("\n") if name in line)
    return line.replace("“", '"').replace("”", '"')


@given(st.text(max_size=120), st.from_regex(r"[a-z]{3,8}_[a-z]{3,8}", fullmatch=True))
def test_a_name_in_code_formatting_is_named_wherever_it_stands(rest: str, name: str) -> None:
    statement = f"Use `{name}` here.\n\n{rest}"
    assert mention(statement, name)[0] is Mention.NAMED


@pytest.mark.parametrize(
    ("statement", "qualified", "named"),
    [
        ("The method total() is wrong.", "Cart.total", True),
        ("The method `Cart.total` is wrong.", "Cart.total", True),
        ("See Cart.__init__ for it.", "Cart.__init__", True),
        ("See Basket.__init__ for it.", "Cart.__init__", False),
        ("The total is wrong.", "Cart.total", False),
        ("```\ncart.total()\n```\n", "Cart.total", False),
        ("Anything.", "", False),
    ],
)
def test_prose_names_a_function_and_an_example_does_not(
    statement: str, qualified: str, named: bool
) -> None:
    assert bool(names_function(statement, qualified)) is named


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("It is in shop/cart.py there.", True),
        ("It is in cart.py there.", True),
        ("It is in shop.cart there.", True),
        ("See https://example.org/acme/shop/blob/abc/shop/cart.py#L3 for it.", True),
        ("It is in my_shop/cart.pyx there.", False),
        ("It is in the cart.", False),
        ('```\n  File "shop/cart.py", line 3, in f\n    g()\nKeyError: 1\n```\n', False),
    ],
)
def test_prose_names_a_file_by_path_name_module_or_link(statement: str, named: bool) -> None:
    assert bool(names_file(statement, "shop/cart.py")) is named


def test_a_file_name_that_every_package_has_names_no_file() -> None:
    assert names_file("It is in models.py there.", "shop/models.py") == ""
