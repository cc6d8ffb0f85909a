"""Nobody sees another's decision before having decided as well."""

from __future__ import annotations

from swe_audit.model.decisions import Choice, Decision
from swe_audit.reviewing import revealed_to, with_blind


def decision(reviewer: str, choice: Choice, finding: str = "one") -> Decision:
    return Decision(finding=finding, reviewer=reviewer, choice=choice)


ADA = decision("Ada", Choice.CONFIRM)
BOB = decision("Bob", Choice.DISPUTE)


def test_two_who_both_decided_see_each_other() -> None:
    assert revealed_to("Ada", [ADA, BOB]) == (BOB,)
    assert revealed_to("bob", [ADA, BOB]) == (ADA,)


def test_who_did_not_decide_sees_nothing_and_on_other_findings_neither() -> None:
    assert revealed_to("Cy", [ADA, BOB]) == ()
    assert revealed_to("Ada", [decision("Ada", Choice.CONFIRM, "two"), BOB]) == ()


def test_to_defer_is_not_to_decide() -> None:
    assert revealed_to("Ada", [decision("Ada", Choice.DEFER), BOB]) == ()
    assert revealed_to("Bob", [decision("Ada", Choice.DEFER), BOB]) == ()


def test_a_choice_that_changes_after_the_others_was_seen_keeps_the_blind_one() -> None:
    changed = with_blind(decision("Ada", Choice.DISPUTE), [ADA, BOB])
    assert (changed.choice, changed.blind) == (Choice.DISPUTE, Choice.CONFIRM)
    assert changed.independent is Choice.CONFIRM
    again = with_blind(decision("Ada", Choice.DEFER), [changed, BOB])
    assert again.blind is Choice.CONFIRM
    back = with_blind(decision("ADA", Choice.CONFIRM), [again, BOB])
    assert back.blind is None
    assert back.independent is Choice.CONFIRM


def test_a_choice_that_changes_unseen_is_still_blind() -> None:
    assert with_blind(decision("Ada", Choice.DISPUTE), [ADA]).blind is None
    assert with_blind(decision("Ada", Choice.DISPUTE), [BOB]).blind is None
    deferred = decision("Ada", Choice.DEFER)
    assert with_blind(decision("Ada", Choice.DISPUTE), [deferred, BOB]).blind is None
