"""Shares with their uncertainty, and how they are written down."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import Literal

from swe_audit.model.audit import Rate

Method = Literal["wilson", "wilsoncc", "exact"]

NOTHING = "n/a"
"""What a share of nothing is called."""


def rate(k: int, n: int, level: float = 0.95, method: Method = "wilson") -> Rate:
    """Return ``k`` of ``n`` with a two-sided interval at ``level``; no interval when n is 0.

    ``wilson`` is the score interval (Wilson 1927), ``wilsoncc`` the same with continuity
    correction, ``exact`` Clopper and Pearson's. Raises ``ValueError`` unless 0 <= k <= n and
    0 < level < 1.
    """
    if not 0 <= k <= n:
        raise ValueError(f"a share needs 0 <= k <= n, not {k} of {n}")
    if not 0 < level < 1:
        raise ValueError(f"a confidence level lies between 0 and 1, not {level}")
    if n == 0:
        return Rate(k=0, n=0, low=None, high=None, level=level, method=method)
    low, high = _wilson(k, n, level) if method == "wilson" else _by_scipy(k, n, level, method)
    # Floating point may leave an end of the interval a hair inside of what was observed.
    low, high = min(low, k / n), max(high, k / n)
    return Rate(k=k, n=n, low=low, high=high, level=level, method=method)


def _wilson(k: int, n: int, level: float) -> tuple[float, float]:
    """Wilson's interval as ``scipy`` computes it, whose import takes half a second: every audit
    has such rates, and most have nothing else that needs it (Newcombe 1998, method 3).
    """
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share, whole = k / n, 2 * (n + z * z)
    centre = (2 * k + z * z) / whole
    half = z / whole * sqrt(4 * k * (1 - share) + z * z)
    return 0.0 if k == 0 else centre - half, 1.0 if k == n else centre + half


def _by_scipy(k: int, n: int, level: float, method: Method) -> tuple[float, float]:
    from scipy.stats import binomtest

    interval = binomtest(k, n).proportion_ci(confidence_level=level, method=method)
    return float(interval.low), float(interval.high)


def counted(n: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun: ``1 task``, ``2 tasks``; ``plural`` where s is not enough."""
    return f"{n} {noun if n == 1 else plural or noun + 's'}"


def percent(k: int, n: int, digits: int = 0) -> str:
    """Write ``k`` of ``n`` as a percentage that says 0 % or 100 % only where that is exact.

    One of a thousand is ``<1 %`` and 999 of them are ``>99 %``; nothing of nothing is ``n/a``.
    """
    if n == 0:
        return NOTHING
    return format_share(k / n, digits) if 0 < k < n else f"{100 * k // n} %"


def format_share(share: float, digits: int = 0) -> str:
    """Write a fraction in 0..1 as a percentage with the same promise as ``percent``."""
    step = 10.0**-digits
    value = round(100 * share, digits)
    if share > 0 and value <= 0:
        return f"<{step:.{digits}f} %"
    if share < 1 and value >= 100:
        return f">{100 - step:.{digits}f} %"
    if share in (0, 1):
        return f"{value:.0f} %"
    return f"{value:.{digits}f} %"


def describe(rate: Rate, digits: int = 0) -> str:
    """Write a rate in words: ``12 of 80 (15 %, 95 % interval 9 % to 24 %)``."""
    if rate.low is None or rate.high is None:
        return f"{rate.k} of {rate.n} ({NOTHING})"
    return (
        f"{rate.k} of {rate.n} ({percent(rate.k, rate.n, digits)}, "
        f"{100 * rate.level:g} % interval "
        f"{format_share(rate.low, digits)} to {format_share(rate.high, digits)})"
    )
