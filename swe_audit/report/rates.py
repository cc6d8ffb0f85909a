"""The defect rate in plain words, with what it leaves open."""

from __future__ import annotations

from dataclasses import dataclass

from swe_audit.inference import describe_estimate
from swe_audit.model.audit import Audit, Rate
from swe_audit.model.sample import Estimate
from swe_audit.report.words import count, number, percent, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class RateView:
    """The headline: a figure, and sentences that say what it is; empty where there is none."""

    figure: str
    sentence: str
    interval: str
    bounds: str
    sample: str
    estimates: tuple[str, ...]
    rate: Rate
    bound_values: tuple[float, float] | None


def rate_view(audit: Audit) -> RateView:
    """Write the defect rate, its interval and its bounds; with no task judged, say so."""
    rate, bounds = audit.defect_rate, audit.defect_rate_bounds
    others = len(audit.tasks) - rate.n
    sample = sentence(audit.inference.sentence) if audit.inference else ""
    estimates = tuple(map(_estimate, audit.inference.estimates)) if audit.inference else ()
    if not rate.n:
        return RateView(
            figure="\u2013",
            sentence="No task could be judged, so there is no defect rate.",
            interval="",
            bounds="",
            sample=sample,
            estimates=estimates,
            rate=rate,
            bound_values=bounds if audit.tasks else None,
        )
    verb = "is" if rate.k == 1 else "are"
    return RateView(
        figure=percent(rate.k / rate.n),
        sentence=(
            f"{number(rate.k)} of the {count(rate.n, 'task')} that could be judged "
            f"{verb} proven defective."
        ),
        interval=_interval(rate),
        bounds=_bounds(others, bounds),
        sample=sample,
        estimates=estimates,
        rate=rate,
        bound_values=bounds,
    )


def _estimate(estimate: Estimate) -> str:
    return sentence(f"{estimate.of}: {describe_estimate(estimate)}")


def _interval(rate: Rate) -> str:
    if rate.low is None or rate.high is None:
        return ""
    return (
        f"{rate.level * 100:g}\u00a0% interval: {percent(rate.low)} to {percent(rate.high)}"
        f" ({rate.method.capitalize()}, n = {number(rate.n)})."
    )


def _bounds(others: int, bounds: tuple[float, float] | None) -> str:
    if bounds is None:
        return ""
    if others <= 0:
        return "Every selected task could be judged."
    one = others == 1
    what = "the task" if one else f"the {number(others)} tasks"
    sound = "was sound" if one else "were all sound"
    return (
        f"If {what} that could not be judged {sound}, the rate would be {percent(bounds[0])};"
        f" if defective, {percent(bounds[1])}."
    )
