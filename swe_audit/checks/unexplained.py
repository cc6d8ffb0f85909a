"""``unexplained``: a surprise that no other check accounts for; listed, never dropped."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.checks import curated, submitted
from swe_audit.checks.case import Case
from swe_audit.model.finding import Defect, Finding


def unexplained(case: Case) -> Iterator[Finding]:
    """List rejected alternatives whose rejection is unconfirmed or has no known cause.

    Curated ones, and submissions that evidence speaks for.
    """
    yield from curated.findings(case, Defect.UNEXPLAINED)
    yield from submitted.findings(case, Defect.UNEXPLAINED)
