from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from swe_audit.cli.app import app
from swe_audit.model.audit import Audit, TaskStatus
from swe_audit.model.finding import Confidence
from swe_audit.report.comparison import NOT_AUDITED, Comparison, compare, comparison_document
from swe_audit.report.documents import report_document, schema, to_bytes
from swe_audit.report.pages import Pages
from tests.unit.report import audits
from tests.unit.report.pages_of import Page


def compared(a: Audit, b: Audit) -> Comparison:
    return compare(report_document(a), report_document(b))


@pytest.fixture
def before() -> Audit:
    return audits.audit([audits.narrow(), audits.flaky(), audits.constructed(), audits.suspect()])


@pytest.fixture
def after() -> Audit:
    """The flaky task is steady now, one finding is less sure, one task was not taken."""
    steady = replace(
        audits.flaky(),
        status=TaskStatus.CLEARED,
        findings=(),
        trials=audits.controls(audits.task("acme__tally-91")),
    )
    made = audits.narrow()
    doubtful = replace(made.findings[0], confidence=Confidence.DISPUTED)
    lost = audits.inconclusive()
    run = replace(audits.RUN, id="later", dataset_sha256="0" * 64)
    later = audits.audit([replace(made, findings=(doubtful,)), steady, audits.constructed(), lost])
    return replace(later, run=run)


def test_a_run_compared_with_itself_changes_nothing(before: Audit) -> None:
    found = compared(before, before)
    assert found.same_data
    assert (found.new, found.gone, found.statuses, found.verdicts) == ((), (), (), ())
    assert len(found.kept) == 5
    assert found.compared == 18


def test_findings_are_gone_new_or_kept_by_their_ids(before: Audit, after: Audit) -> None:
    found = compared(before, after)
    assert not found.same_data
    assert {(one.instance_id, one.defect, one.status_after) for one in found.gone} == {
        ("acme__tally-91", "flaky", "cleared"),
        ("acme__tally-58", "narrow", NOT_AUDITED),
        ("acme__tally-58", "wide", NOT_AUDITED),
    }
    assert [(one.instance_id, one.before, one.after) for one in found.kept] == [
        ("acme__tally-64", "proven", "proven"),
        ("acme__tally-77", "proven", "disputed"),
    ]
    assert found.new == ()
    assert len(compared(after, before).new) == 3
    assert (found.only_a, found.only_b) == (("acme__tally-58",), ("acme__tally-103",))


def test_a_verdict_flips_only_where_the_same_patch_completed_in_both(
    before: Audit, after: Audit
) -> None:
    (flip,) = compared(before, after).verdicts
    assert (flip.instance_id, flip.candidate) == ("acme__tally-91", "gold")
    assert (flip.before, flip.after) == ("mixed", "resolved")
    other = replace(
        audits.narrow(),
        candidates=tuple(
            replace(one, patch=one.patch + "\n") for one in audits.narrow().candidates
        ),
    )
    assert compared(before, audits.audit([other])).compared == 0


def test_the_document_fits_its_schema(before: Audit, after: Audit) -> None:
    document = json.loads(to_bytes(comparison_document(compared(before, after))))
    Draft202012Validator(schema("compare")).validate(document)
    assert [one["before"] for one in document["findings"]["kept"]] == ["proven", "proven"]
    mirror = Path(__file__).parents[3] / "docs" / "schemas" / "compare.schema.json"
    assert json.loads(mirror.read_text(encoding="utf-8")) == schema("compare")


def test_the_page_says_what_changed(before: Audit, after: Audit) -> None:
    page = Page(Pages().comparison(compared(before, after)))
    assert "0 findings are new, 3 gone, 2 kept." in page.words
    assert "1 verdict of 15 flipped" in page.words
    assert "did not read the same data set" in page.words
    assert len(page.ids) == len(set(page.ids))


def test_hostile_runs_give_an_inert_page() -> None:
    html = Pages().comparison(compared(audits.hostile_audit(), audits.empty_audit()))
    html.encode("utf-8")
    assert Page(html).count("script") == 2
    assert Page(html).count("img") == 0


def test_published_reports_are_compared_without_their_journals(
    before: Audit, after: Audit, tmp_path: Path
) -> None:
    files = []
    for name, made in (("a", before), ("b", after)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "report.json").write_bytes(to_bytes(report_document(made)))
        files.append(str(folder))
    page = tmp_path / "out" / "compare.html"
    done = CliRunner().invoke(app, ["compare", *files, "--json", "--out", str(page)])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["verdicts"]["compared"] == 15
    assert "Two runs compared" in page.read_text(encoding="utf-8")
    told = CliRunner().invoke(app, ["compare", *files]).stdout
    assert "3 findings gone" in told
    assert "acme__tally-77 narrow proven -> disputed: 'LedgerClosedError'" in told


@pytest.mark.parametrize("content", ["{", "[]", '{"schema_version": 1}'])
def test_a_file_that_is_no_report_is_one_error(content: str, tmp_path: Path) -> None:
    bad = tmp_path / "report.json"
    bad.write_text(content)
    done = CliRunner().invoke(app, ["compare", str(bad), str(bad)])
    assert type(done.exception).__name__ == "InputError"
