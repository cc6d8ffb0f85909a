"""What was changed in the reference patch, as a section of the task's page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from swe_audit.model.audit import SiteOutcome, SiteResult, TaskResult
from swe_audit.model.candidate import Control
from swe_audit.model.construction import LicenceCheck, RefusalReason, Refused
from swe_audit.report import words
from swe_audit.report.constructions import count_constructions, outcomes
from swe_audit.report.diffs import Pair, parse, side_by_side
from swe_audit.report.parts import Parts

_OUTCOMES = (
    SiteOutcome.PINNED,
    SiteOutcome.INVALID,
    SiteOutcome.UNDECIDED,
    SiteOutcome.CLEARED,
)
MAX_REFUSED = 200
"""Refused details listed on one page at most; report.json has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One rule of the licence to change a detail; ``effect`` says what it takes away, if any."""

    rule: str
    text: str
    effect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """A changed detail. ``attempts`` are the trials that tried it alone or in its group."""

    id: str
    symbol: str
    detail: str
    replacement: str
    place: str
    scope: str
    kind: str
    outcome: str
    outcome_meaning: str
    reason: str
    ceiling: str
    checks: tuple[CheckView, ...]
    attempts: tuple[tuple[str, str, str], ...]

    @property
    def is_open(self) -> bool:
        """Whether it starts out open: what was not simply cleared."""
        return self.outcome != SiteOutcome.CLEARED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalsView:
    """The details refused for one reason; ``items`` pairs each with its place and text."""

    reason: str
    meaning: str
    items: tuple[tuple[str, str, str, str], ...]
    total: int

    @property
    def hidden(self) -> int:
        """Refusals that are counted but not listed."""
        return self.total - len(self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorView:
    """The tests with the same detail changed, beside the task's own."""

    name: str
    outcome: str
    pairs: tuple[Pair, ...]
    plain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstructionsView:
    """The section; ``sentence`` sums it up and ``problem`` says why there is nothing."""

    sentence: str
    problem: str
    sites: tuple[SiteView, ...]
    refusals: tuple[RefusalsView, ...]
    refused: int
    mirrors: tuple[MirrorView, ...]


def constructions_view(
    result: TaskResult, anchors: Mapping[str, str], parts: Parts
) -> ConstructionsView | None:
    """Build the section; None where the reference patch was not looked at.

    ``anchors`` maps trials to their place on the page; long patches go into ``parts``.
    """
    if result.survey is None:
        return None
    found = sorted(outcomes(result), key=lambda one: _OUTCOMES.index(one.outcome))
    return ConstructionsView(
        sentence=_sentence(result),
        problem=words.sentence(result.survey.problem),
        sites=tuple(_site(one, result, anchors) for one in found),
        refusals=_refusals(result.survey.refused),
        refused=len(result.survey.refused),
        mirrors=_mirrors(result, parts),
    )


def _sentence(result: TaskResult) -> str:
    counts = count_constructions(result)
    if not counts.sites:
        return "The reference patch introduces no detail that could be changed freely."
    tried = (
        f"{words.count(counts.trials, 'trial')} of combined changes"
        if counts.trials
        else "no trial yet"
    )
    became = words.listing(
        [f"{words.number(value)} {key.value}" for key, value in counts.by_outcome.items()]
    )
    return (
        f"{words.count(counts.sites, 'detail')} of the reference patch could be changed without"
        f" changing what it does; {tried}: {became}."
    )


def _site(found: SiteResult, result: TaskResult, anchors: Mapping[str, str]) -> SiteView:
    site = found.site
    names = {found.candidate} if found.candidate else _holding(result, site.id)
    return SiteView(
        id=site.id,
        symbol=site.symbol,
        detail=site.detail,
        replacement=site.replacement,
        place=f"{site.path}:{site.line}",
        scope=site.scope,
        kind=words.CONSTRUCTION[site.kind],
        outcome=found.outcome.value,
        outcome_meaning=words.OUTCOME[found.outcome],
        reason=words.sentence(found.reason),
        ceiling=site.ceiling.value,
        checks=tuple(_check(one) for one in site.checks),
        attempts=tuple(
            (trial.id, anchors.get(trial.id, ""), trial.verdict.value)
            for trial in result.trials
            if trial.candidate in names
        ),
    )


def _holding(result: TaskResult, site: str) -> set[str]:
    """Name the constructions that changed a site, controls aside."""
    return {one.name for one in result.candidates if site in one.sites and one.control is None}


def _check(check: LicenceCheck) -> CheckView:
    effects = []
    if check.determines is not None:
        effects.append(f"determined by {words.DETERMINANT[check.determines]}")
    if check.caps is not None:
        effects.append(f"at most {check.caps.value}")
    return CheckView(
        rule=words.name(check.rule), text=words.sentence(check.text), effect="; ".join(effects)
    )


def _refusals(refused: tuple[Refused, ...]) -> tuple[RefusalsView, ...]:
    views: list[RefusalsView] = []
    left = MAX_REFUSED
    for reason in RefusalReason:
        own = [one for one in refused if one.reason is reason]
        if own:
            views.append(
                RefusalsView(
                    reason=words.name(reason.value),
                    meaning=words.REFUSAL[reason],
                    items=tuple(
                        (one.symbol, one.detail, f"{one.path}:{one.line}", words.sentence(one.text))
                        for one in own[:left]
                    ),
                    total=len(own),
                )
            )
            left -= len(own[:left])
    return tuple(views)


def _mirrors(result: TaskResult, parts: Parts) -> tuple[MirrorView, ...]:
    own = parse(result.task.test_patch if result.task else "")
    views: list[MirrorView] = []
    for candidate in result.candidates:
        if candidate.control is not Control.MIRROR or candidate.test_patch is None:
            continue
        mirrored = parse(candidate.test_patch)
        pairs = () if mirrored.plain else side_by_side(own, mirrored)
        verdicts = [one.verdict.value for one in result.trials if one.candidate == candidate.name]
        views.append(
            MirrorView(
                name=candidate.name,
                outcome=verdicts[0] if verdicts else "not run",
                pairs=parts.pairs(pairs, "The task's tests", "Changed tests"),
                plain=mirrored.plain,
            )
        )
    return tuple(views)
