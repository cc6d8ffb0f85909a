"""The tasks as JUnit test cases, so that a maintainer's CI can gate on them.

The form is the one that Jenkins, GitLab and GitHub's reporters read: ``testsuites`` with one
``testsuite``, a ``testcase`` for each task.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from swe_audit.model.audit import Audit, TaskResult, TaskStatus
from swe_audit.model.finding import Confidence, Finding
from swe_audit.report import words
from swe_audit.report.detail_views import shown_detail
from swe_audit.report.exports.nouns import Exported, at_least
from swe_audit.report.finding_views import repeat_command
from swe_audit.report.lines import repository_of
from swe_audit.report.text import visible

_UNJUDGED = (TaskStatus.SKIPPED, TaskStatus.INCONCLUSIVE)
_NOT_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(audit: Audit, least: Confidence) -> tuple[Exported, ...]:
    """Write a test case for each task: it fails with a finding of at least this confidence.

    Tasks that could not be judged are skipped, unless a finding fails them.
    """
    failing = {id(one) for one in audit.tasks if _grave(one, least)}
    skipped = [one for one in audit.tasks if one.status in _UNJUDGED and id(one) not in failing]
    seconds = sum(trial.total_seconds for one in audit.tasks for trial in one.trials)
    counts = {
        "name": f"swe-audit {audit.run.id}",
        "tests": str(len(audit.tasks)),
        "failures": str(len(failing)),
        "errors": "0",
        "skipped": str(len(skipped)),
        "time": f"{seconds:.3f}",
    }
    root = ET.Element("testsuites", _clean(counts))
    suite = ET.SubElement(root, "testsuite", _clean({**counts, "timestamp": _moment(audit)}))
    for result in audit.tasks:
        _case(suite, result, audit.run.id, least)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return (Exported(name="junit.xml", text=f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'),)


def _grave(result: TaskResult, least: Confidence) -> list[Finding]:
    return [one for one in result.findings if at_least(one.confidence, least)]


def _case(suite: ET.Element, result: TaskResult, run: str, least: Confidence) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        _clean(
            {
                "classname": repository_of(result) or "unknown",
                "name": result.instance_id,
                "time": f"{sum(trial.total_seconds for trial in result.trials):.3f}",
            }
        ),
    )
    grave = _grave(result, least)
    if grave:
        first = grave[0]
        told = first.summary or words.DEFECT[first.defect]
        kind = {"type": first.defect.value, "message": f"{first.confidence.value}: {told}"}
        failure = ET.SubElement(case, "failure", _clean(kind))
        failure.text = _xml("\n\n".join(_told(one, result, run) for one in grave))
    elif result.status in _UNJUDGED:
        ET.SubElement(case, "skipped", _clean({"message": result.reason or result.status.value}))
    others = [one for one in result.findings if one not in grave]
    out = ET.SubElement(case, "system-out")
    out.text = _xml(
        "\n\n".join(
            (
                f"{result.status.value}: {result.reason}",
                *(_told(one, result, run) for one in others),
            )
        )
    )


def _told(finding: Finding, result: TaskResult, run: str) -> str:
    lines = (
        f"{finding.confidence.value} {finding.defect.value}: {finding.summary}",
        f"detail: {shown_detail(finding)}" if shown_detail(finding) else "",
        *(f"test: {one}" for one in finding.tests[:20]),
        repeat_command(finding, result, run),
    )
    return "\n".join(line for line in lines if line)


def _moment(audit: Audit) -> str:
    return audit.run.started.removesuffix("Z")


def _clean(attributes: dict[str, str]) -> dict[str, str]:
    return {key: _xml(value) for key, value in attributes.items()}


def _xml(text: str) -> str:
    """Replace what XML 1.0 cannot hold."""
    return _NOT_XML.sub("\ufffd", visible(text))
