"""A keyword goes on to code outside gold's change, which gives its name (EVIDENCE 2.5)."""

from __future__ import annotations

from collections.abc import Iterable

from swe_audit.alternatives.licence.outcome import Denied, Outcome
from swe_audit.model.construction import LicenceCheck, RefusalReason


def examine(passed_on: Iterable[tuple[str, int, str]]) -> Outcome:
    """Deny a keyword that is passed on; each is path, line, and what is called there."""
    for path, line, called in passed_on:
        text = f"{path}:{line} passes it on to {called}, which gold does not define"
        return Denied(reason=RefusalReason.FORWARDED, text=text)
    return (LicenceCheck(rule="forwarding", text="it is passed to gold's own code only"),)
