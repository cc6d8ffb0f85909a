"""The report's plots, drawn by Matplotlib and coloured by the page's theme."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from swe_audit.model.audit import Rate, TaskStatus
from swe_audit.report.svg import INKS, themed
from swe_audit.report.words import percent

SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "swe-audit",
    "text.parse_math": False,
    "font.size": 10,
    "axes.linewidth": 0.8,
    "axes.edgecolor": INKS["rule"],
    "axes.labelcolor": INKS["muted"],
    "text.color": INKS["ink"],
    "xtick.color": INKS["rule"],
    "ytick.color": INKS["rule"],
    "xtick.labelcolor": INKS["muted"],
    "ytick.labelcolor": INKS["ink"],
}

_MARKERS = {
    TaskStatus.DEFECTIVE: "o",
    TaskStatus.SUSPECT: "^",
    TaskStatus.CLEARED: "s",
    TaskStatus.UNTESTED: "D",
    TaskStatus.INCONCLUSIVE: "v",
    TaskStatus.SKIPPED: "X",
}
"""Shapes, so that no status is told by colour alone."""

_HOLLOW = (TaskStatus.UNTESTED, TaskStatus.INCONCLUSIVE, TaskStatus.SKIPPED)

MANY = 600
"""From so many tasks on marks stand for several, for a page with thousands would open slowly."""

_TICKS = (0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One task: its row (a difficulty), its lines changed and its status."""

    row: str
    lines: int
    status: TaskStatus


def difficulty_plot(rows: Sequence[str], points: Sequence[Point]) -> str:
    """Draw a mark for each task: difficulty down, lines changed across, shape by status.

    A bar marks each row's median. ``rows`` are shown from the top; every point's row is in it, and
    they are our own words, for Matplotlib complains of letters that its font does not have.
    """
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(10.6, 1.15 + 0.72 * len(rows)))
        axes = figure.add_axes((0.125, 0.2, 0.865, 0.66))
        _lines_axis(axes, max((point.lines for point in points), default=1))
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_yticks(range(len(rows)), rows)
        for edge in range(len(rows) - 1):
            axes.axhline(edge + 0.5, color=INKS["rule"], linewidth=0.6)
        spread: defaultdict[tuple[int, int], int] = defaultdict(int)
        for status in TaskStatus:
            own = sorted((p for p in points if p.status is status), key=lambda p: (p.row, p.lines))
            if own:
                if len(points) >= MANY:
                    own = list(dict.fromkeys(_rounded(point) for point in own))
                at = [_place(rows.index(point.row), point.lines, spread) for point in own]
                _scatter(axes, [point.lines for point in own], at, status)
        for at_row, row in enumerate(rows):
            inside = sorted(point.lines for point in points if point.row == row)
            if inside:
                middle = _median(inside)
                axes.plot([middle, middle], [at_row - 0.42, at_row + 0.42], color=INKS["ink"])
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=6, frameon=False, handletextpad=0.1
        )
        return themed(
            figure,
            name="difficulty",
            title="Difficulty by lines changed",
            description=f"{len(points)} tasks; the table below has the numbers.",
        )


def rate_plot(rate: Rate, bounds: tuple[float, float] | None) -> str:
    """Draw the defect rate on a line from 0 to 100 %, with its interval and its bounds."""
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(6.4, 0.92))
        axes = figure.add_axes((0.03, 0.36, 0.94, 0.6))
        axes.set_xlim(-0.005, 1.005)
        axes.set_ylim(-1, 1)
        axes.yaxis.set_visible(False)
        axes.spines[["left", "right", "top"]].set_visible(False)
        axes.xaxis.set_major_locator(FixedLocator([0, 0.25, 0.5, 0.75, 1]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))
        said = "no rate"
        if bounds is not None:
            under = -0.62  # below the interval, which would hide it
            axes.plot(bounds, [under, under], color=INKS["muted"], linewidth=1.2)
            for end in bounds:
                axes.plot([end, end], [under - 0.2, under + 0.2], color=INKS["muted"])
        if rate.n and rate.low is not None and rate.high is not None:
            axes.plot(
                [rate.low, rate.high],
                [0, 0],
                color=INKS["band"],
                linewidth=9,
                solid_capstyle="butt",
            )
            axes.plot(
                [rate.k / rate.n], [0], "o", color=INKS["defective"], markersize=9, clip_on=False
            )
            said = f"{percent(rate.k / rate.n)}, from {percent(rate.low)} to {percent(rate.high)}"
        return themed(figure, name="rate", title="Defect rate", description=said)


def _lines_axis(axes: Axes, most: int) -> None:
    axes.set_xscale("symlog", linthresh=1, linscale=0.3)
    top = max(10.0, most * 1.4)
    axes.set_xlim(-0.35, top)
    axes.xaxis.set_major_locator(FixedLocator([tick for tick in _TICKS if tick <= top]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
    axes.set_xlabel("lines changed by the reference patch, outside tests")
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _scatter(axes: Axes, across: list[int], down: list[float], status: TaskStatus) -> None:
    hollow = status in _HOLLOW
    axes.plot(
        across,
        down,
        linestyle="none",
        marker=_MARKERS[status],
        markersize=6.5 if status in (TaskStatus.DEFECTIVE, TaskStatus.SUSPECT) else 5,
        markerfacecolor="none" if hollow else INKS[status.value],
        markeredgecolor=INKS[status.value],
        markeredgewidth=1.0,
        alpha=1.0 if status in (TaskStatus.DEFECTIVE, TaskStatus.SUSPECT) else 0.75,
        label=status.value,
        clip_on=False,
    )


def _place(row: int, lines: int, spread: defaultdict[tuple[int, int], int]) -> float:
    """Move marks that would cover each other up and down in turn, the same each time."""
    cell = (row, round(math.log10(lines + 1) * 14))
    nth = spread[cell]
    spread[cell] += 1
    step = (nth + 1) // 2 * (1 if nth % 2 else -1)
    return row + ((step * 0.11 + 0.38) % 0.76) - 0.38


def _rounded(point: Point) -> Point:
    """Round lines so that about 14 marks stand between 1 and 10."""
    lines = round(10 ** (round(math.log10(point.lines + 1) * 14) / 14)) - 1
    return Point(row=point.row, lines=lines, status=point.status)


def _median(ordered: Sequence[int]) -> float:
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[middle])
    return (ordered[middle - 1] + ordered[middle]) / 2
