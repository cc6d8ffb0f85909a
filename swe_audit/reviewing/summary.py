"""What the decisions on a run come to: states, agreement, and what is left to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from swe_audit.model.decisions import Choice, Decision, ReviewerCount, ReviewState, TriageSummary
from swe_audit.statistics import agreement


def review_state(decisions: Iterable[Decision]) -> ReviewState:
    """Return what the decisions on one finding come to; a deferral only counts alone."""
    choices = {decision.choice for decision in decisions}
    if {Choice.CONFIRM, Choice.DISPUTE} <= choices:
        return ReviewState.DIVIDED
    if Choice.CONFIRM in choices:
        return ReviewState.CONFIRMED
    if Choice.DISPUTE in choices:
        return ReviewState.DISPUTED
    return ReviewState.DEFERRED if choices else ReviewState.UNDECIDED


def summarise_triage(findings: Sequence[str], decisions: Sequence[Decision]) -> TriageSummary:
    """Count the decisions on a run, ``findings`` being the ids of all its findings.

    Agreement is measured on what each reviewer chose before seeing the others' choices; to defer
    is no judgement and is left out of it.
    """
    known = set(findings)
    by_finding: dict[str, list[Decision]] = {finding: [] for finding in findings}
    for decision in decisions:
        if decision.finding in known:
            by_finding[decision.finding].append(decision)
    states = {finding: review_state(found) for finding, found in by_finding.items()}
    counts = Counter(states.values())
    agreed = agreement(
        (one.finding, one.reviewer.casefold(), one.independent.value)
        for found in by_finding.values()
        for one in found
        if one.independent.settled
    )
    return TriageSummary(
        findings=len(by_finding),
        states=tuple((state, counts[state]) for state in ReviewState),
        left=tuple(
            finding
            for finding, state in states.items()
            if state in (ReviewState.UNDECIDED, ReviewState.DEFERRED)
        ),
        unknown=tuple(sorted({one.finding for one in decisions} - known)),
        reviewers=_reviewers(one for found in by_finding.values() for one in found),
        shared=agreed.items,
        unanimous=agreed.unanimous,
        alpha=agreed.alpha,
        kappa=agreed.kappa,
        alpha_missing=agreed.alpha_missing,
        kappa_missing=agreed.kappa_missing,
    )


def _reviewers(decisions: Iterable[Decision]) -> tuple[ReviewerCount, ...]:
    names: dict[str, str] = {}
    counts: dict[str, Counter[Choice]] = {}
    for decision in decisions:
        key = decision.reviewer.casefold()
        names.setdefault(key, decision.reviewer)
        counts.setdefault(key, Counter())[decision.choice] += 1
    return tuple(
        ReviewerCount(
            reviewer=names[key],
            confirmed=counts[key][Choice.CONFIRM],
            disputed=counts[key][Choice.DISPUTE],
            deferred=counts[key][Choice.DEFER],
        )
        for key in sorted(names)
    )
