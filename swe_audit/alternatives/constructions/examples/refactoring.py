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
)
