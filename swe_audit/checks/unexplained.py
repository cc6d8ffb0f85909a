"""``unexplained``: a surprise that no other check accounts for; listed, never dropped."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.checks.case import Case
from swe_audit.checks.curated import findings
from swe_audit.model.finding import Defect, Finding


def unexplained(case: Case) -> Iterator[Finding]:
    """List rejected curated alternatives whose rejection is unconfirmed or has no known cause."""
    yield from findings(case, Defect.UNEXPLAINED)
