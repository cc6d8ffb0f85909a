"""Reviewers' decisions as they stand in ``report.json``."""

from __future__ import annotations

from typing import Any

from swe_audit.model.audit import Audit
from swe_audit.model.decisions import Decision
from swe_audit.report.decision_views import triage_summary


def decision_entry(decision: Decision) -> dict[str, Any]:
    """Give one decision, field by field as in ``decisions.yaml``."""
    return {
        "finding": decision.finding,
        "reviewer": decision.reviewer,
        "decision": decision.choice.value,
        "reason": decision.reason,
        "note": decision.note,
        "at": decision.at or None,
        "blind": decision.blind.value if decision.blind else None,
    }


def triage_entry(audit: Audit) -> dict[str, Any] | None:
    """Give how far the triage got and how reviewers agree; null where nobody decided anything."""
    if not audit.decisions:
        return None
    found = triage_summary(audit)
    return {
        "findings": found.findings,
        "by_state": {state.value: value for state, value in found.states},
        "left": list(found.left),
        "unknown": list(found.unknown),
        "reviewers": [
            {
                "reviewer": one.reviewer,
                "confirmed": one.confirmed,
                "disputed": one.disputed,
                "deferred": one.deferred,
            }
            for one in found.reviewers
        ],
        "agreement": {
            "findings": found.shared,
            "unanimous": found.unanimous,
            "alpha": found.alpha,
            "kappa": found.kappa,
        },
    }
