from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from swe_audit.formats import load
from swe_audit.formats.showing import document, summary


def test_a_summary_says_what_a_person_asks_first(
    dataset: Callable[..., Path], row: dict[str, Any]
) -> None:
    (task,) = load(dataset({**row, "problem_statement": "word " * 400})).tasks
    text = summary(task)
    for part in ("acme__widget-1", "pkg/core.py", "tests/test_core.py", "1 FAIL_TO_PASS",
                 "parse_log_pytest", "more lines"):  # fmt: skip
        assert part in text
    assert max(len(line) for line in text.splitlines()) <= 100


def test_the_document_is_json_with_null_where_nothing_applies(
    dataset: Callable[..., Path], row: dict[str, Any]
) -> None:
    (task,) = load(dataset({**row, "test_cmd": "", "difficulty": ""})).tasks
    shown = json.loads(json.dumps(document(task)))
    assert shown["difficulty"] is None
    assert shown["environment"] is None
    assert shown["cannot_run"].startswith("no_test_command: ")
    assert shown["FAIL_TO_PASS"] == ["tests/test_core.py::test_answer"]
