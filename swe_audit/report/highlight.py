"""Colour source code with Pygments, down to the few classes that the style sheet knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from markupsafe import Markup
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_for_filename
from pygments.token import Comment, Keyword, Name, Number, String
from pygments.util import ClassNotFound

MAX_CODE = 8_000
"""Characters highlighted at once; longer text stays plain, for it costs most of a page's time."""

_SPECIAL = re.compile("[&<>'\"]")

_CLASSES: tuple[tuple[tuple[str, ...], str], ...] = (
    (Comment, "c"),
    (String, "s"),
    (Number, "m"),
    (Keyword, "k"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "d"),
    (Name.Builtin.Pseudo, ""),
    (Name.Builtin, "b"),
    (Name.Exception, "b"),
    (Name.Tag, "k"),
    (Name.Attribute, "f"),
)


def highlight(path: str, lines: Sequence[str]) -> tuple[Markup, ...]:
    """Give each line escaped, with ``<span class>`` around its tokens.

    The language is that of the path's suffix; with none that is known, the lines are only
    escaped. Lines hold no line feeds. One result for each line, always.
    """
    return _cached(PurePosixPath(path).suffix or path, tuple(lines))


@lru_cache(maxsize=512)
def _cached(suffix: str, lines: tuple[str, ...]) -> tuple[Markup, ...]:
    lexer = _lexer(suffix)
    if lexer is None or sum(map(len, lines)) > MAX_CODE:
        return tuple(Markup.escape(line) for line in lines)
    rendered: list[str] = []
    current: list[str] = []
    # The unprocessed stream keeps every character, where get_tokens drops marks and blank lines.
    for _, token, value in lexer.get_tokens_unprocessed("".join(f"{line}\n" for line in lines)):
        css = _class(token)
        first, *rest = value.split("\n")
        current.append(_span(css, first))
        for piece in rest:
            rendered.append("".join(current))
            current = [_span(css, piece)]
    if len(rendered) != len(lines):
        return tuple(Markup.escape(line) for line in lines)
    return tuple(map(Markup, rendered))


@lru_cache(maxsize=128)
def _lexer(suffix: str) -> Lexer | None:
    try:
        found = find_lexer_class_for_filename(f"file{suffix}" if suffix[:1] == "." else suffix)
    except ClassNotFound:
        return None
    return found() if found is not None else None


@lru_cache(maxsize=512)
def _class(token: tuple[str, ...]) -> str:
    return next((css for kind, css in _CLASSES if token[: len(kind)] == kind), "")


def _span(css: str, text: str) -> str:
    if not text:
        return ""
    # Most tokens hold nothing to escape, and escaping costs more than looking.
    escaped = str(Markup.escape(text)) if _SPECIAL.search(text) else text
    return f'<span class="{css}">{escaped}</span>' if css and not text.isspace() else escaped
