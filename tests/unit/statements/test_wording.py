"""Whether a statement holds the wording of a message."""

from __future__ import annotations

import pytest

from swe_audit.statements import holds_text


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("It should say: no such row.", "No such row"),
        ("It should say 'no   such\nrow' there.", "no such row"),
        ("It should say: no `a` in the table", "no %s in the table"),
        ("It should say: no 'a' in the table", "no {name!r} in the table"),
        ("the 3 rows of <TABLE> are lost", "the %(n)d rows of %(table)s are lost"),
        ("no {name} in the table", "no %s in the table"),
    ],
)
def test_wording_is_held_whatever_its_spacing_quotes_and_placeholders(
    statement: str, text: str
) -> None:
    assert holds_text(statement, text)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("There are no rows.", "no such row"),
        ("in the table there is no row", "no %s in the table"),
        ("anything at all", "%s: %d"),
        ("a b", "{}"),
        ("no " + "x" * 200 + " in the table", "no %s in the table"),
    ],
)
def test_other_wording_is_not_held(statement: str, text: str) -> None:
    assert not holds_text(statement, text)
