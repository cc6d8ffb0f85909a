"""What people decided about findings: how it counts, what it comes to, who may see it. Pure."""

from __future__ import annotations

from swe_audit.reviewing.applying import apply_decisions, decided
from swe_audit.reviewing.blinding import revealed_to, with_blind
from swe_audit.reviewing.summary import review_state, summarise_triage

__all__ = [
    "apply_decisions",
    "decided",
    "revealed_to",
    "review_state",
    "summarise_triage",
    "with_blind",
]
