"""The JSON document of a screen, written field by field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from swe_audit.model.finding import Evidence
from swe_audit.model.task import Skipped
from swe_audit.screening.nouns import Screened, Signal


def screen_document(
    source: str, screened: Iterable[Screened], skipped: Iterable[Skipped]
) -> dict[str, Any]:
    """Return what ``swe-audit screen --json`` prints, its versions aside.

    ``score`` is between 0 and 1; tasks come in the order that they are given in. Null where a
    thing does not apply.
    """
    return {
        "dataset": source,
        "tasks": [_task(each) for each in screened],
        "skipped": [
            {"instance_id": each.instance_id, "reason": each.reason.value, "detail": each.detail}
            for each in skipped
        ],
    }


def _task(screened: Screened) -> dict[str, Any]:
    return {
        "instance_id": screened.instance_id,
        "score": screened.score,
        "signals": [_signal(each) for each in screened.signals],
    }


def _signal(signal: Signal) -> dict[str, Any]:
    return {
        "defect": signal.defect.value,
        "kind": signal.kind.value,
        "detail": signal.detail,
        "strength": round(signal.strength, 3),
        "tests": list(signal.tests),
        "evidence": [_evidence(each) for each in signal.evidence],
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "kind": evidence.kind,
        "text": evidence.text,
        "path": evidence.path,
        "line": evidence.line,
        "trial": evidence.trial,
    }
