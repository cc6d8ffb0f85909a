"""Examples of the refactoring construction."""

from __future__ import annotations

from functools import partial

from swe_audit.alternatives.constructions.examples.nouns import Example
from swe_audit.model.construction import ConstructionKind, RefusalReason

_refactoring = partial(Example, kind=ConstructionKind.REFACTORING)

REFACTORINGS: tuple[Example, ...] = (
    _refactoring(
        name="the branches of a condition are swapped",
        gold=(
            "def total(prices):\n    if prices is None:  # nothing yet\n        amount = 0\n"
            "    else:\n        # Taxed.\n        amount = 1\n    log(amount)\n"
        ),
        after=(
            "def total(prices):\n    if not (prices is None):  # nothing yet\n"
            "        # Taxed.\n        amount = 1\n    else:\n        amount = 0\n"
            "    log(amount)\n"
        ),
    ),
    _refactoring(
        name="a conditional expression is spelled out",
        gold="def total(prices):\n    return (sum(prices) if prices\n            else None)\n",
        after=(
            "def total(prices):\n    if prices:\n        return sum(prices)\n    else:\n"
            "        return None\n"
        ),
    ),
    _refactoring(
        name="two returns become a conditional expression",
        gold="def total(prices):\n    if not prices:\n        return 0\n    return sum(prices)\n",
        after="def total(prices):\n    return 0 if (not prices) else sum(prices)\n",
    ),
    _refactoring(
        name="a local that the next statement begins with is put there",
        gold="def total(prices):\n    found = max(prices) or 0\n    return found + 1\n",
        after="def total(prices):\n    return (max(prices) or 0) + 1\n",
    ),
    _refactoring(
        name="what is returned gets a name",
        gold="def total(prices):\n    return sum(prices) + f(prices)\n",
        after="def total(prices):\n    result = (sum(prices) + f(prices))\n    return result\n",
    ),
    _refactoring(
        name="a local used after another call stays where it is",
        gold="def total(prices):\n    found = max(prices)\n    log(f(), found)\n",
    ),
    _refactoring(
        name="lines that gold did not write stay",
        base="def total(prices):\n    return sum(prices)\n",
        gold="TAX = 1\ndef total(prices):\n    return sum(prices)\n",
    ),
    _refactoring(
        name="a function that looks at its own variables is left alone",
        gold="def total(prices):\n    return sum(locals().values())\n",
        refused=RefusalReason.DYNAMIC,
    ),
    _refactoring(
        name="a helper method becomes a function beside its class, and the tests follow",
        base="class Cart:\n    def total(self):\n        return 0\n",
        gold=(
            "class Cart:\n    def total(self):\n        log(self._summed(2))\n\n"
            "    def _summed(self, factor):\n        # Once.\n        self.n = factor\n"
        ),
        after=(
            "def _summed(self, factor):\n    # Once.\n    self.n = factor\n\n\n"
            "class Cart:\n    def total(self):\n        log(_summed(self, 2))\n\n"
        ),
        test='cart._summed(1)\npatch("shop.cart.Cart._summed")\n',
        mirror=(
            '__import__("shop.cart", fromlist=["_summed"])._summed(cart, 1)\n'
            'patch("shop.cart._summed")\n'
        ),
    ),
    _refactoring(
        name="a static helper loses its decorator",
        base="class Cart:\n    def total(self):\n        return 0\n",
        gold=(
            "class Cart:\n    def total(self):\n        log(self._summed())\n\n"
            "    @staticmethod\n    def _summed():\n        log(1)\n"
        ),
        after=(
            "def _summed():\n    log(1)\n\n\n"
            "class Cart:\n    def total(self):\n        log(_summed())\n\n"
        ),
    ),
    _refactoring(
        name="a helper function joins the one class that calls it, and the tests follow",
        base="class Cart:\n    def total(self):\n        return 0\n",
        gold=(
            "def _summed(prices):\n    log(prices)\n\n\n"
            "class Cart:\n    def total(self):\n        log(_summed(self))\n"
        ),
        after=(
            "\n\nclass Cart:\n    def total(self):\n        log(Cart._summed(self))\n\n"
            "    @staticmethod\n    def _summed(prices):\n        log(prices)\n"
        ),
        test='cart._summed(1)\npatch("shop.cart._summed")\n',
        mirror='cart.Cart._summed(1)\npatch("shop.cart.Cart._summed")\n',
    ),
    _refactoring(
        name="a helper that a test reaches in some other way stays",
        base="class Cart:\n    def total(self):\n        return 0\n",
        gold=(
            "class Cart:\n    def total(self):\n        log(self._summed())\n\n"
            "    def _summed(self):\n        log(self)\n"
        ),
        test='patch.object(Cart, "_summed")\n',
    ),
    _refactoring(
        name="a helper that the statement names stays",
        statement="Cart needs a method `_summed` that logs",
        base="class Cart:\n    def total(self):\n        return 0\n",
        gold=(
            "class Cart:\n    def total(self):\n        log(self._summed())\n\n"
            "    def _summed(self):\n        log(self)\n"
        ),
        refused=RefusalReason.STATED,
    ),
    _refactoring(
        name="a helper that asks for its parent's stays",
        base="class Cart:\n    def total(self):\n        return 0\n",
        gold=(
            "class Cart:\n    def total(self):\n        log(self._summed())\n\n"
            "    def _summed(self):\n        log(super())\n"
        ),
    ),
)
