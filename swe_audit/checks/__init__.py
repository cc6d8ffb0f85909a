"""One file per defect; a new defect is a new file and a line in the registry."""

from __future__ import annotations

from dataclasses import replace

from swe_audit.checks.broken import broken
from swe_audit.checks.case import Case, Check, Rejection
from swe_audit.checks.contradictory import contradictory
from swe_audit.checks.flaky import flaky
from swe_audit.checks.leaky import leaky
from swe_audit.checks.merging import explained, merged
from swe_audit.checks.narrow import narrow
from swe_audit.checks.unexplained import unexplained
from swe_audit.checks.weak import weak
from swe_audit.checks.wide import wide
from swe_audit.evidence.encounter import encounter_rate
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
    """Run every check on a case; findings come most disqualifying first.

    Two of one pin are one, with the evidence of both; what one explains is not unexplained.
    """
    found = (finding for check in CHECKS.values() for finding in merged(check(case)))
    return tuple(_with_rate(case, finding) for finding in explained(found))


def _with_rate(case: Case, finding: Finding) -> Finding:
    """Add how often families meet a pin, from the verified tests that free least besides it."""
    if finding.defect not in (Defect.NARROW, Defect.WIDE):
        return finding
    freeing = [
        one
        for one in case.relaxed
        if any(
            (pin.cause, pin.detail) == (finding.cause, finding.detail)
            for pin in one.relaxation.pins
        )
    ]
    for one in sorted(freeing, key=lambda each: len(each.relaxation.pins)):
        rate = encounter_rate(case.task, one, case.candidates)
        if rate is not None:
            return replace(finding, encounter_rate=rate)
    return finding
