"""From a sample of a finite set to the whole set."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, hypergeom

from swe_audit.statistics import StratumCount, bound_by, estimate_share
from swe_audit.statistics.estimates import HYPERGEOMETRIC, STRATIFIED


def one(population: int, n: int, k: int, inconclusive: int = 0) -> StratumCount:
    return StratumCount(population=population, n=n, k=k, inconclusive=inconclusive)


@st.composite
def strata(draw: st.DrawFn) -> list[StratumCount]:
    found = []
    for _ in range(draw(st.integers(1, 6))):
        population = draw(st.integers(1, 60))
        n = draw(st.integers(0, population))
        k = draw(st.integers(0, n))
        found.append(one(population, n, k, draw(st.integers(0, n - k))))
    if not sum(each.n for each in found):
        found.append(one(3, 2, 1))
    return found


def test_one_stratum_is_inverted_exactly() -> None:
    # Written out: the least and the greatest number of defective tasks under which 12 of 138 or
    # more, and 12 or fewer, each have at least 2.5 %.
    found = estimate_share([one(500, 138, 12)], "defective")
    least = min(t for t in range(12, 375) if hypergeom.sf(11, 500, t, 138) > 0.025)
    most = max(t for t in range(12, 375) if hypergeom.cdf(12, 500, t, 138) > 0.025)
    assert (found.low, found.high) == (least / 500, most / 500)
    assert (found.share, found.method) == (12 / 138, HYPERGEOMETRIC)


def test_a_finite_set_gives_a_narrower_interval_than_an_endless_one() -> None:
    finite = estimate_share([one(500, 138, 30)], "defective")
    endless = binomtest(30, 138).proportion_ci(method="exact")
    assert endless.low < finite.low < 30 / 138 < finite.high < endless.high


def test_a_sample_of_everything_leaves_nothing_open() -> None:
    found = estimate_share([one(50, 50, 7)], "defective")
    assert (found.low, found.share, found.high) == (7 / 50, 7 / 50, 7 / 50)
    divided = estimate_share([one(20, 20, 5), one(30, 30, 2)], "defective")
    assert (divided.low, divided.high) == (pytest.approx(0.14), pytest.approx(0.14))


def test_strata_are_weighted_by_what_they_hold() -> None:
    # Half of the small stratum and none of the large one: 10 of 100, not 5 of 15.
    found = estimate_share([one(20, 10, 5), one(80, 5, 0)], "defective")
    assert found.share == pytest.approx(0.1)
    assert found.method == STRATIFIED


def test_division_narrows_the_interval_where_strata_differ() -> None:
    divided = estimate_share([one(250, 69, 60), one(250, 69, 3)], "defective")
    whole = estimate_share([one(500, 138, 63)], "defective")
    assert divided.high - divided.low < whole.high - whole.low


def test_strata_of_a_finite_set_give_a_narrower_interval_than_endless_ones() -> None:
    finite = estimate_share([one(40, 20, 6), one(60, 30, 4)], "defective")
    endless = estimate_share([one(40_000, 20, 6), one(60_000, 30, 4)], "defective")
    assert finite.share == endless.share
    assert finite.high - finite.low < 0.75 * (endless.high - endless.low)


def test_inconclusive_tasks_widen_the_interval_at_both_ends() -> None:
    clear = estimate_share([one(500, 138, 12)], "defective")
    unsure = estimate_share([one(500, 138, 12, inconclusive=20)], "defective")
    assert unsure.low == clear.low
    assert unsure.high == estimate_share([one(500, 138, 32)], "defective").high > clear.high
    assert unsure.share == 12 / 118


def test_nothing_judged_gives_no_share_but_says_what_remains_possible() -> None:
    found = estimate_share([one(10, 4, 0, inconclusive=4)], "defective")
    assert (found.share, found.low, found.high) == (None, 0, 1)


def test_no_defect_in_the_sample_is_no_proof_of_none() -> None:
    found = estimate_share([one(200, 30, 0), one(300, 45, 0)], "defective")
    assert found.low == 0
    assert 0.02 < found.high < 0.06


def test_a_selective_sample_gives_what_counting_gives_and_no_estimate() -> None:
    found = bound_by(one(500, 50, 20, inconclusive=5), "defective")
    assert found.bound
    assert (found.share, found.level) == (None, None)
    assert (found.low, found.high) == (20 / 500, 475 / 500)


@given(strata())
def test_an_interval_is_ordered_and_never_denies_what_was_counted(counts) -> None:
    found = estimate_share(counts, "defective")
    population = sum(each.population for each in counts)
    sound = sum(each.n - each.k - each.inconclusive for each in counts)
    assert 0 <= found.low <= found.high <= 1
    assert found.low * population >= found.k - 1e-9
    assert found.high * population <= population - sound + 1e-9
    if found.share is not None:
        assert found.low - 1e-9 <= found.share <= found.high + 1e-9


@given(strata())
def test_more_doubt_never_narrows_an_interval_of_one_stratum(counts) -> None:
    for each in counts:
        if each.n and each.n > each.k + each.inconclusive:
            more = one(each.population, each.n, each.k, each.inconclusive + 1)
            before = estimate_share([each], "defective")
            after = estimate_share([more], "defective")
            assert after.low <= before.low
            assert after.high >= before.high


@pytest.mark.parametrize(
    "counts", [[one(5, 6, 0)], [one(5, 3, 4)], [one(5, 3, 2, 2)], [one(5, 3, -1)], [one(5, 0, 0)]]
)
def test_counts_that_cannot_be_are_refused(counts) -> None:
    with pytest.raises(ValueError, match=r"stratum|nothing"):
        estimate_share(counts, "defective")


def test_the_stratified_interval_holds_the_truth_as_often_as_it_says() -> None:
    # Three strata of a set in which 24 % are defective; drawn a third, four hundred times.
    rng = random.Random(11)
    sets = [[1] * 45 + [0] * 75, [1] * 20 + [0] * 160, [1] * 7 + [0] * 13]
    truth = sum(map(sum, sets)) / sum(map(len, sets))
    held = 0
    for _ in range(400):
        counts = []
        for members in sets:
            n = round(len(members) / 3)
            counts.append(one(len(members), n, sum(rng.sample(members, n))))
        found = estimate_share(counts, "defective")
        held += found.low <= truth <= found.high
    assert held / 400 >= 0.94
