"""How far a task reaches: what is large is rarely told in full."""

from __future__ import annotations

import math
from collections.abc import Iterator

from swe_audit.model.finding import Evidence
from swe_audit.screening.ground import Ground
from swe_audit.screening.nouns import Signal, SignalKind
from swe_audit.screening.subjects import functions_of
from swe_audit.statistics import counted

_SMALL, _LARGE = 8, 60
_MANY_TESTS = 8
_MANY_FILES = 3
_FEW = 5


def reach_signals(ground: Ground) -> Iterator[Signal]:
    """Yield how many lines gold changes, and over how many tests and files the new tests spread.

    Each grows with the logarithm of the number up to a bound, so that a very large task is not
    taken for a very unfair one.
    """
    lines = sum(
        sum(1 for _ in read.change.added()) + sum(1 for _ in read.change.removed())
        for read in ground.gold
    )
    if lines > _SMALL:
        files = counted(len(ground.gold), "file")
        yield Signal(
            kind=SignalKind.LARGE_CHANGE,
            detail=str(lines),
            strength=_grown(lines, _SMALL, _LARGE),
            evidence=(Evidence(kind="size", text=f"gold changes {lines} lines in {files}"),),
        )
    functions = {test.split("[", 1)[0] for test in ground.task.fail_to_pass}
    if len(functions) > 1:
        yield Signal(
            kind=SignalKind.MANY_FAILING,
            detail=str(len(functions)),
            strength=_grown(len(functions), 1, _MANY_TESTS),
            tests=ground.task.fail_to_pass[:_FEW],
            evidence=(Evidence(kind="size", text=f"{len(functions)} tests have to pass anew"),),
        )
    paths = sorted({each.path for read in ground.tests for each in functions_of(read.change)})
    if len(paths) > 1:
        yield Signal(
            kind=SignalKind.MANY_SITES,
            detail=str(len(paths)),
            strength=_grown(len(paths), 1, _MANY_FILES),
            evidence=tuple(
                Evidence(kind="test_file", text="new or changed tests", path=path)
                for path in paths[:_FEW]
            ),
        )


def _grown(number: int, none: int, full: int) -> float:
    return min(1.0, math.log(number / none) / math.log(full / none))
