"""Lists of instance ids."""

from __future__ import annotations

from pathlib import Path

import pytest

from swe_audit.errors import InputError
from swe_audit.formats import load_ids


@pytest.mark.parametrize(
    "text",
    [
        "shop__cart-1\nshop__cart-2\n",
        "# chosen on Monday\nshop__cart-1  # the odd one\n\nshop__cart-2\nshop__cart-1\n",
        "instance_id,note\nshop__cart-1,first\nshop__cart-2,second\n",
        '["shop__cart-1", "shop__cart-2"]',
        "shop__cart-1\r\nshop__cart-2",
    ],
)
def test_a_list_may_have_any_of_these_forms(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ids.txt"
    path.write_text(text, encoding="utf-8")
    assert load_ids(path) == ("shop__cart-1", "shop__cart-2")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lists no instance id"),
        ("# nothing yet\n", "lists no instance id"),
        ("shop__cart-1\nno id at all\n", "ids.txt:2: 'no id at all' is no instance id"),
        ('["shop__cart-1", 3]', "item 2: 3 is no instance id"),
        ('["shop__cart-1",', "not valid JSON"),
        ("../etc\n", "is no instance id"),
    ],
)
def test_what_is_no_list_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "ids.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        load_ids(path)
