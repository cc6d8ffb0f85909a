"""Samples: seeded, whatever the order of the tasks, nested, and fair."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.errors import UsageError
from swe_audit.sampling import draw, hardest, order_of_draw, sample_size

sets = st.dictionaries(
    st.text("abcdef0123456789-", min_size=1, max_size=8),
    st.sampled_from(["easy", "middling", "hard", "rare"]),
    min_size=1,
    max_size=60,
)


def chosen(strata: dict[str, str], size: int, seed: int) -> frozenset[str]:
    return frozenset(one for part in draw(strata, size, seed) for one in part.instances)


@given(sets, st.integers(0, 9), st.data())
def test_a_larger_sample_holds_the_smaller_and_sizes_are_exact(strata, seed, data) -> None:
    small = data.draw(st.integers(1, len(strata)))
    large = data.draw(st.integers(small, len(strata)))
    assert len(chosen(strata, small, seed)) == small
    assert chosen(strata, small, seed) <= chosen(strata, large, seed)


@given(sets, st.integers(0, 9), st.randoms())
def test_the_order_of_the_tasks_does_not_matter(strata, seed, rng) -> None:
    items = list(strata.items())
    rng.shuffle(items)
    assert order_of_draw(dict(items), seed) == order_of_draw(strata, seed)


@given(sets, st.integers(0, 9), st.data())
def test_every_stratum_gives_its_share_to_within_one(strata, seed, data) -> None:
    size = data.draw(st.integers(1, len(strata)))
    parts = draw(strata, size, seed)
    assert sum(part.population for part in parts) == len(strata)
    for part in parts:
        # How far through the order the sample goes is the same for all strata but for the
        # rounding of each, so two can differ by little more than one task.
        due = part.population * size / len(strata)
        assert abs(len(part.instances) - due) < 1 + len(parts) / len(strata) * part.population


def test_another_seed_gives_another_sample() -> None:
    strata = {f"task-{n}": "" for n in range(100)}
    assert chosen(strata, 30, 7) == chosen(strata, 30, 7)
    assert chosen(strata, 30, 7) != chosen(strata, 30, 8)


def test_tasks_of_a_stratum_of_one_have_the_same_chance_as_others() -> None:
    strata = {f"common-{n}": "common" for n in range(90)}
    strata |= {f"single-{n}": f"single {n}" for n in range(10)}
    counts = Counter(one for seed in range(1000) for one in chosen(strata, 25, seed))
    common = sum(count for name, count in counts.items() if name.startswith("common")) / 90
    single = sum(count for name, count in counts.items() if name.startswith("single")) / 10
    # 250 of 1000 each; ten standard errors of such a mean would be far more than this.
    assert common == pytest.approx(250, abs=5)
    assert single == pytest.approx(250, abs=20)


@pytest.mark.parametrize(
    ("asked", "population", "size"),
    [
        ("27.6%", 500, 138),
        ("138", 500, 138),
        ("100%", 7, 7),
        ("50%", 5, 3),
        ("0.1%", 100, 1),
        (" 10 % ", 50, 5),
    ],
)
def test_a_size_is_a_number_or_a_share(asked: str, population: int, size: int) -> None:
    assert sample_size(asked, population) == size


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("half", "neither a number of tasks nor a share"),
        ("-3", "neither"),
        ("27,6%", "neither"),
        ("1e3", "neither"),
        ("", "neither"),
        ("0", "chooses no task"),
        ("0%", "chooses no task"),
        ("11", r"more tasks than there are \(10\)"),
        ("101%", "more than the whole set"),
    ],
)
def test_a_size_that_cannot_be_is_one_sentence(asked: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        sample_size(asked, 10)


def test_the_hardest_come_first_and_equals_by_lot() -> None:
    hardness = {f"task-{n}": (n % 3) / 2 for n in range(30)}
    names = list(hardness)
    random.Random(1).shuffle(names)
    five = hardest({name: hardness[name] for name in names}, 5, seed=1)
    assert five == hardest(hardness, 5, seed=1)
    assert all(hardness[name] == 1 for name in five)
    assert set(five) <= set(hardest(hardness, 12, seed=1))
    assert set(five) != set(hardest(hardness, 5, seed=2))


def test_more_hardest_tasks_than_can_be_ranked_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="only 1 of the tasks can be ranked"):
        hardest({"a": 0.5}, 2, seed=0)
    with pytest.raises(UsageError, match="chooses no task"):
        hardest({"a": 0.5}, 0, seed=0)
