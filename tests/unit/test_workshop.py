"""Patches made of sites: what they change, what mirrors them, and what cannot be combined."""

from __future__ import annotations

import fakes
import pytest

from swe_audit.errors import InputError
from swe_audit.formats.trees import difference, patched
from swe_audit.model.candidate import CandidateKind, Control, Provenance
from swe_audit.model.construction import ConstructionKind, Edit, Site, Survey
from swe_audit.model.tree import Tree
from swe_audit.planning import Wanted
from swe_audit.workshop import Workshop, compatible, edited, ground_of

BASE = Tree(
    {
        "shop/cart.py": b"def total(prices):\n    return 0\n",
        "tests/test_cart.py": b"from shop.cart import total\n",
        "tests/support.py": b"LIMIT = 1\n",
        "tests/conftest.py": b"",
    }
)
GOLD = BASE.with_files(
    {
        "shop/cart.py": "def total(prices):\n    return grand(prices)\n\n\n"
        "def grand(p):\n    return sum(p)\n"
    }
)
TESTS = BASE.with_files(
    {
        "tests/test_cart.py": "from shop.cart import grand\nfrom tests.support import LIMIT\n"
        "def test_total():\n    assert grand([LIMIT, 2]) == 3\n"
    }
)
TASK = fakes.make_task(
    gold_patch=difference(BASE, GOLD, ["shop/cart.py"]),
    test_patch=difference(BASE, TESTS, ["tests/test_cart.py"]),
)


def spans(tree: Tree, path: str, word: str, new: str) -> tuple[Edit, ...]:
    text = tree.read(path) or ""
    starts = [i for i in range(len(text)) if text.startswith(word, i)]
    return tuple(Edit(path=path, start=i, end=i + len(word), text=new) for i in starts)


def rename(old: str, new: str) -> Site:
    return Site(
        kind=ConstructionKind.NAME,
        symbol="function",
        detail=old,
        replacement=new,
        scope="shop/cart.py",
        path="shop/cart.py",
        line=5,
        edits=spans(GOLD, "shop/cart.py", old, new),
        mirror=spans(TESTS, "tests/test_cart.py", old, new),
    )


SITE = rename("grand", "entire")
GROUND = ground_of(TASK, BASE)
SHOP = Workshop(GROUND, Survey(sites=(SITE,), layers=((SITE.id,),)))


def test_the_ground_knows_what_gold_adds_and_what_the_tests_import() -> None:
    assert GROUND.added == {"shop/cart.py": frozenset({2, 3, 4, 5, 6})}
    assert GROUND.removed == {"shop/cart.py": ("    return 0",)}
    assert GROUND.test_paths == ("tests/conftest.py", "tests/support.py", "tests/test_cart.py")


def test_a_gold_patch_that_does_not_fit_the_tree_is_said() -> None:
    with pytest.raises(InputError, match="does not apply"):
        ground_of(TASK, BASE.with_files({"shop/cart.py": "other\n"}))


def test_a_construction_is_gold_with_one_detail_changed() -> None:
    made = SHOP.make(Wanted(group=frozenset({SITE.id})))
    assert (made.name, made.kind, made.provenance) == (
        SITE.id,
        CandidateKind.ALTERNATIVE,
        Provenance.CONSTRUCTION,
    )
    after = patched(BASE, made.patch).read("shop/cart.py")
    assert after == (GOLD.read("shop/cart.py") or "").replace("grand", "entire")
    assert made.test_patch is None


def test_its_mirror_changes_the_tests_too_and_nothing_else() -> None:
    group = frozenset({SITE.id})
    mirror = SHOP.make(Wanted(group=group, control=Control.MIRROR))
    empty = SHOP.make(Wanted(group=group, control=Control.MIRROR_EMPTY))
    assert mirror.patch == SHOP.make(Wanted(group=group)).patch
    assert empty.patch == ""
    assert mirror.test_patch == empty.test_patch
    tests = patched(BASE, mirror.test_patch or "").read("tests/test_cart.py")
    assert tests == (TESTS.read("tests/test_cart.py") or "").replace("grand", "entire")
    assert {c.patch_sha256 for c in (mirror, empty)} != {""}
    assert mirror.patch_sha256 != SHOP.make(Wanted(group=group)).patch_sha256


def test_sites_that_touch_the_same_text_are_not_combined() -> None:
    other = rename("grand", "whole")
    apart = rename("prices", "costs")
    assert compatible([SITE, other, apart]) == (SITE, apart)


def test_edits_apply_whatever_their_order_and_files_move_afterwards() -> None:
    tree = Tree({"a.py": b"one two three"})
    edits = [
        Edit(path="a.py", start=8, end=13, text="3"),
        Edit(path="a.py", start=0, end=3, text="1"),
        Edit(path="new.py", start=0, end=0, text="x"),
    ]
    after = edited(tree, edits, [("a.py", "b.py")])
    assert {path: after.read(path) for path in after.paths()} == {
        "b.py": "1 two 3",
        "new.py": "x",
    }
