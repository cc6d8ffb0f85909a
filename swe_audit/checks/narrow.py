"""``narrow``: a correct alternative is rejected for a detail that the statement leaves free."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.checks import constructed, curated, relaxed, submitted
from swe_audit.checks.case import Case
from swe_audit.model.finding import Defect, Finding


def narrow(case: Case) -> Iterator[Finding]:
    """Find names, messages, signatures, orders and the like that a rejection shows to be pinned.

    Curated files, constructions, relaxed tests and submissions may show the same pin.
    """
    yield from curated.findings(case, Defect.NARROW)
    yield from constructed.findings(case)
    yield from relaxed.findings(case, Defect.NARROW)
    yield from submitted.findings(case, Defect.NARROW)
