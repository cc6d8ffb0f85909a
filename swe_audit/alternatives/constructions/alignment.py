"""Where another text says a message, whole or in part: the characters that the two share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from swe_audit.alternatives.constructions.templates import Hole, Run, Template
from swe_audit.alternatives.constructions.wording import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Part of a message's run ``index``, from character ``at``, stands in another text.

    ``places[i]`` is where that text has the character ``at + i``.
    """

    index: int
    at: int
    places: tuple[int, ...]

    @property
    def end(self) -> int:
        """The first character of the run that the other text does not have."""
        return self.at + len(self.places)

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where the other text has some characters of the run, None where it lacks any."""
        if start < self.at or end > self.end or not self.places:
            return None
        if start == end:
            after = self.places[start - self.at - 1] + 1 if start > self.at else self.places[0]
            return after, after
        return self.places[start - self.at], self.places[end - 1 - self.at] + 1


GAP = "\0"
"""Stands for a placeholder in a text that has some itself."""

_REACH = 200
_PLACEHOLDER = rf"[\s\S]{{0,{_REACH}}}?"


def whole(template: Template, text: str) -> tuple[Said, ...]:
    """Find every place where a text holds the whole message, any values in its placeholders."""
    parts = list(template.parts)
    while parts and isinstance(parts[0], Hole):
        del parts[0]
    while parts and isinstance(parts[-1], Hole):
        del parts[-1]
    runs = template.runs
    if not any(words(run.text) for run in runs):
        return ()
    pattern = "".join(
        f"({_spaced(part.text)})" if isinstance(part, Run) else _PLACEHOLDER for part in parts
    )
    said = []
    for found in re.finditer(pattern, text):
        for index, run in enumerate(runs):
            said.append(_same(index, run.text, found.group(index + 1), found.start(index + 1)))
    return tuple(said)


def partly(template: Template, text: str, least: int) -> tuple[Said, ...]:
    """Find the part of a message that the whole of a text is, as a pattern to search for is.

    The text may begin and end in the middle of a run; what lies between must be complete. With
    fewer words than ``least`` it cannot be told from other messages: nothing.
    """
    sought = text.strip(f" \n\t{GAP}")
    if not sought:
        return ()
    start = text.index(sought)
    runs = [run.text for run in template.runs]
    for index, run in enumerate(runs):
        at = run.find(sought)
        if at >= 0 and len(words(sought)) >= least:
            return (_stretch(index, at, start, len(sought)),)
    said = _across(runs, text)
    held = sum(len(words(runs[each.index][each.at : each.end])) for each in said)
    return tuple(said) if held >= least else ()


def single_word(template: Template, text: str) -> Said | None:
    """Find the one word that a text consists of, which may mean the message or anything else."""
    sought = text.strip(f" \n\t{GAP}")
    if len(words(sought)) == 1:
        for index, run in enumerate(template.runs):
            found = re.search(rf"(?<!\w){re.escape(sought)}(?!\w)", run.text)
            if found:
                return _stretch(index, found.start(), text.index(sought), len(sought))
    return None


def _across(runs: Sequence[str], text: str) -> list[Said]:
    """Find runs that follow each other in a text, the first and last of them perhaps cut short.

    Nothing where words follow or go before that the message does not have there: then the text
    is another message that begins or ends alike.
    """
    said: list[Said] = []
    at = 0
    for index, run in enumerate(runs):
        place = text.find(run, at) if words(run) else -1
        if place < 0:
            if said and words(run):
                break
            continue
        if index and not said:
            head = _shared_start(runs[index - 1], text[:place])
            if head:
                said.append(_stretch(index - 1, len(runs[index - 1]) - head, 0, head))
            if not _is_value(text[head:place]):
                return []
        said.append(_stretch(index, 0, place, len(run)))
        at = place + len(run)
    if said and said[-1].index + 1 < len(runs):
        after = said[-1].index + 1
        tail = _shared_end(runs[after], text[at:])
        if tail:
            said.append(_stretch(after, 0, len(text) - tail, tail))
        return said if _is_value(text[at : len(text) - tail]) else []
    return said or _cut(runs, text)


def _cut(runs: Sequence[str], text: str) -> list[Said]:
    """Find the end of a run, a value, and the beginning of the next in a text."""
    for index in range(len(runs) - 1):
        head = _shared_start(runs[index], text)
        tail = _shared_end(runs[index + 1], text[head:])
        if head and tail and _is_value(text[head : len(text) - tail]):
            return [
                _stretch(index, len(runs[index]) - head, 0, head),
                _stretch(index + 1, 0, len(text) - tail, tail),
            ]
    return []


def _is_value(text: str) -> bool:
    """Whether a text may stand in a placeholder; a value of several words is taken for none."""
    return len(text.split()) < 2


def _shared_start(run: str, text: str) -> int:
    """Return how many characters a text begins with are those that a run ends with."""
    for length in range(min(len(run), len(text)), 0, -1):
        if run.endswith(text[:length]) and words(text[:length]):
            return length
    return 0


def _shared_end(run: str, text: str) -> int:
    """Return how many characters a text ends with are those that a run begins with."""
    for length in range(min(len(run), len(text)), 0, -1):
        if run.startswith(text[len(text) - length :]) and words(run[:length]):
            return length
    return 0


def _stretch(index: int, at: int, place: int, length: int) -> Said:
    return Said(index=index, at=at, places=tuple(range(place, place + length)))


_PIECE = re.compile(r"\s+|\S+")


def _spaced(text: str) -> str:
    """Return a pattern for a text whose spaces may have become line ends."""
    return "".join(
        r"\s+" if piece.isspace() else re.escape(piece) for piece in _PIECE.findall(text)
    )


def _same(index: int, run: str, text: str, place: int) -> Said:
    """Pair the characters of two texts that differ in the length of white space only."""
    places: list[int] = []
    for mine, other in zip(_PIECE.findall(run), _PIECE.finditer(text), strict=True):
        first = place + other.start()
        if mine.isspace():
            places.extend([first] * len(mine))
        else:
            places.extend(range(first, first + len(mine)))
    return Said(index=index, at=0, places=tuple(places))
