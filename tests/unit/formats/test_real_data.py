"""The readers on published benchmark rows, where the development data lies beside the checkout."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from swe_audit.formats import load, load_predictions, load_results, why_unrunnable
from swe_audit.formats.importer import import_tasks
from swe_audit.formats.patches import patch_problem

SHARED = Path(__file__).resolve().parents[4] / "shared"
DATA = SHARED / "data"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason="the development data is not there"),
]


def test_every_row_of_the_verified_set_can_run() -> None:
    loaded = load(DATA / "verified_dev.jsonl.gz")
    assert (len(loaded.tasks), loaded.skipped) == (248, ())
    assert [task for task in loaded.tasks if why_unrunnable(task)] == []
    assert all(task.difficulty and task.created_at for task in loaded.tasks)


def test_every_row_of_pro_can_be_read() -> None:
    loaded = load(DATA / "pro_dev.jsonl.gz")
    assert (len(loaded.tasks), loaded.skipped) == (100, ())
    assert all("## Requirements\n" in task.statement for task in loaded.tasks)
    assert not [task.instance_id for task in loaded.tasks if why_unrunnable(task)]
    for task in loaded.tasks:
        assert task.is_pro
        assert (task.image or "").startswith("jefzda/sweap-images:")
        checked = subprocess.run(
            ["bash", "-n"],
            input=(task.eval_script or "").encode(),
            capture_output=True,
            check=False,
        )
        assert checked.returncode == 0, checked.stderr


def test_every_submitted_patch_is_read_and_is_a_diff() -> None:
    found = load_predictions([DATA / "verified_dev_predictions.jsonl.gz"])
    assert len(found) == 564
    assert [one.where for one in found if patch_problem(one.model_patch)] == []
    assert all(one.source and one.claims for one in found)


def test_results_matrices_are_read() -> None:
    assert len(load_results(DATA / "verified_dev_results.csv.gz").submissions) == 173
    pro = load_results(DATA / "pro_dev_results.csv.gz")
    assert len(pro.submissions) == 16
    assert any(None in row for row in pro.solved.values())


def test_a_real_task_is_imported_from_its_mirror(tmp_path: Path) -> None:
    done = import_tasks(
        str(DATA / "verified_dev.jsonl.gz"),
        tmp_path,
        recipes=DATA / "verified_dev_recipes.jsonl",
        mirrors=SHARED / "mirrors",
        instances=["pallets__flask-5014", "pylint-dev__pylint-4661"],
    )
    assert sorted(done.written) == ["pallets__flask-5014", "pylint-dev__pylint-4661"]
    assert all(task.rebuilt and task.environment for task in load(tmp_path).tasks)
