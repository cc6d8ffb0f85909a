from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.errors import InputError
from swe_audit.formats.rows import checked_row, task_from_row, why_unrunnable
from swe_audit.model.task import UNSTATED, EvalType, Resources, Skipped, SkipReason, Task


def _task(row: dict[str, Any]) -> Task:
    task = task_from_row(checked_row(row, "here"))
    assert isinstance(task, Task)
    return task


def test_test_ids_arrive_as_lists_as_json_and_as_python_text(row: dict[str, Any]) -> None:
    ids = ["a::b", "it's c", 'say "d"']
    for text in (ids, json.dumps(ids), str(ids)):
        assert _task({**row, "FAIL_TO_PASS": text}).fail_to_pass == tuple(ids)


def test_no_ids_to_keep_is_fine(row: dict[str, Any]) -> None:
    for nothing in ([], "", "[]", None):
        assert _task({**row, "PASS_TO_PASS": nothing}).pass_to_pass == ()


def test_a_row_of_the_first_columns_gets_parser_and_image_of_its_repository(
    row: dict[str, Any],
) -> None:
    for column in ("image", "log_parser", "eval_type"):
        del row[column]
    task = _task(
        {**row, "repo": "Sphinx-doc/sphinx".lower(), "instance_id": "Sphinx-doc__sphinx-1"}
    )
    assert task.log_parser == "parse_log_sphinx"
    assert task.image == "swebench/sweb.eval.x86_64.sphinx-doc_1776_sphinx-1:latest"
    assert task.eval_type is EvalType.PASS_AND_FAIL


def test_the_statement_of_pro_is_all_that_a_solver_sees(row: dict[str, Any]) -> None:
    task = _task(
        {
            "instance_id": "instance_acme__widget-1",
            "repo": "acme/widget",
            "base_commit": row["base_commit"],
            "patch": row["patch"],
            "test_patch": row["test_patch"],
            "problem_statement": "It fails.\n",
            "requirements": "- It must not fail.",
            "interface": "None.",
            "repo_language": "Go",
            "fail_to_pass": "['a | b']",
            "pass_to_pass": "[]",
            "selected_test_files_to_run": "['a']",
            "before_repo_set_cmd": "git reset --hard",
            "dockerhub_tag": "acme.widget-1",
        }
    )
    assert task.statement == (
        "It fails.\n\n## Requirements\n\n- It must not fail.\n\n## Interface\n\nNone.\n"
    )
    assert task.language == "go"
    assert task.image == "jefzda/sweap-images:acme.widget-1"
    assert task.fail_to_pass == ("a | b",)
    lacking = why_unrunnable(task)
    assert lacking is not None
    assert lacking.reason is SkipReason.NO_TEST_COMMAND


def test_a_script_of_the_row_comes_before_its_test_command(row: dict[str, Any]) -> None:
    own = "#!/bin/bash\nset -uxo pipefail\nmake test\n: '>>>>> End Test Output'\n"
    script = _task({**row, "eval_script": own}).eval_script
    assert script is not None
    assert "make test\nSWEBENCH_TEST_EXIT_CODE=$?\n" in script
    made = _task(row).eval_script
    assert made is not None
    assert "pytest -rA tests/test_core.py\nSWEBENCH_TEST_EXIT_CODE=$?\n" in made


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"test_cmd": ""}, SkipReason.NO_TEST_COMMAND),
        ({"log_parser": ""}, SkipReason.NO_LOG_PARSER),
        ({"image": None}, SkipReason.NO_IMAGE),
    ],
)
def test_what_a_task_lacks_to_run_is_typed(
    row: dict[str, Any], change: dict[str, Any], reason: SkipReason
) -> None:
    assert why_unrunnable(_task(row)) is None
    lacking = why_unrunnable(_task({**row, **change}))
    assert lacking is not None
    assert lacking.reason is reason


def test_nothing_that_must_pass_is_a_typed_skip(row: dict[str, Any]) -> None:
    skip = task_from_row(checked_row({**row, "FAIL_TO_PASS": "[]"}, "here"))
    assert isinstance(skip, Skipped)
    assert skip.reason is SkipReason.NO_FAIL_TO_PASS


def test_carriage_returns_in_patches_survive(row: dict[str, Any]) -> None:
    crlf = row["patch"].replace("41\n", "41\r\n").replace("42\n", "42\r\n")
    assert _task({**row, "patch": crlf}).gold_patch == crlf
    assert "\r\n" in _task(row).statement


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"instance_id": "../up"}, "cannot name a folder"),
        ({"instance_id": ""}, "cannot name a folder"),
        ({"base_commit": "main; rm -rf /"}, "base_commit"),
        ({"patch": "see above"}, "patch: not a diff"),
        ({"patch": ""}, "patch: not a diff"),
        ({"test_patch": "--- a/../x\n+++ b/../x\n@@ -1 +1 @@\n-a\n+b\n"}, "test_patch: it writes"),
        ({"FAIL_TO_PASS": 3}, "FAIL_TO_PASS: is a int"),
        ({"FAIL_TO_PASS": "not a list"}, "neither a list nor the text of one"),
        ({"FAIL_TO_PASS": [1]}, "holds something that is no text"),
        ({"PASS_TO_PASS": '{"a": 1}'}, "PASS_TO_PASS: is a dict"),
        ({"eval_type": "vibes"}, "eval_type 'vibes'"),
        ({"problem_statement": "\ud800"}, "surrogate"),
        ({"problem_statement": ["a"]}, "problem_statement"),
    ],
)
def test_what_is_wrong_with_a_row_is_one_sentence(
    row: dict[str, Any], change: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said) as caught:
        checked_row({**row, **change}, "rows.jsonl:7")
    assert caught.value.message.startswith("rows.jsonl:7: ")
    assert "\n" not in caught.value.message


def test_all_missing_columns_are_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        checked_row({"instance_id": "a"}, "here")
    for column in ("repo", "base_commit", "patch", "problem_statement", "FAIL_TO_PASS"):
        assert column in caught.value.message


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
_COLUMNS = st.sampled_from(
    [
        "instance_id",
        "repo",
        "base_commit",
        "patch",
        "test_patch",
        "FAIL_TO_PASS",
        "PASS_TO_PASS",
        "fail_to_pass",
        "image",
        "eval_type",
        "eval_script",
        "requirements",
        "created_at",
    ]
)
_GOOD = {
    "instance_id": "a",
    "repo": "a/b",
    "base_commit": "0" * 40,
    "patch": "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
    "problem_statement": "x",
    "FAIL_TO_PASS": ["a"],
    "PASS_TO_PASS": [],
}


@given(st.dictionaries(_COLUMNS, _VALUES, max_size=5), st.booleans())
def test_any_row_is_a_task_a_skip_or_an_input_error(change: dict[str, Any], whole: bool) -> None:
    try:
        result = task_from_row(checked_row({**_GOOD, **change} if whole else change, "here"))
    except InputError:
        return
    assert isinstance(result, (Task, Skipped))


@given(_VALUES)
def test_what_is_no_object_is_an_input_error(value: object) -> None:
    with pytest.raises(InputError):
        checked_row(value, "here")


def test_what_a_task_claims_arrives_as_numbers_and_as_yamls_text(row: dict[str, Any]) -> None:
    for said in ({"cpus": 2, "memory": 6}, {"cpus": "2.0", "memory": "6g"}):
        assert _task({**row, "resources": said}).resources == Resources(cpus=2, memory=6 * 1024**3)
    assert _task({**row, "resources": {"memory": "512 MiB"}}).resources == Resources(memory=2**29)
    assert _task({**row, "resources": None}).resources == UNSTATED


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"cpu": 2}, "resources.cpu: unknown key"),
        ({"cpus": "two"}, "resources.cpus: 'two' is no number"),
        ({"cpus": 0}, "resources.cpus: Input should be greater than or equal to 0.01"),
        ({"cpus": "nan"}, "resources.cpus"),
        ({"memory": "lots"}, "resources.memory: 'lots' is no size; write it like 512m or 4g"),
        ({"memory": "1k"}, "resources.memory: Input should be greater than or equal to 6291456"),
        ({"memory": True}, "resources.memory"),
        ("2 cpus", "resources"),
    ],
)
def test_a_claim_that_cannot_be_read_says_where(
    row: dict[str, Any], said: object, wrong: str
) -> None:
    with pytest.raises(InputError, match=re.escape(wrong)):
        checked_row({**row, "resources": said}, "here")
