"""A pinned order: the same items in another order are admitted."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from swe_audit.alternatives.ground import Ground
from swe_audit.judging.comparisons import literal
from swe_audit.model.finding import Cause
from swe_audit.model.relaxation import Pin, Step
from swe_audit.relaxation.nouns import NotRelaxableError, Place, Rewrite

_SPEAKS = re.compile(
    r"\b(?:re-?)?order(?:s|ed|ing)?\b(?! to\b)|\bsort(?:s|ed|ing)?\b|\bsequen\w+|\bfirst\b|\blast\b"
    r"|\bbefore\b|\bafter\b|\bdeterministic\w*|\bprecede\w*|\bpriorit\w+",
    re.IGNORECASE,
)


def relax_order(ground: Ground, pin: Pin) -> Iterator[Rewrite]:
    """Yield an assertion that compares two sequences as bags.

    Raise ``NotRelaxableError`` where the statement speaks of an order, or where what is compared
    is not seen to be two sequences with the same items.
    """
    if pin.cause is not Cause.ORDER_OR_FORMAT:
        return
    expected = literal(pin.detail)
    if expected is None or not isinstance(expected[0], list | tuple):
        return
    spoken = _SPEAKS.search(ground.task.statement)
    if spoken is not None:
        raise NotRelaxableError(f"the statement speaks of an order: {spoken[0]!r}")
    place = Place.of(ground, pin)
    sides = place.compared()
    if sides is None:
        raise NotRelaxableError(f"{pin.path}:{pin.line} is no comparison of two values")
    one, other = (place.source(side) for side in sides)
    if isinstance(place.statement, ast.Assert):
        assert isinstance(place.statement.test, ast.Compare)
        text = f"sorted({one}, key=repr) == sorted({other}, key=repr)"
        edit = place.replaced(place.statement.test, text)
    else:
        assert isinstance(place.statement, ast.Expr)
        assert isinstance(place.statement.value, ast.Call)
        call = place.source(place.statement.value.func).rpartition(".")[0]
        edit = place.replaced(place.statement, f"{call}.assertCountEqual({one}, {other})")
    yield Rewrite(step=Step.ORDER, edits=(edit,))
