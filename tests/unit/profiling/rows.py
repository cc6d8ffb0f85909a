"""Made-up rows, tasks and patches for the tests of profiles."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import fakes

from swe_audit.model.task import Task


def diff(path: str, added: list[str], before: str = "old = 1") -> str:
    """A patch that puts lines after one that stood there."""
    body = "".join(f"+{line}\n" for line in added)
    return (
        f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n"
        f"@@ -1,1 +1,{1 + len(added)} @@\n {before}\n{body}"
    )


GOLD = diff("shop/cart.py", ["def total(prices, tax=0):", "    return sum(prices) * (1 + tax)"])
TESTS = diff("tests/test_cart.py", ["def test_total(): ..."])


def row(number: int, **more: Any) -> dict[str, Any]:
    """A whole row of a dataset; a value of None takes the column away."""
    columns = {
        "instance_id": f"shop__cart-{number}",
        "repo": "shop/cart",
        "base_commit": f"{number:040x}",
        "problem_statement": "The total is always nought.",
        "patch": GOLD,
        "test_patch": TESTS,
        "created_at": "2021-05-04T10:00:00Z",
        "difficulty": "<15 min fix",
        "FAIL_TO_PASS": json.dumps(["tests/test_cart.py::test_total"]),
        "PASS_TO_PASS": "[]",
        "test_cmd": "pytest -rA tests/test_cart.py",
        "log_parser": "parse_log_pytest",
        **more,
    }
    return {name: value for name, value in columns.items() if value is not None}


def written(folder: Path, rows: list[dict[str, Any]], name: str = "tasks.jsonl") -> Path:
    """A dataset file of these rows."""
    path = folder / name
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    return path


def task(number: int = 1, **more: Any) -> Task:
    """A task of the model."""
    return replace(
        fakes.make_task(),
        **{
            "instance_id": f"shop__cart-{number}",
            "repo": "shop/cart",
            "gold_patch": GOLD,
            "statement": "The total is always nought.",
            "log_parser": "parse_log_pytest",
            **more,
        },
    )
