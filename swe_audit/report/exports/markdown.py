"""A summary of the run in Markdown, for a pull request or a CI job's page."""

from __future__ import annotations

from swe_audit.model.audit import Audit
from swe_audit.model.finding import Confidence
from swe_audit.report import words
from swe_audit.report.detail_views import shown_detail
from swe_audit.report.exports.markup import cell, code, text
from swe_audit.report.exports.nouns import Exported, surest_first
from swe_audit.report.rates import rate_view
from swe_audit.report.summary import summarise
from swe_audit.report.tallies import STATUS_ORDER
from swe_audit.version import VERSION

MAX_ROWS = 200
"""Findings in the table; a job summary of GitHub holds 1 MiB, and readers less."""


def markdown(audit: Audit, _least: Confidence) -> tuple[Exported, ...]:
    """Write rate, statuses and findings; only the surest findings where there are very many."""
    summary, rate = summarise(audit), rate_view(audit)
    parts = [
        f"# Audit of {text(audit.run.dataset)}",
        f"**Defect rate {rate.figure}.** {rate.sentence} {rate.interval}".rstrip(),
        *([text(rate.sample)] if rate.sample else []),
        "| status | tasks |\n|---|---:|\n"
        + "\n".join(
            f"| {status.value} | {summary.by_status.get(status, 0)} |" for status in STATUS_ORDER
        )
        + f"\n| **all** | **{summary.tasks}** |",
        *_findings(audit),
    ]
    if summary.rejections_without_evidence:
        were = words.count(
            summary.rejections_without_evidence, "alternative was", "alternatives were"
        )
        parts.append(f"{were} rejected with no evidence of being correct: counted, no finding.")
    parts.append(
        f"{words.count(summary.trials, 'trial')}, run {code(audit.run.id)}, swe-audit {VERSION}."
    )
    return (Exported(name="summary.md", text="\n\n".join(parts) + "\n"),)


def _findings(audit: Audit) -> list[str]:
    pairs = surest_first(audit)
    if not pairs:
        return ["No task has a finding."]
    rows = [
        f"| {finding.defect.value} | {finding.confidence.value} | {cell(finding.instance_id)}"
        f" | {cell(shown_detail(finding))} | {text(words.sentence(finding.summary), 200)} |"
        for _, finding in pairs[:MAX_ROWS]
    ]
    table = "| defect | confidence | task | detail | what |\n|---|---|---|---|---|\n"
    more = len(pairs) - len(rows)
    return [
        f"## Findings ({len(pairs)})",
        table + "\n".join(rows),
        *([f"and {words.count(more, 'more finding')}, in the report"] if more > 0 else []),
    ]
