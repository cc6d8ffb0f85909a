"""Renaming and swapping change what their record says and nothing else, on generated programs."""

from __future__ import annotations

import re
import sys
from types import ModuleType

import fakes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swe_audit.alternatives.constructions.keyword_order import keyword_orders
from swe_audit.alternatives.constructions.name import names
from swe_audit.formats.trees import difference, patched
from swe_audit.model.construction import ConstructionKind, Site
from swe_audit.model.tree import Tree
from swe_audit.workshop import all_compile, candidate_patch, edited, ground_of

MODULE, TESTS = "shop_made/cart.py", "tests/test_cart.py"
OLD = ("price", "count", "label", "amount")
NEW = ("coupon", "tax_rate", "add_fee", "tipLimit")

PIECES = (
    # what gold adds at the end of the class, and what a test does with it
    ("    def {a}(self, {b}=1, {c}=2):\n        return ({b}, {c}, self.price)\n",
     "assert Cart(5).{a}({b}=3) == (3, 2, 5)\nassert Cart(5).{a}(3, 4) == (3, 4, 5)\n"),
    ("    {a} = 7\n", "assert Cart.{a} == 7\nassert Cart(1).{a} == 7\n"),
    ("    def count_all(self, *, {b}, {c}=3):\n        {a} = [{b} for {b} in (1, {b})]\n"
     "        return {a}, (lambda {c}: {c})(2), f'{{{c}}}'\n",
     "assert Cart(1).count_all({b}=9) == ([1, 9], 2, '3')\n"),
    ("\ndef {a}({b}=0):\n    def inner({b}):\n        return {b}\n    return inner(1) + {b}\n",
     "assert cart.{a}({b}=2) == 3\nfrom shop_made.cart import {a} as ours\nassert ours(4) == 5\n"),
    ("\n{a} = 3\ndef use_it():\n    global {a}\n    {a} += 1\n    return {a}\n",
     "assert cart.use_it() == 4\nassert getattr(cart, '{a}') == 4\n"),
    ("    def set_up(self):\n        self.{a} = 2\n        return self.{a}\n",
     "made = Cart(1)\nmade.set_up()\nassert made.{a} == 2\n"),
    ("\nclass {a}(Cart):\n    def __init__(self, {b}):\n        super().__init__(price={b})\n",
     "assert cart.{a}({b}=3).price == 3\n"),
)  # fmt: skip

BASE = (
    "def label(count, amount=1):\n    price = count\n    return price * amount\n\n\n"
    "class Cart:\n    count = 0\n\n    def __init__(self, price):\n        self.price = price\n"
)
HEAD = "from shop_made import cart\nfrom shop_made.cart import Cart\n"


@st.composite
def programs(draw):
    """A gold module and a test that passes on it."""
    piece, test = draw(st.sampled_from(PIECES))
    words = draw(st.lists(st.sampled_from([*NEW, *OLD]), min_size=3, max_size=3, unique=True))
    a, b, c = words
    fields = {"a": a, "b": b, "c": c}
    remark = draw(st.sampled_from(["", "# é about {a}\n", '"""{b}, {c}: é"""\n']))
    gold = remark.format(**fields) + BASE + piece.format(**fields)
    return BASE, gold, HEAD + test.format(**fields)


def run(module, test):
    """Run a test against a module, both as text; what it asserts it raises."""
    package, cart = ModuleType("shop_made"), ModuleType("shop_made.cart")
    package.cart = cart
    sys.modules.update({"shop_made": package, "shop_made.cart": cart})
    try:
        exec(compile(module, MODULE, "exec"), vars(cart))
        exec(compile(test, TESTS, "exec"), {})
    finally:
        del sys.modules["shop_made"], sys.modules["shop_made.cart"]


def passes(module, test):
    try:
        run(module, test)
    except (AssertionError, AttributeError, NameError, TypeError, SyntaxError):
        return False
    return True


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programs())
def test_a_changed_name_or_order_is_all_that_changes_and_its_mirror_passes(program):
    base_text, gold_text, test_text = program
    if not passes(gold_text, test_text):  # the drawn words collide with each other's meanings
        return
    base = Tree({MODULE: base_text.encode()})
    gold = base.with_files({MODULE: gold_text})
    tests = base.with_files({TESTS: test_text})
    task = fakes.make_task(
        gold_patch=difference(base, gold, [MODULE]), test_patch=difference(base, tests, [TESTS])
    )
    ground = ground_of(task, base)
    for site in (*names(ground), *keyword_orders(ground)):
        if not isinstance(site, Site):
            continue
        after = edited(ground.gold, site.edits, site.moves)
        mirrored = edited(ground.tests, site.mirror)
        assert all_compile(after, [MODULE])
        assert patched(base, candidate_patch(ground, [site])).read(MODULE) == after.read(MODULE)
        run(after.read(MODULE), mirrored.read(TESTS))
        if site.kind is ConstructionKind.NAME:
            undone = [(gold_text, after.read(MODULE)), (test_text, mirrored.read(TESTS))]
            for before, changed in undone:
                assert re.sub(rf"\b{site.replacement}\b", site.detail, changed) == before
            for edit in site.edits:
                assert gold_text[edit.start : edit.end] == site.detail
                assert edit.text == site.replacement
