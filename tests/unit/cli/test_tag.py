"""``swe-audit tag`` from the command line."""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

SCHEMA = Path(__file__).parents[3] / "swe_audit/report/schemas/tag.schema.json"
GOLD = """diff --git a/shop/cart.py b/shop/cart.py
--- a/shop/cart.py
+++ b/shop/cart.py
@@ -1,3 +1,4 @@
 def total(prices):
-    return 0
+    # an empty cart costs nothing
+    return sum(prices)
 # end
"""
TESTS = GOLD.replace("shop/cart.py", "tests/test_cart.py")


def row(number: int, **more: Any) -> dict[str, Any]:
    return {
        "instance_id": f"shop__cart-{number}",
        "repo": "shop/cart",
        "base_commit": f"{number:040x}",
        "problem_statement": "The total is always nought.",
        "hints_text": "",
        "patch": GOLD,
        "test_patch": TESTS,
        "version": "1.0",
        "created_at": "2021-05-04T10:00:00Z",
        "FAIL_TO_PASS": json.dumps(["tests/test_cart.py::test_total"]),
        "PASS_TO_PASS": "[]",
        "test_cmd": "pytest -rA tests/test_cart.py",
        "log_parser": "parse_log_pytest",
        **more,
    }


def dataset(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "tasks.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    return path


def swe_audit(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "swe_audit", *arguments], capture_output=True, text=True, check=False
    )


def test_the_document_follows_its_schema_and_keeps_the_order(tmp_path: Path) -> None:
    path = dataset(tmp_path, [row(2, difficulty="1-4 hours"), row(1)])
    done = swe_audit("tag", path, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    first, second = document["tasks"]
    assert first["instance_id"] == "shop__cart-2"
    assert first["tags"]["difficulty"] == "1-4 hours"
    assert first["tags"]["difficulty_estimated"] is False
    assert second["tags"] == {
        "difficulty": "<15 min fix",
        "difficulty_estimated": True,
        "lines_added": 2,
        "lines_removed": 1,
        "lines_changed": 3,
        "files": 1,
        "hunks": 1,
        "repository": "shop/cart",
        "language": "python",
        "year": 2021,
    }


def test_the_table_marks_what_is_estimated_and_ends_with_the_counts(tmp_path: Path) -> None:
    path = dataset(tmp_path, [row(1, difficulty="1-4 hours"), row(22)])
    lines = swe_audit("tag", path).stdout.splitlines()
    assert lines[0].split()[:2] == ["instance", "difficulty"]
    assert lines[1].split()[:3] == ["shop__cart-1", "1-4", "hours"]
    assert lines[2].split()[:2] == ["shop__cart-22", "~<15"]
    assert lines[1].index("1-4 hours") == lines[2].index("~<15")
    assert lines[-2] == "2 tasks (<15 min fix: 1, 1-4 hours: 1)"
    assert lines[-1] == "~ estimated from the size of the change"


def test_a_bad_task_is_named_and_never_stops_the_others(tmp_path: Path) -> None:
    bad = row(1, patch="this is no diff at all\n")
    done = swe_audit("tag", dataset(tmp_path, [bad, row(2)]), "--json")
    document = json.loads(done.stdout)
    assert [task["instance_id"] for task in document["tasks"]] == ["shop__cart-2"]
    assert [skip["instance_id"] for skip in document["skipped"]] == ["shop__cart-1"]
    assert document["skipped"][0]["reason"] == "bad_input"
    assert "shop__cart-1" in done.stderr
    assert done.returncode == 5


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    done = swe_audit("tag", tmp_path / "nothing.jsonl")
    assert done.returncode == 3
    assert done.stderr.startswith("error: ")
    assert "nothing.jsonl" in done.stderr
    assert "Traceback" not in done.stderr


def test_five_hundred_tasks_take_less_than_three_seconds(tmp_path: Path) -> None:
    body = "".join(f"-    old_{n} = {n}\n+    new_{n} = {n}\n" for n in range(10))
    files = "".join(
        f"diff --git a/shop/m{n}.py b/shop/m{n}.py\n--- a/shop/m{n}.py\n+++ b/shop/m{n}.py\n"
        f"@@ -1,10 +1,10 @@\n{body}"
        for n in range(3)
    )
    path = dataset(tmp_path, [row(number, patch=files) for number in range(500)])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = swe_audit("tag", path, "--json")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert len(json.loads(done.stdout)["tasks"]) == 500
    # Processor time, so that other work on the machine counts for nothing.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 3


VERIFIED = Path(__file__).parents[3] / "../shared/data/verified_dev.jsonl.gz"
PRO = Path(__file__).parents[3] / "../shared/data/pro_dev.jsonl.gz"


@pytest.mark.real
@pytest.mark.parametrize("path", [VERIFIED, PRO], ids=lambda path: path.name)
def test_every_real_task_is_tagged_or_named_with_a_reason(path: Path) -> None:
    if not path.exists():
        pytest.skip("needs the development data")
    done = swe_audit("tag", os.path.normpath(path), "--json")
    document = json.loads(done.stdout)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        ids = {json.loads(line)["instance_id"] for line in lines}
    seen = [item["instance_id"] for item in document["tasks"] + document["skipped"]]
    assert sorted(seen) == sorted(ids)
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert all(task["tags"]["language"] != "unknown" for task in document["tasks"])
