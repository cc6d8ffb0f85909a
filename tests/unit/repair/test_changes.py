"""A proposal's diff applies to the task's folder as it stands, and changes nothing else."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace

import pytest

from swe_audit.errors import InputError
from swe_audit.formats import load
from swe_audit.formats.task_folders import write_task_folder
from swe_audit.repair.changes import diff_of
from swe_audit.repair.statement import with_sentences
from tests.unit.repair import played


@pytest.fixture
def folder(tmp_path):
    task = played.task_of()
    path = tmp_path / "repo" / "tasks" / task.instance_id
    meta = {
        "instance_id": task.instance_id,
        "repo": task.repo,
        "base_commit": "c" * 40,
        "log_parser": "parse_log_pytest",
        "image": "shop/cart:1",
        "test_cmd": "pytest -rA tests",
        "eval_type": "pass_and_fail",
        "version": "1",
        "split": "test",
        "datasets": ["shop"],
    }
    columns = {
        "patch": task.gold_patch,
        "test_patch": task.test_patch,
        "eval_script": task.eval_script,
        "problem_statement": task.statement,
    }
    tests = {"FAIL_TO_PASS": list(task.fail_to_pass), "PASS_TO_PASS": list(task.pass_to_pass)}
    write_task_folder(path, meta, columns, tests)
    return path


def loaded(folder):
    found = load(str(folder.parent.parent), ())
    assert found.tasks, found.skipped
    (task,) = found.tasks
    return task


def applied(folder, diff):
    subprocess.run(["git", "apply", "-p1", "-"], input=diff.encode(), cwd=folder, check=True)


def test_every_changed_file_is_changed_and_the_task_loads_as_proposed(folder):
    before = loaded(folder)
    patch = before.test_patch.replace("test_total", "test_sum")
    after = replace(
        before,
        statement=with_sentences(before.statement, ["The tests use `rebated`."]),
        test_patch=patch,
        fail_to_pass=before.fail_to_pass[1:],
    )
    applied(folder, diff_of(before, after))
    now = loaded(folder)
    assert now.statement == after.statement
    assert now.test_patch == patch
    assert now.fail_to_pass == after.fail_to_pass
    assert now.pass_to_pass == before.pass_to_pass
    assert "test_sum" in now.eval_script
    assert "test_total" not in now.eval_script


def test_what_does_not_change_is_not_in_the_diff(folder):
    before = loaded(folder)
    diff = diff_of(before, replace(before, fail_to_pass=before.fail_to_pass[:1]))
    assert diff.count("diff --git") == 1
    assert "tests.json" in diff
    assert diff_of(before, before) == ""


def test_other_keys_and_order_of_the_required_tests_survive(folder):
    path = folder / "tests.json"
    path.write_text(json.dumps({"note": "kept", **json.loads(path.read_text())}))
    before = loaded(folder)
    applied(folder, diff_of(before, replace(before, fail_to_pass=before.fail_to_pass[:1])))
    assert json.loads(path.read_text())["note"] == "kept"


def test_a_folder_that_changed_since_the_audit_is_an_error(folder):
    before = loaded(folder)
    (folder / "test.patch").write_text("diff --git a/x b/x\n")
    with pytest.raises(InputError, match="does not hold what was audited"):
        diff_of(before, replace(before, test_patch="another"))
    (folder / "tests.json").write_text('{"FAIL_TO_PASS": ["a"], "PASS_TO_PASS": []}')
    with pytest.raises(InputError, match="other tests than were audited"):
        diff_of(before, replace(before, fail_to_pass=()))


def test_a_task_of_a_dataset_is_changed_as_its_import_would_write_it():
    before = played.task_of()
    diff = diff_of(before, replace(before, statement=before.statement + "\nMore.\n"))
    assert "+++ b/problem_statement.md" in diff
    assert "+More." in diff
