"""Examples of the representation construction."""

from __future__ import annotations

from functools import partial

from swe_audit.alternatives.constructions.examples.nouns import Example
from swe_audit.model.construction import ConstructionKind, RefusalReason

_representation = partial(Example, kind=ConstructionKind.REPRESENTATION)

REPRESENTATIONS: tuple[Example, ...] = (
    _representation(
        name="the order of what is searched",
        gold='def sold(x):\n    return x in ("tea",\n             "milk", \'oat\')\n',
        after='def sold(x):\n    return x in (\'oat\',\n             "milk", "tea")\n',
    ),
    _representation(
        name="a tuple for a list that is iterated",
        gold="def sold(f):\n    for each in [f(1)]:\n        each()\n",
        after="def sold(f):\n    for each in (f(1),):\n        each()\n",
    ),
    _representation(
        name="a list for a tuple of names that is searched",
        gold="def sold(x):\n    return x not in (TEA, MILK)\n",
        after="def sold(x):\n    return x not in [TEA, MILK]\n",
    ),
    _representation(
        name="a subclass of the exception that is raised",
        gold="import math\n@cached\ndef total(prices):\n    raise ValueError(prices)\n",
        after=(
            'import math\nclass _SpecificValueError(ValueError):\n    """A ValueError of this'
            ' module."""\n\n\n@cached\ndef total(prices):\n    raise _SpecificValueError(prices)\n'
        ),
        test="assert info.type is ValueError\nself.assertEqual(type(error), ValueError)\n",
        mirror=(
            "assert issubclass(info.type, ValueError)\nself.assertIsInstance(error, ValueError)\n"
        ),
    ),
    _representation(
        name="a literal that is kept stays as it is",
        gold='KINDS = ["tea", "milk"]\nPAIRS = {1, 0}\nfor each in KINDS:\n    print(each)\n',
    ),
    _representation(
        name="where exceptions are told apart by their type, they stay",
        gold=(
            "def total(prices):\n    raise ValueError(prices)\n"
            "def handle(error):\n    return type(error) is ValueError\n"
        ),
        refused=RefusalReason.DYNAMIC,
    ),
)
