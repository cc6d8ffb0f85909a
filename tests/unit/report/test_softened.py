"""What each assertion says, on a task's page and in the document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from swe_audit.model.finding import Determinant
from swe_audit.report import render
from swe_audit.report.documents import report_document
from swe_audit.report.softened import MAX_ROWS, assertions_view
from tests.unit.report import audits

NAME = "openhands-1a2b3c4d"


def test_failed_assertions_come_first_with_what_they_expected_and_saw() -> None:
    view = assertions_view(audits.narrow(), NAME)
    assert view is not None
    assert (view.failed, view.passed, view.hidden) == (1, 1, 0)
    first, second = view.rows
    assert (first.place, first.passed) == ("tests/test_ledger.py:61", False)
    assert first.expected == "Entry(amount=Decimal('12.5'), memo='rent')"
    assert (first.observed, first.empty) == ("(12.5, 'rent')", "fails")
    assert (second.observed, second.empty) == ("1", "fails")
    assert view.collateral.total == 1


def test_an_error_stands_where_nothing_was_seen() -> None:
    view = assertions_view(audits.narrow(), "empty")
    assert view is not None
    assert view.rows[1].observed == "AttributeError: no 'entries' <b>here</b>"


def test_a_row_says_what_its_detail_is_determined_by() -> None:
    result = audits.narrow()
    run = result.softened[-1]
    by = (Determinant.BASE_CODE, Determinant.FRAMEWORK)
    seen = tuple(replace(one, determined_by=by) for one in run.observations)
    view = assertions_view(replace(result, softened=(replace(run, observations=seen),)), NAME)
    assert view is not None
    assert view.rows[0].why.endswith("; determined by the existing code and the framework")


def test_executions_that_came_out_alike_share_a_row_and_many_rows_are_counted() -> None:
    result = audits.narrow()
    run = result.softened[-1]
    wrong = run.observations[-1]
    again = [replace(wrong, number=nth) for nth in range(2, 5)]
    others = [replace(wrong, line=100 + nth) for nth in range(MAX_ROWS)]
    many = replace(run, observations=(*run.observations, *again, *others))
    view = assertions_view(replace(result, softened=(many,)), NAME)
    assert view is not None
    assert view.rows[0].times == 4
    assert len(view.rows) == MAX_ROWS
    assert view.hidden == 2


def test_a_void_run_says_why_and_a_candidate_without_one_has_no_table() -> None:
    result = audits.narrow()
    void = replace(result.softened[-1], void="a test differs", observations=())
    view = assertions_view(replace(result, softened=(void,)), NAME)
    assert view is not None
    assert view.void == "A test differs."
    assert assertions_view(result, "agentless-99aa17bc") is None


def test_the_page_shows_the_table_with_everything_escaped(tmp_path: Path) -> None:
    result = audits.narrow()
    seen = replace(result.softened[-1].observations[-1], observed="<script>alert(1)</script>")
    run = replace(result.softened[-1], observations=(seen,))
    render(audits.audit([replace(result, softened=(run,))]), tmp_path, tmp_path)
    (page,) = (tmp_path / "tasks").glob("*.html")
    text = page.read_text(encoding="utf-8")
    assert "1 assertion fails" in text.replace("\u00a0", " ")
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert(1)" not in text
    assert "Collateral: " in text


def test_the_document_lists_the_assertions_of_the_tests_that_tell() -> None:
    result = audits.narrow()
    quiet = replace(result.softened[0].observations[0], test="another test")
    gold = replace(result.softened[0], observations=(*result.softened[0].observations, quiet))
    audit = audits.audit([replace(result, softened=(gold, *result.softened[1:]))])
    document = report_document(audit)
    runs = document["tasks"][0]["softened"]
    assert [(run["candidate"], len(run["assertions"])) for run in runs] == [
        ("gold", 2),
        ("empty", 2),
        (NAME, 2),
    ]
    failed = runs[2]["assertions"][1]
    assert (failed["line"], failed["cause"], failed["passed"]) == (61, "value", False)
    assert document["summary"]["softened"] == {"runs": 3, "void": 0, "failed": 3}
