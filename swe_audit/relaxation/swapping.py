"""A pinned plain value: another that the statement allows as well is admitted.

Only where the statement itself gives both as a choice. Whether it would allow a third is a
matter of judgement, and that is left to people.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from swe_audit.alternatives.ground import Ground
from swe_audit.judging.comparisons import literal
from swe_audit.model.finding import Cause
from swe_audit.model.relaxation import Pin, Step
from swe_audit.relaxation.nouns import NotRelaxableError, Place, Rewrite
from swe_audit.statements import doubt_in, sentences_of

_OFFERS = re.compile(
    r"\bcould\b|\bwhichever\b|\beither (?:one|is|of)\b|\bup to (?:you|us|the implementation)\b"
    r"|\bwould (?:do|work|suffice|be (?:fine|ok|okay|good|acceptable|enough))\b",
    re.IGNORECASE,
)
_PLAIN = (str, int, float, bool, bytes, type(None))


def relax_value(ground: Ground, pin: Pin) -> Iterator[Rewrite]:
    """Yield the assertion with both values admitted.

    Raise ``NotRelaxableError`` where no sentence of the statement gives the two as a choice.
    """
    if pin.cause is not Cause.VALUE or not pin.observed:
        return
    wanted, met = literal(pin.detail) or (pin.detail,), literal(pin.observed)
    if met is None or not isinstance(met[0], _PLAIN) or not isinstance(wanted[0], _PLAIN):
        return
    choice = _choice(ground.task.statement, str(wanted[0]), str(met[0]))
    if not choice:
        raise NotRelaxableError("the statement does not give this value and the other as a choice")
    place = Place.of(ground, pin)
    side = _side(place, wanted[0])
    both = f"({place.source(side)}, {met[0]!r})"
    sides = place.compared()
    assert sides is not None
    other = place.source(sides[1] if sides[0] is side else sides[0])
    if isinstance(place.statement, ast.Assert):
        edit = place.replaced(place.statement.test, f"{other} in {both}")
    else:
        assert isinstance(place.statement, ast.Expr)
        assert isinstance(place.statement.value, ast.Call)
        call = place.source(place.statement.value.func).rpartition(".")[0]
        edit = place.replaced(place.statement, f"{call}.assertIn({other}, {both})")
    yield Rewrite(step=Step.SWAP, edits=(edit,), choice=choice if is_offered(choice) else "")


def is_offered(sentence: str) -> bool:
    """Whether a sentence leaves a choice to whoever solves the task, not to the program's users.

    Otherwise the program may have to know when it is which, and the statement determines both.
    """
    return _OFFERS.search(sentence) is not None


def _side(place: Place, wanted: object) -> ast.expr:
    for side in place.compared() or ():
        if isinstance(side, ast.Constant) and side.value == wanted:
            return side
    raise NotRelaxableError(f"{place.path}:{place.statement.lineno} does not compare the value")


def _choice(statement: str, one: str, other: str) -> str:
    """The sentence, not taken back, that says ``one or other`` near each other; '' for none."""
    first, second = (rf"(?<!\w){re.escape(each)}(?!\w)" for each in (one, other))
    quotes = r"[\s`'\"*()]*"
    for each in sentences_of(statement):
        for left, right in ((first, second), (second, first)):
            if re.search(rf"{left}{quotes},?{quotes}or\b{quotes}{right}", each):
                return "" if doubt_in(each) else each
    return ""
