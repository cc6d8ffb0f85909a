"""Submissions in groups, by what they change and by how they fare."""

from __future__ import annotations

from dataclasses import replace

import fakes

from swe_audit.alternatives.clustering import by_change, by_outcome
from swe_audit.model.candidate import Candidate
from swe_audit.model.trial import HARNESS, Outcome, RunState, Trial, Verdict

TASK = fakes.make_task()


def patch(name: str, text: str) -> Candidate:
    return fakes.curated(TASK, name, text)


def trial(name: str, *failed: str, attempt: int = 1, **changes: object) -> Trial:
    made = Trial(
        id=f"{name}/{attempt}",
        instance_id=TASK.instance_id,
        candidate=name,
        attempt=attempt,
        state=RunState.COMPLETED,
        verdict=Verdict.UNRESOLVED if failed else Verdict.RESOLVED,
        official_verdict=Verdict.RESOLVED,
        outcome=Outcome(failed_f2p=failed),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def names(groups: list[tuple[Candidate, ...]]) -> list[list[str]]:
    return [[one.name for one in group] for group in groups]


LONG = "sum(price.amount for price in prices if price.currency == currency)"


def test_patches_that_add_nearly_the_same_lines_are_one_group() -> None:
    found = by_change(
        [
            patch("a", "None"),
            patch("b", LONG),
            patch("c", LONG.replace("price.amount", "price.value")),
            patch("d", "reduce(operator.add, map(attrgetter('amount'), prices), 0)"),
        ]
    )
    assert names(found) == [["b", "c"], ["a"], ["d"]]


def test_who_is_like_two_groups_joins_them() -> None:
    one = "sum(abcdefghij, klmnopqrst)"
    two = one.replace("abcd", "ABCD")
    three = two.replace("qrst", "QRST")
    assert names(by_change([patch("a", one), patch("c", three)])) == [["a"], ["c"]]
    joined = by_change([patch("a", one), patch("c", three), patch("b", two)])
    assert names(joined) == [["a", "c", "b"]]


def test_the_same_failing_tests_are_one_outcome() -> None:
    candidates = [patch(name, name) for name in "abcd"]
    trials = [
        trial("a", fakes.F2P),
        trial("a", attempt=2),
        trial("b"),
        trial("c", fakes.F2P),
        trial("d", state=RunState.TIMED_OUT),
    ]
    found = by_outcome(candidates, trials)
    assert [(names([group])[0], failed) for group, failed in found] == [
        (["a", "c"], (fakes.F2P,)),
        (["b"], ()),
    ]


def test_what_a_harness_ran_is_no_outcome_of_ours() -> None:
    assert by_outcome([patch("a", "a")], [trial("a", isolation=HARNESS)]) == []
