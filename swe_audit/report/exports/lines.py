"""Findings as JSON Lines: one self-contained object each."""

from __future__ import annotations

import json

from swe_audit.model.audit import Audit
from swe_audit.model.finding import Confidence
from swe_audit.report.documents import SCHEMA_VERSION, finding_entry, tags_entry
from swe_audit.report.exports.nouns import Exported
from swe_audit.report.finding_views import repeat_command
from swe_audit.report.text import well_formed
from swe_audit.version import VERSION


def jsonl(audit: Audit, _least: Confidence) -> tuple[Exported, ...]:
    """Write each finding on a line, in the order of ``report.json``, with its task and run."""
    lines = [
        json.dumps(
            {
                "schema_version": SCHEMA_VERSION,
                "tool_version": VERSION,
                "run": audit.run.id,
                "dataset": audit.run.dataset,
                "instance_id": finding.instance_id,
                "status": result.status.value,
                "tags": tags_entry(result.tags) if result.tags else None,
                "finding": finding_entry(finding),
                "repeat": repeat_command(finding, result, audit.run.id) or None,
            },
            ensure_ascii=False,
            allow_nan=False,
        )
        for result in audit.tasks
        for finding in result.findings
    ]
    return (
        Exported(name="findings.jsonl", text=well_formed("".join(f"{line}\n" for line in lines))),
    )
