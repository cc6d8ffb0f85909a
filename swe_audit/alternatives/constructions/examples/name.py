"""Examples of the renaming construction."""

from __future__ import annotations

from functools import partial

from swe_audit.alternatives.constructions.examples.nouns import Example
from swe_audit.model.construction import ConstructionKind, RefusalReason

_BASE = "class Cart:\n    def total(self):\n        return 0\n"

_name = partial(Example, kind=ConstructionKind.NAME, base=_BASE)

NAMES: tuple[Example, ...] = (
    _name(
        name="a constant that the tests import",
        gold=f"{_BASE}\nTAX_RATE = 7\n",
        after=f"{_BASE}\nTAX_RATE_VALUE = 7\n",
        test="from shop.cart import TAX_RATE\nassert TAX_RATE == 7\n",
        mirror="from shop.cart import TAX_RATE_VALUE\nassert TAX_RATE_VALUE == 7\n",
    ),
    _name(
        name="a new function, in strings and exports too",
        gold=(
            f'{_BASE}\n__all__ = ["Cart", "add_tax"]\n\ndef add_tax():\n    """add_tax() adds."""\n'
        ),
        after=(
            f'{_BASE}\n__all__ = ["Cart", "append_tax"]\n\n'
            'def append_tax():\n    """append_tax() adds."""\n'
        ),
        test='mock.patch("shop.cart.add_tax")\n',
        mirror='mock.patch("shop.cart.append_tax")\n',
        gold_more=(("docs/news.rst", "New: ``add_tax``.\n"),),
        after_more=(("docs/news.rst", "New: ``append_tax``.\n"),),
    ),
    _name(
        name="a parameter and the attribute that keeps it go together",
        gold=(
            "class Cart:\n    def __init__(self, tax_rate=0):\n        self.tax_rate = tax_rate\n"
            "    def total(self):\n        return 0 * self.tax_rate\n"
        ),
        after=(
            "class Cart:\n    def __init__(self, tax_rate_value=0):\n"
            "        self.tax_rate_value = tax_rate_value\n"
            "    def total(self):\n        return 0 * self.tax_rate_value\n"
        ),
        test="assert Cart(tax_rate=1).tax_rate == 1\n",
        mirror="assert Cart(tax_rate_value=1).tax_rate_value == 1\n",
    ),
    _name(
        name="a parameter whose word base has elsewhere: its own uses and its callers only",
        gold=(
            "class Cart:\n    def total(self, coupon=None):\n"
            '        """coupon is taken off, see coupon()."""\n'
            "        coupon = coupon or other.coupon\n"
            "        return [coupon for each in ()] + [(lambda coupon: coupon)(1)]\n"
        ),
        more=(
            (
                "shop/sales.py",
                "class Sale:\n    coupon = 1\n    def cut(self, coupon):\n        pass\n",
            ),
        ),
        after=(
            "class Cart:\n    def total(self, coupon_value=None):\n"
            '        """coupon is taken off, see coupon()."""\n'
            "        coupon_value = coupon_value or other.coupon\n"
            "        return [coupon_value for each in ()] + [(lambda coupon: coupon)(1)]\n"
        ),
        test="sale.cut(coupon=3)\ncart.total(coupon=3)\ncoupon = 3\n",
        mirror="sale.cut(coupon=3)\ncart.total(coupon_value=3)\ncoupon = 3\n",
    ),
    _name(
        name="a function whose word base has elsewhere is followed through imports",
        gold=f"{_BASE}\ndef discount():\n    return 1\n",
        more=(
            ("shop/__init__.py", ""),
            ("shop/sales.py", "discount = 1\n"),
            ("shop/price.py", "def price(discount): pass\n"),
        ),
        after=f"{_BASE}\ndef discount_impl():\n    return 1\n",
        test=(
            "from shop import sales, cart\nfrom shop.cart import discount as ours\n"
            "sales.discount\ncart.discount()\n"
        ),
        mirror=(
            "from shop import sales, cart\nfrom shop.cart import discount_impl as ours\n"
            "sales.discount\ncart.discount_impl()\n"
        ),
    ),
    _name(
        name="a module moves, and its imports follow",
        gold="from shop.coupons import cut\n" + _BASE,
        gold_more=(("shop/coupons.py", "from shop import cart as cut\n"),),
        after="from shop.coupons_code import cut\n" + _BASE,
        after_more=(
            ("shop/coupons_code.py", "from shop import cart as cut\n"),
            ("shop/coupons.py", None),
        ),
        test="import shop.coupons\n",
        mirror="import shop.coupons_code\n",
    ),
    _name(
        name="what the statement names is no free choice",
        statement="Give Cart a constant `TAX_RATE`.",
        gold=f"{_BASE}\nTAX_RATE = 7\n",
        refused=RefusalReason.STATED,
    ),
    _name(
        name="a method that a base class has",
        base="class Basket:\n    def empty(self): pass\nclass Cart(Basket):\n    pass\n",
        gold=(
            "class Basket:\n    def empty(self): pass\nclass Cart(Basket):\n"
            "    def empty(self): return 1\n"
        ),
        refused=RefusalReason.FRAMEWORK,
    ),
    _name(
        name="a method that the standard library's class has",
        base="import argparse\nclass Cart(argparse.ArgumentParser):\n    pass\n",
        gold=(
            "import argparse\nclass Cart(argparse.ArgumentParser):\n"
            "    def add_subparsers(self): return 1\n"
        ),
        refused=RefusalReason.FRAMEWORK,
    ),
    _name(
        name="a method of a class whose base nobody can see",
        base="from elsewhere import Basket\nclass Cart(Basket):\n    pass\n",
        gold=(
            "from elsewhere import Basket\nclass Cart(Basket):\n    def tax_rate(self): return 1\n"
        ),
        refused=RefusalReason.UNRESOLVED_BASE,
    ),
    _name(
        name="a method that base reaches by a name that it builds",
        gold=f"{_BASE}    def price_tea(self):\n        return 1\n",
        more=(
            ("shop/all.py", 'def ask(cart, what):\n    return getattr(cart, "price_" + what)()\n'),
        ),
        refused=RefusalReason.DYNAMIC,
    ),
    _name(
        name="a method that base calls on whatever it is given",
        gold=f"{_BASE}    def checkout(self):\n        return 1\n",
        more=(("shop/all.py", "def ask(cart):\n    return cart.checkout()\n"),),
        refused=RefusalReason.FRAMEWORK,
    ),
    _name(
        name="a function that a decorator registers",
        gold=f"{_BASE}\n@register.filter\ndef add_tax():\n    return 1\n",
        refused=RefusalReason.DYNAMIC,
    ),
    _name(
        name="a keyword that goes on to code of others",
        gold="class Cart:\n    def total(self, fee=1):\n        return outside(fee=fee)\n",
        refused=RefusalReason.FORWARDED,
    ),
    _name(
        name="a keyword that goes on to the method of a class above",
        base="class Cart:\n    def __init__(self, fee): pass\n",
        gold=(
            "class Cart:\n    def __init__(self, fee): pass\n"
            "class Basket(Cart):\n    def __init__(self, fee):\n"
            "        super().__init__(fee=fee)\n"
        ),
        after=(
            "class Cart:\n    def __init__(self, fee): pass\n"
            "class BasketType(Cart):\n    def __init__(self, fee):\n"
            "        super().__init__(fee=fee)\n"
        ),
        refused=RefusalReason.FORWARDED,
    ),
    _name(
        name="a new method and what overrides it in a class below",
        base="class Cart: pass\nclass Basket(Cart): pass\n",
        gold=(
            "class Cart:\n    def tax_rate(self): return 1\n"
            "class Basket(Cart):\n    def tax_rate(self): return 2\n"
        ),
        after=(
            "class Cart:\n    def tax_rate_impl(self): return 1\n"
            "class Basket(Cart):\n    def tax_rate_impl(self): return 2\n"
        ),
    ),
    _name(
        name="an option that the command line spells with hyphens",
        gold='def total(tax_rate=1):\n    parser.add_argument("--tax-rate")\n',
        refused=RefusalReason.NOT_EDITABLE,
    ),
    _name(
        name="a method that gold only moves up to another class",
        base="class Basket:\n    pass\nclass Cart(Basket):\n    def tax_rate(self): pass\n",
        gold="class Basket:\n    def tax_rate(self): pass\nclass Cart(Basket):\n    pass\n",
        refused=RefusalReason.IN_BASE,
    ),
    _name(
        name="a method that a class of the standard library finds by its beginning",
        base="import ast\nclass Cart(ast.NodeVisitor):\n    pass\n",
        gold="import ast\nclass Cart(ast.NodeVisitor):\n    def visit_Mult(self): pass\n",
        refused=RefusalReason.FRAMEWORK,
    ),
    _name(
        name="a parameter of a function that is handed over",
        gold="def paid(fee):\n    pass\n\nsignals.connect(paid)\n",
        after="def paid_impl(fee):\n    pass\n\nsignals.connect(paid_impl)\n",
        refused=RefusalReason.UNKNOWN_CALLER,
    ),
    _name(
        name="what the language calls by its name",
        gold=f"{_BASE}    def __len__(self):\n        return 1\n",
        refused=RefusalReason.DUNDER,
    ),
    _name(
        name="a function that gold only moves to another file",
        base="def total(): pass\n",
        gold="from shop.sums import total\n",
        gold_more=(("shop/sums.py", "def total(): pass\n"),),
        refused=RefusalReason.IN_BASE,
        after="from shop.sums_code import total\n",
        after_more=(("shop/sums_code.py", "def total(): pass\n"),),
    ),
)
