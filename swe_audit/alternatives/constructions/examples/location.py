"""Examples of the location construction."""

from __future__ import annotations

from functools import partial

from swe_audit.alternatives.constructions.examples.nouns import Example
from swe_audit.model.construction import ConstructionKind, RefusalReason

_PACKAGE = ("shop/__init__.py", "")
_location = partial(Example, kind=ConstructionKind.LOCATION, more=(_PACKAGE,))

_BASE = "import math\n\n\ndef total(prices):\n    return 0\n"

LOCATIONS: tuple[Example, ...] = (
    _location(
        name="a function moves with the imports that it needs",
        base=_BASE,
        gold=(
            "import math\n\n\ndef _round(price):\n    return math.floor(price)\n\n\n"
            "def total(prices):\n    return _round(0)\n"
        ),
        after=(
            "import math\n\n\nfrom . import _round_module\n\n\n"
            "def total(prices):\n    return _round_module._round(0)\n"
        ),
        gold_more=(("shop/order.py", "from shop.cart import _round, total\n"),),
        after_more=(
            (
                "shop/_round_module.py",
                "import math\n\n\ndef _round(price):\n    return math.floor(price)\n",
            ),
            (
                "shop/order.py",
                "from shop.cart import (total)\nfrom shop._round_module import _round\n",
            ),
        ),
        test=(
            "from shop import cart\nfrom shop.cart import _round\n"
            'patch("shop.cart._round")\npatch.object(cart, "_round")\ncart._round(1)\n'
        ),
        mirror=(
            "from shop import cart\nfrom shop._round_module import _round\n"
            'patch("shop.cart._round_module._round")\n'
            'patch.object(cart._round_module, "_round")\ncart._round_module._round(1)\n'
        ),
    ),
    _location(
        name="what uses its own module stays, for it would import in a circle",
        base=_BASE,
        gold=f"{_BASE}\n\ndef twice(prices):\n    return 2 * total(prices)\n",
        refused=RefusalReason.CIRCULAR_IMPORT,
    ),
    _location(
        name="what knows its module stays",
        base=_BASE,
        gold=f"{_BASE}\n\nLOG = get_log(__name__)\n",
        refused=RefusalReason.DYNAMIC,
    ),
    _location(
        name="what may be reached unseen stays",
        base=_BASE,
        gold=f"{_BASE}\n\nTAX = 1\n",
        gold_more=(("shop/order.py", "import shop.cart as c\nc.TAX\n"),),
        refused=RefusalReason.NOT_EDITABLE,
    ),
    _location(
        name="what a framework looks for stays",
        base=_BASE,
        gold=f"{_BASE}\n\ndef setup(app):\n    return 1\n",
        refused=RefusalReason.FRAMEWORK,
    ),
)
