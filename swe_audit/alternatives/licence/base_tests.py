"""The tests of the base tree use a detail already (EVIDENCE 2.3)."""

from __future__ import annotations

from swe_audit.alternatives.licence.outcome import Denied, Outcome
from swe_audit.model.construction import LicenceCheck, RefusalReason


def examine(uses: tuple[tuple[str, int], ...]) -> Outcome:
    """Deny what the test files use before the test patch; ``uses`` are paths and lines there."""
    if uses:
        path, line = uses[0]
        text = f"the base tests use it in {path}:{line}"
        return Denied(reason=RefusalReason.BASE_TESTS, text=text)
    return (LicenceCheck(rule="base_tests", text="the base tests do not use it"),)
