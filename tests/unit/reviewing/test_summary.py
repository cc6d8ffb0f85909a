"""What the decisions on a run come to, against figures worked out by hand."""

from __future__ import annotations

import pytest

from swe_audit.model.decisions import Choice, Decision, ReviewerCount, ReviewState
from swe_audit.reviewing import review_state, summarise_triage

C, D, F = Choice.CONFIRM, Choice.DISPUTE, Choice.DEFER


def decision(finding: str, reviewer: str, choice: Choice, blind: Choice | None = None) -> Decision:
    return Decision(finding=finding, reviewer=reviewer, choice=choice, blind=blind)


@pytest.mark.parametrize(
    ("choices", "state"),
    [
        ([], ReviewState.UNDECIDED),
        ([F], ReviewState.DEFERRED),
        ([F, C], ReviewState.CONFIRMED),
        ([D, D, F], ReviewState.DISPUTED),
        ([C, D, F], ReviewState.DIVIDED),
    ],
)
def test_a_state_follows_from_the_choices(choices: list[Choice], state: ReviewState) -> None:
    made = [decision("one", str(nth), choice) for nth, choice in enumerate(choices)]
    assert review_state(made) is state


def test_a_run_is_counted_and_what_is_left_is_named() -> None:
    made = [
        decision("a", "Ada", C),
        decision("a", "bob", C),
        decision("b", "ada", D),
        decision("b", "Bob", C),
        decision("c", "Ada", D),
        decision("c", "Bob", D),
        decision("d", "Ada", F),
        decision("gone", "Ada", C),
    ]
    found = summarise_triage(["a", "b", "c", "d", "e"], made)
    assert found.findings == 5
    assert dict(found.states) == {
        ReviewState.UNDECIDED: 1,
        ReviewState.DEFERRED: 1,
        ReviewState.CONFIRMED: 1,
        ReviewState.DISPUTED: 1,
        ReviewState.DIVIDED: 1,
    }
    assert found.left == ("d", "e")
    assert found.unknown == ("gone",)
    assert found.reviewers == (
        ReviewerCount(reviewer="Ada", confirmed=1, disputed=2, deferred=1),
        ReviewerCount(reviewer="bob", confirmed=2, disputed=1, deferred=0),
    )
    assert (found.shared, found.unanimous) == (3, 2)
    # Pairs cc, dc, dd: observed disagreement 1/3, expected 2*3*3/(6*5) = 3/5.
    assert found.alpha == pytest.approx(1 - (1 / 3) / (3 / 5))
    # Fleiss: observed 2/3, expected 1/2.
    assert found.kappa == pytest.approx(1 / 3)


def test_agreement_is_measured_on_what_was_chosen_blind() -> None:
    made = [
        decision("a", "Ada", C),
        decision("a", "Bob", C, blind=D),
        decision("b", "Ada", D),
        decision("b", "Bob", F, blind=D),
    ]
    found = summarise_triage(["a", "b"], made)
    assert dict(found.states)[ReviewState.CONFIRMED] == 1
    assert (found.shared, found.unanimous) == (2, 1)


def test_nothing_decided_says_why_there_is_no_figure() -> None:
    found = summarise_triage(["a"], [])
    assert found.left == ("a",)
    assert found.alpha is None
    assert found.alpha_missing == "no item was judged by two reviewers"
