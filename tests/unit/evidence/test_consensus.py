"""Families that are rejected alike, and what is no agreement."""

from __future__ import annotations

from swe_audit.evidence.consensus import Behaviour, consensus


def one(
    name: str,
    family: str,
    *saw: str,
    progress: bool = True,
    agrees: str = "",
) -> Behaviour:
    observed = tuple((f"test: assert {at}", text) for at, text in enumerate(saw))
    return Behaviour(
        candidate=name, family=family, observed=observed, progress=progress, agrees=agrees
    )


def test_two_families_that_show_the_same_agree() -> None:
    found = consensus([one("a", "A", "4"), one("b", "B", "4"), one("c", "C", "5")])
    assert set(found) == {"a", "b"}
    assert found["a"].families == ("A", "B")
    assert found["a"].behaviour == "test: assert 0: 4"


def test_runs_of_one_family_are_no_consensus() -> None:
    assert not consensus([one("a", "A", "4"), one("b", "A", "4")])


def test_they_have_to_agree_on_everything_that_rejects_them() -> None:
    assert not consensus([one("a", "A", "4", "1"), one("b", "B", "4", "2")])
    assert len(consensus([one("a", "A", "4", "1"), one("b", "B", "4", "1")])) == 2


def test_what_nobody_saw_is_no_agreement() -> None:
    assert not consensus([one("a", "A", ""), one("b", "B", "")])
    assert not consensus([one("a", "A", "4", ""), one("b", "B", "4", "")])
    assert not consensus([one("a", "A"), one("b", "B")])


def test_each_has_to_pass_what_no_patch_at_all_fails() -> None:
    assert not consensus([one("a", "A", "4"), one("b", "B", "4", progress=False)])


def test_agreement_on_the_statements_code_needs_no_progress() -> None:
    found = consensus(
        [
            one("a", "A", "4", progress=False, agrees="like gold"),
            one("b", "B", "5", progress=False, agrees="like gold"),
        ]
    )
    assert found["b"].behaviour == "like gold"
