"""Which required tests a signal concerns, told by the test function that its evidence stands in."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from swe_audit.screening.ground import Ground
from swe_audit.screening.nouns import Signal
from swe_audit.screening.subjects import functions_of


def placed(ground: Ground, signals: list[Signal]) -> list[Signal]:
    """Return the signals, those without tests with the failing tests that their lines stand in.

    A line outside every test function that the patch shows concerns no test in particular.
    """
    starts: dict[str, list[tuple[int, str]]] = {}
    for read in ground.tests:
        found = sorted((each.line, each.name) for each in functions_of(read.change))
        starts[read.change.path] = found
    return [
        each if each.tests else replace(each, tests=_tests(ground, starts, each))
        for each in signals
    ]


def _tests(
    ground: Ground, starts: dict[str, list[tuple[int, str]]], signal: Signal
) -> tuple[str, ...]:
    tests: list[str] = []
    for item in signal.evidence:
        functions = starts.get(item.path or "", [])
        place = bisect_right(functions, (item.line or 0, "\uffff"))
        if place:
            tests += ground.ids.get(functions[place - 1][1], ())
    return tuple(dict.fromkeys(tests))
