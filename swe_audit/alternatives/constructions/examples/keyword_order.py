"""Examples of the construction that swaps keyword parameters."""

from __future__ import annotations

from functools import partial

from swe_audit.alternatives.constructions.examples.nouns import Example
from swe_audit.model.construction import ConstructionKind, RefusalReason

_order = partial(
    Example, kind=ConstructionKind.KEYWORD_ORDER, base="def total(prices):\n    pass\n"
)

KEYWORD_ORDERS: tuple[Example, ...] = (
    _order(
        name="positions in a test become keywords",
        gold="def total(prices, tax: int = 7, tip=(1, 2)):\n    pass\n",
        after="def total(prices, tip=(1, 2), tax: int = 7):\n    pass\n",
        test="total([], 7, 1)\ntotal([], 7)\ntotal([], tax=7)\n",
        mirror="total([], tax=7, tip=1)\ntotal([], tax=7)\ntotal([], tax=7)\n",
    ),
    _order(
        name="keywords only: no call can count",
        gold="def total(prices, *, tax, tip=None):\n    pass\n",
        after="def total(prices, *, tip=None, tax):\n    pass\n",
        test="total([], tax=7, tip=1)\n",
    ),
    _order(
        name="a caller outside tests counts positions",
        gold="def total(prices, tax=7, tip=1):\n    pass\n\ntotal([], 1, 2)\n",
        refused=RefusalReason.NOT_EDITABLE,
    ),
    _order(
        name="the statement gives the signature",
        statement="I want to call total(prices, tax=1, tip=2).",
        gold="def total(prices, tax=7, tip=1):\n    pass\n",
        refused=RefusalReason.STATED,
    ),
    _order(
        name="one new parameter has no order",
        gold="def total(prices, tax=7):\n    pass\n",
    ),
)
