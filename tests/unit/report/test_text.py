from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from swe_audit.report.text import shorten, visible, without_ansi


def test_direction_marks_and_control_characters_can_be_seen() -> None:
    assert visible("a\u202eb\u2066") == "a\u27e8U+202E\u27e9b\u27e8U+2066\u27e9"
    assert visible("\x00\x1b[1m") == "\u2400\u241b[1m"
    assert visible("a\r\nb\rc\td") == "a\nb\u240dc\td"


@given(st.text(st.characters()))
def test_visible_text_can_be_encoded_and_holds_no_control_character(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    controls = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))} - {"\t", "\n"}
    assert not controls & set(shown)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_terminal_colours_are_dropped() -> None:
    assert without_ansi("\x1b[31;1mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07") == "red link"


def test_cut_text_shows_its_cut() -> None:
    assert shorten("abcdef", 6) == "abcdef"
    assert shorten("abcdefg", 6) == "abcde\u2026"
