"""Whatever gold looks like, a construction changes what its record says and nothing else."""

from __future__ import annotations

import ast
import importlib
import re
import sys

import fakes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swe_audit.alternatives.constructions import CONSTRUCTIONS
from swe_audit.alternatives.ground import Ground
from swe_audit.model.construction import ConstructionKind, Site
from swe_audit.model.tree import Tree
from swe_audit.workshop import edited

MODULE, TESTS = "shop/cart.py", "tests/test_cart.py"


def ground_of_new(gold, test="pass\n", **more):
    """A ground whose gold adds everything."""
    base = Tree({})
    files = {MODULE: gold, **more}
    return Ground(
        task=fakes.make_task(statement="total() is always 0"),
        base=base,
        gold=base.with_files(files),
        tests=base.with_files({TESTS: test}),
        added={path: frozenset(range(1, text.count("\n") + 2)) for path, text in files.items()},
        test_paths=(TESTS,),
    )


def sites_of(kind, ground):
    return [each for each in CONSTRUCTIONS[kind](ground) if isinstance(each, Site)]


def executed(source):
    names = {}
    exec(compile(source, "<test>", "exec"), names)
    return names


VOCABULARY = (
    "the cart must be filled is invalid cannot add tea to price expected got value and or not"
    " allowed for Milk E102 its_name 'quoted' 100%"
)
WORDS = st.sampled_from(VOCABULARY.split())
RUN = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


@st.composite
def spoken(draw):
    """A message as Python code that uses a and b, in one of the ways in which it may be written."""
    runs = draw(st.lists(RUN, min_size=1, max_size=3))
    way = draw(st.sampled_from(["plain", "percent", "format", "fstring", "plus", "implicit"]))
    holes = ["a", "b"][: len(runs) - 1]
    quote = draw(st.sampled_from(['"', '"""']))
    if way == "percent":
        text = "%s".join(run.replace("%", "%%") for run in runs)
        return f"{quote}{text}{quote} % ({''.join(f'{hole}, ' for hole in holes)})"
    if way == "format":
        return f"{quote}{'{}'.join(runs)}{quote}.format({', '.join(holes)})"
    if way == "plus":
        joined = " + ".join(
            part
            for run, hole in zip(runs, [*holes, ""], strict=True)
            for part in (f"{quote}{run} {quote}", hole)
            if part
        )
        return f"({joined})"
    middle = f"{quote}\n        {'f' if holes else ''}{quote}" if way == "implicit" else ""
    text = ""
    for run, hole in zip(runs, [*holes, ""], strict=True):
        text += run.replace(" ", f" {middle}", 1) + (f" {{{hole}}} " if hole else "")
    return f"({'f' if holes else ''}{quote}{text}{quote})"


def said(source):
    try:
        executed(source)["fail"]("v1", "v-2")
    except ValueError as error:
        return str(error)
    raise AssertionError("nothing was raised")


def shape(source):
    """A module's syntax tree with its texts left out."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return re.sub(r"Constant\(value=''\)(?:, )?", "", ast.dump(tree))


@settings(max_examples=30, deadline=None)
@given(code=spoken(), patterned=st.booleans())
def test_a_reworded_message_keeps_its_placeholders_and_the_mirror_says_the_same(code, patterned):
    gold = f"def fail(a, b):\n    raise ValueError({code})\n"
    old = said(gold)
    expected = re.escape(old).replace("v1", ".*") if patterned else old
    ground = ground_of_new(gold, test=f"EXPECTED = {expected!r}\n")
    for site in sites_of(ConstructionKind.MESSAGE, ground):
        text = edited(ground.gold, site.edits).read(MODULE)
        new = said(text)
        assert shape(text) == shape(gold)
        assert new != old
        assert [v for v in ("v1", "v-2") if v in new] == [v for v in ("v1", "v-2") if v in old]
        for kept in ("E102", "its_name", "'quoted'", "100%"):
            assert new.count(kept) == old.count(kept)
        mirrored = executed(edited(ground.tests, site.mirror).read(TESTS))["EXPECTED"]
        assert re.search(mirrored, new) if patterned else mirrored == new


EXPRESSION = st.recursive(
    st.sampled_from(["a", "b", "n(1)", "n(0)", "[]", "3", "w"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"n({two[0]}, {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} == {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"{two[0]} or {two[1]}"),
        st.tuples(inner, inner, inner).map(lambda it: f"({it[0]} if {it[1]} else {it[2]})"),
        st.tuples(inner, inner).map(lambda two: f"(n(2) in ({two[0]}, {two[1]}))"),
        inner.map(lambda one: f"(n(1) not in [1, {one}, 3])"),
        st.just("(n(4) in (4, 'x', None))"),
        inner.map(lambda one: f"(not {one})"),
    ),
    max_leaves=5,
)


def indented(lines):
    return [f"    {line}" for line in lines]


BLOCK = st.recursive(
    st.one_of(
        EXPRESSION.map(lambda e: [f"w = {e}"]),
        EXPRESSION.map(lambda e: [f"w = {e}", "n(w)"]),
        st.tuples(EXPRESSION, EXPRESSION).map(lambda e: [f"x = {e[0]}", f"w = x == ({e[1]})"]),
        EXPRESSION.map(lambda e: [f"return {e}"]),
        EXPRESSION.map(lambda e: ["if a:", f"    return {e}", "return n(7)"]),
        EXPRESSION.map(lambda e: [f"return {e} if n(5) else b"]),
        EXPRESSION.map(lambda e: [f"w = {e} if n(6) else b"]),
        EXPRESSION.map(lambda e: [f"raise ValueError({e})"]),
        EXPRESSION.map(lambda e: [f"for x in [{e}, 2]:", "    n(x)"]),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: two[0] + two[1]),
        st.tuples(EXPRESSION, inner, inner).map(
            lambda it: [f"if {it[0]}:", *indented(it[1]), "else:  # no", *indented(it[2])]
        ),
        st.tuples(EXPRESSION, inner).map(lambda it: [f"if ({it[0]}):", *indented(it[1])]),
        st.tuples(EXPRESSION, inner, EXPRESSION, inner).map(
            lambda it: [
                f"if({it[0]}):",
                *indented(it[1]),
                f"elif {it[2]}:",
                *indented(it[3]),
                "else:",
                "    pass",
            ]
        ),
        inner.map(lambda block: ["try:", *indented(block), "except ValueError:", "    n(8)"]),
    ),
    max_leaves=4,
)


def trace(source, a, b):
    """What a function evaluates, in order, and what comes of it."""
    seen = []

    def note(*values):
        seen.append(repr(values))
        return values[0] if values[0] != 2 else b

    names = {"n": note, "w": 9}
    exec(compile(source, "<test>", "exec"), names)
    try:
        return seen, names["f"](a, b)
    except ValueError as error:
        return seen, ("ValueError", isinstance(error, ValueError), str(error))


@pytest.mark.parametrize(
    "kind", [ConstructionKind.REFACTORING, ConstructionKind.REPRESENTATION, ConstructionKind.NOISE]
)
@settings(max_examples=30, deadline=None)
@given(block=BLOCK)
def test_a_function_written_otherwise_evaluates_the_same_in_the_same_order(kind, block):
    gold = "\n".join(["def f(a, b, w=0):", *indented(block), ""])
    ground = ground_of_new(gold)
    sites = sites_of(kind, ground)
    every = [edit for site in sites for edit in site.edits]
    for edits in [*(site.edits for site in sites), every]:
        text = edited(ground.gold, edits).read(MODULE)
        for a, b in ((0, 1), (1, 0), (2, 4)):
            assert trace(text, a, b) == trace(gold, a, b), text


LOCATED = """\
import math
from math import floor as down
TAX = 3
def _taxed(price, by=down):
    \"\"\"Add.\"\"\"
    return by(price) + math.ceil(1.2)
class Tea:
    price = down(2.5)
def total(prices):
    return [_taxed(price) + TAX + Tea().price for price in prices]
"""


def test_a_package_from_which_definitions_moved_imports_and_does_the_same(tmp_path, monkeypatch):
    more = {
        "shop/__init__.py": "",
        "shop/use.py": "from .cart import (TAX,\n  _taxed as t)\nfrom . import cart\nX = t(TAX)\n",
    }
    ground = ground_of_new(LOCATED, **more)
    sites = [s for s in sites_of(ConstructionKind.LOCATION, ground) if s.path == MODULE]
    assert {site.detail for site in sites} == {
        "shop.cart.TAX", "shop.cart._taxed", "shop.cart.Tea",
    }  # fmt: skip
    for number, site in enumerate(sites):
        root = tmp_path / str(number)
        after = edited(ground.gold, site.edits)
        for path in after.paths():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(after.read(path))
        with monkeypatch.context() as patching:
            patching.syspath_prepend(str(root))
            use = importlib.import_module("shop.use")
            assert use.X == 5
            assert use.cart.total([1.5]) == [8]
            assert not hasattr(use.cart, site.detail.rpartition(".")[2])
        for name in [name for name in sys.modules if name.split(".")[0] == "shop"]:
            del sys.modules[name]
