"""A mutant's tests may end once two required ones have failed, and only then."""

from __future__ import annotations

from dataclasses import replace

import fakes
import pytest

from swe_audit.judging.early import decisive_tests, is_decided
from swe_audit.judging.verdicts import judge
from swe_audit.model.candidate import CandidateKind, Provenance
from swe_audit.model.finding import Evidence
from swe_audit.model.task import EvalType
from swe_audit.model.trial import Outcome, RunState, Trial, TrialSpec, Verdict

TESTS = tuple(f"test_{name} (app.tests.Case)" for name in "abcd")
START, END = ">>>>> Start Test Output\n", ">>>>> End Test Output\n"
DJANGO = fakes.make_task(
    log_parser="parse_log_django", fail_to_pass=TESTS[:1], pass_to_pass=TESTS[1:]
)
SYMPY = fakes.make_task(
    log_parser="parse_log_sympy",
    fail_to_pass=("test_a",),
    pass_to_pass=("test_b", "test_c", "test_d"),
)


def mutant(task, **changes):
    made = fakes.curated(
        task, "mutant-1", kind=CandidateKind.INCORRECT, provenance=Provenance.MUTANT
    )
    return replace(made, **changes)


def gold(task, passed, state=RunState.COMPLETED):
    f2p, p2p = task.fail_to_pass, task.pass_to_pass
    return Trial(
        id="g", instance_id=task.instance_id, candidate="gold", attempt=1, state=state,
        verdict=Verdict.RESOLVED, official_verdict=Verdict.RESOLVED,
        outcome=Outcome(
            passed_f2p=tuple(t for t in f2p if t in passed),
            passed_p2p=tuple(t for t in p2p if t in passed),
        ),
    )  # fmt: skip


def django(*words):
    lines = (f"{test} ... {word}\n" for test, word in zip(TESTS, words, strict=False))
    return START + "".join(lines)


@pytest.mark.parametrize(
    ("log", "decided"),
    [
        (django("FAIL", "ERROR"), True),
        (django("FAIL", "ok", "FAIL"), True),
        (django("FAIL", "ok"), False),
        (django("FAIL", "skipped 'x'"), False),
        (django("FAIL", "FAIL")[: -len("FAIL\n")], False),  # the second is still running
        (django("FAIL", "FAIL")[:-1], False),  # its line may go on
        (django("FAIL", "FAIL").replace(START, ""), False),
        (django("FAIL", "FAIL") + END, False),
        (START + "test_x (other.Case) ... FAIL\ntest_y (other.Case) ... FAIL\n", False),
        (django("FAIL", "FAIL") + "FAIL:\n", False),  # the benchmark's parser stumbles over it
        ("", False),
    ],
)
def test_two_whole_lines_of_required_failures_decide_and_nothing_less(log, decided):
    assert is_decided(DJANGO, log, frozenset(TESTS)) is decided


def test_sympy_is_read_as_it_prints():
    log = START + "app/test_x.py[4] \ntest_a F\ntest_b ok\ntest_c E\n"
    assert is_decided(SYMPY, log, frozenset(SYMPY.required))
    assert not is_decided(SYMPY, log, frozenset({"test_a", "test_b", "test_d"}))


def test_where_only_failures_count_an_error_decides_nothing():
    task = replace(DJANGO, eval_type=EvalType.FAIL_ONLY)
    assert not is_decided(task, django("FAIL", "ERROR"), frozenset(TESTS))


def test_only_what_every_attempt_of_gold_passes_is_decisive():
    one, two = gold(DJANGO, TESTS), gold(DJANGO, TESTS[:3])
    assert decisive_tests(DJANGO, mutant(DJANGO), [one]) == frozenset(TESTS)
    assert decisive_tests(DJANGO, mutant(DJANGO), [one, two]) == frozenset(TESTS[:3])
    lost = gold(DJANGO, (), RunState.TIMED_OUT)
    assert decisive_tests(DJANGO, mutant(DJANGO), [one, lost]) == frozenset(TESTS)
    assert decisive_tests(DJANGO, mutant(DJANGO), [lost]) == frozenset()


def test_everything_but_a_mutant_runs_in_full_and_so_does_gold_without_a_unit():
    golds = [gold(DJANGO, TESTS)]
    unit = Evidence(kind="dropped", text="x")
    for provenance in Provenance:
        found = decisive_tests(DJANGO, mutant(DJANGO, provenance=provenance), golds)
        assert bool(found) is (provenance is Provenance.MUTANT)
    assert not decisive_tests(DJANGO, mutant(DJANGO, evidence_items=(unit,)), golds)
    pytest_task = fakes.make_task()
    assert not decisive_tests(pytest_task, mutant(pytest_task), [gold(pytest_task, fakes.F2P)])


def judged(log, task=DJANGO):
    run = replace(fakes.completed(log), state=RunState.CUT, exit_code=None)
    spec = TrialSpec(task=task, candidate=mutant(task), attempt=1)
    return judge(run, spec, gold_has_results=True)


def test_a_trial_that_was_cut_is_unresolved_and_claims_only_what_it_saw():
    trial = judged(django("FAIL", "ok", "ERROR"))
    assert trial.state is RunState.CUT
    assert trial.verdict is trial.official_verdict is Verdict.UNRESOLVED
    assert trial.outcome.failed == (TESTS[0], TESTS[2])
    assert trial.outcome.passed_p2p == (TESTS[1],)
    assert {test for test, _ in trial.statuses} == set(TESTS[:3])


def test_a_cut_trial_whose_log_does_not_show_why_is_inconclusive():
    trial = judged(django("FAIL", "ok"))
    assert trial.verdict is trial.official_verdict is Verdict.INCONCLUSIVE
