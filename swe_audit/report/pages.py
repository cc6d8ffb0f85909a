"""Render views as HTML: one environment, everything escaped, one strict policy on every page."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from swe_audit.report import words
from swe_audit.report.charts import defects_plot, encounter_plot, scores_plot, strata_plot
from swe_audit.report.diffs import rows
from swe_audit.report.id_lists import anchor_of
from swe_audit.report.plots import difficulty_plot, rate_plot
from swe_audit.report.tallies import STATUS_ORDER
from swe_audit.report.task_views import TaskView
from swe_audit.report.text import visible
from swe_audit.report.views import IndexView
from swe_audit.version import VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A page to go to from a task's page."""

    label: str
    href: str


class Pages:
    """The page templates. Rendering is pure: the same view gives the same text.

    Style and script stand inside each page, so that a page can be sent by itself and opens from
    a folder; the policy names them by digest and allows nothing else, no request at all included.
    """

    def __init__(self) -> None:
        style = _static("report.css")
        theme = _static("theme.js")
        script = "".join(map(_static, ("listing.js", "places.js", "page.js")))
        policy = "; ".join(
            (
                "default-src 'none'",
                f"style-src {_digest(style)}",
                f"script-src {_digest(theme)} {_digest(script)}",
                "img-src data:",
                "base-uri 'none'",
                "form-action 'none'",
            )
        )
        self._environment = Environment(
            loader=PackageLoader("swe_audit.report"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=_finalize,
        )
        self._environment.globals.update(
            policy=policy,
            style=style,
            theme_script=theme,
            script=script,
            version=VERSION,
        )
        self._environment.filters.update(
            count=words.count,
            number=words.number,
            name=words.name,
            rows=rows,
            anchor=anchor_of,
            percent=words.percent,
            sentence=words.sentence,
            refusal=words.REFUSAL.__getitem__,
        )

    def index(self, view: IndexView) -> str:
        """Render the front page."""
        plots = _plots(view)
        return self._render(
            "index.html.j2",
            view=view,
            status_names=tuple(status.value for status in STATUS_ORDER),
            plots=plots,
            has_plots=any(svg for name, svg in plots.items() if name != "rate"),
        )

    def task(
        self, view: TaskView, before: Neighbour | None = None, after: Neighbour | None = None
    ) -> str:
        """Render a task's page; ``before`` and ``after`` are the tasks beside it."""
        return self._render("task.html.j2", view=view, before=before, after=after)

    def _render(self, template: str, **context: Any) -> str:
        return self._environment.get_template(template).render(context)


def _plots(view: IndexView) -> dict[str, str]:
    """Draw what there is something to draw of, by the name of its place on the page."""
    plots = dict.fromkeys(("rate", "lines", "defects", "scores", "encounters"), "")
    plots |= {strata.key: strata_plot(strata) for strata in view.strata}
    if view.summary.tasks:
        plots["rate"] = rate_plot(view.rate.rate, view.rate.bound_values)
    if view.points:
        plots["lines"] = difficulty_plot(view.plot_rows, view.points)
    if view.defects:
        plots["defects"] = defects_plot(view.defects)
    if view.scores:
        plots["scores"] = scores_plot(view.scores)
    if view.encounters:
        plots["encounters"] = encounter_plot(view.encounters)
    return plots


def _finalize(value: object) -> object:
    """Make control characters visible in whatever a template prints, before it is escaped."""
    if type(value) is str:
        return visible(value)
    return value


def _static(name: str) -> str:
    file = resources.files("swe_audit.report") / "static" / name
    return file.read_text(encoding="utf-8")


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
