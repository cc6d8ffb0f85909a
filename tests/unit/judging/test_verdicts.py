"""A trial's state and its two verdicts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swe_audit.judging.grading import END_MARKER, START_MARKER
from swe_audit.judging.verdicts import has_results, judge, judged_again
from swe_audit.model.candidate import Candidate, CandidateKind, Provenance
from swe_audit.model.task import Task
from swe_audit.model.trial import RunState, TestStatus, Trial, TrialRun, TrialSpec, Verdict

TASK = Task(
    instance_id="a__b-1",
    repo="a/b",
    base_commit="0" * 40,
    statement="",
    gold_patch="",
    test_patch="",
    fail_to_pass=("f",),
    pass_to_pass=("p", "q"),
    log_parser="parse_log_pytest",
)
SPEC = TrialSpec(
    task=TASK,
    candidate=Candidate(
        instance_id="a__b-1",
        name="alt",
        kind=CandidateKind.ALTERNATIVE,
        provenance=Provenance.CURATED,
        patch="",
    ),
    attempt=2,
)
PASSES = "PASSED f\nPASSED p\nPASSED q"


def log(body: str, code: int = 0) -> str:
    return f"{START_MARKER}\n{body}\n{END_MARKER}\n>>>>> Test Exit Code: {code}\n"


def judged(
    text: str,
    state: RunState = RunState.COMPLETED,
    *,
    gold: bool = True,
    missing: frozenset[str] = frozenset(),
    task: Task = TASK,
) -> Trial:
    run = TrialRun(state=state, log=text, seconds=1.5, total_seconds=2.5, image="i", isolation="d")
    return judge(
        run,
        replace(SPEC, task=task),
        gold_has_results=gold,
        not_reproduced=missing,
        log_path="logs/x",
    )


def test_a_passing_trial_is_resolved_twice_and_keeps_what_it_ran() -> None:
    trial = judged(log(PASSES))
    assert (trial.state, trial.verdict, trial.official_verdict) == (
        RunState.COMPLETED,
        Verdict.RESOLVED,
        Verdict.RESOLVED,
    )
    assert trial.id == "a__b-1/alt/2"
    assert trial.statuses == tuple((test, TestStatus.PASSED) for test in "fpq")
    assert (trial.seconds, trial.total_seconds, trial.log) == (1.5, 2.5, "logs/x")


def test_a_test_that_gold_does_not_reproduce_changes_only_our_verdict() -> None:
    trial = judged(log("PASSED f\nPASSED p\nFAILED q", 1), missing=frozenset("q"))
    assert trial.official_verdict is Verdict.UNRESOLVED
    assert trial.verdict is Verdict.RESOLVED
    assert trial.outcome.failed_p2p == ("q",)
    assert judged_again(trial, frozenset()).verdict is Verdict.UNRESOLVED


@pytest.mark.parametrize(
    ("state", "official"),
    [
        (RunState.PATCH_REJECTED, Verdict.UNRESOLVED),
        (RunState.TIMED_OUT, Verdict.UNRESOLVED),
        (RunState.OUT_OF_MEMORY, Verdict.INCONCLUSIVE),
        (RunState.OUTPUT_EXCEEDED, Verdict.INCONCLUSIVE),
        (RunState.DISK_EXCEEDED, Verdict.INCONCLUSIVE),
        (RunState.INTERRUPTED, Verdict.INCONCLUSIVE),
        (RunState.ENGINE_ERROR, Verdict.INCONCLUSIVE),
    ],
)
def test_a_trial_that_did_not_complete_is_inconclusive_whatever_its_log_says(
    state: RunState, official: Verdict
) -> None:
    trial = judged(log(PASSES), state)
    assert (trial.state, trial.verdict, trial.official_verdict) == (
        state,
        Verdict.INCONCLUSIVE,
        official,
    )
    assert trial.outcome.failed == trial.outcome.passed_f2p == trial.statuses == ()


@pytest.mark.parametrize("text", [log("ImportError: no name", 4), "bash: killed", ""])
def test_a_candidate_without_results_where_gold_has_some_is_unresolved(text: str) -> None:
    trial = judged(text)
    assert (trial.state, trial.verdict) == (RunState.COMPLETED, Verdict.UNRESOLVED)
    assert trial.outcome.failed == ("f", "p", "q")
    assert trial.detail


def test_no_results_stay_unresolved_even_if_every_required_test_is_left_out() -> None:
    assert judged(log("", 4), missing=frozenset("fpq")).verdict is Verdict.UNRESOLVED


def test_gold_without_results_is_unparsed_and_has_none() -> None:
    trial = judged(log("no tests ran", 5), gold=False)
    assert (trial.state, trial.verdict) == (RunState.UNPARSED, Verdict.INCONCLUSIVE)
    assert trial.official_verdict is Verdict.UNRESOLVED
    assert not has_results(trial)
    assert has_results(judged(log(PASSES), gold=False))


def test_a_task_whose_parser_nobody_knows_is_unparsed() -> None:
    trial = judged(log(PASSES), task=replace(TASK, log_parser="parse_log_of_nobody"))
    assert (trial.state, trial.official_verdict) == (RunState.UNPARSED, Verdict.INCONCLUSIVE)
    assert "parse_log_of_nobody" in trial.detail


def test_passes_for_all_under_a_failing_command_are_tampered() -> None:
    trial = judged(log(f"{PASSES}\n=== 3 passed in 0.1s ===", 1))
    assert (trial.state, trial.verdict) == (RunState.TAMPERED, Verdict.INCONCLUSIVE)
    assert trial.official_verdict is Verdict.UNRESOLVED


@pytest.mark.parametrize(
    "sign",
    [
        "Traceback (most recent call last):",
        "Segmentation fault (core dumped)",
        "INTERNALERROR> boom",
        "=== 3 passed, 1 error in 0.1s ===",
        "ERROR: Coverage failure",
    ],
)
def test_a_runner_that_fails_for_all_to_see_is_not_tampered(sign: str) -> None:
    trial = judged(log(f"{PASSES}\n{sign}", 1))
    assert trial.state is RunState.COMPLETED
    assert trial.verdict is trial.official_verdict is Verdict.UNRESOLVED


def test_a_run_that_died_half_way_is_not_tampered() -> None:
    assert judged(log("PASSED f\nPASSED p", 139)).state is RunState.COMPLETED


def test_a_contradiction_that_gold_shares_is_not_the_candidates_doing() -> None:
    assert judged(log(PASSES, 1), gold=False).state is RunState.UNPARSED


def test_odd_statuses_and_swallowed_and_cut_ids_are_noted() -> None:
    task = replace(
        TASK,
        log_parser="parse_log_django",
        fail_to_pass=("test_a (m.C)", "test_b (m.C)"),
        pass_to_pass=(),
    )
    trial = judged(log("test_a (m.C) ... test_b (m.C) ... ok"), task=task)
    assert trial.notes == (
        "shadowed: test_b (m.C) by test_a (m.C)",
        "shadowed: test_a (m.C) by test_b (m.C)",
    )
    task = replace(TASK, fail_to_pass=("t[a",), pass_to_pass=("x",))
    trial = judged(log("PASSED t[a-1]\nPASSED t[a-2]\nERROR: x"), task=task)
    assert trial.notes == (
        "merged: t[a stands for 2 cases",
        "uncounted: x has the status ERROR:",
    )
