"""Make untrusted text safe to look at: patches, logs and statements are written by strangers."""

from __future__ import annotations

import re
from typing import Final

_BIDI: Final = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)
"""Marks that reorder what is displayed, by which code can be made to read as other code."""

_CONTROL: Final = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"},
    0x7F: "\u2421",
    **dict.fromkeys(range(0x80, 0xA0), "\ufffd"),
    **{code: f"\u27e8U+{code:04X}\u27e9" for code in _BIDI},
}

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ANSI: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


def well_formed(text: str) -> str:
    """Replace lone surrogates, which no strict reader of UTF-8 or JSON accepts, by U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def visible(text: str) -> str:
    """Make every control and direction mark visible; tabs and line feeds stay.

    The result can be encoded as UTF-8. Carriage returns before a line feed are dropped.
    """
    if text.isascii() and text.isprintable():
        return text
    return well_formed(text.replace("\r\n", "\n").translate(_CONTROL))


def without_ansi(text: str) -> str:
    """Drop the colour and cursor sequences that terminals understand and pages do not."""
    return _ANSI.sub("", text) if "\x1b" in text else text


def shorten(text: str, limit: int) -> str:
    """Cut text to ``limit`` characters, an ellipsis included; the cut is visible."""
    return text if len(text) <= limit else text[: limit - 1] + "\u2026"
