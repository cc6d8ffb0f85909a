from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from swe_audit.report.highlight import highlight
from swe_audit.report.marks import mark, needles


def marked(code: Markup) -> list[str]:
    return re.findall(r'<mark class="pin">(.*?)</mark>', code)


def test_a_name_is_marked_as_a_whole_word_only() -> None:
    (line,) = highlight("a.py", ["close(closed, close_all, 'close')"])
    assert marked(mark(line, ["close"])) == ["close", "close"]


def test_a_mark_never_crosses_a_tag() -> None:
    (line,) = highlight("a.py", ["x = f'is {name} closed'"])
    shown = mark(line, ["is {name} closed"])
    assert "".join(marked(shown)) == "is {name} closed"
    assert re.sub(r"</?mark[^>]*>", "", shown) == line


def test_a_message_is_found_by_its_fixed_parts_where_the_whole_is_not() -> None:
    assert needles("ledger {} is closed") == ("ledger {} is closed", "ledger", "is closed")
    assert needles("%s: n") == ("%s: n",)
    assert marked(mark(Markup("the ledger %r is closed"), needles("ledger {} is closed"))) == [
        "ledger"
    ]


def test_nothing_is_marked_for_an_empty_detail() -> None:
    assert needles("  ") == ()
    assert mark(Markup("abc"), ()) == "abc"


@given(
    text=st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=40
    ),
    needle=st.text(max_size=5),
)
def test_marking_adds_marks_and_changes_nothing_else(text: str, needle: str) -> None:
    (line,) = highlight("a.py", [text])
    shown = mark(line, [needle])
    assert re.sub(r'<mark class="pin">|</mark>', "", shown) == line


@pytest.mark.parametrize("attack", ["<script>", "</mark><b>", "&lt;", '"'])
def test_hostile_text_stays_text(attack: str) -> None:
    shown = mark(Markup.escape(f"a {attack} b"), [attack])
    assert marked(shown) == [str(Markup.escape(attack))]
