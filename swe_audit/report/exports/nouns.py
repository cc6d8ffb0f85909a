"""What an export is made of, and which findings it holds in which order."""

from __future__ import annotations

from dataclasses import dataclass

from swe_audit.model.audit import Audit, TaskResult
from swe_audit.model.finding import Confidence, Defect, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One file of an export: a file name that is safe anywhere, and its text."""

    name: str
    text: str


def surest_first(audit: Audit) -> list[tuple[TaskResult, Finding]]:
    """Give every finding with its task: by confidence, then defect, then task."""
    levels, defects = list(Confidence), list(Defect)
    return sorted(
        ((result, finding) for result in audit.tasks for finding in result.findings),
        key=lambda pair: (
            levels.index(pair[1].confidence),
            defects.index(pair[1].defect),
            pair[1].instance_id,
            pair[1].id,
        ),
    )


def at_least(confidence: Confidence, least: Confidence) -> bool:
    """Say whether a confidence is as high as another."""
    order = list(Confidence)
    return order.index(confidence) <= order.index(least)
