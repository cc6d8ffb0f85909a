"""What was proposed to mend a task stands in the story of the finding that it answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from swe_audit.errors import InputError
from swe_audit.report import render
from swe_audit.report.repairs import FILE_NAME
from tests.unit.report import audits
from tests.unit.report.pages_of import Page, dead_links

PAGE = "tasks/acme__tally-77.html"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / FILE_NAME).write_text(json.dumps(audits.repair_document()))
    return tmp_path


def test_a_proposal_stands_with_its_controls_diff_table_and_text(run: Path) -> None:
    render(audits.audit([audits.narrow()]), run)
    page = Page((run / PAGE).read_text())
    story = page.words[page.words.index("What would repair it") :]
    story = story[: story.index("Repeat it")]
    assert "Name it in the statement The statement names LedgerClosedError" in story
    assert "it is named held the sentence names it" in story
    assert "LedgerClosedError name not mentioned named" in story
    assert "The error is a LedgerClosedError." in story
    assert "Not shown: the task's tree was not at hand." in story
    assert "# acme__tally-77: name what the tests pin" in story
    assert dead_links(run) == []


def test_what_did_not_verify_is_told_and_not_proposed(run: Path) -> None:
    render(audits.audit([audits.narrow()]), run)
    page = Page((run / PAGE).read_text())
    assert "2 other ways were tried and not proposed" in page.words
    assert "Not verified: gold passes: it failed one test." in page.words
    assert "Nothing would be left to fail." in page.words
    assert "the import stands in one test" not in page.words
    assert page.words.count("Need the name only where it is tested") == 1


def test_a_proposal_for_another_finding_is_not_shown(run: Path) -> None:
    document = audits.repair_document()
    (task,) = document["tasks"]  # type: ignore[misc,has-type]
    for one in (*task["proposals"], *task["not_made"]):
        one["findings"] = ["acme__tally-77:weak:00000000"]
    (run / FILE_NAME).write_text(json.dumps(document))
    render(audits.audit([audits.narrow()]), run)
    assert "What would repair it" not in (run / PAGE).read_text()


def test_the_run_may_lie_elsewhere(run: Path) -> None:
    render(audits.audit([audits.narrow()]), run / "out", run)
    assert "What would repair it" in (run / "out" / PAGE).read_text()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "repair.json is not what"),
        ("[]", "no schema_version 1"),
        ('{"schema_version": 1, "tasks": [3]}', "no list of tasks"),
        (
            '{"schema_version": 1, "tasks": [{"instance_id": "acme__tally-77", "proposals": [1]}]}',
            "its entry for acme__tally-77",
        ),
    ],
)
def test_a_damaged_document_is_one_clear_sentence(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(InputError, match=why):
        render(audits.audit([audits.narrow()]), tmp_path)


def test_no_document_means_nothing_to_show(tmp_path: Path) -> None:
    render(audits.audit([audits.narrow()]), tmp_path)
    assert "What would repair it" not in (tmp_path / PAGE).read_text()
