"""Join findings of one task that say the same: one pin is one finding, whoever shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from swe_audit.model.finding import Confidence, Defect, Finding

_ORDER = list(Confidence)
_DOUBTED = (Confidence.DISPUTED, Confidence.REFUTED)


def merged(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Join findings of the same pin: the surest of them counts, unless runs contradict one."""
    by_id: dict[str, Finding] = {}
    for finding in findings:
        known = by_id.get(finding.id)
        by_id[finding.id] = finding if known is None else _joined(known, finding)
    yield from by_id.values()


def explained(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Fold what is called unexplained into the finding that explains the very same pin."""
    found = list(findings)
    kept = [one for one in found if one.defect is not Defect.UNEXPLAINED]
    for one in found:
        if one.defect is not Defect.UNEXPLAINED:
            continue
        same = [
            at
            for at, other in enumerate(kept)
            if other.cause is not None and (other.cause, other.detail) == (one.cause, one.detail)
        ]
        if same:
            kept[same[0]] = _joined(kept[same[0]], one)
        else:
            kept.append(one)
    return tuple(kept)


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
