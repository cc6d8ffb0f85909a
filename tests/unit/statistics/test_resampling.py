"""Intervals of means by resampling."""

from __future__ import annotations

import pytest

from swe_audit.statistics import interval_of_mean


def test_the_interval_is_near_the_normal_one_for_many_values() -> None:
    values = [n % 10 for n in range(400)]
    found = interval_of_mean(values)
    half = 1.96 * (sum((v - 4.5) ** 2 for v in values) / 399 / 400) ** 0.5
    assert found.mean == 4.5
    assert found.low == pytest.approx(4.5 - half, abs=0.03)
    assert found.high == pytest.approx(4.5 + half, abs=0.03)


def test_the_same_seed_gives_the_same_interval_and_another_one_another() -> None:
    values = [0.1, 0.4, 0.2, 0.9, 0.3, 0.35]
    assert interval_of_mean(values, seed=3) == interval_of_mean(values, seed=3)
    assert interval_of_mean(values, seed=3) != interval_of_mean(values, seed=4)


@pytest.mark.parametrize(("values", "mean"), [([], None), ([0.5], 0.5), ([0.2, 0.4], 0.3)])
def test_few_values_have_no_interval(values, mean) -> None:
    found = interval_of_mean(values)
    assert found.mean == pytest.approx(mean)
    assert (found.low, found.high, found.n) == (None, None, len(values))


def test_equal_values_have_an_interval_of_no_width() -> None:
    found = interval_of_mean([0.25] * 9)
    assert (found.low, found.mean, found.high) == (0.25, 0.25, 0.25)
