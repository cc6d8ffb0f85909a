"""From a sample of a finite set to a share of the whole set, with an interval.

One stratum: the exact interval of the hypergeometric distribution (Clopper and Pearson's idea
without replacement), so that a sample of everything has no width. Several strata: the weighted
share with the variance of stratified sampling without replacement (Cochran 1977, section 5.6),
turned into Clopper and Pearson's interval at the sample size that has this variance (Korn and
Graubard 1998), which stays sensible near 0 and 1 where a normal interval does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from swe_audit.model.sample import Estimate

HYPERGEOMETRIC = "hypergeometric"
STRATIFIED = "stratified, Korn-Graubard"
LOGICAL = "counting"

_LEAST = 2
"""A variance within a stratum needs this many chosen tasks; smaller strata are put together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumCount:
    """A stratum of ``population`` tasks: ``n`` chosen, ``k`` with the property, some unjudged."""

    population: int
    n: int
    k: int
    inconclusive: int = 0


def estimate_share(strata: Sequence[StratumCount], of: str, level: float = 0.95) -> Estimate:
    """Return the share of the whole set that has a property.

    Inconclusive tasks stay in the sample: the low end counts them as without the property, the
    high end as with it, and the share itself rests on the judged ones. Strata with fewer than two
    chosen tasks are put together. Raise ``ValueError`` for counts that cannot be, or where
    nothing was chosen.
    """
    _check(strata)
    merged = put_together(strata)
    n = sum(one.n for one in merged)
    k = sum(one.k for one in merged)
    unknown = sum(one.inconclusive for one in merged)
    population = sum(one.population for one in merged)
    low, _ = _ends(merged, [one.k for one in merged], level)
    _, high = _ends(merged, [one.k + one.inconclusive for one in merged], level)
    share = _judged_share(merged)
    if share is not None:
        low, high = min(low, share), max(high, share)
    return Estimate(
        of=of,
        k=k,
        n=n,
        inconclusive=unknown,
        population=population,
        share=share,
        low=max(low, k / population),
        high=min(high, (population - (n - k - unknown)) / population),
        level=level,
        bound=False,
        method=HYPERGEOMETRIC if len(merged) == 1 else STRATIFIED,
    )


def bound_by(count: StratumCount, of: str) -> Estimate:
    """Return what a selective sample leaves possible: its own tasks count, the others are open."""
    _check([count])
    without = count.n - count.k - count.inconclusive
    return Estimate(
        of=of,
        k=count.k,
        n=count.n,
        inconclusive=count.inconclusive,
        population=count.population,
        share=None,
        low=count.k / count.population,
        high=1 - without / count.population,
        level=None,
        bound=True,
        method=LOGICAL,
    )


def put_together(strata: Sequence[StratumCount]) -> list[StratumCount]:
    """Merge strata that are too thinly sampled for a variance of their own.

    The draw gives every task the same chance, so merged strata remain a fair sample.
    """
    thick = [one for one in strata if one.n >= _LEAST or one.n == one.population > 0]
    thin = [one for one in strata if one not in thick and one.population]
    if thin and sum(one.n for one in thin) < _LEAST and thick:
        smallest = min(thick, key=lambda one: one.n)
        thick.remove(smallest)
        thin.append(smallest)
    return [*thick, _sum(thin)] if thin else thick


def _sum(strata: Sequence[StratumCount]) -> StratumCount:
    return StratumCount(
        population=sum(one.population for one in strata),
        n=sum(one.n for one in strata),
        k=sum(one.k for one in strata),
        inconclusive=sum(one.inconclusive for one in strata),
    )


def _check(strata: Sequence[StratumCount]) -> None:
    for one in strata:
        if not (one.k >= 0 and one.inconclusive >= 0 and one.k + one.inconclusive <= one.n):
            raise ValueError(f"a stratum needs 0 <= k and k + inconclusive <= n, not {one}")
        if one.n > one.population:
            raise ValueError(f"a stratum cannot give more than it has: {one}")
    if not sum(one.n for one in strata):
        raise ValueError("nothing was chosen, so there is nothing to estimate from")


def _judged_share(strata: Sequence[StratumCount]) -> float | None:
    """The weighted share among judged tasks; a stratum without any takes that of the others."""
    whole = _sum(strata)
    judged = whole.n - whole.inconclusive
    if not judged:
        return None
    shares = [
        (one.population, one.k / (one.n - one.inconclusive))
        for one in strata
        if one.n > one.inconclusive
    ]
    weight = sum(population for population, _ in shares)
    return sum(population * share for population, share in shares) / weight


def _ends(
    strata: Sequence[StratumCount], counts: Sequence[int], level: float
) -> tuple[float, float]:
    n, population = sum(one.n for one in strata), sum(one.population for one in strata)
    k = sum(counts)
    if len(strata) == 1 or k in (0, n):
        return _hypergeometric(k, n, population, level)
    share = variance = 0.0
    for one, count in zip(strata, counts, strict=True):
        weight, part = one.population / population, count / one.n
        share += weight * part
        if one.n > 1:
            spread = part * (1 - part) / (one.n - 1)
            variance += weight**2 * (1 - one.n / one.population) * spread
    if variance == 0:
        # Every stratum is whole, or all of one kind: the pooled sample is the cautious reading.
        whole = all(one.n == one.population for one in strata)
        return (share, share) if whole else _hypergeometric(k, n, population, level)
    from scipy.stats import beta

    effective = share * (1 - share) / variance
    hits, tail = share * effective, (1 - level) / 2
    low = beta.ppf(tail, hits, effective - hits + 1)
    high = beta.ppf(1 - tail, hits + 1, effective - hits)
    return float(low), float(high)


def _hypergeometric(k: int, n: int, population: int, level: float) -> tuple[float, float]:
    """Return the ends of all numbers of tasks under which what was seen is not too unlikely."""
    import numpy as np
    from scipy.stats import hypergeom

    tail = (1 - level) / 2
    totals = np.arange(k, population - (n - k) + 1)
    # A hair of tolerance, so that a tail that equals the limit on paper is not lost to rounding.
    at_least = hypergeom.sf(k - 1, population, totals, n) > tail * (1 - 1e-9)
    at_most = hypergeom.cdf(k, population, totals, n) > tail * (1 - 1e-9)
    possible = totals[at_least & at_most]
    return float(possible[0]) / population, float(possible[-1]) / population
