"""A run's findings in the forms that other tools read: one file per form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from swe_audit.model.audit import Audit
from swe_audit.model.finding import Confidence
from swe_audit.report.exports.issues import github_issues
from swe_audit.report.exports.junit import junit
from swe_audit.report.exports.lines import jsonl
from swe_audit.report.exports.markdown import markdown
from swe_audit.report.exports.nouns import Exported
from swe_audit.report.exports.sarif import sarif
from swe_audit.report.tables import findings_csv

__all__ = ["EXPORTS", "Exported"]


def _csv(audit: Audit, _least: Confidence) -> tuple[Exported, ...]:
    return (Exported(name="findings.csv", text=findings_csv(audit)),)


EXPORTS: Final[Mapping[str, Callable[[Audit, Confidence], tuple[Exported, ...]]]] = {
    "github-issue": github_issues,
    "markdown": markdown,
    "csv": _csv,
    "sarif": sarif,
    "junit": junit,
    "jsonl": jsonl,
}
"""From a form's name to what writes it; the confidence is the least that fails a task in JUnit."""
