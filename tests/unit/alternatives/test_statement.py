"""Candidates that a statement gives: what becomes one, where it goes, and what stays out."""

from __future__ import annotations

import functools
import textwrap
from pathlib import Path

import fakes
import pytest

from swe_audit.alternatives.ground import Draft, Ground
from swe_audit.alternatives.statement import statement_drafts
from swe_audit.formats import load
from swe_audit.formats.trees import difference, tree_of_mirrors
from swe_audit.model.candidate import CandidateKind, Provenance
from swe_audit.model.task import Task
from swe_audit.model.tree import Tree
from swe_audit.workshop import ground_of

PATH = "shop/cart.py"
BASE = """\
import os
import re

PRICE = re.compile(
    r"^"
    r"(?P<sign>-)?"
    r"(?P<whole>\\d+)"
    r"$"
)
CODES = {"aa": "1", "bb": "2"}
HOME = "/home/me"
CACHE = os.path.join(HOME, ".shop.d")


class Cart:
    def total(self, prices):
        if prices and len(prices) < 5:
            return 0
        limit = min(prices)
        return limit

    def label(self):
        return "cart"


def outer(value):
    def inner(item):
        return item
    return inner(value)
"""
GOLD = (
    BASE.replace("return 0", "return None")
    .replace("return item\n", "return [item]\n")
    .replace("CODES", "ALL_CODES")
    .replace("limit = min(prices)", "limit = sorted(prices)[0]")
)


def ground_for(statement: str, base: str = BASE, gold: str = GOLD) -> Ground:
    tree = Tree({PATH: base.encode(), "shop/other.py": b"def outer(x):\n    return x\n"})
    task = fakes.make_task(
        repo="acme/shop",
        statement=textwrap.dedent(statement),
        gold_patch=difference(tree, tree.with_files({PATH: gold}), [PATH]),
        test_patch="",
    )
    return ground_of(task, tree)


def only(statement: str) -> Draft:
    (draft,) = statement_drafts(ground_for(statement))
    return draft


def kinds(draft: Draft) -> list[str]:
    return [item.kind for item in draft.evidence]


@pytest.mark.parametrize(
    ("statement", "old", "new"),
    [
        pytest.param(
            """\
            Negative prices fail. The following will work:
            ```
            r"(?P<whole>-?\\d+)"
            ```
            """,
            r'r"(?P<whole>\d+)"',
            r'r"(?P<whole>-?\d+)"',
            id="a string of the same role",
        ),
        pytest.param(
            """\
            It is wrong. It should be something like:
            ```python
            def inner(item):
                return (item,)
            ```
            """,
            "return item\n",
            "return (item,)\n",
            id="a function inside a function",
        ),
        pytest.param(
            """\
            The problem point is

                limit = min(prices)

            It should be changed to

                limit = max(prices)

            """,
            "limit = min(prices)",
            "limit = max(prices)",
            id="an assignment",
        ),
        pytest.param(
            """\
            Change line 17 to:

                if len(prices) and len(prices) < 5:

            """,
            "if prices and len(prices) < 5:",
            "if len(prices) and len(prices) < 5:",
            id="a condition",
        ),
        pytest.param(
            """\
            By changing the code from above to
            ```
            class Cart:
                ...
                def label(self):
                    return "basket"
            ```
            it works.
            """,
            'return "cart"',
            'return "basket"',
            id="a method of a class",
        ),
        pytest.param(
            """\
            A patch that fixes it:
            ```diff
            --- a/shop/cart.py
            +++ b/shop/cart.py
            @@ -3,3 +3,3 @@
                     limit = min(prices)
            -        return limit
            +        return limit + 1
            --- a/tests/test_cart.py
            +++ b/tests/test_cart.py
            @@ -1 +1 @@
            -x
            +y
            ```
            """,
            "return limit\n",
            "return limit + 1\n",
            id="a diff, its test left out",
        ),
        pytest.param(
            'The code has `"aa": "1"`. The correct one is `"ab": "1"`.',
            '"aa": "1"',
            '"ab": "1"',
            id="a literal in prose",
        ),
        pytest.param(
            "There is a `.shop.d` folder. It has a place: `$HOME/.local/share/<PROGRAM_NAME>`.",
            'os.path.join(HOME, ".shop.d")',
            'os.path.join(HOME, ".local", "share", "shop")',
            id="a path below the home directory",
        ),
    ],
)
def test_what_the_statement_gives_replaces_what_base_has(
    statement: str, old: str, new: str
) -> None:
    draft = only(statement)
    assert draft.files == {PATH: BASE.replace(old, new)}
    assert (draft.kind, draft.provenance) == (CandidateKind.ALTERNATIVE, Provenance.STATEMENT)
    assert kinds(draft) == ["statement", "given", "replaces"]


def test_new_methods_are_added_to_the_class_that_the_sentence_names() -> None:
    draft = only(
        "We should add the following method to Cart:\n"
        "```python\ndef clear(self):\n    return 0\n```\n"
    )
    added = 'return "cart"\n\n    def clear(self):\n        return 0\n'
    assert draft.files == {PATH: BASE.replace('return "cart"\n', added)}


@pytest.mark.parametrize(
    "around",
    [
        "{} This is only a workaround.",
        "{} I am not sure whether it breaks other things.",
        "{} It seems to help.",
    ],
)
def test_what_the_author_disowns_nearby_needs_review(around: str) -> None:
    block = "It should be:\n```python\ndef inner(item):\n    return (item,)\n```\n"
    assert kinds(only(around.format(block)))[-1] == "needs_review"


def test_several_changes_need_review_each() -> None:
    statement = (
        "It should be:\n```python\ndef inner(item):\n    return (item,)\n```\n"
        "Also it should be:\n```python\nlimit = max(prices)\n```\n"
    )
    drafts = list(statement_drafts(ground_for(statement)))
    assert len({draft.name for draft in drafts}) == 2
    assert all(kinds(draft)[-1] == "needs_review" for draft in drafts)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(
            "To reproduce:\n```\ndef inner(item):\n    return (item,)\n```\n", id="an example"
        ),
        pytest.param(
            "It should be:\n```\ndef inner(item):\n    return unheard_of(item)\n```\n",
            id="a name that nothing defines",
        ),
        pytest.param(
            "It should be:\n```\ndef inner(item):\n    return item.unheard_of\n```\n",
            id="an attribute that nothing has",
        ),
        pytest.param(
            "It should be:\n```\ndef inner(item):\n    return [item]\n    ...\n```\n",
            id="code that leaves something out",
        ),
        pytest.param("It should be:\n```\ndef inner(item):\n    return item\n```\n", id="base"),
        pytest.param("It should be:\n```\ndef other(item):\n    return 3\n```\n", id="no place"),
        pytest.param(
            "It should be:\n```\n>>> outer(1)\n[1]\n```\n", id="a session is a result, no code"
        ),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_fix_of_the_tree_gives_no_candidate(statement: str) -> None:
    assert list(statement_drafts(ground_for(statement))) == []


def test_a_name_of_another_function_is_not_known_here() -> None:
    statement = "It should be:\n```\ndef inner(item):\n    return limit\n```\n"
    assert list(statement_drafts(ground_for(statement))) == []


def test_what_gold_does_as_well_is_no_alternative() -> None:
    statement = "It should be:\n```\ndef inner(item):\n    return [item]  # a list\n```\n"
    gold = BASE.replace("return item\n", "return [item]\n")
    assert list(statement_drafts(ground_for(statement, gold=gold))) == []


def test_equal_statements_are_all_replaced_where_gold_changes_each() -> None:
    base = "def a(x):\n    y = x + 1\n    return y\n\n\ndef b(x):\n    y = x + 1\n    return y\n"
    gold = base.replace("x + 1", "x + 3")
    ground = ground_for("Fix:\n```\ny = x + 2\n```\n", base, gold)
    (draft,) = statement_drafts(ground)
    assert draft.files == {PATH: base.replace("x + 1", "x + 2")}


def test_of_equal_conditions_none_is_replaced_where_gold_changes_but_one() -> None:
    base = (
        "def a(x):\n    if x == 1:\n        return 2\n\n\n"
        "def b(x):\n    if x == 1:\n        return 2\n"
    )
    gold = base.replace("x == 1", "x > 1", 1)
    statement = "Fix:\n```\nif x == 1:\n    return 3\n```\n"
    assert list(statement_drafts(ground_for(statement, base, gold))) == []


@functools.cache
def _tasks() -> tuple[Task, ...]:
    return load(SHARED / "data" / "verified_dev.jsonl.gz").tasks


SHARED = Path(__file__).resolve().parents[4] / "shared"


@pytest.mark.real
@pytest.mark.skipif(not SHARED.is_dir(), reason="the development data is not there")
@pytest.mark.parametrize(
    ("instance", "path", "line"),
    [
        (
            "django__django-10999",
            "django/utils/dateparse.py",
            r"r'((?:(?P<hours>-?\d+):)(?=-?\d+:-?\d+))?'",
        ),
        ("django__django-13513", "django/views/debug.py", "exc_value.__context__)"),
        (
            "pylint-dev__pylint-4661",
            "pylint/config/__init__.py",
            'os.path.join(USER_HOME, ".local", "share", "pylint")',
        ),
    ],
)
def test_a_task_whose_statement_gives_the_fix_yields_it(
    instance: str, path: str, line: str
) -> None:
    task = next(each for each in _tasks() if each.instance_id == instance)
    ground = ground_of(task, tree_of_mirrors(SHARED / "mirrors", task))
    (draft,) = statement_drafts(ground)
    assert line in (draft.files[path] or "")
    assert line not in (ground.base.read(path) or "")
    assert "needs_review" not in kinds(draft)
