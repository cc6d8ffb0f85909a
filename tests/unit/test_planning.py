"""What is run next."""

from __future__ import annotations

import fakes
import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.alternatives.benchmark import controls
from swe_audit.assessment import judge_one, judged_with
from swe_audit.model.candidate import CandidateKind, Provenance
from swe_audit.model.finding import Evidence
from swe_audit.model.trial import RunState, Trial
from swe_audit.planning import Policy, least_remaining, next_trials

POLICY = Policy(repeats=3)


def candidates_of(task, *names):
    return (*controls(task), *(fakes.curated(task, name) for name in names))


def played(task, candidates, play, limit=100, policy=POLICY):
    """Run everything the plan asks for, and return the rounds of ids and the trials."""
    done: list[Trial] = []
    rounds = []
    while specs := next_trials(task, candidates, done, policy):
        rounds.append([spec.id.split("/", 1)[1] for spec in specs])
        for spec in specs:
            trial = judge_one(play(spec), spec, done, candidates)
            done = judged_with([*done, trial], task, candidates)
        assert sum(map(len, rounds)) < limit, "the plan does not end"
    return rounds, done


def test_gold_goes_first_and_alone_then_empty_and_every_alternative_once():
    task = fakes.make_task()
    rounds, _ = played(task, candidates_of(task, "a", "b"), fakes.by_candidate({}))
    assert rounds == [["gold/1"], ["empty/1", "a/1", "b/1"], ["gold/2"], ["gold/3"]]


def test_gold_runs_between_the_attempts_of_a_rejected_alternative():
    task = fakes.make_task()
    play = fakes.by_candidate({"b": fakes.FAIL})
    rounds, _ = played(task, candidates_of(task, "a", "b"), play)
    assert rounds == [
        ["gold/1"],
        ["empty/1", "a/1", "b/1"],
        ["gold/2"],
        ["b/2"],
        ["gold/3"],
        ["b/3"],
    ]


def test_an_alternative_that_did_not_complete_is_not_repeated():
    task = fakes.make_task()
    play = fakes.by_candidate({"a": RunState.TIMED_OUT, "b": RunState.PATCH_REJECTED})
    rounds, _ = played(task, candidates_of(task, "a", "b"), play)
    assert rounds == [["gold/1"], ["empty/1", "a/1", "b/1"], ["gold/2"], ["gold/3"]]


def test_an_empty_patch_that_resolves_is_repeated():
    task = fakes.make_task()
    rounds, _ = played(task, candidates_of(task), fakes.by_candidate({"empty": fakes.PASS}))
    assert [name for names in rounds for name in names].count("empty/3") == 1


@pytest.mark.parametrize(
    "gold", [fakes.FAIL_BOTH, RunState.TIMED_OUT, RunState.ENGINE_ERROR, "not a log"]
)
def test_without_a_usable_gold_no_alternative_is_tried_but_gold_and_empty_are_finished(gold):
    task = fakes.make_task()
    rounds, _ = played(task, candidates_of(task, "a"), fakes.by_candidate({"gold": gold}))
    assert rounds == [["gold/1"], ["empty/1"], ["gold/2"], ["gold/3"]]


def test_a_gold_that_fails_once_still_lets_alternatives_run_when_it_resolves():
    task = fakes.make_task()
    play = fakes.by_candidate({"gold": [fakes.FAIL_BOTH, fakes.PASS, fakes.PASS]})
    rounds, _ = played(task, candidates_of(task, "a"), play)
    assert rounds == [["gold/1"], ["empty/1"], ["gold/2"], ["a/1"], ["gold/3"]]


def test_in_a_rebuilt_environment_a_lost_regression_test_does_not_stop_the_audit():
    lost = fakes.log_of(failed=[fakes.P2P])
    own, rebuilt = fakes.make_task(), fakes.make_task(rebuilt=True)
    for task, tried in ((own, False), (rebuilt, True)):
        rounds, _ = played(task, candidates_of(task, "a"), fakes.by_candidate({"gold": lost}))
        assert any("a/1" in names for names in rounds) is tried


def test_one_repeat_plans_one_attempt_of_everything():
    task = fakes.make_task()
    play = fakes.by_candidate({"a": fakes.FAIL})
    rounds, _ = played(task, candidates_of(task, "a"), play, policy=Policy(repeats=1))
    assert rounds == [["gold/1"], ["empty/1", "a/1"]]


OUTCOMES = st.sampled_from(
    [fakes.PASS, fakes.FAIL, fakes.FAIL_BOTH, "noise", RunState.TIMED_OUT, RunState.ENGINE_ERROR]
)


@given(
    script=st.fixed_dictionaries(
        {name: st.lists(OUTCOMES, min_size=4, max_size=4) for name in ("gold", "empty", "a", "b")}
    ),
    repeats=st.integers(1, 4),
    rebuilt=st.booleans(),
)
def test_every_plan_ends_runs_nothing_twice_and_keeps_the_order_of_rounds(script, repeats, rebuilt):
    task = fakes.make_task(rebuilt=rebuilt)
    candidates = candidates_of(task, "a", "b")
    policy = Policy(repeats=repeats)
    rounds, done = played(task, candidates, fakes.by_candidate(script), policy=policy)
    flat = [name for names in rounds for name in names]
    assert len(flat) == len(set(flat))
    assert [name for name in flat if name.startswith("gold/")] == [
        f"gold/{attempt}" for attempt in range(1, repeats + 1)
    ]
    for name in flat:
        candidate, attempt = name.split("/")
        assert flat.index(f"gold/{attempt}") <= flat.index(name)
        if attempt != "1":
            assert f"{candidate}/{int(attempt) - 1}" in flat[: flat.index(name)]
    assert least_remaining(task, candidates, done, policy) == 0


@given(
    script=st.fixed_dictionaries(
        {name: st.lists(OUTCOMES, min_size=3, max_size=3) for name in ("gold", "empty", "a")}
    ),
    cut=st.integers(0, 12),
)
def test_going_on_after_an_interruption_ends_with_the_same_trials(script, cut):
    task = fakes.make_task()
    candidates = candidates_of(task, "a")
    play = fakes.by_candidate(script)
    _, whole = played(task, candidates, play)
    part = whole[: min(cut, len(whole))]
    again = judged_with(part, task, candidates)
    while specs := next_trials(task, candidates, again, POLICY):
        for spec in reversed(specs):
            trial = judge_one(play(spec), spec, again, candidates)
            again = judged_with([*again, trial], task, candidates)
    assert {trial.id for trial in again} == {trial.id for trial in whole}


def test_the_least_that_remains_is_what_will_run_when_nothing_surprises():
    task = fakes.make_task()
    candidates = candidates_of(task, "a", "b")
    assert least_remaining(task, candidates, [], POLICY) == 6
    _, done = played(task, candidates, fakes.by_candidate({}))
    for count in range(len(done) + 1):
        assert least_remaining(task, candidates, done[:count], POLICY) == 6 - count


def test_a_test_that_gold_fails_too_does_not_keep_a_dropped_unit_from_being_repeated():
    other = "tests/test_cart.py::test_other"
    task = fakes.make_task(fail_to_pass=(fakes.F2P, other), rebuilt=True)
    dropped = fakes.curated(
        task,
        "drop-1",
        kind=CandidateKind.INCORRECT,
        provenance=Provenance.MUTANT,
        evidence_items=(Evidence(kind="dropped", text="a line"),),
    )
    gold = fakes.log_of(failed=[fakes.P2P], passed=[fakes.F2P, other])
    partly = fakes.log_of(failed=[fakes.F2P, fakes.P2P], passed=[other])
    script = fakes.by_candidate({"gold": gold, "drop-1": partly})
    rounds, _ = played(task, (*controls(task), dropped), script)
    assert [name for names in rounds for name in names].count("drop-1/3") == 1


def test_kinds_are_what_the_plan_goes_by():
    task = fakes.make_task()
    wrong = fakes.curated(task, "wrong", kind=CandidateKind.INCORRECT)
    rounds, _ = played(task, (*controls(task), wrong), fakes.by_candidate({"wrong": fakes.FAIL}))
    assert [name for names in rounds for name in names].count("wrong/2") == 0
    rounds, _ = played(task, (*controls(task), wrong), fakes.by_candidate({}))
    assert [name for names in rounds for name in names].count("wrong/3") == 1


def test_gold_less_a_unit_is_repeated_where_it_fails_some_of_the_new_tests_only():
    other = "tests/test_cart.py::test_other"
    task = fakes.make_task(fail_to_pass=(fakes.F2P, other))
    passed = [fakes.P2P, other]
    mutants = [
        fakes.curated(
            task,
            name,
            kind=CandidateKind.INCORRECT,
            provenance=Provenance.MUTANT,
            evidence_items=(Evidence(kind=kind, text="a line"),),
        )
        for name, kind in [("drop-1", "dropped"), ("drop-2", "dropped"), ("raise-1", "raised")]
    ]
    partly = fakes.log_of(failed=[fakes.F2P], passed=passed)
    wholly = fakes.log_of(failed=[fakes.F2P, fakes.P2P], passed=[other])
    gold = fakes.log_of(passed=[fakes.F2P, *passed])
    script = {"gold": gold, "drop-1": partly, "drop-2": wholly, "raise-1": partly}
    rounds, _ = played(task, (*controls(task), *mutants), fakes.by_candidate(script))
    assert rounds[2:] == [["gold/2"], ["drop-1/2"], ["gold/3"], ["drop-1/3"]]
