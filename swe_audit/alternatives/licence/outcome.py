"""What a rule says of a detail: the checks that it made, or that it must not be changed."""

from __future__ import annotations

from dataclasses import dataclass

from swe_audit.model.construction import LicenceCheck, RefusalReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """The detail is not free: the typed reason, and the fact behind it in one line."""

    reason: RefusalReason
    text: str


Outcome = Denied | tuple[LicenceCheck, ...]
