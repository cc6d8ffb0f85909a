"""What a solver could have learned the detail of an assertion from, as gold's survey tells it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace

from swe_audit.alternatives.constructions.alignment import partly, whole
from swe_audit.alternatives.constructions.templates import template_of_text
from swe_audit.model.construction import ConstructionKind, Refused, Site, Survey
from swe_audit.model.finding import Determinant
from swe_audit.model.observation import Observation, SoftRun

_LEAST_WORDS = 2


def with_surveyed(runs: Sequence[SoftRun], survey: Survey | None) -> tuple[SoftRun, ...]:
    """Return softened runs whose failed assertions say what the survey found of their details.

    That base tests use a name is left out: of an assertion it means that it stood there.
    """
    surveyed: list[Site | Refused] = []
    if survey is not None:
        surveyed = [*survey.sites, *survey.refused]

    @functools.cache
    def found(detail: str) -> frozenset[Determinant]:
        by = {by for each in surveyed if _is_of(each, detail) for by in each.determined_by}
        return frozenset(by - {Determinant.BASE_TESTS})

    def told(seen: Observation) -> Observation:
        more = frozenset() if seen.passed or not seen.detail else found(seen.detail)
        by = tuple(each for each in Determinant if each in {*seen.determined_by, *more})
        return seen if by == seen.determined_by else replace(seen, determined_by=by)

    return tuple(
        replace(run, observations=tuple(map(told, run.observations))) if surveyed else run
        for run in runs
    )


def _is_of(each: Site | Refused, detail: str) -> bool:
    """Whether the survey looked at a detail: that name in whatever scope, or that message."""
    if each.kind is ConstructionKind.NAME:
        return each.detail == detail.rpartition(".")[2]
    if each.kind is not ConstructionKind.MESSAGE:
        return False
    template = template_of_text(each.detail)
    return bool(whole(template, detail) or partly(template, detail, _LEAST_WORDS))
