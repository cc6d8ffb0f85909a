"""``contradictory``: the tests reject what the statement itself prescribes."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.checks.case import Case
from swe_audit.checks.curated import findings
from swe_audit.model.finding import Defect, Finding


def contradictory(case: Case) -> Iterator[Finding]:
    """Find rejected alternatives that do what the statement says."""
    yield from findings(case, Defect.CONTRADICTORY)
