"""The official harness reads our task repo: every folder, and by default only its own form."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    run_evaluation = pytest.importorskip(
        "swebench.harness.run_evaluation", reason="the official harness is not installed"
    )
    from swebench.harness.utils import make_test_spec
    from swebench.task.checks import check_task_repo
    from swebench.task.repo import load_task_repo

from swe_audit.formats import load

ROOT = Path(__file__).resolve().parents[2]


def test_every_folder_is_read_and_only_tasks_in_the_harness_s_own_form_are_run() -> None:
    instances = {each["instance_id"]: each for each in load_task_repo(ROOT)}
    tasks = {task.instance_id: task for task in load(ROOT).tasks}
    assert set(instances) == set(tasks)
    run = {each["instance_id"] for each in run_evaluation.load_instances("", "test", None, ROOT)}
    assert run == {name for name, task in tasks.items() if not task.is_pro}
    assert len(tasks) - len(run) == 3


def test_the_harness_s_own_check_of_the_repo_finds_nothing() -> None:
    assert [str(problem) for problem in check_task_repo(ROOT)] == []


def test_the_harness_can_make_a_test_of_every_folder() -> None:
    for instance in load_task_repo(ROOT):
        assert make_test_spec(instance).eval_script
