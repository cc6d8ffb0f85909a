"""Lines of the solution in what a solver is given."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.checks.leaky import SolutionLine, evidence_of, held_lines, telling
from swe_audit.screening.ground import Ground
from swe_audit.screening.nouns import Signal, SignalKind


def leak_signals(ground: Ground) -> Iterator[Signal]:
    """Yield the solution lines of the statement, and apart those of the hints only."""
    task = ground.task
    added = [
        SolutionLine(path=read.change.path, line=line.number, text=line.text)
        for read in ground.gold
        for line in read.change.added()
    ]
    lines = telling(added, ground.shown_of_base())
    stated = held_lines(lines, task.statement)
    if stated.lines:
        yield Signal(
            kind=SignalKind.SOLUTION_IN_STATEMENT,
            detail=stated.lines[0].text.strip(),
            strength=stated.share,
            evidence=evidence_of(stated),
        )
    hinted = held_lines(lines, task.hints)
    if set(hinted.lines) - set(stated.lines):
        yield Signal(
            kind=SignalKind.SOLUTION_IN_HINTS,
            detail=hinted.lines[0].text.strip(),
            strength=hinted.share,
            evidence=evidence_of(hinted),
        )
