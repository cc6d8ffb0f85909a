"""``narrow``: a correct alternative is rejected for a detail that the statement leaves free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from swe_audit.checks import constructed, curated
from swe_audit.checks.case import Case
from swe_audit.model.finding import Confidence, Defect, Finding

_ORDER = list(Confidence)
_DOUBTED = (Confidence.DISPUTED, Confidence.REFUTED)


def narrow(case: Case) -> Iterator[Finding]:
    """Find names, messages, signatures, orders and the like that a rejection shows to be pinned.

    What a curated file and a construction both show is one finding with both as its evidence.
    """
    yield from merged([*curated.findings(case, Defect.NARROW), *constructed.findings(case)])


def merged(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Join findings of the same pin: the surest of them counts, unless runs contradict one."""
    by_id: dict[str, Finding] = {}
    for finding in findings:
        known = by_id.get(finding.id)
        by_id[finding.id] = finding if known is None else _joined(known, finding)
    yield from by_id.values()


def _joined(one: Finding, other: Finding) -> Finding:
    sure, less = sorted((one, other), key=lambda each: _ORDER.index(each.confidence))
    return replace(
        sure,
        confidence=less.confidence if less.confidence in _DOUBTED else sure.confidence,
        tests=tuple(dict.fromkeys((*sure.tests, *less.tests))),
        determined_by=tuple(dict.fromkeys((*sure.determined_by, *less.determined_by))),
        rungs=tuple(dict.fromkeys((*sure.rungs, *less.rungs))),
        candidates=tuple(dict.fromkeys((*sure.candidates, *less.candidates))),
        evidence=(*sure.evidence, *less.evidence),
    )
