"""The page on which findings are decided: one page for the local server and for the published one.

Served, it writes every decision to ``decisions.yaml`` at once. Opened from a published folder it
keeps them in the browser, and exports and imports the same file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from swe_audit.model.audit import Audit
from swe_audit.model.decisions import Choice
from swe_audit.report.decision_views import REASONS
from swe_audit.report.lines import FindingLine, finding_line
from swe_audit.report.names import page_names
from swe_audit.report.pages import Pages
from swe_audit.report.policy import content_policy, joined, static_text

SCRIPTS = ("page.js", "decision_file.js", "decision_store.js", "triage.js")
STYLES = ("base.css", "report.css", "triage.css")


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageView:
    """The findings to decide; ``reviewer`` is empty on the published page, which asks for it."""

    run: str
    dataset: str
    reviewer: str
    findings: tuple[FindingLine, ...]
    defects: tuple[str, ...]
    confidences: tuple[str, ...]

    @property
    def served(self) -> bool:
        """Whether a server keeps the decisions."""
        return bool(self.reviewer)


def triage_view(audit: Audit, reviewer: str = "") -> TriageView:
    """Build the page: every finding, surest first, with the address of its task's page."""
    names = page_names(one.instance_id for one in audit.tasks)
    lines = {
        finding.id: finding_line(finding, f"tasks/{name}", result)
        for result, name in zip(audit.tasks, names, strict=True)
        for finding in result.findings
    }
    findings = sorted(
        lines.values(), key=lambda o: (o.confidence_rank, o.defect_rank, o.instance_id, o.id)
    )
    return TriageView(
        run=audit.run.id,
        dataset=audit.run.dataset,
        reviewer=reviewer,
        findings=tuple(findings),
        defects=_present([one.defect for one in findings]),
        confidences=_present([one.confidence for one in findings]),
    )


class TriagePages(Pages):
    """The templates of the report, and the triage page among them."""

    def triage(self, view: TriageView) -> str:
        """Render the triage page; beside itself it shows the tasks' pages in a frame."""
        style, script = joined(*STYLES), joined(*SCRIPTS)
        theme = static_text("theme.js")
        talk = ["connect-src 'self'"] if view.served else []
        return self._render(
            "triage.html.j2",
            view=view,
            choices=[(choice.value, REASONS[choice]) for choice in Choice],
            policy=content_policy(style, (theme, script), "frame-src 'self'", *talk),
            style=style,
            script=script,
        )


def _present(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
