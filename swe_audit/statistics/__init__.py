"""Shares, intervals, estimates for a whole set, and agreement of reviewers; scipy waits."""

from __future__ import annotations

from swe_audit.statistics.agreement import Agreement, agreement
from swe_audit.statistics.estimates import StratumCount, bound_by, estimate_share
from swe_audit.statistics.resampling import Interval, interval_of_mean
from swe_audit.statistics.shares import (
    NOTHING,
    Method,
    counted,
    describe,
    format_share,
    percent,
    rate,
)

__all__ = [
    "NOTHING",
    "Agreement",
    "Interval",
    "Method",
    "StratumCount",
    "agreement",
    "bound_by",
    "counted",
    "describe",
    "estimate_share",
    "format_share",
    "interval_of_mean",
    "percent",
    "rate",
]
