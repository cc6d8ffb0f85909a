"""Render views as HTML: one environment, everything escaped, one strict policy on every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from swe_audit.report import words
from swe_audit.report.charts import defects_plot, strata_plot
from swe_audit.report.comparison import Comparison, RunRef
from swe_audit.report.compiled import CompiledTemplates
from swe_audit.report.diffs import rows
from swe_audit.report.id_lists import anchor_of, cut
from swe_audit.report.parts import Part
from swe_audit.report.plots import difficulty_plot, rate_plot
from swe_audit.report.policy import content_policy, joined, static_text
from swe_audit.report.prose import inline
from swe_audit.report.score_charts import corrected_plot, encounter_plot, scores_plot
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
        style, theme = joined("base.css", "report.css"), static_text("theme.js")
        script = joined("listing.js", "places.js", "pane_keys.js", "page.js")
        self._framing = content_policy(style, (theme, script), "frame-src 'self'")
        self._environment = Environment(
            loader=PackageLoader("swe_audit.report"),
            autoescape=True,
            bytecode_cache=CompiledTemplates(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=_finalize,
        )
        self._environment.globals.update(
            policy=content_policy(style, (theme, script)),
            style=style,
            theme_script=theme,
            script=script,
            version=VERSION,
        )
        self._environment.tests["has"] = lambda group, one: one in group
        self._environment.filters.update(
            count=words.count,
            number=words.number,
            name=words.name,
            rows=rows,
            inline=inline,
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
        more = {"policy": self._framing} if view.parts else {}
        return self._render("task.html.j2", view=view, before=before, after=after, **more)

    def part(self, part: Part) -> str:
        """Render what a task's page loads on demand."""
        style, script = joined("base.css", "part.css"), joined("pane_keys.js", "part.js")
        policy = content_policy(style, (static_text("theme.js"), script))
        return self._render("part.html.j2", part=part, style=style, script=script, policy=policy)

    def comparison(self, view: Comparison) -> str:
        """Render the comparison of two runs."""
        return self._render(
            "compare.html.j2",
            view=view,
            facts=_facts(view),
            groups=(
                ("new", "New findings", view.new),
                ("gone", "Findings gone", view.gone),
                ("kept", "Findings kept", view.kept),
            ),
            changes=(
                (
                    "statuses",
                    "Changed statuses",
                    [(one.instance_id, one.before, one.after) for one in view.statuses],
                ),
                (
                    "verdicts",
                    "Flipped verdicts",
                    [
                        (f"{one.instance_id} / {one.candidate}", one.before, one.after)
                        for one in view.verdicts
                    ],
                ),
            ),
            only_a=cut(view.only_a),
            only_b=cut(view.only_b),
        )

    def _render(self, template: str, **context: Any) -> str:
        return self._environment.get_template(template).render(context)


def _facts(view: Comparison) -> tuple[tuple[str, str, str], ...]:
    """Pair what is known of two runs."""

    def rate(run: RunRef) -> str:
        k, n = run.rate
        return f"{words.percent(k / n)} ({k} of {n})" if n else "no task judged"

    facts = (
        ("Run", view.a.id, view.b.id),
        ("Data set", view.a.dataset, view.b.dataset),
        ("Started", view.a.started, view.b.started),
        ("swe-audit", view.a.tool_version, view.b.tool_version),
        ("Tasks", words.number(view.a.tasks), words.number(view.b.tasks)),
        ("Defect rate", rate(view.a), rate(view.b)),
    )
    return tuple(fact for fact in facts if fact[1] or fact[2])


def _plots(view: IndexView) -> dict[str, str]:
    """Draw what there is something to draw of, by the name of its place on the page."""
    plots = dict.fromkeys(("rate", "lines", "defects", "scores", "corrected", "encounters"), "")
    plots |= {strata.key: strata_plot(strata) for strata in view.strata}
    if view.summary.tasks:
        plots["rate"] = rate_plot(view.rate.rate, view.rate.bound_values)
    if view.points:
        plots["lines"] = difficulty_plot(view.plot_rows, view.points)
    if view.defects:
        plots["defects"] = defects_plot(view.defects)
    if view.scores:
        plots["scores"] = scores_plot(view.scores)
    if view.submissions:
        plots["corrected"] = corrected_plot(view.submissions)
    if view.encounters:
        plots["encounters"] = encounter_plot(view.encounters)
    return plots


def _finalize(value: object) -> object:
    """Make control characters visible in whatever a template prints, before it is escaped."""
    if type(value) is str:
        return visible(value)
    return value
