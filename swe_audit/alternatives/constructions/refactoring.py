"""REFACTORING: gold's own code written otherwise, so that it does the very same."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.alternatives.constructions.hosts import hosts
from swe_audit.alternatives.constructions.rewrites import FORMS, Place, Rewrite
from swe_audit.alternatives.constructions.source import Function, Source, bodies
from swe_audit.alternatives.ground import Ground
from swe_audit.model.construction import (
    ConstructionKind,
    LicenceCheck,
    RefusalReason,
    Refused,
    Site,
)


def refactorings(ground: Ground) -> Iterator[Site | Refused]:
    """Yield one rewrite of each statement of gold that has one, and each helper held elsewhere.

    No two rewrites touch the same lines.
    """
    for source in Source.all_of(ground):
        taken: set[int] = set()
        found: list[Site | Refused] = []
        for name, function in source.functions():
            rewrites = list(_rewrites(source, function, taken))
            if rewrites and source.sees_frames(function):
                found.append(_refused(source, name, function))
            else:
                found.extend(_site(source, name, line, each) for line, each in rewrites)
        yield from sorted(found, key=lambda each: each.line)
    yield from hosts(ground)


def _rewrites(source: Source, function: Function, taken: set[int]) -> Iterator[tuple[int, Rewrite]]:
    for block in bodies(function):
        for at, node in enumerate(block):
            if node.lineno in taken or not source.is_new(node):
                continue
            for form in FORMS:
                made = form(Place(source=source, function=function, block=block, at=at))
                lines = set(range(node.lineno, made.last + 1)) if made else set()
                if made and not lines & taken and lines <= source.added:
                    taken |= lines
                    yield node.lineno, made
                    break


def _site(source: Source, scope: str, line: int, made: Rewrite) -> Site:
    return Site(
        kind=ConstructionKind.REFACTORING,
        symbol=made.symbol,
        detail=made.detail,
        replacement=made.replacement,
        scope=scope,
        path=source.path,
        line=line,
        edits=made.edits,
        checks=(LicenceCheck(rule="behaviour", text=made.why),),
    )


def _refused(source: Source, scope: str, function: Function) -> Refused:
    return Refused(
        kind=ConstructionKind.REFACTORING,
        symbol="function",
        detail=function.name,
        scope=scope,
        path=source.path,
        line=function.lineno,
        reason=RefusalReason.DYNAMIC,
        text="the function looks at its own variables or frame",
    )
