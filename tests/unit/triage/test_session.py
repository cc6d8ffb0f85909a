"""What a reviewer sees and what a click changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from swe_audit.errors import InputError
from swe_audit.formats.decisions import FILE_NAME, read_decisions
from swe_audit.model.audit import Audit
from swe_audit.model.decisions import Choice
from swe_audit.triage import Session
from tests.unit.report import audits

C, D, F = Choice.CONFIRM, Choice.DISPUTE, Choice.DEFER


@pytest.fixture(scope="module")
def made() -> Audit:
    return audits.audit([audits.narrow(), audits.suspect(), audits.skipped()])


@pytest.fixture
def ada(made: Audit, tmp_path: Path) -> Session:
    audits.write_logs(made, tmp_path)
    return Session(made, tmp_path, "Ada")


@pytest.fixture
def bob(made: Audit, ada: Session) -> Session:
    return Session(made, ada.folder, "Bob")


def seen(session: Session, key: str) -> list[tuple[str, str]]:
    return [(one["reviewer"], one["decision"]) for one in session.state()[key]]


def test_a_session_begins_a_file_that_names_every_finding(ada: Session) -> None:
    text = (ada.folder / FILE_NAME).read_text()
    assert len(ada.findings) == 3
    assert all(f"\n# {finding}\n" in text for finding in ada.findings)
    assert ada.state() == {"own": [], "others": []}
    assert ada.left() == 3


def test_a_decision_is_in_the_file_when_the_call_returns(ada: Session) -> None:
    finding = min(ada.findings)
    told = ada.decide(finding, C, "detail_is_free", "As the statement says.")
    (kept,) = read_decisions(ada.folder / FILE_NAME)
    assert (kept.finding, kept.reviewer, kept.choice, kept.reason, kept.note) == (
        finding,
        "Ada",
        C,
        "detail_is_free",
        "As the statement says.",
    )
    assert kept.at.endswith("Z")
    assert [one["finding"] for one in told["own"]] == [finding]
    assert ada.left() == 2


def test_reviewers_are_blind_to_each_other_until_both_decided(ada: Session, bob: Session) -> None:
    finding = min(ada.findings)
    ada.decide(finding, C, "", "")
    assert seen(bob, "others") == []
    bob.decide(finding, F, "", "")
    assert seen(bob, "others") == []
    bob.decide(finding, D, "stated", "")
    assert seen(bob, "others") == [("Ada", "confirm")]
    assert seen(ada, "others") == [("Bob", "dispute")]


def test_who_changes_their_mind_after_seeing_the_other_keeps_the_blind_choice(
    ada: Session, bob: Session
) -> None:
    finding = min(ada.findings)
    ada.decide(finding, C, "", "")
    bob.decide(finding, D, "", "")
    bob.decide(finding, C, "", "convinced")
    kept = {one.reviewer: one for one in read_decisions(ada.folder / FILE_NAME)}
    assert (kept["Bob"].choice, kept["Bob"].blind) == (C, D)
    with pytest.raises(InputError, match="shown already"):
        bob.take_back(finding)


def test_a_decision_can_be_taken_back_while_it_is_blind(ada: Session) -> None:
    finding = min(ada.findings)
    ada.decide(finding, C, "", "")
    assert ada.take_back(finding) == {"own": [], "others": []}


def test_nothing_is_decided_about_what_the_run_does_not_have(ada: Session) -> None:
    with pytest.raises(InputError, match="no finding nowhere"):
        ada.decide("nowhere", C, "", "")
    with pytest.raises(InputError, match="at most"):
        ada.decide(min(ada.findings), C, "", "x" * 10_001)


def test_another_file_is_taken_in(ada: Session) -> None:
    finding = min(ada.findings)
    text = f"decisions:\n- {{finding: {finding}, reviewer: Ada, decision: dispute}}\n"
    assert ada.take_in(text)["taken"] == 1
    assert seen(ada, "own") == [("Ada", "dispute")]
    with pytest.raises(InputError, match="the imported file:2: the decision has no reviewer"):
        ada.take_in(f"decisions:\n- finding: {finding}\n")


def test_a_file_that_breaks_meanwhile_is_named_and_left_alone(ada: Session) -> None:
    path = ada.folder / FILE_NAME
    path.write_text("decisions:\n- finding: [\n")
    with pytest.raises(InputError, match=r"decisions\.yaml:\d: not valid YAML"):
        ada.decide(min(ada.findings), C, "", "")
    assert path.read_text() == "decisions:\n- finding: [\n"


def test_pages_show_tasks_with_findings_and_nothing_that_was_decided(
    ada: Session, bob: Session
) -> None:
    bob.decide(min(ada.findings), D, "stated", "Bob's own note")
    page, task = ada.page(), ada.task_page("acme__tally-77.html")
    assert task is not None
    assert "Bob" not in page + task
    assert all(f'data-id="{finding}"' in page for finding in ada.findings)
    assert ada.task_page("acme__tally-12.html") is None
    assert ada.task_page("../../etc/passwd") is None


def test_what_a_page_loads_on_demand_is_served_by_name_alone(made: Audit, ada: Session) -> None:
    again = Session(made, ada.folder, "Ada")
    page = ada.task_page("acme__tally-77.html") or ""
    name = "acme__tally-77.log-5.html"
    assert f"../parts/{name}" in page
    assert "DecompressionStream" in (ada.part(name) or "")
    assert again.part(name) == ada.part(name), "whether its page was asked for before or not"
    assert ada.part("acme__tally-77.log-99.html") is None
    assert ada.part("../acme__tally-77.html") is None


def test_logs_are_served_from_their_folder_only(ada: Session, made: Audit) -> None:
    log = made.tasks[0].trials[0].log
    assert ada.log_file(log.removeprefix("logs/")) == (ada.folder / log).resolve()
    assert ada.log_file("../decisions.yaml") is None
    assert ada.log_file("/etc/passwd") is None
    assert ada.log_file("nothing.gz") is None


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\x00b", "\u202eAda"])
def test_a_name_that_cannot_be_one_is_refused(made: Audit, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot name a reviewer"):
        Session(made, tmp_path, name)


def test_a_run_without_findings_has_nothing_to_decide(made: Audit, tmp_path: Path) -> None:
    bare = replace(made, tasks=tuple(replace(one, findings=()) for one in made.tasks))
    with pytest.raises(InputError, match="no finding to decide on"):
        Session(bare, tmp_path, "Ada")
    assert not (tmp_path / FILE_NAME).exists()
