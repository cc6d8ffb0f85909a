"""Mean, median, 90th percentile and largest value of a quantity over tasks."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from swe_audit.model.profile import Spread


def spread(values: Sequence[float]) -> Spread:
    """Return the figures of a quantity; the percentile is interpolated between neighbours."""
    if not values:
        return Spread(n=0, mean=None, median=None, p90=None, largest=None)
    ninth = statistics.quantiles(values, n=10, method="inclusive")[8] if len(values) > 1 else None
    return Spread(
        n=len(values),
        mean=statistics.fmean(values),
        median=float(statistics.median(values)),
        p90=float(values[0]) if ninth is None else float(ninth),
        largest=float(max(values)),
    )
