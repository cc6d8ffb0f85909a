"""Findings as SARIF 2.1.0, for code scanning and other viewers of static results.

A result points at the demanding line inside the task's test patch, for that is the file of a
benchmark's repository that would be changed. Shapes: OASIS, "Static Analysis Results Interchange
Format (SARIF) Version 2.1.0", and GitHub's "SARIF support for code scanning".
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from swe_audit.model.audit import Audit, TaskResult
from swe_audit.model.finding import Confidence, Defect, Finding
from swe_audit.report import words
from swe_audit.report.detail_views import shown_detail, sites_of, wanted_in
from swe_audit.report.exports.nouns import Exported
from swe_audit.report.finding_views import repeat_command
from swe_audit.report.marks import first_needle
from swe_audit.report.text import shorten, visible
from swe_audit.version import VERSION

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {
    Confidence.PROVEN: "error",
    Confidence.LIKELY: "warning",
    Confidence.SUSPECT: "note",
    Confidence.DISPUTED: "note",
    Confidence.REFUTED: "none",
}
_MAX_MESSAGE = 4_000


def sarif(audit: Audit, _least: Confidence) -> tuple[Exported, ...]:
    """Write every finding as a result; a refuted one is there, but suppressed."""
    present = [
        one for one in Defect if any(f.defect is one for t in audit.tasks for f in t.findings)
    ]
    document = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "swe-audit",
                        "semanticVersion": VERSION,
                        "rules": [_rule(one) for one in present],
                    }
                },
                "automationDetails": {"id": f"swe-audit/{visible(audit.run.id)}"},
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(finding, result, audit, present.index(finding.defect))
                    for result in audit.tasks
                    for finding in result.findings
                ],
            }
        ],
    }
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
    return (Exported(name="findings.sarif", text=visible(text) + "\n"),)


def _rule(defect: Defect) -> dict[str, Any]:
    return {
        "id": f"swe-audit/{defect.value}",
        "name": f"{defect.value.capitalize()}Task",
        "shortDescription": {"text": f"{defect.value.capitalize()} task"},
        "fullDescription": {"text": words.sentence(words.DEFECT[defect])},
        "help": {"text": words.sentence(words.DEFECT[defect])},
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": ["benchmark", "tests"], "precision": "high"},
    }


def _result(finding: Finding, result: TaskResult, audit: Audit, rule: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ruleId": f"swe-audit/{finding.defect.value}",
        "ruleIndex": rule,
        "level": _LEVELS[finding.confidence],
        "message": {"text": _message(finding, result, audit.run.id)},
        "locations": [_location(finding, result)],
        "partialFingerprints": {"findingId/v1": visible(finding.id)},
        "properties": {
            "instance_id": visible(finding.instance_id),
            "confidence": finding.confidence.value,
            "cause": finding.cause.value if finding.cause else None,
            "detail": visible(finding.detail),
        },
    }
    if not finding.confidence.live:
        made["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted",
                "justification": words.sentence(words.CONFIDENCE[finding.confidence]),
            }
        ]
    return made


def _message(finding: Finding, result: TaskResult, run: str) -> str:
    told = words.sentence(finding.summary or words.DEFECT[finding.defect])
    lines = (
        f"{finding.instance_id}: {told} ({finding.confidence.value})",
        f"Detail: {shown_detail(finding)}" if shown_detail(finding) else "",
        f"Repeat: {repeat_command(finding, result, run)}",
    )
    text = visible(shorten("\n".join(line for line in lines if line), _MAX_MESSAGE))
    # In a SARIF message braces are placeholders and brackets are links.
    return text.replace("{", "{{").replace("}", "}}").replace("[", "\\[").replace("]", "\\]")


def _location(finding: Finding, result: TaskResult) -> dict[str, Any]:
    path = f"tasks/{quote(visible(finding.instance_id), safe='')}/test.patch"
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": path},
            "region": {"startLine": _line(finding, result)},
        },
        "logicalLocations": [
            {"fullyQualifiedName": name, "kind": "function"}
            for name in dict.fromkeys(visible(test) for test in finding.tests[:20])
        ],
    }


def _line(finding: Finding, result: TaskResult) -> int:
    """Give the line of the test patch that holds the demand, 1 where it cannot be told."""
    text = result.task.test_patch if result.task else ""
    try:
        lines = [(file.path, line) for file in PatchSet(text) for hunk in file for line in hunk]
    except (UnidiffParseError, ValueError):
        return 1
    places = {(one.path, one.line) for one in finding.evidence if one.kind == "assertion"}
    for path, line in lines:
        if (path, line.target_line_no) in places and line.diff_line_no:
            return int(line.diff_line_no)
    wanted = wanted_in(finding, sites_of(finding, result))
    for _, line in lines:
        if line.is_added and first_needle(line.value, wanted) and line.diff_line_no:
            return int(line.diff_line_no)
    return 1
