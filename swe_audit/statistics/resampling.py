"""Intervals for means, where no formula serves: the bootstrap, seeded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

RESAMPLES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean of ``n`` values with its interval; None where there are too few values for one."""

    mean: float | None
    low: float | None
    high: float | None
    n: int
    level: float = 0.95
    method: str = f"bootstrap, percentile, {RESAMPLES} resamples"


def interval_of_mean(values: Sequence[float], seed: int = 0, level: float = 0.95) -> Interval:
    """Return the mean and the percentile interval of ``scipy.stats.bootstrap``.

    The same values in the same order with the same seed give the same interval. Below three
    values there is a mean and no interval; values that are all equal have an interval of no width.
    """
    if not values:
        return Interval(mean=None, low=None, high=None, n=0, level=level)
    mean = sum(values) / len(values)
    if len(values) < 3:
        return Interval(mean=mean, low=None, high=None, n=len(values), level=level)
    if min(values) == max(values):
        return Interval(mean=mean, low=mean, high=mean, n=len(values), level=level)
    import numpy as np
    from scipy.stats import bootstrap

    found = bootstrap(
        (np.asarray(values, dtype=float),),
        np.mean,
        n_resamples=RESAMPLES,
        batch=max(1, 2_000_000 // len(values)),
        confidence_level=level,
        method="percentile",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return Interval(
        mean=mean,
        low=min(float(found.low), mean),
        high=max(float(found.high), mean),
        n=len(values),
        level=level,
    )
