"""Code that never runs in a task's environment is not made wrong; all other code is."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import fakes
import pytest

from swe_audit.alternatives.ground import Ground
from swe_audit.alternatives.mutants import mutant_drafts, mutant_refusals
from swe_audit.formats import load
from swe_audit.formats.trees import difference, tree_of_mirrors
from swe_audit.model.construction import RefusalReason
from swe_audit.model.tree import Tree
from swe_audit.workshop import ground_of

SHARED = Path(__file__).resolve().parents[4] / "shared"
HERE = frozenset({"os", "sys", "sqlite3", "typing"})

OLD = "def limit(rows):\n    return rows\n"
NEW = "def limit(rows):\n    return rows + 1\n"
STORES = {
    "shop/__init__.py": "",
    "shop/connect.py": "import importlib\n\n\ndef store(name):\n"
    "    return importlib.import_module(f'shop.stores.{name}.base')\n",
    "shop/stores/__init__.py": "",
    "shop/stores/lite/__init__.py": "",
    "shop/stores/lite/base.py": "import sqlite3\nfrom .rules import limit\n",
    "shop/stores/lite/rules.py": OLD,
    "shop/stores/seer/__init__.py": "",
    "shop/stores/seer/base.py": (
        "try:\n    import seerdriver as Database\nexcept ImportError as error:\n"
        "    raise RuntimeError('no driver') from error\n\nfrom .rules import limit\n"
    ),
    "shop/stores/seer/rules.py": OLD,
    "tests/test_shop.py": "",
}
SEER = "shop/stores/seer/rules.py"


def ground_with(
    gold: Mapping[str, str],
    base: Mapping[str, str] = STORES,
    *,
    tests: str = "from shop.connect import store\n",
    installed: frozenset[str] | None = HERE,
) -> Ground:
    tree = Tree({path: text.encode() for path, text in {**base, **_before(gold, base)}.items()})
    task = fakes.make_task(
        gold_patch=difference(tree, tree.with_files(gold), gold),
        test_patch=difference(
            tree, tree.with_files({"tests/test_shop.py": tests}), ["tests/test_shop.py"]
        ),
    )
    return ground_of(task, tree, installed=installed)


def _before(gold: Mapping[str, str], base: Mapping[str, str]) -> dict[str, str]:
    return {path: OLD for path in gold if path not in base}


def made_wrong(ground: Ground) -> set[str]:
    """The files that some draft changes, of those that gold does."""
    return {
        item.path or ""
        for draft in mutant_drafts(ground, seed=0, limit=100)
        for item in draft.evidence
    }


def test_a_back_end_without_its_driver_is_refused_and_counted_and_another_is_made_wrong() -> None:
    ground = ground_with({SEER: NEW, "shop/stores/lite/rules.py": NEW})
    (refused,) = mutant_refusals(ground)
    assert (refused.path, refused.line, refused.reason) == (SEER, 2, RefusalReason.NOT_INSTALLED)
    assert refused.detail == "return rows + 1"
    assert "seerdriver" in refused.text
    assert made_wrong(ground) == {"shop/stores/lite/rules.py"}


def test_what_imports_the_driver_itself_or_through_another_module_is_refused() -> None:
    through = "from shop.stores.seer.base import Database\n\n\n"
    for path, head in (("shop/stores/seer/base.py", "import seerdriver\n\n\n"), (SEER, through)):
        base = {**STORES, path: head + OLD}
        assert made_wrong(ground_with({path: head + NEW}, base)) == set()


USED = {
    "shop/prices.py": "from shop.stores.seer.rules import limit\n",
    "shop/late.py": "def f():\n    from .stores.seer import rules\n    return rules\n",
    "shop/lookup.py": "RULES = 'shop.stores.seer.rules'\n",
    "tests/test_seer.py": "from shop.stores.seer.rules import limit\n",
}


@pytest.mark.parametrize("path", USED)
def test_what_something_that_can_be_imported_uses_runs_here(path: str) -> None:
    base = {**STORES, path: USED[path]}
    assert made_wrong(ground_with({SEER: NEW}, base)) == {SEER}


def test_a_user_that_cannot_be_imported_either_does_not_count() -> None:
    more = {
        "shop/maps/seer/base.py": "from shop.stores.seer.base import x\nfrom . import tools\n",
        "shop/maps/seer/tools.py": "from shop.stores.seer.rules import limit\n",
    }
    assert made_wrong(ground_with({SEER: NEW}, {**STORES, **more})) == set()


DRIVERS = {
    "the driver is installed": ({}, HERE | {"seerdriver"}),
    "the driver lies in the tree": ({"vendor/seerdriver.py": ""}, HERE),
    "it is done without": (
        {
            "shop/stores/seer/base.py": "try:\n    import seerdriver\nexcept ImportError:\n"
            "    seerdriver = None\nfrom .rules import limit\n"
        },
        HERE,
    ),
    "it is imported when it is needed": (
        {
            "shop/stores/seer/base.py": "from .rules import limit\n\n\ndef connect():\n"
            "    import seerdriver\n"
        },
        HERE,
    ),
    "nobody asked the interpreter": ({}, None),
}


@pytest.mark.parametrize("why", DRIVERS)
def test_nothing_is_refused_where(why: str) -> None:
    more, installed = DRIVERS[why]
    ground = ground_with({SEER: NEW}, {**STORES, **more}, installed=installed)
    assert mutant_refusals(ground) == ()
    assert made_wrong(ground) == {SEER}


@pytest.mark.parametrize(
    "tests",
    ["from shop.stores.seer.client import run\n", "patch('shop.stores.seer.base.Database')\n"],
)
def test_a_back_end_that_the_graded_tests_use_is_made_wrong(tests: str) -> None:
    base = {**STORES, "shop/stores/seer/client.py": "def run(): pass\n"}
    assert made_wrong(ground_with({SEER: NEW}, base, tests=tests)) == {SEER}


NAMED = """\
def as_sql(self):
    return self.plain


def as_seer(self):
    return self.{seer}


def as_lite(self):
    return self.{lite}


def rows(connection):
    if connection.vendor == "seer":
        return connection.{seer}
    return connection.{lite}
"""


def test_functions_and_branches_named_after_a_back_end_that_is_not_here_are_refused() -> None:
    base = {**STORES, "shop/sql.py": NAMED.format(seer="old", lite="old")}
    ground = ground_with({"shop/sql.py": NAMED.format(seer="new", lite="new")}, base)
    assert [one.line for one in mutant_refusals(ground)] == [6, 15]
    assert {one.reason for one in mutant_refusals(ground)} == {RefusalReason.NOT_INSTALLED}
    lines = {
        item.line
        for draft in mutant_drafts(ground, seed=0, limit=100)
        for item in draft.evidence
        if item.kind != "named_by_statement"
    }
    assert lines == {10, 16}


PLATFORM = """\
import os
import sys


def stop(name):
    key = {key}
    if os.name == "nt":
        key = "{other}"
    return key
"""


def test_lines_for_a_platform_are_refused_in_every_kind_of_mutant() -> None:
    path = "shop/keys.py"
    old = PLATFORM.format(key="name", other="a")
    new = PLATFORM.format(key='name if sys.platform != "win32" else 1', other="b")
    ground = ground_with({path: new}, {**STORES, path: old}, installed=None)
    assert [(one.line, one.reason) for one in mutant_refusals(ground)] == [
        (6, RefusalReason.PLATFORM),
        (8, RefusalReason.PLATFORM),
    ]
    assert made_wrong(ground) == set()


LOCKS = """\
import os


def lock(name):
    if os.name == "nt":
        return {0}
    else:
        return {1}


def unlock(name):
    if not sys.platform.startswith("win"):
        # PY36 does so too
        return {2}
    elif name:
        return {3}
    if sys.platform != "linux" and name:
        return {4}
    if sys.platform != "linux":
        return {5}
    return {6}
"""


def test_the_branch_that_runs_on_linux_is_made_wrong() -> None:
    path = "shop/locks.py"
    old, new = (LOCKS.format(*(f"{word}_{n}" for n in range(7))) for word in ("old", "new"))
    ground = ground_with({path: new}, {**STORES, path: old}, installed=None)
    assert [one.line for one in mutant_refusals(ground)] == [6, 16, 18, 20]
    lines = {
        item.line
        for draft in mutant_drafts(ground, seed=0, limit=100)
        for item in draft.evidence
        if item.kind != "named_by_statement"
    }
    assert lines == {8, 14, 21}


def test_a_comment_that_names_a_version_asks_for_none() -> None:
    path = "shop/keys.py"
    old = "def key(x):\n    y = x\n    # PY36 and older\n    x = y\n    return x\n"
    new = "A = 1\n\n\ndef key(x):\n    y = x\n    return x\n"
    ground = ground_with({path: new}, {**STORES, path: old})
    assert mutant_refusals(ground) == ()
    dropped = list(mutant_drafts(ground, seed=0, limit=100))
    assert any("PY36" in (draft.files[path] or "") for draft in dropped)


@pytest.mark.real
@pytest.mark.skipif(not SHARED.is_dir(), reason="the development data is not there")
@pytest.mark.parametrize(
    ("instance_id", "idle"),
    [
        ("django__django-11138", {"oracle", "mysql"}),
        ("django__django-14376", set()),  # the graded tests use the back end
        ("django__django-14315", set()),
    ],
)
def test_real_back_ends_without_a_driver_are_left_out(instance_id: str, idle: set[str]) -> None:
    rows = load(SHARED / "data" / "verified_dev.jsonl.gz").tasks
    (task,) = (row for row in rows if row.instance_id == instance_id)
    tree = tree_of_mirrors(SHARED / "mirrors", task)
    here = frozenset({*sys.stdlib_module_names, "pytz", "sqlparse", "asgiref"})
    found = mutant_refusals(ground_of(task, tree, installed=here))
    assert {Path(one.path).parent.name for one in found} == idle
