"""What the candidates of a relaxation are called."""

from __future__ import annotations

from swe_audit.model.relaxation import Relaxation

GARBAGE = "garbage"
BASE_FORM = "base-form"


def relaxed_name(relaxation: Relaxation, subject: str) -> str:
    """Return the name of a candidate under relaxed tests."""
    return f"relaxed-{relaxation.id}-{subject}"


def base_form_name(relaxation: Relaxation, subject: str) -> str:
    """Return the name of gold or no patch under a changed assertion as it was before."""
    return f"{BASE_FORM}-{relaxation.id}-{subject}"
