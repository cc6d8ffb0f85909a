"""``swe-audit screen`` from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from swe_audit.model.finding import Defect
from swe_audit.model.task import SkipReason
from swe_audit.screening import SignalKind

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "swe_audit/report/schemas/screen.schema.json").read_text("utf-8"))
BASE = "class Cart:\n    def add(self, price):\n        self.prices.append(price)\n"
GOLD = """diff --git a/shop/cart.py b/shop/cart.py
--- a/shop/cart.py
+++ b/shop/cart.py
@@ -1,3 +1,6 @@
 class Cart:
     def add(self, price):
         self.prices.append(price)
+
+    def sum_up(self):
+        return sum(self.prices)
"""
TESTS = """diff --git a/tests/test_cart.py b/tests/test_cart.py
--- a/tests/test_cart.py
+++ b/tests/test_cart.py
@@ -1,1 +1,4 @@
 from shop.cart import Cart
+
+def test_total():
+    assert Cart().sum_up() == 0
"""


def row(number: int, **more: Any) -> dict[str, Any]:
    return {
        "instance_id": f"shop__cart-{number}",
        "repo": "shop/cart",
        "base_commit": f"{number:040x}",
        "problem_statement": "The cart needs a total.",
        "patch": GOLD,
        "test_patch": TESTS,
        "FAIL_TO_PASS": '["tests/test_cart.py::test_total"]',
        "PASS_TO_PASS": "[]",
        **more,
    }


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    rows = [
        row(2, problem_statement="Add `sum_up()` to the cart."),
        row(1),
        row(3, patch="no diff at all"),
    ]
    path = tmp_path / "tasks.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    return path


def swe_audit(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "swe_audit", *arguments], capture_output=True, text=True, check=False
    )


def test_the_document_follows_its_schema_and_misses_no_row(dataset: Path) -> None:
    done = swe_audit("screen", dataset, "--json")
    assert done.returncode == 5, done.stderr
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    assert [task["instance_id"] for task in document["tasks"]] == ["shop__cart-1", "shop__cart-2"]
    first, second = document["tasks"]
    assert first["score"] > second["score"]
    most = first["signals"][0]
    assert (most["kind"], most["detail"]) == ("unstated_name", "sum_up")
    assert [skip["instance_id"] for skip in document["skipped"]] == ["shop__cart-3"]
    assert swe_audit("screen", dataset, "--json").stdout == done.stdout


def test_the_text_names_where_each_signal_was_read(dataset: Path) -> None:
    done = swe_audit("screen", dataset, "-i", "shop__cart-1")
    assert done.returncode == 0, done.stderr
    assert "narrow, unstated name: sum_up" in done.stdout
    assert "introduced: shop/cart.py:5: function" in done.stdout
    assert "used: tests/test_cart.py:4: assert Cart().sum_up() == 0" in done.stdout
    short = swe_audit("screen", dataset, "-n", "1")
    assert "shop__cart-1" in short.stdout
    assert "shop__cart-2" not in short.stdout


def test_a_mirror_proves_absence_and_a_missing_one_is_said(tmp_path: Path, dataset: Path) -> None:
    clone = tmp_path / "mirrors" / "shop__cart"
    (clone / "shop").mkdir(parents=True)
    (clone / "shop/cart.py").write_text(BASE, encoding="utf-8")

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(clone), "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "base")
    rows = [row(1, base_commit=git("rev-parse", "HEAD")), row(2)]
    dataset.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    done = swe_audit("screen", dataset, "--mirrors", clone.parent, "--json")
    assert done.returncode == 0, done.stderr
    assert "holds the base of 1 task" in done.stderr
    tasks = {task["instance_id"]: task for task in json.loads(done.stdout)["tasks"]}
    kinds = [
        {item["kind"] for item in tasks[f"shop__cart-{number}"]["signals"][0]["evidence"]}
        for number in (1, 2)
    ]
    assert ["absent_from_base" in each for each in kinds] == [True, False]


def test_a_folder_of_mirrors_that_is_not_there_is_a_mistake_of_usage(dataset: Path) -> None:
    done = swe_audit("screen", dataset, "--mirrors", "nowhere")
    assert done.returncode == 2
    assert "nowhere: no such folder" in done.stderr


def test_the_schema_knows_every_word_and_is_mirrored_in_the_docs() -> None:
    signal = SCHEMA["$defs"]["signal"]["properties"]
    assert signal["kind"]["enum"] == [kind.value for kind in SignalKind]
    assert signal["defect"]["enum"] == [defect.value for defect in Defect]
    skipped = SCHEMA["properties"]["skipped"]["items"]["properties"]
    assert skipped["reason"]["enum"] == [reason.value for reason in SkipReason]
    mirror = (ROOT / "docs/schemas/screen.schema.json").read_text("utf-8")
    assert json.loads(mirror) == SCHEMA
