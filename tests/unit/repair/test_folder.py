"""What a maintainer gets: a diff and a text for each verified proposal, and what was tried."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from swe_audit.cli.app import app
from swe_audit.repair import repair_document, repair_task, write_document, write_repair
from swe_audit.repair.folder import named
from tests.unit.repair import played


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return tmp_path_factory.mktemp("run")


@pytest.fixture(scope="module")
def history(run):
    return played.audited(run)


def test_each_verified_proposal_has_a_diff_and_a_text_and_the_rest_is_told(history, tmp_path):
    repair = repair_task(history)
    files = write_repair(repair, tmp_path, "r1")
    assert sorted(file.name for file in files) == [
        "drop-tests.diff",
        "drop-tests.md",
        "statement.diff",
        "statement.md",
        "tried.md",
    ]
    text = (tmp_path / "shop__cart-1" / "drop-tests.md").read_text()
    assert "| empty | empty | rejected by 4 tests | rejected by 3 tests |" in text
    assert "git apply --directory tasks/shop__cart-1 drop-tests.diff" in text
    assert "all the FAIL_TO_PASS tests" in (tmp_path / "shop__cart-1" / "tried.md").read_text()


def test_what_is_not_verified_has_no_file(history, tmp_path):
    repair = repair_task(history)
    doubtful = [
        replace(one, controls=(replace(one.controls[0], held=False),)) for one in repair.proposals
    ]
    files = write_repair(replace(repair, proposals=tuple(doubtful)), tmp_path, "r1")
    assert [file.name for file in files] == ["tried.md"]
    assert "Not verified" in files[0].read_text()


def test_two_proposals_of_one_kind_have_two_names(history):
    repair = repair_task(history)
    first = repair.verified[0]
    twice = replace(repair, proposals=(first, first))
    assert [name for name, _ in named(twice)] == [first.kind.value, f"{first.kind.value}-2"]


def test_the_document_names_the_file_of_what_is_verified_alone(history):
    document = repair_document((repair_task(history),), "r1")
    (task,) = document["tasks"]
    assert {one["file"] for one in task["proposals"]} == {"statement.diff", "drop-tests.diff"}
    assert all(control["held"] for one in task["proposals"] for control in one["controls"])
    assert task["not_made"]


def test_the_document_holds_what_the_files_hold(history, tmp_path):
    repair = repair_task(history)
    write_repair(repair, tmp_path, "r1")
    (task,) = repair_document((repair,), "r1")["tasks"]
    for one in task["proposals"]:
        file = tmp_path / "shop__cart-1" / one["file"]
        assert one["diff"] == file.read_text()
        assert one["text"] == file.with_suffix(".md").read_text()


def test_the_command_writes_without_a_container_and_prints_one_document(history, run, tmp_path):
    done = CliRunner().invoke(
        app, ["repair", str(run), "--out", str(tmp_path), "--no-run", "--json"]
    )
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["schema_version"] == 1
    assert (tmp_path / "shop__cart-1" / "statement.diff").is_file()


def test_an_unknown_task_is_said(history, run, tmp_path):
    done = CliRunner().invoke(app, ["repair", str(run), "--out", str(tmp_path), "-i", "nobody"])
    assert done.exit_code != 0
    assert "no task nobody" in str(done.exception)


def test_the_run_keeps_what_its_next_report_shows(history, run):
    done = CliRunner().invoke(app, ["repair", str(run), "--no-run", "--json"])
    assert done.exit_code == 0, done.output
    kept = json.loads((run / "repair.json").read_text())
    assert kept == json.loads(done.stdout)
    assert (run / "repairs" / "shop__cart-1" / "statement.diff").is_file()


def test_the_document_of_a_run_keeps_what_it_holds_of_other_tasks(history, tmp_path):
    repair = repair_task(history)
    other = {"instance_id": "another__task-1", "findings": [], "proposals": [], "not_made": []}
    (tmp_path / "repair.json").write_text(
        json.dumps({"schema_version": 1, "tasks": [other, {"instance_id": "shop__cart-1"}]})
    )
    write_document(repair, tmp_path, "r1")
    first, second = json.loads((tmp_path / "repair.json").read_text())["tasks"]
    assert first == other
    assert second["proposals"], "what was there of this task gives way"
    (tmp_path / "repair.json").write_text("no JSON")
    write_document(repair, tmp_path, "r1")
    assert len(json.loads((tmp_path / "repair.json").read_text())["tasks"]) == 1
