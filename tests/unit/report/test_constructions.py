from __future__ import annotations

from dataclasses import replace

import pytest

from swe_audit.model.audit import SiteOutcome, TaskResult
from swe_audit.model.construction import RefusalReason
from swe_audit.model.trial import RunState
from swe_audit.report.construction_views import ConstructionsView, constructions_view
from swe_audit.report.constructions import (
    constructions_entry,
    constructions_summary,
    count_constructions,
)
from swe_audit.report.parts import Parts
from swe_audit.report.summary import rejected_alternatives, rejections_without_evidence
from tests.unit.report import audits


@pytest.fixture
def result() -> TaskResult:
    return audits.constructed()


def seen(result: TaskResult) -> ConstructionsView:
    view = constructions_view(
        result, {one.id: f"t{n}" for n, one in enumerate(result.trials)}, Parts("t.html")
    )
    assert view is not None
    return view


def test_groups_are_counted_once_and_controls_not_at_all(result: TaskResult) -> None:
    counts = count_constructions(result)
    assert (counts.sites, counts.trials, counts.saved) == (4, 4, 0)
    assert (counts.mirrors_run, counts.mirrors_failed) == (1, 0)
    assert counts.by_outcome == {
        SiteOutcome.CLEARED: 2,
        SiteOutcome.PINNED: 1,
        SiteOutcome.INVALID: 1,
    }
    assert counts.refused == {RefusalReason.STATED: 1, RefusalReason.IN_BASE: 1}


def test_a_mirror_that_did_not_complete_has_not_run(result: TaskResult) -> None:
    stopped = [
        replace(one, state=RunState.TIMED_OUT) if one.candidate == "mirror-name-1" else one
        for one in result.trials
    ]
    assert count_constructions(replace(result, trials=tuple(stopped))).mirrors_run == 0


def test_a_task_whose_patch_was_not_looked_at_says_null() -> None:
    assert constructions_entry(audits.narrow()) is None
    assert constructions_summary(audits.audit([audits.narrow()])) is None


def test_the_documents_counts_add_up(result: TaskResult) -> None:
    made = audits.audit([result, audits.narrow(), replace(result, instance_id="b")])
    summary = constructions_summary(made)
    assert summary is not None
    assert summary["tasks"] == 2
    assert sum(summary["by_outcome"].values()) == summary["sites"] == 8
    entry = constructions_entry(result)
    assert entry is not None
    assert summary["trials"] == 2 * entry["trials"]


def test_a_rejected_composite_is_no_rejection_of_its_own(result: TaskResult) -> None:
    assert rejected_alternatives(result) == ("name-1", "name-2")
    assert rejections_without_evidence(result) == ("name-2",)


def test_a_composite_that_a_finding_rests_on_is_one(result: TaskResult) -> None:
    backed = replace(result.findings[0], candidates=("composite-2",))
    assert "composite-2" in rejected_alternatives(replace(result, findings=(backed,)))


def test_what_is_pinned_comes_first_and_open(result: TaskResult) -> None:
    sites = seen(result).sites
    assert [one.outcome for one in sites] == ["pinned", "invalid", "cleared", "cleared"]
    assert [one.is_open for one in sites] == [True, True, False, False]


def test_a_site_links_the_trials_that_tried_it(result: TaskResult) -> None:
    by_detail = {one.detail: one for one in seen(result).sites}
    assert [verdict for _, _, verdict in by_detail["LedgerClosedError"].attempts] == [
        "unresolved"
    ] * 3
    tried = by_detail["ledger {} is closed"].attempts
    assert [(id_, verdict) for id_, _, verdict in tried] == [
        ("acme__tally-64/composite-1/1", "resolved")
    ]
    assert all(anchor for one in by_detail.values() for _, anchor, _ in one.attempts)


def test_a_check_says_what_it_takes_away(result: TaskResult) -> None:
    site = next(one for one in seen(result).sites if one.symbol == "error message")
    assert site.ceiling == "likely"
    assert site.checks[-1].effect == (
        "determined by the hints, which solvers are not given; at most likely"
    )


def test_refusals_are_grouped_by_reason_and_cut(
    result: TaskResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [(one.reason, one.total, one.hidden) for one in seen(result).refusals] == [
        ("stated", 1, 0),
        ("in base", 1, 0),
    ]
    monkeypatch.setattr("swe_audit.report.construction_views.MAX_REFUSED", 1)
    assert [one.hidden for one in seen(result).refusals] == [0, 1]


def test_a_mirror_is_shown_beside_the_tests(result: TaskResult) -> None:
    (mirror,) = seen(result).mirrors
    assert mirror.outcome == "resolved"
    (pair,) = mirror.pairs
    assert pair.right is not None
    assert any("LedgerShutError" in line.code for line in pair.right.lines)


def test_a_survey_that_could_not_be_made_says_why(result: TaskResult) -> None:
    assert result.survey is not None
    lost = replace(result, survey=replace(result.survey, sites=(), problem="no tree"), sites=())
    assert seen(lost).problem == "No tree."
    assert seen(lost).sentence.startswith("The reference patch introduces no detail")
