"""Required ids that cannot be real, or that a log parser will lose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from swe_audit.model.finding import Evidence
from swe_audit.screening.ground import Ground
from swe_audit.screening.nouns import Signal, SignalKind

_PROGRESS = re.compile(r"\[\s*\d{1,3}%\]")
_FEW = 5


def required_id_signals(ground: Ground) -> Iterator[Signal]:
    """Yield ids that are cut short, hold a progress mark, are blank, or come twice.

    Cut short is a pytest id whose parameters do not close: it was split at a space, and several
    cases may share what is left. An id that holds another test's line will be lost in the log.
    """
    task = ground.task
    cut = [each for each in task.required if is_cut_short(each)]
    if cut:
        first = set(task.fail_to_pass)
        failing = sum(each in first for each in cut)
        yield _signal(
            SignalKind.UNREAL_ID,
            cut,
            "cut_short",
            strength=1.0 if failing and failing == len(task.fail_to_pass) else 0.3,
        )
    marked = [each for each in task.required if _PROGRESS.search(each) or not each.strip()]
    if marked:
        yield _signal(SignalKind.UNREAL_ID, marked, "no_test", strength=1.0)
    twice = [each for each, number in Counter(task.required).items() if number > 1]
    if twice:
        yield _signal(SignalKind.UNREAL_ID, twice, "twice", strength=0.5)
    swallowed = [each for each in task.required if " ... " in each]
    if swallowed:
        yield _signal(SignalKind.SWALLOWED_ID, swallowed, "holds_a_result", strength=1.0)


def is_cut_short(test: str) -> bool:
    """Whether a pytest id opens its parameters and does not close them."""
    path, _, name = test.partition("::")
    return bool(name) and path.endswith(".py") and "[" in name and not name.endswith("]")


def _signal(kind: SignalKind, ids: list[str], why: str, *, strength: float) -> Signal:
    return Signal(
        kind=kind,
        detail=ids[0],
        strength=strength,
        tests=tuple(ids[:_FEW]),
        evidence=(Evidence(kind=why, text=f"{len(ids)} of the required ids, such as {ids[0]}"),),
    )
