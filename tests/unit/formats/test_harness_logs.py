"""Logs of the harness are read where they are whole, and told where they are not."""

from __future__ import annotations

import json

import fakes
import pytest

from swe_audit.errors import InputError
from swe_audit.formats.harness_logs import load_harness_logs


def put(folder, output=fakes.PASS, patch="diff", report=None):
    folder.mkdir(parents=True)
    (folder / "test_output.txt").write_text(output)
    if patch is not None:
        (folder / "patch.diff").write_text(patch)
    if report is not None:
        (folder / "report.json").write_text(report)


@pytest.mark.parametrize("given", ["", "logs", "logs/run_evaluation"])
def test_a_log_is_found_from_each_of_its_folders(tmp_path, given):
    report = json.dumps({"a__b-1": {"resolved": True}})
    put(tmp_path / "logs/run_evaluation/run/model/a__b-1", report=report)
    (log,) = load_harness_logs(tmp_path / given, pytest.fail)
    assert (log.instance_id, log.model, log.patch, log.resolved) == (
        "a__b-1",
        "model",
        "diff",
        True,
    )


def test_a_log_that_is_not_whole_is_told_and_left_out(tmp_path):
    put(tmp_path / "run/model/a__b-1", output=">>>>> Start Test Output\nhalf")
    put(tmp_path / "run/model/a__b-2", patch=None)
    put(tmp_path / "run/model/a__b-3", report="no json")
    told = []
    (log,) = load_harness_logs(tmp_path, told.append)
    assert log.instance_id == "a__b-3"
    assert log.resolved is None
    assert "lacks a marker" in told[0]
    assert "patch.diff" in told[1]


def test_a_folder_without_logs_is_an_error(tmp_path):
    with pytest.raises(InputError, match="holds no test_output"):
        load_harness_logs(tmp_path, pytest.fail)
    with pytest.raises(InputError, match="no such folder"):
        load_harness_logs(tmp_path / "nowhere", pytest.fail)
