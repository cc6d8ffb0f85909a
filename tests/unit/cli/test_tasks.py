"""``swe-audit tasks``: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from swe_audit.cli.tasks import tasks_app
from swe_audit.errors import InputError

ROW = {
    "instance_id": "acme__widget-1",
    "repo": "acme/widget",
    "base_commit": "0123456789abcdef0123456789abcdef01234567",
    "patch": "--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b\n",
    "test_patch": "--- a/t.py\n+++ b/t.py\n@@ -1 +1 @@\n-a\n+b\n",
    "problem_statement": "It fails.",
    "FAIL_TO_PASS": ["t.py::test_a"],
    "PASS_TO_PASS": [],
    "version": "1",
    "test_cmd": "pytest -rA t.py",
    "image": "acme/widget:1",
    "log_parser": "parse_log_pytest",
}


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(tasks_app, [str(word) for word in arguments])


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([ROW, {**ROW, "instance_id": "b__b-1", "patch": "no diff"}]))
    return path


def test_an_import_says_what_it_left_out_and_ends_with_five(rows: Path, tmp_path: Path) -> None:
    done = _run("import", rows, "--out", tmp_path / "out")
    assert done.exit_code == 5
    assert done.stdout == f"{tmp_path / 'out'}: 1 task written, 1 skipped\n"
    assert done.stderr.startswith("skipped b__b-1: bad_input: ")
    again = _run("import", rows, "--out", tmp_path / "out", "-i", "acme__widget-1", "--json")
    assert again.exit_code == 0
    document = json.loads(again.stdout)
    assert (document["written"], document["kept"]) == ([], ["acme__widget-1"])
    assert document["schema_version"] == 1


def test_a_check_ends_with_three_where_something_is_wrong(rows: Path, tmp_path: Path) -> None:
    _run("import", rows, "--out", tmp_path / "out")
    good = _run("check", tmp_path / "out")
    assert (good.exit_code, good.stdout) == (0, "1 task, 0 problems\n")
    (tmp_path / "out" / "tasks" / "acme__widget-1" / "eval.sh").write_text("true\n")
    bad = _run("check", tmp_path / "out", "--json")
    assert bad.exit_code == 3
    problems = json.loads(bad.stdout)["problems"]
    assert ["marker" in problem["message"] for problem in problems] == [True, True]
    assert isinstance(_run("check", tmp_path / "nowhere").exception, InputError)


def test_show_prints_one_task(rows: Path) -> None:
    text = _run("show", "acme__widget-1", "--tasks", rows)
    assert text.exit_code == 0
    assert "1 FAIL_TO_PASS, 0 PASS_TO_PASS" in text.stdout
    shown = json.loads(_run("show", "acme__widget-1", "--tasks", rows, "--json").stdout)
    assert shown["task"]["files"] == ["x.py"]


@pytest.mark.parametrize(
    ("name", "said"), [("acme__widget-2", "close: acme__widget-1"), ("b__b-1", "not a diff")]
)
def test_show_of_what_is_not_there_or_bad_is_one_sentence(rows: Path, name: str, said: str) -> None:
    error = _run("show", name, "--tasks", rows).exception
    assert isinstance(error, InputError)
    assert said in error.message


def test_an_error_reaches_the_user_as_a_message_and_an_exit_code(rows: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "swe_audit", "tasks", "show", "nothing", "--tasks", str(rows)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
