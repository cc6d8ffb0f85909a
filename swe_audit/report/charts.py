"""The report's bars, intervals and comparisons, drawn by Matplotlib for the page's theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from swe_audit.report.plots import SETTINGS
from swe_audit.report.strata import Strata, StratumRow
from swe_audit.report.svg import INKS, themed
from swe_audit.report.tallies import STATUS_ORDER, DefectRow

WIDTH = 10.6
LEFT = 0.215
_NAME = 26
"""Letters of a row's name that fit; the table below has the whole of it."""

LEVELS = ("proven", "likely", "suspect", "disputed", "refuted")


def plain_ascii(text: str) -> str:
    """Give text as Matplotlib can draw it: other letters, which its font may lack, become ``?``."""
    shown = "".join(letter if " " <= letter <= "~" else "?" for letter in text)
    return shown if len(shown) <= _NAME else f"{shown[: _NAME - 3]}..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """A figure with rows down and one panel or two across."""

    figure: Figure
    left: Axes
    right: Axes | None


def defects_plot(rows: Sequence[DefectRow]) -> str:
    """Draw the findings of each defect as a bar, divided by confidence."""
    with mpl.rc_context(SETTINGS):
        canvas = canvas_of([row.key for row in rows], panels=1, legend=True)
        axes = canvas.left
        for nth, level in enumerate(LEVELS):
            _segments(
                axes,
                starts=[sum(row.counts[:nth]) for row in rows],
                widths=[row.counts[nth] for row in rows],
                ink=f"c-{level}",
                label=level,
                numbers="bg" if level in ("proven", "likely") else "ink",
            )
        _counts_axis(axes, max(row.total for row in rows), "findings")
        _legend(axes, [row.counts for row in rows])
        total = sum(row.total for row in rows)
        return themed(
            canvas.figure,
            name="defects",
            title="Findings by defect and confidence",
            description=f"{total} findings; the table below has the numbers.",
        )


def strata_plot(strata: Strata) -> str:
    """Draw the tasks of each part by status, and beside them its defect rate with interval."""
    rows = strata.drawn
    with mpl.rc_context(SETTINGS):
        canvas = canvas_of([row.label for row in rows], panels=2, legend=True)
        for nth, status in enumerate(STATUS_ORDER):
            _segments(
                canvas.left,
                starts=[sum(row.counts[:nth]) for row in rows],
                widths=[row.counts[nth] for row in rows],
                ink=status.value,
                label=status.value,
                numbers=None,
            )
        _counts_axis(canvas.left, max(row.total for row in rows), "tasks")
        _legend(canvas.left, [row.counts for row in rows])
        assert canvas.right is not None
        _rates(canvas.right, rows)
        return themed(
            canvas.figure,
            name=f"by-{strata.key}",
            title=f"{strata.title}: tasks by status, and defect rate",
            description="A bar and a rate with its interval for each; the table has the numbers.",
        )


def canvas_of(names: Sequence[str], *, panels: int, legend: bool) -> Canvas:
    """Make a figure with a row for each name, room for a legend above, and one panel or two."""
    height = 0.75 + 0.3 * legend + 0.3 * len(names)
    figure = Figure(figsize=(WIDTH, height))
    bottom, top = 0.5 / height, 1 - (0.1 + 0.3 * legend) / height
    width = (0.985 - LEFT) * (0.52 if panels == 2 else 1.0)
    left = figure.add_axes((LEFT, bottom, width, top - bottom))
    right = None
    if panels == 2:
        start = LEFT + width + 0.03
        right = figure.add_axes((start, bottom, 0.985 - start, top - bottom))
    for axes in (left, right):
        if axes is not None:
            axes.set_ylim(len(names) - 0.5, -0.5)
            axes.set_yticks(range(len(names)), [plain_ascii(name) for name in names])
            axes.tick_params(axis="y", length=0, labelleft=axes is left)
            axes.spines[["left", "right", "top"]].set_visible(False)
    return Canvas(figure=figure, left=left, right=right)


def _segments(
    axes: Axes,
    *,
    starts: Sequence[int],
    widths: Sequence[int],
    ink: str,
    label: str,
    numbers: str | None,
) -> None:
    drawn = [nth for nth, width in enumerate(widths) if width]
    if not drawn:
        return
    axes.barh(
        drawn,
        [widths[nth] for nth in drawn],
        left=[starts[nth] for nth in drawn],
        height=0.62,
        color=INKS[ink],
        edgecolor=INKS["bg"],
        linewidth=1.2,
        label=label,
    )
    for nth in drawn if numbers else ():
        axes.text(
            starts[nth] + widths[nth] / 2,
            nth,
            str(widths[nth]),
            ha="center",
            va="center",
            color=INKS[numbers or "ink"],
        )


def _rates(axes: Axes, rows: Sequence[StratumRow]) -> None:
    for nth, row in enumerate(rows):
        rate = row.rate
        if rate.n and rate.low is not None and rate.high is not None:
            axes.plot(
                [rate.low, rate.high],
                [nth, nth],
                color=INKS["band"],
                linewidth=6,
                solid_capstyle="butt",
            )
            axes.plot([rate.k / rate.n], [nth], **mark_style("o", "defective", hollow=False))
    shares_axis(axes, "proven defective, of the judged")


def mark_style(marker: str, ink: str, *, hollow: bool) -> Any:
    """Give how a mark is drawn, filled or with the page showing through."""
    return {
        "linestyle": "none",
        "marker": marker,
        "markersize": 6,
        "markerfacecolor": INKS["bg"] if hollow else INKS[ink],
        "markeredgecolor": INKS[ink],
        "clip_on": False,
    }


def _counts_axis(axes: Axes, most: int, label: str) -> None:
    axes.set_xlim(0, max(1, most) * 1.02)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
    axes.set_xlabel(label)


def shares_axis(axes: Axes, label: str) -> None:
    """Make the horizontal axis one of shares, from 0 to 100 %."""
    axes.set_xlim(-0.02, 1.02)
    axes.xaxis.set_major_locator(FixedLocator([0, 0.25, 0.5, 0.75, 1]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))
    axes.set_xlabel(label)


def _legend(axes: Axes, counts: Sequence[Sequence[int]]) -> None:
    if any(map(sum, counts)):
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(-0.01, 1.0),
            ncols=6,
            frameon=False,
            handlelength=1.0,
            handletextpad=0.4,
            columnspacing=1.2,
        )
