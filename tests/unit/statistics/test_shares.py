"""Shares and their intervals."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from swe_audit.statistics import counted, describe, format_share, percent, rate

counts = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_the_wilson_interval_is_that_of_the_textbook() -> None:
    # Newcombe 1998, table I, the worked examples of method 3, to four places.
    for k, n, low, high in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605),
                            (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)]:  # fmt: skip
        found = rate(k, n)
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert (found.k, found.n, found.level, found.method) == (1, 29, 0.95, "wilson")


@given(counts, st.sampled_from([0.5, 0.9, 0.95, 0.99, 0.9999]))
def test_the_wilson_interval_is_that_of_scipy(counted: tuple[int, int], level: float) -> None:
    k, n = counted
    theirs = binomtest(k, n).proportion_ci(confidence_level=level, method="wilson")
    ours = rate(k, n, level)
    assert ours.low == pytest.approx(theirs.low, rel=1e-12, abs=1e-15)
    assert ours.high == pytest.approx(theirs.high, rel=1e-12)


def test_a_rate_needs_no_heavy_import() -> None:
    code = (
        "import sys; from swe_audit.statistics import rate; rate(1, 2); print("
        "'scipy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_exact_interval_of_nothing_seen_follows_the_rule_of_three() -> None:
    found = rate(0, 100, method="exact")
    assert found.low == 0
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 100))


def test_a_share_of_nothing_has_no_interval() -> None:
    found = rate(0, 0)
    assert (found.low, found.high) == (None, None)
    assert describe(found) == "0 of 0 (n/a)"


@pytest.mark.parametrize(("k", "n"), [(-1, 3), (4, 3), (0, -1)])
def test_impossible_counts_are_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="0 <= k <= n"):
        rate(k, n)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_outside_of_nought_to_one_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        rate(1, 2, level=level)


@given(counts)
def test_an_interval_holds_what_was_seen_and_stays_within_nought_and_one(
    counted: tuple[int, int],
) -> None:
    k, n = counted
    found = rate(k, n)
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= k / n <= found.high <= 1
    assert found.low < found.high


def test_more_tasks_make_a_narrower_interval() -> None:
    few, many = rate(3, 10), rate(300, 1000)
    assert few.high - few.low > many.high - many.low


@given(counts, st.integers(0, 2))
def test_nought_and_hundred_percent_are_only_said_where_exact(
    counted: tuple[int, int], digits: int
) -> None:
    k, n = counted
    assert (percent(k, n, digits) == "0 %") == (k == 0)
    assert (percent(k, n, digits) == "100 %") == (k == n)


@pytest.mark.parametrize(
    ("k", "n", "digits", "text"),
    [
        (0, 7, 0, "0 %"),
        (7, 7, 1, "100 %"),
        (1, 1000, 0, "<1 %"),
        (999, 1000, 0, ">99 %"),
        (1, 100000, 1, "<0.1 %"),
        (99999, 100000, 1, ">99.9 %"),
        (1, 8, 1, "12.5 %"),
        (1, 3, 0, "33 %"),
        (0, 0, 0, "n/a"),
    ],
)
def test_percentages_are_written_plainly(k: int, n: int, digits: int, text: str) -> None:
    assert percent(k, n, digits) == text


def test_a_share_that_rounds_to_an_end_says_so() -> None:
    assert format_share(0.0004) == "<1 %"
    assert format_share(0.9999) == ">99 %"
    assert format_share(0.5) == "50 %"


@pytest.mark.parametrize(
    ("n", "words", "text"),
    [
        (0, ("task",), "0 tasks"),
        (1, ("task",), "1 task"),
        (2, ("task",), "2 tasks"),
        (1, ("entry", "entries"), "1 entry"),
        (3, ("entry", "entries"), "3 entries"),
    ],
)
def test_a_number_agrees_with_its_noun(n: int, words: tuple[str, ...], text: str) -> None:
    assert counted(n, *words) == text


def test_a_rate_reads_as_a_sentence() -> None:
    assert describe(rate(12, 80)) == "12 of 80 (15 %, 95 % interval 9 % to 24 %)"
