from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from swe_audit.model.audit import Audit, TaskStatus
from swe_audit.model.task import Skipped, SkipReason
from swe_audit.report.summary import (
    rejected_alternatives,
    rejections_without_evidence,
    skip_reasons,
    summarise,
)
from tests.unit.report import audits


def test_counts_of_the_sample_are_those_of_its_tasks() -> None:
    summary = summarise(audits.sample_audit())
    assert summary.tasks == 28
    assert summary.by_status[TaskStatus.DEFECTIVE] == 3
    assert {one.value: n for one, n in summary.by_defect.items()} == {
        "flaky": 1,
        "narrow": 3,
        "wide": 1,
    }
    assert {one.value: n for one, n in summary.by_confidence.items()} == {
        "proven": 3,
        "suspect": 1,
        "refuted": 1,
    }
    assert summary.by_skip_reason == {"no_fail_to_pass": 1}


@settings(deadline=None, max_examples=30)
@given(made=audits.audits())
def test_counts_reconcile_whatever_the_audit(made: Audit) -> None:
    summary = summarise(made)
    assert sum(summary.by_status.values()) == summary.tasks == len(made.tasks)
    assert sum(summary.by_run_state.values()) == summary.trials
    assert sum(summary.by_defect.values()) == summary.findings
    assert sum(summary.by_confidence.values()) == summary.findings
    assert sum(summary.by_defect_and_confidence.values()) == summary.findings
    assert sum(summary.by_skip_reason.values()) == summary.by_status.get(TaskStatus.SKIPPED, 0)
    assert summary.rejections_without_evidence <= summary.rejections


def test_a_rejection_that_a_finding_rests_on_is_not_without_evidence() -> None:
    result = audits.narrow()
    assert rejected_alternatives(result) == ("closed-ledger-name", "openhands-1a2b3c4d")
    assert rejections_without_evidence(result) == ("openhands-1a2b3c4d",)


def test_a_patch_that_did_not_apply_was_not_rejected_by_the_tests() -> None:
    assert "agentless-99aa17bc" not in rejected_alternatives(audits.narrow())


def test_controls_are_never_rejected_alternatives() -> None:
    assert rejected_alternatives(audits.flaky()) == ()


def test_two_skipped_rows_of_one_id_keep_their_own_reasons() -> None:
    one = audits.skipped()
    skips = [
        Skipped(instance_id=one.instance_id, reason=SkipReason.DUPLICATE_ID),
        Skipped(instance_id=one.instance_id, reason=SkipReason.NO_IMAGE),
    ]
    made = audits.audit([one, audits.narrow(), one, one], skips)
    assert skip_reasons(made) == ("duplicate_id", "", "no_image", "unstated")


def test_a_skipped_task_whose_reason_is_a_word_of_ours_is_counted_under_it() -> None:
    one = replace(audits.skipped(), reason="no_image")
    assert skip_reasons(audits.audit([one])) == ("no_image",)
