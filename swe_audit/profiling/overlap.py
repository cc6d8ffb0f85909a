"""How much of a text another one repeats, beyond what both could have read elsewhere.

Texts are compared as n-grams of code tokens: names, numbers and single signs, so that layout
does not matter. An n-gram that stands in the explained text (the statement, the files as they
were) proves nothing and counts for nothing.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TOKEN = re.compile(r"[^\W\d]\w*|\d[\w.]*|[^\w\s]")
DEFAULT_N = 5
_PLACES = 16
"""A gram that comes more often in one text is followed at this many places only: table data and
the like would otherwise take quadratic time."""
_LEAST_TOKENS = 3
"""A line of fewer tokens (a lone bracket, ``else:``) is not worth calling repeated."""

Gram = tuple[str, ...]


def tokens_of(text: str) -> list[str]:
    """Return the code tokens of a text, in order."""
    return TOKEN.findall(text)


def grams_of(tokens: Sequence[str], n: int) -> list[Gram]:
    """Return the n-grams of a run of tokens; none where it is shorter than n."""
    return list(zip(*(tokens[start:] for start in range(n)), strict=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """What may have been repeated: ``runs`` of grams, of which ``novel`` are explained by nothing.

    ``lines`` are its novel lines, spacing aside.
    """

    n: int
    runs: tuple[tuple[Gram, ...], ...]
    novel: frozenset[Gram]
    lines: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What may repeat it: where each gram stands, and its lines."""

    places: dict[Gram, list[int]]
    lines: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How far an attempt repeats an original.

    ``share`` is the part of the original's novel grams that the attempt holds; ``run`` the
    longest run of tokens common to both, explained grams not counted; ``verbatim`` the part of
    its novel lines that the attempt holds, None where it has none.
    """

    share: float
    run: int
    verbatim: float | None


def original(
    runs: Iterable[Sequence[str]], explained: Iterable[str], n: int = DEFAULT_N
) -> Original:
    """Take in the original's runs of lines, and the texts that explain part of them."""
    runs = [list(run) for run in runs]
    known: set[Gram] = set()
    known_lines: set[str] = set()
    for text in explained:
        known.update(grams_of(tokens_of(text), n))
        known_lines.update(_plain(line) for line in text.split("\n"))
    grams = tuple(tuple(grams_of(tokens_of("\n".join(run)), n)) for run in runs)
    return Original(
        n=n,
        runs=grams,
        novel=frozenset(gram for run in grams for gram in run if gram not in known),
        lines=_lines(runs) - known_lines,
    )


def attempt(runs: Iterable[Sequence[str]], n: int = DEFAULT_N) -> Attempt:
    """Take in the attempt's runs of lines."""
    runs = [list(run) for run in runs]
    places: dict[Gram, list[int]] = {}
    position = 0
    for run in runs:
        for gram in grams_of(tokens_of("\n".join(run)), n):
            there = places.get(gram)
            if there is None:
                places[gram] = [position]
            elif len(there) < _PLACES:
                there.append(position)
            position += 1
        position += 1  # runs do not touch
    return Attempt(places=places, lines=_lines(runs))


def overlap(first: Original, second: Attempt) -> Overlap | None:
    """Return how far the attempt repeats the original; None where nothing in it is novel."""
    if not first.novel:
        return None
    shared = sum(map(second.places.__contains__, first.novel))
    longest = _longest(first, second) if shared else 0
    return Overlap(
        share=shared / len(first.novel),
        run=longest,
        verbatim=len(first.lines & second.lines) / len(first.lines) if first.lines else None,
    )


def _longest(first: Original, second: Attempt) -> int:
    """Return the tokens of the longest common run, its explained grams left out."""
    best = 0
    for run in first.runs:
        ending: dict[int, int] = {}
        for gram in run:
            there = second.places.get(gram)
            if there is None:
                ending = {}
                continue
            gain = 1 if gram in first.novel else 0
            ending = {place: ending.get(place - 1, 0) + gain for place in there}
            best = max(best, *ending.values())
    return best + first.n - 1 if best else 0


def _lines(runs: Iterable[Sequence[str]]) -> frozenset[str]:
    return frozenset(
        _plain(line) for run in runs for line in run if len(tokens_of(line)) >= _LEAST_TOKENS
    )


def _plain(line: str) -> str:
    return " ".join(line.split())


class Controls:
    """The last few originals: what an attempt repeats of *other* originals is chance and habit."""

    def __init__(self, count: int) -> None:
        """Keep ``count`` originals."""
        self._last: deque[Original] = deque(maxlen=count)

    def add(self, other: Original) -> None:
        """Keep one more original, if anything in it is novel; the oldest gives way."""
        if other.novel:
            self._last.append(other)

    def overlaps(self, second: Attempt) -> list[Overlap]:
        """Return how far an attempt repeats each of them."""
        found = (overlap(first, second) for first in self._last)
        return [one for one in found if one is not None]
