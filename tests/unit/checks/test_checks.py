"""From runs to findings and a status, through the whole of the judging."""

from __future__ import annotations

from itertools import permutations

import fakes
import pytest

from swe_audit.alternatives.benchmark import controls
from swe_audit.assessment import Attempt, assess
from swe_audit.checks import CHECKS
from swe_audit.judging.explain import explain
from swe_audit.model.audit import TaskStatus
from swe_audit.model.candidate import CandidateKind, Provenance
from swe_audit.model.finding import Cause, Confidence, Defect
from swe_audit.model.trial import RunState
from swe_audit.planning import Policy

POLICY = Policy(repeats=3)
MISSING_NAME = fakes.log_of(
    failed=[fakes.F2P],
    why="""=================================== FAILURES ===================================
__________________________________ test_total __________________________________

    def test_total():
>       assert cart.grand_total([1, 2]) == 3
E       AttributeError: module 'shop.cart' has no attribute 'grand_total'

tests/test_cart.py:4: AttributeError
=========================== short test summary info ============================""",
)
VALUE = fakes.log_of(
    failed=[fakes.F2P],
    why="""=================================== FAILURES ===================================
__________________________________ test_total __________________________________

    def test_total():
>       assert total([1, 2]) == 3
E       assert 0 == 3
E        +  where 0 = total([1, 2])

tests/test_cart.py:4: AssertionError
=========================== short test summary info ============================""",
)


def result_of(task, *others, policy=POLICY, drop=(), order=None, **script):
    """Run the plan with a script and judge what came of it."""
    candidates = (*controls(task), *others)
    play = fakes.by_candidate(script)
    attempts = []
    from swe_audit.assessment import judge_one, judged_with
    from swe_audit.planning import next_trials

    done = []
    while specs := next_trials(task, candidates, done, policy):
        for spec in specs:
            run = play(spec)
            done = judged_with([*done, judge_one(run, spec, done, candidates)], task, candidates)
            attempts.append(Attempt(spec=spec, log_path="l", read=lambda run=run: run))
    attempts = [a for a in attempts if a.spec.id.split("/", 1)[1] not in drop]
    if order is not None:
        attempts = [attempts[i] for i in order if i < len(attempts)]
    return assess(task, candidates, (), attempts, policy=policy, explain=explain)


def only(result):
    (finding,) = result.findings
    return finding


def test_a_sound_task_with_an_accepted_curated_alternative_is_cleared():
    task = fakes.make_task()
    result = result_of(task, fakes.curated(task, "a"))
    assert (result.status, result.findings) == (TaskStatus.CLEARED, ())


def test_a_task_without_alternatives_or_with_submissions_only_is_untested():
    task = fakes.make_task()
    assert result_of(task).status is TaskStatus.UNTESTED
    submitted = fakes.curated(task, "a", provenance=Provenance.PREDICTION)
    result = result_of(task, submitted)
    assert result.status is TaskStatus.UNTESTED
    assert "none with evidence" in result.reason


def test_a_rejected_submission_is_no_finding_but_its_reasons_are_kept():
    task = fakes.make_task()
    submitted = fakes.curated(task, "a", provenance=Provenance.PREDICTION)
    result = result_of(task, submitted, a=MISSING_NAME)
    assert (result.status, result.findings) == (TaskStatus.UNTESTED, ())
    (rejection,) = result.rejections
    assert rejection.trial == "shop__cart-1/a/1"
    assert rejection.explanations[0].cause is Cause.MISSING_NAME


@pytest.mark.parametrize(
    ("reviewer", "confidence", "status"),
    [
        ("bob", Confidence.PROVEN, TaskStatus.DEFECTIVE),
        ("", Confidence.LIKELY, TaskStatus.SUSPECT),
        ("ada", Confidence.LIKELY, TaskStatus.SUSPECT),
    ],
)
def test_a_rejected_curated_alternative_is_narrow_and_proven_only_by_somebody_else(
    reviewer, confidence, status
):
    task = fakes.make_task()
    alternative = fakes.curated(task, "a", claim=Defect.NARROW, reviewed_by=reviewer)
    result = result_of(task, alternative, a=MISSING_NAME)
    finding = only(result)
    assert (finding.defect, finding.cause) == (Defect.NARROW, Cause.MISSING_NAME)
    assert finding.detail == "grand_total"
    assert finding.tests == (fakes.F2P,)
    assert finding.candidates == ("a",)
    assert (finding.confidence, result.status) == (confidence, status)
    assert {e.trial for e in finding.evidence if e.kind == "trial"} == {
        f"shop__cart-1/a/{attempt}" for attempt in (1, 2, 3)
    }


@pytest.mark.parametrize(
    ("log", "claim", "defect"),
    [
        (MISSING_NAME, Defect.WIDE, Defect.NARROW),
        (MISSING_NAME, None, Defect.NARROW),
        (MISSING_NAME, Defect.CONTRADICTORY, Defect.CONTRADICTORY),
        (VALUE, Defect.WIDE, Defect.WIDE),
        (VALUE, Defect.NARROW, Defect.NARROW),
        (VALUE, Defect.CONTRADICTORY, Defect.CONTRADICTORY),
        (VALUE, None, Defect.UNEXPLAINED),
    ],
)
def test_the_cause_decides_what_it_can_and_the_claim_the_rest(log, claim, defect):
    task = fakes.make_task()
    result = result_of(task, fakes.curated(task, "a", claim=claim, reviewed_by="bob"), a=log)
    finding = only(result)
    assert finding.defect is defect
    unexplained = defect is Defect.UNEXPLAINED
    assert finding.confidence is (Confidence.SUSPECT if unexplained else Confidence.PROVEN)


def test_two_alternatives_that_meet_the_same_pin_share_a_finding_with_one_id():
    task = fakes.make_task()
    first, second = fakes.curated(task, "a"), fakes.curated(task, "b", reviewed_by="bob")
    both = only(result_of(task, first, second, a=MISSING_NAME, b=MISSING_NAME))
    alone = only(result_of(task, first, a=MISSING_NAME))
    assert both.candidates == ("a", "b")
    assert both.id == alone.id
    assert both.confidence is Confidence.PROVEN


def test_a_rejection_that_is_not_repeated_is_flaky_and_never_narrow():
    task = fakes.make_task()
    alternative = fakes.curated(task, "a", reviewed_by="bob")
    finding = only(result_of(task, alternative, a=[MISSING_NAME, fakes.PASS, MISSING_NAME]))
    assert (finding.defect, finding.confidence) == (Defect.FLAKY, Confidence.SUSPECT)


def test_a_rejection_for_changing_reasons_is_flaky():
    task = fakes.make_task()
    finding = only(result_of(task, fakes.curated(task, "a"), a=[MISSING_NAME, VALUE, VALUE]))
    assert finding.defect is Defect.FLAKY


def test_a_rejection_is_not_confirmed_while_gold_does_not_resolve_in_between():
    task = fakes.make_task()
    alternative = fakes.curated(task, "a", reviewed_by="bob")
    result = result_of(
        task, alternative, a=MISSING_NAME, gold=[fakes.PASS, fakes.FAIL_BOTH, fakes.PASS]
    )
    defects = {finding.defect: finding.confidence for finding in result.findings}
    assert defects == {
        Defect.FLAKY: Confidence.PROVEN,
        Defect.UNEXPLAINED: Confidence.SUSPECT,
    }


def test_a_rejection_with_an_attempt_that_did_not_complete_is_not_confirmed():
    task = fakes.make_task()
    alternative = fakes.curated(task, "a", reviewed_by="bob")
    result = result_of(task, alternative, a=[MISSING_NAME, RunState.TIMED_OUT, MISSING_NAME])
    assert only(result).defect is Defect.UNEXPLAINED
    assert result.status is TaskStatus.SUSPECT


@pytest.mark.parametrize("state", [s for s in RunState if s is not RunState.COMPLETED])
def test_a_run_that_did_not_complete_is_never_a_finding(state):
    task = fakes.make_task()
    result = result_of(task, fakes.curated(task, "a", reviewed_by="bob"), a=state)
    assert (result.status, result.findings) == (TaskStatus.UNTESTED, ())
    result = result_of(task, fakes.curated(task, "a"), gold=state, empty=state)
    assert (result.status, result.findings) == (TaskStatus.INCONCLUSIVE, ())


def test_gold_that_never_resolves_breaks_the_task_in_its_own_environment_only():
    result = result_of(fakes.make_task(), gold=fakes.FAIL)
    finding = only(result)
    assert (finding.defect, finding.confidence) == (Defect.BROKEN, Confidence.PROVEN)
    assert finding.tests == (fakes.F2P,)
    (told,) = result.rejections
    assert (told.candidate, [why.test for why in told.explanations]) == ("gold", [fakes.F2P])
    rebuilt = result_of(fakes.make_task(rebuilt=True), gold=fakes.FAIL)
    assert (rebuilt.status, rebuilt.findings) == (TaskStatus.INCONCLUSIVE, ())
    assert rebuilt.not_reproduced == (fakes.F2P,)


def test_an_empty_patch_that_resolves_breaks_the_task_in_its_own_environment_only():
    result = result_of(fakes.make_task(), empty=fakes.PASS)
    assert (only(result).defect, only(result).candidates) == (Defect.BROKEN, ("empty",))
    assert result.status is TaskStatus.DEFECTIVE
    rebuilt = result_of(fakes.make_task(rebuilt=True), empty=fakes.PASS)
    assert rebuilt.status is TaskStatus.INCONCLUSIVE


def test_gold_that_disagrees_with_itself_is_flaky_and_proven():
    result = result_of(fakes.make_task(), gold=[fakes.PASS, fakes.FAIL, fakes.PASS])
    finding = only(result)
    assert (finding.defect, finding.confidence) == (Defect.FLAKY, Confidence.PROVEN)
    assert finding.tests == (fakes.F2P,)
    assert result.status is TaskStatus.DEFECTIVE


def test_gold_that_fails_each_time_for_another_test_is_flaky_and_not_broken():
    lost = fakes.log_of(failed=[fakes.P2P])
    result = result_of(fakes.make_task(), gold=[fakes.FAIL, lost, fakes.FAIL])
    assert only(result).defect is Defect.FLAKY
    assert only(result).tests == (fakes.F2P, fakes.P2P)


def test_a_regression_test_that_gold_loses_in_a_rebuilt_environment_grounds_nothing():
    others = tuple(f"tests/test_cart.py::test_{number}" for number in range(4))
    task = fakes.make_task(rebuilt=True, pass_to_pass=(fakes.P2P, *others))
    every = (fakes.F2P, fakes.P2P, *others)

    def failing(*failed):
        return fakes.log_of(failed=failed, passed=[t for t in every if t not in failed])

    script = {"gold": failing(others[0]), "a": failing(others[0]), "empty": failing(*every[:3])}
    result = result_of(task, fakes.curated(task, "a"), **script)
    assert (result.status, result.findings) == (TaskStatus.CLEARED, ())
    assert result.not_reproduced == (others[0],)
    accepted = [t for t in result.trials if t.candidate == "a"]
    assert {(t.verdict.value, t.official_verdict.value) for t in accepted} == {
        ("resolved", "unresolved")
    }
    most = {**script, "gold": failing(*others)}
    assert result_of(task, **most).status is TaskStatus.INCONCLUSIVE


@pytest.mark.parametrize(
    ("changes", "confidence"),
    [
        ({}, Confidence.SUSPECT),
        ({"evidence": "total([1]) gives 7"}, Confidence.LIKELY),
        ({"reviewed_by": "bob"}, Confidence.PROVEN),
    ],
)
def test_a_wrong_candidate_that_resolves_shows_weak_tests(changes, confidence):
    task = fakes.make_task()
    wrong = fakes.curated(task, "wrong", kind=CandidateKind.INCORRECT, **changes)
    finding = only(result_of(task, wrong))
    assert (finding.defect, finding.confidence) == (Defect.WEAK, confidence)


def test_a_wrong_candidate_that_is_rejected_is_as_it_should_be():
    task = fakes.make_task()
    wrong = fakes.curated(task, "wrong", kind=CandidateKind.INCORRECT)
    result = result_of(task, wrong, wrong=fakes.FAIL)
    assert (result.status, result.findings) == (TaskStatus.UNTESTED, ())


def test_an_unfinished_task_is_inconclusive_and_says_how_much_is_missing():
    task = fakes.make_task()
    result = result_of(task, fakes.curated(task, "a"), drop=("gold/3", "a/1"))
    assert result.status is TaskStatus.INCONCLUSIVE
    assert "2 or more trials have not run" in result.reason


def test_the_result_does_not_depend_on_the_order_of_the_trials():
    task = fakes.make_task()
    alternatives = (fakes.curated(task, "a", reviewed_by="bob"),)
    script = {"a": MISSING_NAME}
    whole = result_of(task, *alternatives, **script)
    for order in list(permutations(range(7)))[::601]:
        assert result_of(task, *alternatives, order=order, **script) == whole


def test_every_defect_that_is_checked_has_one_check_named_after_it():
    assert all(check.__name__ == defect.value for defect, check in CHECKS.items())
    assert set(CHECKS) == set(Defect)
