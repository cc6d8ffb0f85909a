"""The pins of a rejected candidate: its failing assertions, by what they insist on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from swe_audit.judging.comparisons import comparison
from swe_audit.model.finding import Cause, Explanation
from swe_audit.model.observation import Observation, SoftRun
from swe_audit.model.relaxation import Pin

_COMPARED = (Cause.VALUE, Cause.ORDER_OR_FORMAT, Cause.MESSAGE_TEXT)


def pins_of(explanations: Iterable[Explanation]) -> tuple[Pin, ...]:
    """Return one pin for each detail that some tests reject a candidate for, in their order.

    What has no detail is a pin of its own for each assertion.
    """
    return grouped([_told(each) for each in explanations])


def pins_seen(run: SoftRun, explanations: Sequence[Explanation]) -> tuple[Pin, ...]:
    """Return the pins of all failing assertions, seen one by one in a softened run.

    A test of which nothing was seen gives what its log explains; so does a void run.
    """
    failed = [each for each in run.observations if not each.passed and each.cause is not None]
    if run.void or not failed:
        return pins_of(explanations)
    seen = {each.test for each in failed}
    rest = [_told(each) for each in explanations if each.test not in seen]
    return grouped([*(_observed(each) for each in failed), *rest])


def grouped(single: Sequence[Pin]) -> tuple[Pin, ...]:
    """Return one pin for all that insist on the same, with the tests of each."""
    groups: dict[str, list[Pin]] = {}
    for each in single:
        groups.setdefault(each.id, []).append(each)
    return tuple(_joined(members) for members in groups.values())


def _joined(members: Sequence[Pin]) -> Pin:
    first = next((each for each in members if each.path and each.line), members[0])
    return Pin(
        cause=first.cause,
        detail=first.detail,
        path=first.path,
        line=first.line,
        tests=tuple(dict.fromkeys(test for each in members for test in each.tests)),
        observed=first.observed,
        assertion=first.assertion,
    )


def _observed(seen: Observation) -> Pin:
    return Pin(
        cause=seen.cause or Cause.VALUE,
        detail=seen.detail,
        path=seen.path,
        line=seen.line,
        tests=(seen.test,),
        observed=seen.exception if seen.cause is Cause.EXCEPTION_TYPE else seen.observed,
        assertion=seen.source,
    )


def _told(told: Explanation) -> Pin:
    return Pin(
        cause=told.cause,
        detail=told.detail,
        path=told.path or "",
        line=told.line or 0,
        tests=(told.test,),
        observed=_instead(told),
        assertion=told.assertion,
    )


def _instead(told: Explanation) -> str:
    """Return what a candidate has instead: the class that it raises, or the value it gives."""
    if told.cause is Cause.EXCEPTION_TYPE:
        return told.exception
    if told.cause not in _COMPARED:
        return ""
    compared = comparison(told.message, told.assertion)
    return compared.actual if compared is not None else ""
