"""The whole of a screen: every task once, in order, the same each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from swe_audit.model.task import SkipReason, Task
from swe_audit.screening import Signal, SignalKind, screen
from swe_audit.screening.document import screen_document
from swe_audit.screening.scoring import Weights, features, fitted, ranked, score

Make = Callable[..., Task]
TEST = "tests/test_shop.py"
UNFAIR = {
    "statement": "The cart needs a total.",
    "gold": {"shop.py": ("class Cart:\n", "class Cart:\n    def sum_up(self): ...\n")},
    "tests": {TEST: ("", "def test_new():\n    assert Cart().sum_up() == 0\n")},
}


def test_every_task_comes_once_the_highest_score_first_and_equals_by_id(make_task: Make) -> None:
    tasks = [
        make_task(instance_id="b"),
        make_task(instance_id="a"),
        make_task(instance_id="z", **UNFAIR),
    ]
    screened, skipped = screen(tasks)
    assert [each.instance_id for each in screened] == ["z", "a", "b"]
    assert screened[1].score == screened[2].score > 0
    assert skipped == ()


def test_a_signal_names_the_failing_test_that_its_line_stands_in(make_task: Make) -> None:
    [screened], _ = screen([make_task(**UNFAIR)])
    names = next(each for each in screened.signals if each.kind is SignalKind.UNSTATED_NAME)
    assert names.tests == ("tests/test_shop.py::test_new",)
    other = make_task(**UNFAIR, fail_to_pass=("tests/test_shop.py::test_old",))
    [screened], _ = screen([other])
    names = next(each for each in screened.signals if each.kind is SignalKind.UNSTATED_NAME)
    assert names.tests == ()


def test_a_task_whose_patch_is_no_diff_is_skipped_with_the_reason(make_task: Make) -> None:
    bad = replace(make_task(instance_id="bad"), gold_patch="--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n?\n")
    screened, [skipped] = screen([bad, make_task()])
    assert [each.instance_id for each in screened] == ["shop__shop-1"]
    assert (skipped.instance_id, skipped.reason) == ("bad", SkipReason.BAD_INPUT)


def test_a_screen_is_the_same_each_time(make_task: Make) -> None:
    tasks = [make_task(**UNFAIR)]
    once, again = (screen_document("x", *screen(tasks)) for _ in range(2))
    assert once == again
    assert once["tasks"][0]["signals"]


def test_a_base_that_holds_the_name_lowers_the_score(make_task: Make) -> None:
    class Held:
        def holds(self, words: set[str]) -> dict[str, str]:
            return dict.fromkeys(words, "shop/old.py")

        def siblings(self, name: str) -> dict[str, tuple[str, ...]]:
            return {}

        def says(self, text: str) -> None:
            return None

    [plain], _ = screen([make_task(**UNFAIR)])
    [known], _ = screen([make_task(**UNFAIR)], lambda _: Held())
    assert known.score < plain.score


SIGNALS = st.lists(
    st.builds(
        Signal,
        kind=st.sampled_from(SignalKind),
        detail=st.text(max_size=5),
        strength=st.floats(0, 1),
    ),
    max_size=12,
)


@given(SIGNALS)
def test_a_score_is_a_probability_and_rank_loses_no_signal(signals: list[Signal]) -> None:
    weights = fitted()
    assert 0 < score(signals, weights) < 1
    assert all(0 <= amount <= 1 for amount in features(signals).values())
    order = ranked(signals, weights)
    assert sorted(map(repr, order)) == sorted(map(repr, signals))
    assert order == ranked(list(reversed(signals)), weights) or len(set(order)) < len(order)


@given(SIGNALS, st.sampled_from(SignalKind))
def test_one_signal_more_never_lowers_the_score_unless_its_kind_speaks_for_fairness(
    signals: list[Signal], kind: SignalKind
) -> None:
    more = [*signals, Signal(kind=kind, detail="")]
    weights = fitted()
    fair = weights.kinds.get(kind, 0.0) < 0
    before, after = score(signals, weights), score(more, weights)
    assert after <= before if fair else after >= before


def test_only_a_leak_speaks_for_fairness_and_hints_for_nothing() -> None:
    weights = fitted().kinds
    assert [kind for kind, weight in weights.items() if weight < 0] == [
        SignalKind.SOLUTION_IN_STATEMENT
    ]
    assert set(SignalKind) - set(weights) == {SignalKind.SOLUTION_IN_HINTS}


def test_what_only_tells_of_size_comes_last() -> None:
    weights = Weights(
        intercept=0.0, kinds={SignalKind.LARGE_CHANGE: 9.0, SignalKind.EXACT_TEXT: 0.1}
    )
    signals = [
        Signal(kind=SignalKind.LARGE_CHANGE, detail="400"),
        Signal(kind=SignalKind.EXACT_TEXT, detail="x"),
    ]
    assert [each.kind for each in ranked(signals, weights)] == [
        SignalKind.EXACT_TEXT,
        SignalKind.LARGE_CHANGE,
    ]
