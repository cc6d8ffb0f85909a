"""The table of findings as CSV, for spreadsheets and scripts."""

from __future__ import annotations

import csv
import io

from swe_audit.model.audit import Audit, TaskResult
from swe_audit.model.finding import Finding
from swe_audit.report.text import visible

COLUMNS = (
    "id",
    "instance_id",
    "repository",
    "difficulty",
    "lines_changed",
    "status",
    "defect",
    "cause",
    "confidence",
    "detail",
    "summary",
    "tests",
    "determined_by",
    "rungs",
    "candidates",
    "encounter_k",
    "encounter_n",
    "knows_detail",
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet, and details are written by strangers."""


def findings_csv(audit: Audit) -> str:
    """Write one row for each finding, in the audit's order, after a header.

    Lists are joined with ``; ``. A text that a spreadsheet would run as a formula gets an
    apostrophe in front, and control characters are made visible; ``report.json`` has both
    verbatim. Lines end in a line feed.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for result in audit.tasks:
        for finding in result.findings:
            writer.writerow([_cell(value) for value in _row(result, finding)])
    return out.getvalue()


def _row(result: TaskResult, finding: Finding) -> tuple[str | int, ...]:
    tags, rate = result.tags, finding.encounter_rate
    return (
        finding.id,
        finding.instance_id,
        tags.repository if tags else "",
        tags.difficulty if tags else "",
        tags.lines_changed if tags else "",
        result.status.value,
        finding.defect.value,
        finding.cause.value if finding.cause else "",
        finding.confidence.value,
        finding.detail,
        finding.summary,
        "; ".join(finding.tests),
        "; ".join(one.value for one in finding.determined_by),
        "; ".join(finding.rungs),
        "; ".join(finding.candidates),
        rate.k if rate else "",
        rate.n if rate else "",
        rate.knows_detail if rate else "",
    )


def _cell(value: str | int) -> str | int:
    if isinstance(value, int):
        return value
    text = visible(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
