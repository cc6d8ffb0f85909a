"""From signals to one number: the probability that a careful reader calls the tests unfair."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from swe_audit.screening.nouns import Signal, SignalKind

CAPS = {
    SignalKind.CHANGED_ASSERTION: 3.0,
    SignalKind.EXACT_TEXT: 3.0,
    SignalKind.UNSTATED_NAME: 2.0,
}
"""How much strength of a kind counts in full; one, where nothing stands here."""

_SIZES = frozenset({SignalKind.LARGE_CHANGE, SignalKind.MANY_FAILING, SignalKind.MANY_SITES})
_FILE = "weights.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A logistic model: an intercept, and for each kind what its full strength adds to it.

    Fitted by ``benchmarks/fit_screen.py``; ``docs/screen.md`` says on what and how well.
    """

    intercept: float
    kinds: Mapping[SignalKind, float]


@cache
def fitted() -> Weights:
    """Return the weights that ship with the program."""
    text = (resources.files("swe_audit.screening") / _FILE).read_text(encoding="utf-8")
    loaded = json.loads(text)
    return Weights(
        intercept=loaded["intercept"],
        kinds={SignalKind(kind): weight for kind, weight in loaded["kinds"].items()},
    )


def features(signals: Iterable[Signal]) -> dict[SignalKind, float]:
    """Return for each kind between 0 and 1 how much of it there is."""
    sums: dict[SignalKind, float] = {}
    for signal in signals:
        sums[signal.kind] = sums.get(signal.kind, 0.0) + signal.strength
    return {kind: min(1.0, total / CAPS.get(kind, 1.0)) for kind, total in sums.items()}


def score(signals: Iterable[Signal], weights: Weights) -> float:
    """Return the probability; without any signal it is what the intercept says."""
    logit = weights.intercept + sum(
        weights.kinds.get(kind, 0.0) * amount for kind, amount in features(signals).items()
    )
    return 1.0 / (1.0 + math.exp(-logit))


def ranked(signals: Iterable[Signal], weights: Weights) -> tuple[Signal, ...]:
    """Return signals by what they add to the score, the most first; of equals by what they say.

    What only tells of a task's size comes last: it points at no line.
    """

    def order(signal: Signal) -> tuple[bool, float, str, str, float]:
        adds = weights.kinds.get(signal.kind, 0.0) * signal.strength / CAPS.get(signal.kind, 1.0)
        return signal.kind in _SIZES, -adds, signal.kind.value, signal.detail, -signal.strength

    return tuple(sorted(signals, key=order))
