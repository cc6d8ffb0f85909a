"""Cut-offs, completions and finished audits, as a profile takes them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from swe_audit.errors import InputError
from swe_audit.formats.completions import load_completions
from swe_audit.formats.cutoffs import load_cutoffs, parsed_day
from swe_audit.formats.finished import load_statuses
from swe_audit.model.audit import TaskStatus


def test_a_cut_off_is_a_date_or_a_date_with_its_submissions(tmp_path: Path) -> None:
    path = tmp_path / "models.yaml"
    path.write_text(
        "gpt-4: 2021-09-30\nclaude:\n  cutoff: 2024-04\n  submissions: ['*sonnet*', opus]\n"
        "other:\n  cutoff: 2023\n  submissions: x_*\n"
    )
    first, second, third = load_cutoffs(path)
    assert (first.model, first.day, first.submissions) == (
        "gpt-4",
        date(2021, 9, 30),
        ("*gpt-4*",),
    )
    assert (second.day, second.submissions) == (date(2024, 4, 1), ("*sonnet*", "opus"))
    assert (third.day, third.submissions) == (date(2023, 1, 1), ("x_*",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names no model"),
        ("gpt: soon\n", "gpt: cutoff: 'soon' is no date"),
        ("gpt: {cutoff: 2024-13-01}\n", "'2024-13-01' is no date"),
        ("gpt: {until: 2024}\n", "'until' is not known"),
        ("gpt: {cutoff: 2024, submissions: {a: b}}\n", "submissions is not a list of names"),
        ("gpt: {submissions: a}\n", "'' is no date"),
        ("- gpt\n", "mapping is wanted"),
    ],
)
def test_a_cut_off_that_cannot_be_read_names_its_model(tmp_path: Path, text, said) -> None:
    path = tmp_path / "models.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        load_cutoffs(path)


def test_a_day_too_precise_is_no_day() -> None:
    with pytest.raises(InputError, match="--before: '2024-01-01-02' is no date"):
        parsed_day("2024-01-01-02", "--before")


def test_statuses_are_read_from_a_report_or_the_folder_of_its_run(tmp_path: Path) -> None:
    tasks = [{"instance_id": "a__b-1", "status": "defective", "findings": []}]
    (tmp_path / "report.json").write_text(json.dumps({"tasks": tasks}))
    for place in (tmp_path, tmp_path / "report.json"):
        assert load_statuses(place) == {"a__b-1": TaskStatus.DEFECTIVE}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "is no report"),
        ({"tasks": 3}, "is no report"),
        ({"tasks": [{"instance_id": "a"}]}, "without a known status"),
        ({"tasks": [{"instance_id": "a", "status": "fine"}]}, "without a known status"),
    ],
)
def test_what_is_no_report_is_one_sentence(tmp_path: Path, document, said) -> None:
    (tmp_path / "report.json").write_text(json.dumps(document))
    with pytest.raises(InputError, match=said):
        load_statuses(tmp_path)


def test_completions_are_read_and_a_bad_one_is_told(tmp_path: Path) -> None:
    path = tmp_path / "gpt.jsonl"
    path.write_text(
        '{"instance_id": "a__b-1", "prompt": "When", "completion": " it rains"}\n'
        '{"instance_id": "a__b-2"}\n{half\n'
        '{"instance_id": "a__b-3", "model": "m", "completion": "x"}\n'
    )
    told: list[str] = []
    first, last = load_completions([path], told.append)
    assert (first.model, first.prompt, first.completion) == ("gpt", "When", " it rains")
    assert (last.model, last.prompt) == ("m", "")
    assert [line.split(": ")[0] for line in told] == [f"{path}:2", f"{path}:3"]
