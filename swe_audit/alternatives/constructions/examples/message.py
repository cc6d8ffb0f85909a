"""Examples of the message construction."""

from __future__ import annotations

from functools import partial

from swe_audit.alternatives.constructions.examples.nouns import Example
from swe_audit.model.construction import ConstructionKind, RefusalReason

_BASE = "def total(prices):\n    return 0\n"


def _raising(text: str, *, indent: str = "    ") -> str:
    return f"def total(prices):\n    if not prices:\n    {indent}raise ValueError({text})\n"


_message = partial(Example, kind=ConstructionKind.MESSAGE, base=_BASE)

MESSAGES: tuple[Example, ...] = (
    _message(
        name="a plain text is reworded, and the test that compares it too",
        gold=_raising('"the cart must be filled"'),
        after=_raising('"the cart has to be filled"'),
        test='assert str(error) == "the cart must be filled"\n',
        mirror='assert str(error) == "the cart has to be filled"\n',
    ),
    _message(
        name="a pattern of a test may hold part of it, with escapes",
        gold=_raising('"empty (no prices): they must be, got %r" % prices'),
        after=_raising('"empty (no prices): they has to be, received %r" % prices'),
        test='raises(ValueError, match=r"\\(no prices\\): they must be, got .*$")\n',
        mirror='raises(ValueError, match=r"\\(no prices\\): they has to be, received .*$")\n',
    ),
    _message(
        name="an f-string is met by the test's own values, across literals",
        gold=_raising('f"{name} is not allowed in {cart}, only "\n            f"{other!r:>3} can"'),
        after=_raising(
            'f"{name} is not permitted in {cart}, solely "\n            f"{other!r:>3} can"'
        ),
        test='m = ("tea is not allowed in Bob\'s cart, "\n     "only \'milk\' can")\n',
        mirror='m = ("tea is not permitted in Bob\'s cart, "\n     "solely \'milk\' can")\n',
    ),
    _message(
        name="an expectation that is a template itself is met hole by hole",
        gold=_raising('_("%(name)s: invalid price %(price)s.") % values'),
        after=_raising('_("%(name)s: unacceptable price %(price)s.") % values'),
        test='expected = "{}: invalid price {}.".format("tea", 3)\n',
        mirror='expected = "{}: unacceptable price {}.".format("tea", 3)\n',
    ),
    _message(
        name="a text that passes through a constant and a translation",
        gold=(
            'EMPTY = gettext_lazy("A cart cannot be empty.")\n'
            "def total(prices):\n    raise CartError(EMPTY)\n"
        ),
        after=(
            'EMPTY = gettext_lazy("A cart can not be empty.")\n'
            "def total(prices):\n    raise CartError(EMPTY)\n"
        ),
        test='"""\n>>> total([])\nCartError: A cart\ncannot be empty.\n"""\n',
        mirror='"""\n>>> total([])\nCartError: A cart\ncan not be empty.\n"""\n',
    ),
    _message(
        name="two words that a test searches for are mirrored, and so is a shell pattern",
        gold=_raising('f"{name} must be a price, given for {cart}"'),
        after=_raising('f"{name} has to be a price, supplied for {cart}"'),
        test='raises_regex(E, "given for")\nlines.fnmatch_lines(["*must be a price*"])\n',
        mirror='raises_regex(E, "supplied for")\nlines.fnmatch_lines(["*has to be a price*"])\n',
    ),
    _message(
        name="one word that a test searches for stays, for it may mean anything",
        gold=_raising('f"{name} is invalid, expected a price"'),
        after=_raising('f"{name} is not valid, expected a price"'),
        test='with raises(ValueError, match="expected"): total()\n',
    ),
    _message(
        name="what software reads of a check stays",
        gold=(
            "def check(f):\n"
            '    return [checks.Error("%s must be a price." % f, hint="Use a number.",'
            ' id="shop.E001")]\n'
            "def checked(f):\n    return check(f)\n"
        ),
        after=(
            "def check(f):\n"
            '    return [checks.Error("%s has to be a price." % f, hint="Use a number.",'
            ' id="shop.E001")]\n'
            "def checked(f):\n    return check(f)\n"
        ),
        more=(("shop/other.py", 'checks.Error("x", hint="Use a number.")\n'),),
        refused=RefusalReason.IN_BASE,
    ),
    _message(
        name="a new number in an old text is no new text",
        base='raise ImproperlyConfigured("Tea 3.8.3 or later is required (found %s)." % v)\n',
        gold='raise ImproperlyConfigured("Tea 3.9.0 or later is required (found %s)." % v)\n',
        refused=RefusalReason.IN_BASE,
    ),
    _message(
        name="a text with the skeleton of another is foreseen",
        more=(("shop/order.py", 'raise ValueError(f"order_total must be {kind}")\n'),),
        gold=_raising('f"cart_total must be {kind}"'),
        refused=RefusalReason.SHARED_SKELETON,
    ),
    _message(
        name="what gold keeps of an older text stays",
        base=_raising('"prices must be a list"'),
        gold=_raising('"prices must be a list or missing"'),
        after=_raising('"prices must be a list or lacking"'),
        test='match="prices must be a list or missing"\n',
        mirror='match="prices must be a list or lacking"\n',
    ),
    _message(
        name="a text that the statement gives is not free",
        statement="It should fail with `the cart must be filled`.",
        gold=_raising('"the cart must be filled"'),
        refused=RefusalReason.STATED_TEXT,
    ),
    _message(
        name="codes have no other wording",
        gold=_raising('"E4012_BAD"'),
        refused=RefusalReason.NO_WORDING,
    ),
)
