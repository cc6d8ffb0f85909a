"""Whether the hints hold a detail: recorded, for hints never determine (EVIDENCE 2.7)."""

from __future__ import annotations

import re

from swe_audit.alternatives.licence.outcome import Outcome
from swe_audit.model.construction import LicenceCheck
from swe_audit.model.finding import Determinant


def examine(hints: str, detail: str) -> Outcome:
    """Return one check that says whether the detail stands in the hints, as a whole word."""
    if not hints.strip():
        return (LicenceCheck(rule="hints", text="there are no hints"),)
    match = re.search(rf"(?<![A-Za-z0-9_]){re.escape(detail)}(?![A-Za-z0-9_])", hints)
    if match is None:
        return (LicenceCheck(rule="hints", text="the hints do not hold it"),)
    start = hints.rfind("\n", 0, match.start()) + 1
    line = hints[start:].split("\n", 1)[0].strip()
    text = f"the hints hold it: {line[:200]}"
    return (LicenceCheck(rule="hints", text=text, determines=Determinant.HINT),)
