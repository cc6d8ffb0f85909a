"""Plots of what defects mean for scores: solve rates, corrected scores, encounters."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from swe_audit.model.scores import SubmissionScore
from swe_audit.report.charts import (
    LEFT,
    LEVELS,
    WIDTH,
    canvas_of,
    mark_style,
    plain_ascii,
    shares_axis,
)
from swe_audit.report.plots import SETTINGS
from swe_audit.report.scores import Encounter, ScoreRow
from swe_audit.report.svg import INKS, themed

MAX_SUBMISSIONS = 20
"""Submissions drawn at most, the best published first; the table has them all."""


def corrected_plot(rows: Sequence[SubmissionScore]) -> str:
    """Draw each submission's score as published and as corrected; nothing without a task."""
    drawn = [
        (row.name, row.published.share, row.corrected.share)
        for row in rows[:MAX_SUBMISSIONS]
        if row.published.share is not None and row.corrected.share is not None
    ]
    if not drawn:
        return ""
    return _before_and_after(
        drawn,
        name="corrected",
        title="Scores as published and as corrected",
        axis="score",
        legend=("as published", "as corrected"),
        description=f"{len(drawn)} submissions; the table below has the numbers of all.",
        zoomed=True,
    )


def scores_plot(rows: Sequence[ScoreRow]) -> str:
    """Draw the average solve rate with and without defective tasks, a line for each row."""
    return _before_and_after(
        [(f"{row.label} ({row.tasks})", row.before, row.after) for row in rows],
        name="scores",
        title="Solve rate with and without defective tasks",
        axis="average solve rate of the reported submissions",
        legend=("all reported tasks", "without the defective ones"),
        description="; ".join(
            f"{plain_ascii(row.label)}: {' then '.join(row.told)}" for row in rows
        ),
    )


def _before_and_after(
    rows: Sequence[tuple[str, float, float | None]],
    *,
    name: str,
    title: str,
    axis: str,
    legend: tuple[str, str],
    description: str,
    zoomed: bool = False,
) -> str:
    """Draw two marks and what joins them for each row; ``zoomed`` shows where they are alone."""
    with mpl.rc_context(SETTINGS):
        canvas = canvas_of([label for label, _, _ in rows], panels=1, legend=True)
        axes = canvas.left
        kept = [
            (nth, before, after) for nth, (_, before, after) in enumerate(rows) if after is not None
        ]
        for nth, before, after in kept:
            axes.plot([before, after], [nth, nth], color=INKS["muted"], linewidth=1.5)
        axes.plot(
            [before for _, before, _ in rows],
            range(len(rows)),
            **mark_style("o", "muted", hollow=True),
            label=legend[0],
        )
        axes.plot(
            [after for _, _, after in kept],
            [nth for nth, _, _ in kept],
            **mark_style("o", "ink", hollow=False),
            label=legend[1],
        )
        shares_axis(axes, axis)
        if zoomed:
            ends = [share for _, *both in rows for share in both if share is not None]
            axes.set_xlim(max(-0.005, min(ends) - 0.03), min(1.005, max(ends) + 0.03))
            axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
        axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, frameon=False)
        return themed(canvas.figure, name=name, title=title, description=description)


def encounter_plot(points: Sequence[Encounter]) -> str:
    """Draw how often families met each finding's pin against how many solve its task."""
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 3.2))
        axes = figure.add_axes((LEFT, 0.18, 0.5, 0.68))
        axes.spines[["right", "top"]].set_visible(False)
        for level, marker in zip(LEVELS, "os^Dv", strict=True):
            own = [point for point in points if point.confidence == level]
            if own:
                axes.vlines(
                    [point.solved for point in own],
                    [point.low for point in own],
                    [point.high for point in own],
                    color=INKS["band"],
                    linewidth=3,
                )
                axes.plot(
                    [point.solved for point in own],
                    [point.met for point in own],
                    **mark_style(marker, "ink", hollow=level != "proven"),
                    label=level,
                )
        shares_axis(axes, "submissions that solve the task")
        axes.set_ylim(-0.04, 1.04)
        axes.yaxis.set_major_locator(FixedLocator([0, 0.25, 0.5, 0.75, 1]))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))
        axes.set_ylabel("families that met the pin")
        axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, frameon=False)
        return themed(
            figure,
            name="encounters",
            title="Encounter rate against solve rate",
            description=f"{len(points)} findings, one mark each; the table has the numbers.",
        )
