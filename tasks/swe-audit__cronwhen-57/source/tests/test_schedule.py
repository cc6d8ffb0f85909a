from datetime import datetime

import pytest

from cronwhen import CronError, Schedule


def test_next_minute():
    assert Schedule("* * * * *").next_after(datetime(2023, 6, 2, 12, 0, 30)) == datetime(
        2023, 6, 2, 12, 1
    )


def test_next_over_weekend():
    assert Schedule("30 2 * * 1-5").next_after(datetime(2023, 6, 2, 12, 0)) == datetime(
        2023, 6, 5, 2, 30
    )


def test_next_over_new_year():
    assert Schedule("@yearly").next_after(datetime(2022, 7, 1)) == datetime(2023, 1, 1)


def test_leap_day():
    assert Schedule("0 0 29 2 *").next_after(datetime(2021, 1, 1)) == datetime(2024, 2, 29)


def test_never():
    with pytest.raises(CronError):
        Schedule("0 0 31 2 *").next_after(datetime(2021, 1, 1))


@pytest.mark.parametrize("number", [0, 7])
def test_sunday_has_two_numbers(number):
    assert Schedule(f"0 9 * * {number}").matches(datetime(2023, 6, 4, 9, 0))


def test_either_day_field_is_enough():
    schedule = Schedule("0 0 13 * 5")
    assert schedule.matches(datetime(2023, 6, 13))
    assert schedule.matches(datetime(2023, 6, 16))
    assert not schedule.matches(datetime(2023, 6, 14))


def test_take():
    assert Schedule("0 12 * * *").take(2, datetime(2023, 6, 2, 12, 0)) == [
        datetime(2023, 6, 3, 12, 0),
        datetime(2023, 6, 4, 12, 0),
    ]


@pytest.mark.parametrize(
    "line,words",
    [
        ("* * * * *", "every minute"),
        ("30 2 * * 1-5", "at 02:30, on Monday to Friday"),
        ("0 0 1,15 6 *", "at 00:00, on day 1, 15, in June"),
        ("*/30 * * * *", "every hour at minute 0, 30"),
    ],
    ids=["star", "weekdays", "days", "half_hours"],
)
def test_describe(line, words):
    assert Schedule(line).describe() == words
