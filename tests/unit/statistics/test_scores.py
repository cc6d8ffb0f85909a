"""Corrections come with bounds from the same draws for every submission, and with ranks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swe_audit.statistics.scores import Paired, intervals, ranks

CELL = st.sampled_from([0.0, 1.0])


def paired(before, after):
    return Paired(before=tuple(before), after=tuple(after))


def test_nothing_corrected_has_an_interval_of_no_width():
    values = [1.0, 0.0, 1.0, 1.0, 0.0]
    same = paired(values, values)
    assert intervals([same, paired([1.0], [1.0])]) == ((0.0, 0.0), None)
    assert intervals([same, paired([0.0] * 5, [1.0] * 5)]) == ((0.0, 0.0), (1.0, 1.0))


def test_a_correction_that_always_helps_lies_above_nought():
    before, after = [0.0] * 30 + [1.0] * 30, [1.0] * 30 + [1.0] * 30
    ((low, high),) = intervals([paired(before, after)])
    assert 0.3 < low < 0.5 < high < 0.7


def test_below_three_tasks_there_is_no_interval():
    assert intervals([paired([1.0, 0.0], [1.0, 1.0])]) == (None,)
    few = paired([1.0, 0.0, None, None], [1.0, 1.0, None, None])
    assert intervals([few]) == (None,)
    assert intervals([]) == ()


def test_a_submission_has_the_same_bounds_whoever_stands_beside_it():
    one = paired([0.0, 1.0, 0.0, 1.0, 1.0], [1.0, 1.0, 0.0, None, 1.0])
    other = paired([1.0] * 5, [1.0] * 4 + [None])
    assert intervals([one])[0] == intervals([other, one])[1]
    assert intervals([one], seed=1) == intervals([one], seed=1)


@settings(max_examples=10)
@given(st.lists(st.tuples(CELL, st.one_of(st.none(), CELL)), min_size=5, max_size=12))
def test_what_was_observed_lies_within_the_bounds(cells):
    before, after = zip(*cells, strict=True)
    (bound,) = intervals([paired(before, after)])
    left = [cell for cell in after if cell is not None]
    if bound is not None:
        change = sum(left) / len(left) - sum(before) / len(before)
        assert bound[0] - 1e-9 <= change <= bound[1] + 1e-9


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([0.5, 0.7, 0.5, 0.1], (2, 1, 2, 4)),
        ([None, 0.2], (None, 1)),
        ([], ()),
    ],
)
def test_equal_shares_have_the_better_rank(shares, expected):
    assert ranks(shares) == expected
