"""What constructions found in the reference patches: counts and entries for the documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from swe_audit.model.audit import Audit, SiteOutcome, SiteResult, TaskResult
from swe_audit.model.candidate import CandidateKind, Control, Provenance
from swe_audit.model.construction import LicenceCheck, RefusalReason, Refused
from swe_audit.model.trial import RunState, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstructionCounts:
    """The numbers of one task's constructions, or of a whole audit's.

    ``tasks`` were looked at. ``trials`` are the first attempts of constructions that are no
    control: one for each group of sites that was tried. ``saved`` is what trying every site by
    itself would have taken more; it is negative where the search took longer.
    """

    tasks: int
    sites: int
    by_outcome: Mapping[SiteOutcome, int]
    refused: Mapping[RefusalReason, int]
    mirrors_run: int
    mirrors_failed: int
    trials: int

    @property
    def saved(self) -> int:
        """Sites less trials."""
        return self.sites - self.trials


def outcomes(result: TaskResult) -> tuple[SiteResult, ...]:
    """Give every site of a task with what became of it; undecided where nothing is recorded."""
    if result.survey is None:
        return result.sites
    known = {one.site.id: one for one in result.sites}
    return tuple(
        known.get(site.id, SiteResult(site=site, outcome=SiteOutcome.UNDECIDED))
        for site in result.survey.sites
    )


def count_constructions(*results: TaskResult) -> ConstructionCounts:
    """Count constructions over tasks; mappings hold only what occurs, in the enums' order."""
    surveyed = [one for one in results if one.survey is not None]
    became = Counter(one.outcome for result in surveyed for one in outcomes(result))
    refused = Counter(
        one.reason for result in surveyed if result.survey for one in result.survey.refused
    )
    mirrors = [trial for result in surveyed for trial in _mirrors(result)]
    return ConstructionCounts(
        tasks=len(surveyed),
        sites=sum(became.values()),
        by_outcome={one: became[one] for one in SiteOutcome if became[one]},
        refused={one: refused[one] for one in RefusalReason if refused[one]},
        mirrors_run=len(mirrors),
        mirrors_failed=mirrors.count(False),
        trials=sum(_first_attempts(result) for result in surveyed),
    )


def _first_attempts(result: TaskResult) -> int:
    made = {
        one.name
        for one in result.candidates
        if one.provenance is Provenance.CONSTRUCTION
        and one.kind is CandidateKind.ALTERNATIVE
        and one.control is None
    }
    return sum(one.attempt == 1 and one.candidate in made for one in result.trials)


def _mirrors(result: TaskResult) -> list[bool]:
    """Say of each mirror that completed whether it resolved, by its first attempt."""
    names = {one.name for one in result.candidates if one.control is Control.MIRROR}
    return [
        one.verdict is Verdict.RESOLVED
        for one in result.trials
        if one.attempt == 1 and one.candidate in names and one.state is RunState.COMPLETED
    ]


def constructions_entry(result: TaskResult) -> dict[str, Any] | None:
    """Give ``tasks[].constructions``; null where the reference patch was not looked at."""
    if result.survey is None:
        return None
    counts = count_constructions(result)
    return {
        "problem": result.survey.problem or None,
        "sites": [_site(one) for one in outcomes(result)],
        "refused": [_refused(one) for one in result.survey.refused],
        "trials": counts.trials,
        "saved": counts.saved,
    }


def constructions_summary(audit: Audit) -> dict[str, Any] | None:
    """Give ``summary.constructions``; null where no reference patch was looked at."""
    counts = count_constructions(*audit.tasks)
    if not counts.tasks:
        return None
    return {
        "tasks": counts.tasks,
        "sites": counts.sites,
        "by_outcome": {key.value: value for key, value in counts.by_outcome.items()},
        "refused": {key.value: value for key, value in counts.refused.items()},
        "mirrors": {"run": counts.mirrors_run, "failed": counts.mirrors_failed},
        "trials": counts.trials,
        "saved": counts.saved,
    }


def _site(result: SiteResult) -> dict[str, Any]:
    site = result.site
    return {
        "id": site.id,
        "kind": site.kind.value,
        "symbol": site.symbol,
        "detail": site.detail,
        "replacement": site.replacement,
        "scope": site.scope,
        "path": site.path,
        "line": site.line,
        "outcome": result.outcome.value,
        "candidate": result.candidate or None,
        "reason": result.reason,
        "ceiling": site.ceiling.value,
        "determined_by": [one.value for one in site.determined_by],
        "checks": [_check(one) for one in site.checks],
    }


def _check(check: LicenceCheck) -> dict[str, Any]:
    return {
        "rule": check.rule,
        "text": check.text,
        "caps": check.caps.value if check.caps else None,
        "determines": check.determines.value if check.determines else None,
    }


def _refused(refused: Refused) -> dict[str, Any]:
    return {
        "kind": refused.kind.value,
        "symbol": refused.symbol,
        "detail": refused.detail,
        "scope": refused.scope,
        "path": refused.path,
        "line": refused.line,
        "reason": refused.reason.value,
        "text": refused.text,
    }
