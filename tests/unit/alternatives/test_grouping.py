"""Group testing: what is tried, what is found, and that it always ends."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from hypothesis import given
from hypothesis import strategies as st

from swe_audit.alternatives.grouping import Answer, Group, Search, search


def played(
    layers: Sequence[Sequence[str]],
    suspects: Collection[str],
    rejects: Callable[[Group], bool],
) -> tuple[Search, list[Group]]:
    """Try what is wanted until the search is over."""
    known: dict[Group, Answer] = {}
    tried: list[Group] = []
    while True:
        result = search(layers, suspects, known.get)
        if not result.wanted:
            return result, tried
        for group in result.wanted:
            assert group not in known, "nothing is tried twice"
            known[group] = Answer.REJECTED if rejects(group) else Answer.ACCEPTED
            tried.append(group)


def test_one_accepted_composite_clears_every_site() -> None:
    result, tried = played([["a", "b", "c", "d"]], (), lambda group: False)
    assert tried == [frozenset("abcd")]
    assert result.cleared == frozenset("abcd")
    assert result.culprits == ()


def test_a_culprit_is_bisected_and_the_rest_is_tried_without_it() -> None:
    result, tried = played([["a", "b", "c", "d"]], (), lambda group: "c" in group)
    assert result.culprits == (frozenset("c"),)
    assert result.cleared == frozenset("abd")
    assert tried[-1] == frozenset("abd")


def test_what_the_tests_mention_is_tried_apart() -> None:
    result, tried = played([["a", "b", "c", "d"]], {"d"}, lambda group: "d" in group)
    assert tried == [frozenset("abc"), frozenset("d")]
    assert result.culprits == (frozenset("d"),)


def test_suspects_that_are_innocent_are_tried_with_the_rest_in_the_end() -> None:
    result, tried = played([["a", "b"]], {"b"}, lambda group: False)
    assert tried == [frozenset("a"), frozenset("b"), frozenset("ab")]
    assert result.cleared == frozenset("ab")


def test_a_pair_that_only_together_is_rejected_is_found() -> None:
    result, _ = played([list("abcdef")], (), lambda group: {"b", "e"} <= group)
    assert result.culprits == (frozenset("be"),)
    assert result.cleared == frozenset("abcdef")


def test_sites_of_two_layers_are_never_combined() -> None:
    _, tried = played([["a", "b"], ["c"]], (), lambda group: False)
    assert tried == [frozenset("ab"), frozenset("c")]


def test_an_undecided_site_is_neither_cleared_nor_guilty() -> None:
    known = {frozenset("a"): Answer.UNDECIDED}
    result = search([["a"]], (), known.get)
    assert result == Search()


sites = st.lists(st.sampled_from("abcdefghij"), unique=True, min_size=1, max_size=10)


@given(sites=sites, data=st.data())
def test_every_single_culprit_is_found_and_everything_else_cleared(
    sites: list[str], data: st.DataObject
) -> None:
    guilty = set(data.draw(st.lists(st.sampled_from(sites), unique=True)))
    suspects = set(data.draw(st.lists(st.sampled_from(sites), unique=True)))
    result, tried = played([sites], suspects, lambda group: bool(guilty & group))
    assert set(result.culprits) == {frozenset(one) for one in guilty}
    assert result.cleared == set(sites) - guilty
    assert len(tried) <= 4 * len(sites)


@given(sites=sites, data=st.data())
def test_a_culprit_group_is_rejected_and_the_search_ends(
    sites: list[str], data: st.DataObject
) -> None:
    groups = data.draw(
        st.lists(st.lists(st.sampled_from(sites), unique=True, min_size=1, max_size=3), max_size=3)
    )
    pins = [frozenset(group) for group in groups]

    def rejects(group: Group) -> bool:
        return any(pin <= group for pin in pins)

    result, _ = played([sites], (), rejects)
    assert all(rejects(group) for group in result.culprits)
    left = frozenset(sites) - frozenset().union(*result.culprits)
    assert not rejects(left)
