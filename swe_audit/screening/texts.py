"""Texts that the tests want word for word: messages of gold's, and other long expectations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from swe_audit.model.finding import Evidence
from swe_audit.screening.facts import Text
from swe_audit.screening.ground import Ground, plain
from swe_audit.screening.nouns import Signal, SignalKind
from swe_audit.statements import holds_text

_PLACEHOLDER = re.compile(
    r"%\([^)]*\)[-#0 +]*[\d.]*[a-zA-Z]|%[-#0+]*[\d.]*[sdrifxgeEXGocvqTw]|\{[^{}]*\}|\$\{[^}]*\}"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_DIGITS = re.compile(r"\d+")
_SHORTEST = 10
_LONG = 60
_FEW = 8


def message_signals(ground: Ground) -> Iterator[Signal]:
    """Yield messages whose wording gold introduces, tests expect and the statement lacks.

    A template matches by its pieces, so that placeholders and the values put there may differ.
    """
    wanted = [(read.change.path, text) for read in ground.tests for text in read.facts.texts]
    base = _DIGITS.sub("0", _base_text(ground))
    seen: set[str] = set()
    for read in ground.gold:
        for text in read.facts.texts:
            pieces = _pieces(text.text)
            if not pieces or text.text in seen or holds_text(ground.task.statement, text.text):
                continue
            if all(_numberless(piece) in base for piece in pieces):
                continue
            meeting = _meeting(pieces, wanted)
            if meeting is None:
                continue
            seen.add(text.text)
            if ground.base is not None and ground.base.says(max(pieces, key=len)):
                continue
            path, test_text = meeting
            yield Signal(
                kind=SignalKind.UNSTATED_MESSAGE,
                detail=text.text,
                evidence=(
                    Evidence(
                        kind="introduced", text=text.text, path=read.change.path, line=text.line
                    ),
                    Evidence(
                        kind="expected", text=test_text.text[:200], path=path, line=test_text.line
                    ),
                ),
            )


def _numberless(text: str) -> str:
    return _DIGITS.sub("0", plain(text))


def _pieces(template: str) -> list[str]:
    """The parts of a message between its placeholders that carry wording."""
    if len(_WORD.findall(_PLACEHOLDER.sub(" ", template))) < 2 or " " not in template.strip():
        return []
    parts = [part.strip() for part in _PLACEHOLDER.split(template)]
    return [part for part in parts if len(part) >= _SHORTEST and _WORD.search(part)]


def _meeting(pieces: list[str], wanted: list[tuple[str, Text]]) -> tuple[str, Text] | None:
    for path, text in wanted:
        loose = plain(text.text.replace("\\", ""))
        if any(
            plain(piece) in loose or (_says(text.text) and loose in plain(piece))
            for piece in pieces
        ):
            return path, text
    return None


def _says(text: str) -> bool:
    return len(text) >= _SHORTEST and " " in text.strip() and len(_WORD.findall(text)) >= 2


def _base_text(ground: Ground) -> str:
    """What base is seen to say, folded: the lines that both patches remove or show."""
    shown = [
        line.text
        for read in (*ground.gold, *ground.tests)
        for hunk in read.change.hunks
        for line in hunk.after
        if not line.added
    ]
    removed = [text for read in (*ground.gold, *ground.tests) for _, text in read.change.removed()]
    return plain("\n".join(shown + removed))


def exact_text_signals(ground: Ground) -> Iterator[Signal]:
    """Yield the longest texts that new assertions want and that stand nowhere a solver looks.

    Neither the statement, nor the shown base, nor the test's own input holds them.
    """
    base = _base_text(ground)
    found: list[tuple[int, str, Text]] = []
    for read in ground.tests:
        inputs = {plain(text.text) for text in read.facts.texts if not text.asserted}
        for text in read.facts.texts:
            loose = plain(text.text)
            if not text.asserted or len(loose) < _SHORTEST or loose in inputs:
                continue
            if not re.search(r"[\s<>{}()\[\]:;=\\]", text.text.strip()):
                continue
            if (
                loose in ground.plain
                or loose in base
                or holds_text(ground.task.statement, text.text)
            ):
                continue
            found.append((len(loose), read.change.path, text))
    found.sort(key=lambda each: (-each[0], each[1], each[2].line))
    for length, path, text in found[:_FEW]:
        yield Signal(
            kind=SignalKind.EXACT_TEXT,
            detail=text.text,
            strength=min(1.0, length / _LONG),
            evidence=(Evidence(kind="expected", text=text.text[:200], path=path, line=text.line),),
        )
