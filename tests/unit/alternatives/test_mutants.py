"""Gold made wrong in one place: what is dropped, what raises, what is mutated, and how much."""

from __future__ import annotations

import difflib

import fakes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unidiff.patch import PatchSet

from swe_audit.alternatives.ground import Draft, Ground
from swe_audit.alternatives.mutants import mutant_drafts
from swe_audit.alternatives.mutants.operators import mutated
from swe_audit.alternatives.mutants.raising import raised
from swe_audit.model.candidate import CandidateKind, Provenance
from swe_audit.model.tree import Tree

PATH = "shop/cart.py"
BASE = '''\
"""Carts."""
import sys


def total(prices):
    return sum(prices)


def filler_one():
    return 1


def filler_two():
    return 2


def label(cart):
    name = cart.name
    return name
'''
GOLD = '''\
"""Carts of a shop."""
import sys


def total(prices, limit=0):
    if not prices:
        return 0
    kept = [p for p in prices if p > limit]
    return sum(kept)


def filler_one():
    return 1


def filler_two():
    return 2


def label(cart: object) -> str:
    name = cart.name.lower()
    return name
'''


def ground_for(base: str, gold: str, statement: str = "", **more: str) -> Ground:
    """A ground made without git; ``more`` are new files of gold."""
    before = Tree({PATH: base.encode()})
    diff = difflib.unified_diff(
        base.splitlines(keepends=True), gold.splitlines(keepends=True), f"a/{PATH}", f"b/{PATH}"
    )
    patch = "".join(diff)
    task = fakes.make_task(statement=statement, gold_patch=patch, test_patch="")
    old = set(base.splitlines())
    return Ground(
        task=task,
        base=before,
        gold=before.with_files({PATH: gold, **more}),
        tests=before,
        added={PATH: added_lines(patch), **dict.fromkeys(more, frozenset({1}))},
        removed={PATH: tuple(line for line in old if line not in gold.splitlines())},
    )


def added_lines(patch: str) -> frozenset[int]:
    files = PatchSet(patch)
    return frozenset(
        line.target_line_no for file in files for hunk in file for line in hunk if line.is_added
    )


def drafts(ground: Ground, prefix: str = "", *, seed: int = 0, limit: int = 100) -> list[Draft]:
    every = mutant_drafts(ground, seed=seed, limit=limit)
    return [draft for draft in every if draft.name.startswith(prefix)]


def texts(found: list[Draft]) -> list[str]:
    return [draft.files[PATH] or "" for draft in found]


def test_gold_without_one_hunk_keeps_the_others() -> None:
    found = drafts(ground_for(BASE, GOLD), "drop-")
    assert GOLD.replace("cart.name.lower()", "cart.name").replace(
        "(cart: object) -> str", "(cart)"
    ) in texts(found)
    assert all(
        (d.kind, d.provenance) == (CandidateKind.INCORRECT, Provenance.MUTANT) for d in found
    )


def test_a_statement_of_a_hunk_that_holds_several_is_dropped_alone() -> None:
    empty = "    if not prices:\n        return 0\n"
    assert GOLD.replace(empty, "") in texts(drafts(ground_for(BASE, GOLD), "drop-"))


def test_what_needs_a_name_goes_with_the_piece_that_introduces_it() -> None:
    base = "def a(x):\n    return x\n\n\n\n\n\n\n\ndef b(x):\n    return x\n"
    gold = (
        "def a(x):\n    return helper(x)\n\n\n\n\n\n\n\ndef b(x):\n    return x\n\n\n"
        "def helper(x):\n    y = x\n    return y + 1\n"
    )
    found = texts(drafts(ground_for(base, gold), "drop-"))
    assert not [text for text in found if "return helper" in text and "def helper" not in text]


def test_documentation_annotations_and_platform_branches_are_left_out() -> None:
    base = '"""Old."""\n\n\ndef a(x):\n    y = 1\n    return y\n'
    gold = (
        '"""New."""\nimport sys\n\n\ndef a(x: int) -> int:\n    # more\n    y = 1\n'
        '    if sys.platform == "win32":\n        y = 2\n    return y\n'
    )
    ground = ground_for(base, gold, **{"docs/index.rst": "news\n", "setup.cfg": "[a]\n"})
    assert drafts(ground, "drop-") == []


def test_a_branch_for_a_platform_is_not_dropped_and_another_branch_is() -> None:
    base = "import sys\n\n\ndef a(x):\n    y = x\n    return y\n"
    gold = base.replace(
        "    return y", "    if sys.platform == 'win32':\n        y = 2\n    return y"
    )
    more = gold.replace("def a(x):\n", "def a(x):\n    if x is None:\n        return 0\n")
    also = gold.replace("def a(x):", "B = 1\n\n\ndef a(x):")
    assert texts(drafts(ground_for(base, also), "drop-")) == [gold]
    assert texts(drafts(ground_for(base, more), "drop-")) == [gold]
    choice = base.replace("y = x", "y = 2 if sys.platform == 'win32' else x") + "\n\nB = 1\n"
    assert [text for text in texts(drafts(ground_for(base, choice), "drop-")) if "B" in text] == []


def test_pieces_of_one_rewritten_stretch_are_dropped_together() -> None:
    base = "def a(x):\n    y = x\n    return y\n\n\nC = 1\n"
    gold = "def b(z):\n    y = x\n    return z\n\n\nC = 2\n"
    assert texts(drafts(ground_for(base, gold), "drop-")) == []


def test_the_rest_of_gold_goes_with_every_draft() -> None:
    ground = ground_for(BASE, GOLD, **{"docs/index.rst": "news\n"})
    assert all(draft.files["docs/index.rst"] == "news\n" for draft in drafts(ground))


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("The function total() forgets a limit.", True),
        ("See shop/cart.py for more.", True),
        ("See https://example.org/acme/shop/blob/1a2b/shop/cart.py#L5 for more.", True),
        ("The module shop.cart forgets a limit.", True),
        ("The total is wrong.", False),
        ("```\ntotal([1])\n```\n", False),
    ],
)
def test_a_dropped_piece_knows_whether_the_statement_names_its_place(
    statement: str, named: bool
) -> None:
    found = drafts(ground_for(BASE, GOLD, statement), "drop-")
    told = [
        draft for draft in found for item in draft.evidence if item.kind == "named_by_statement"
    ]
    assert bool(told) is named
    assert all("one hunk" in draft.rationale for draft in told)


def test_a_line_that_raises_stands_first_in_each_new_block() -> None:
    text = "def a(x):\n    if x:\n        y = 1\n        z = 2\n    return x\n\n\nB = 1\n"
    changes = list(raised(text, frozenset(range(1, 9))))
    assert [change.line for change in changes] == [2, 3]
    assert 'if x:\n        raise RuntimeError("this line was executed")\n        z = 2' in (
        changes[1].text
    )


def test_only_nodes_of_added_lines_are_mutated() -> None:
    text = "def a(x):\n    y = x + 1\n    return y + 2\n"
    changes = list(mutated(text, frozenset({2})))
    assert {change.line for change in changes} == {2}
    assert "def a(x):\n    y = x - 1\n    return y + 2\n" in [change.text for change in changes]


@pytest.mark.parametrize(
    "line",
    [
        'raise ValueError("no such row")',
        'warnings.warn("no such row")',
        '"""Say no such row."""',
        "import os",
        "x: int",
    ],
)
def test_messages_docs_imports_and_annotations_are_not_mutated(line: str) -> None:
    assert list(mutated(f"def a(warnings):\n    {line}\n", frozenset({2}))) == []


def test_the_same_seed_gives_the_same_drafts_and_another_seed_others() -> None:
    ground = ground_for(BASE, GOLD)
    one, same, other = (drafts(ground, seed=seed, limit=12) for seed in (1, 1, 2))
    assert one == same
    assert [d.name for d in one] != [d.name for d in other]


def test_dropped_pieces_come_first_and_the_limit_holds() -> None:
    found = drafts(ground_for(BASE, GOLD), limit=8)
    assert len(found) == 8
    order = [draft.name.split("-")[0] for draft in found]
    assert order == sorted(order, key=["drop", "raise", "mutant"].index)
    assert order[0] == "drop"
    assert "mutant" in order


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "x = x + 1",
                "if x:\n        x = 2",
                "for i in range(x):\n        x += i",
                "y = str(x)",
                "return x",
                "x = {'a': x, 'b': not x}",
            ]
        ),
        min_size=1,
        max_size=5,
    ),
    st.integers(0, 3),
)
def test_every_draft_compiles_and_is_neither_base_nor_gold_nor_another(
    lines: list[str], seed: int
) -> None:
    base = "def a(x):\n    return x\n"
    gold = "def a(x):\n" + "".join(f"    {line}\n" for line in lines) + "    return x\n"
    found = drafts(ground_for(base, gold), seed=seed, limit=20)
    assert len({draft.name for draft in found}) == len(found)
    codes = [compile(text, "x", "exec").co_consts for text in texts(found)]
    assert len(codes) == len(found)
    assert not {base, gold} & set(texts(found))
    assert len(set(texts(found))) == len(found)
    assert all(draft.evidence and draft.evidence[0].path == PATH for draft in found)
