"""``wide``: a correct alternative is rejected for behaviour that the statement does not ask for."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.checks.case import Case
from swe_audit.checks.curated import findings
from swe_audit.model.finding import Defect, Finding


def wide(case: Case) -> Iterator[Finding]:
    """Find behaviour beyond the statement that curated alternatives are rejected for."""
    yield from findings(case, Defect.WIDE)
