"""One file per defect; a new defect is a new file and a line in the registry."""

from __future__ import annotations

from swe_audit.checks.broken import broken
from swe_audit.checks.case import Case, Check, Rejection
from swe_audit.checks.contradictory import contradictory
from swe_audit.checks.flaky import flaky
from swe_audit.checks.leaky import leaky
from swe_audit.checks.narrow import narrow
from swe_audit.checks.unexplained import unexplained
from swe_audit.checks.weak import weak
from swe_audit.checks.wide import wide
from swe_audit.model.finding import Defect, Finding

__all__ = ["CHECKS", "Case", "Check", "Rejection", "findings_of"]

CHECKS: dict[Defect, Check] = {
    Defect.BROKEN: broken,
    Defect.FLAKY: flaky,
    Defect.CONTRADICTORY: contradictory,
    Defect.NARROW: narrow,
    Defect.WIDE: wide,
    Defect.WEAK: weak,
    Defect.LEAKY: leaky,
    Defect.UNEXPLAINED: unexplained,
}


def findings_of(case: Case) -> tuple[Finding, ...]:
    """Run every check on a case; findings come most disqualifying first."""
    return tuple(finding for check in CHECKS.values() for finding in check(case))
