"""Decisions on the pages and in the documents, in words and in figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from swe_audit.model.audit import Audit
from swe_audit.model.decisions import Choice, Decision
from swe_audit.report import render
from swe_audit.report.decision_views import REASONS, decision_lines, triage_note
from swe_audit.report.documents import report_document
from swe_audit.report.triage_page import TriagePages, triage_view
from swe_audit.reviewing import decided
from tests.unit.report import audits
from tests.unit.report.test_documents import read, strictest

C, D = Choice.CONFIRM, Choice.DISPUTE
ATTACK = "</p><script>window.broken=1</script>"


def with_decisions(made: Audit, *decisions: Decision) -> Audit:
    tasks = tuple(decided(task, decisions) for task in made.tasks)
    return replace(made, tasks=tasks, decisions=decisions)


@pytest.fixture(scope="module")
def reviewed() -> Audit:
    made = audits.audit([audits.narrow(), audits.suspect(), audits.skipped()])
    first, second, _ = (one.id for task in made.tasks for one in task.findings)
    return with_decisions(
        made,
        Decision(finding=first, reviewer="Ada", choice=C, reason="detail_is_free", at="2025-01-31"),
        Decision(finding=first, reviewer="Bob", choice=D, reason="my own", note=ATTACK, blind=C),
        Decision(finding=second, reviewer="Ada", choice=C),
        Decision(finding=second, reviewer="Bob", choice=D),
        Decision(finding="gone:wide:0", reviewer="Bob", choice=D),
    )


def test_a_note_says_how_far_it_got_how_they_agree_and_what_is_left(reviewed: Audit) -> None:
    assert triage_note(reviewed).sentences == (
        "Of 3 findings: 1 undecided and 2 divided.",
        "Reviewed by Ada (2 confirmed, 0 disputed, 0 deferred) and"
        " Bob (0 confirmed, 2 disputed, 0 deferred).",
        "Two or more judged 2 findings and agree on 1 (50.0\u00a0%);"
        " Krippendorff's alpha 0.00, Fleiss' kappa \u22120.33.",
        "1 finding is left to decide.",
        "The file also holds decisions on 1 finding that this run does not have.",
    )


def test_where_nobody_decided_nothing_is_said() -> None:
    assert triage_note(audits.sample_audit()).sentences == ()


def test_a_line_is_in_words_and_a_reason_of_ones_own_stands_as_it_is(reviewed: Audit) -> None:
    first = reviewed.decisions[0].finding
    lines = decision_lines(first, reviewed.decisions)
    assert [(one.reviewer, one.done, one.reason, one.blind) for one in lines] == [
        ("Ada", "confirmed", "The statement leaves the detail free.", ""),
        ("Bob", "disputed", "My own.", "confirmed"),
    ]


def test_the_report_shows_decisions_and_escapes_them(reviewed: Audit, tmp_path: Path) -> None:
    render(reviewed, tmp_path)
    task = (tmp_path / "tasks/acme__tally-77.html").read_text()
    assert "What reviewers decided" in task
    assert "The statement leaves the detail free." in task
    assert "Before seeing the others: confirmed." in task
    assert "<script>window" not in task
    assert "&lt;script&gt;window.broken=1" in task
    front = (tmp_path / "index.html").read_text()
    assert "Of 3 findings: 1 undecided and 2 divided." in front
    assert 'data-review="divided"' in front
    assert 'href="triage.html"' in front


def test_the_documents_hold_decisions_and_fit_the_schema(reviewed: Audit) -> None:
    document = read(report_document(reviewed))
    strictest("report").validate(document)
    assert document["summary"]["triage"]["by_state"]["divided"] == 2
    assert document["summary"]["triage"]["unknown"] == ["gone:wide:0"]
    (task,) = [one for one in document["tasks"] if one["instance_id"] == "acme__tally-77"]
    assert task["decisions"][1] == {
        "finding": reviewed.decisions[0].finding,
        "reviewer": "Bob",
        "decision": "dispute",
        "reason": "my own",
        "note": ATTACK,
        "at": None,
        "blind": "confirm",
    }
    assert read(report_document(audits.empty_audit()))["summary"]["triage"] is None


def test_the_triage_page_offers_every_reason_and_lists_the_surest_first() -> None:
    made = audits.sample_audit()
    view = triage_view(made)
    ranks = [one.confidence_rank for one in view.findings]
    assert ranks == sorted(ranks)
    page = TriagePages().triage(view)
    for choice, reasons in REASONS.items():
        assert f'data-choice="{choice.value}"' in page
        assert len(reasons) < 10, "a reason is one digit"
        for reason, meaning in reasons:
            assert f'data-reason="{reason}"' in page
            assert meaning in page
    assert "connect-src" not in page.split("<title>")[0]
    assert "connect-src 'self'" in TriagePages().triage(triage_view(made, "Ada"))
    assert "no finding to decide on" in TriagePages().triage(triage_view(audits.empty_audit()))
