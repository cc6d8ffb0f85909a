"""Tests to drop are graded again on the run's own logs, and every control can say no."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swe_audit.model.candidate import CandidateKind
from swe_audit.model.finding import Cause
from swe_audit.repair import Proposal, Unmade
from swe_audit.repair.dropping import propose
from tests.unit.repair import played


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    return played.audited(tmp_path_factory.mktemp("run"))


def by_cause(history, cause):
    return [finding for finding in history.findings() if finding.cause is cause]


def test_the_tests_of_a_message_can_go_where_others_still_fail_without_a_patch(history):
    (proposal,) = propose(history, by_cause(history, Cause.MESSAGE_TEXT))
    assert isinstance(proposal, Proposal)
    assert proposal.verified, proposal.failure
    assert proposal.task.fail_to_pass == (played.TOTAL, played.REBATED)
    rows = {row.candidate: (row.before, row.after) for row in proposal.table}
    assert rows["gold"] == ("accepted", "accepted")
    assert rows["empty"] == ("rejected by 4 tests", "rejected by 3 tests")
    assert "no wrong patch was tried" in proposal.limits[0]


def test_nothing_is_dropped_where_nothing_would_be_left_to_fail(history):
    (unmade,) = propose(history, by_cause(history, Cause.MISSING_NAME))
    assert isinstance(unmade, Unmade)
    assert "all the FAIL_TO_PASS tests" in unmade.reason


def test_findings_that_cannot_be_mended_together_are_tried_alone(history):
    made = list(propose(history, history.findings()))
    assert {type(one) for one in made} == {Proposal, Unmade}


def test_a_wrong_patch_that_would_then_pass_is_told(history):
    before = history.result
    gold = history.golds()[0]
    wrong = replace(gold, name="wrong", kind=CandidateKind.INCORRECT)
    passed = [played.TOTAL, played.REBATED, played.EMPTY]
    log = played.fakes.log_of(failed=[played.BELOW], passed=passed)
    run = played.fakes.completed(log)
    spec = played.TrialSpec(task=history.task, candidate=wrong, attempt=1)
    trial = history.graded(run, spec)
    history = replace(
        history,
        result=replace(
            before,
            candidates=(*before.candidates, wrong),
            trials=(*before.trials, trial),
        ),
        runs={**history.runs, trial.id: lambda: run},
    )
    (proposal,) = propose(history, by_cause(history, Cause.MESSAGE_TEXT))
    assert not proposal.verified
    assert proposal.failure == (
        "every wrong patch that was rejected still is: shop__cart-1/wrong/1 accepted"
    )
