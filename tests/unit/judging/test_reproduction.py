"""What gold does not reproduce, and what that means."""

from __future__ import annotations

import pytest

from swe_audit.judging.reproduction import Reproduction, ignorable, not_reproduced, reproduction
from swe_audit.model.task import Environment, Source, Task
from swe_audit.model.trial import Outcome, RunState, Trial, Verdict


def task(*, rebuilt: bool) -> Task:
    return Task(
        instance_id="a__b-1",
        repo="a/b",
        base_commit="0" * 40,
        statement="",
        gold_patch="",
        test_patch="",
        fail_to_pass=("f",),
        pass_to_pass=("p", "q", "r", "s"),
        log_parser="parse_log_pytest",
        environment=Environment(
            python="3.9", source=Source(commit="c", folder="tree"), rebuilt=rebuilt
        ),
    )


def gold(failed: str, state: RunState = RunState.COMPLETED) -> Trial:
    return Trial(
        id="x",
        instance_id="a__b-1",
        candidate="gold",
        attempt=1,
        state=state,
        verdict=Verdict.UNRESOLVED,
        official_verdict=Verdict.UNRESOLVED,
        outcome=Outcome(
            passed_f2p=tuple({"f"} - set(failed)),
            failed_f2p=tuple({"f"} & set(failed)),
            passed_p2p=tuple(set("pqrs") - set(failed)),
            failed_p2p=tuple(set("pqrs") & set(failed)),
        ),
    )


def test_one_passing_repeat_is_enough_to_reproduce_a_test() -> None:
    t = task(rebuilt=True)
    assert not_reproduced(t, [gold("pq"), gold("q"), gold("qr")]) == {"q"}


def test_trials_that_did_not_complete_say_nothing() -> None:
    t = task(rebuilt=True)
    assert not_reproduced(t, [gold("", RunState.TIMED_OUT), gold("q")]) == {"q"}
    assert not_reproduced(t, [gold("q", RunState.TIMED_OUT)]) == frozenset()


@pytest.mark.parametrize(
    ("missing", "rebuilt", "expected"),
    [
        ("", True, Reproduction.REPRODUCED),
        ("", False, Reproduction.REPRODUCED),
        ("pq", True, Reproduction.REPRODUCED),
        ("pqr", True, Reproduction.INCONCLUSIVE),
        ("f", True, Reproduction.INCONCLUSIVE),
        ("p", False, Reproduction.BROKEN),
        ("f", False, Reproduction.BROKEN),
    ],
)
def test_a_lost_test_is_ours_to_explain_only_where_we_rebuilt(
    missing: str, rebuilt: bool, expected: Reproduction
) -> None:
    assert reproduction(task(rebuilt=rebuilt), frozenset(missing)) is expected


def test_nothing_is_left_out_in_the_tasks_own_environment() -> None:
    assert ignorable(task(rebuilt=False), frozenset("p")) == frozenset()
    assert ignorable(task(rebuilt=True), frozenset("p")) == {"p"}
