import pytest

from cronwhen import CronError, Schedule


@pytest.mark.parametrize(
    "text,values",
    [
        ("5", [5]),
        ("1,15,30", [1, 15, 30]),
        ("10-13", [10, 11, 12, 13]),
        ("*/20", [0, 20, 40]),
        ("50/4", [50, 54, 58]),
        ("8-18/5", [8, 13, 18]),
    ],
)
def test_minutes(text, values):
    assert list(Schedule(f"{text} * * * *").minute) == values


def test_names():
    schedule = Schedule("0 0 * jan,Dec MON-fri")
    assert list(schedule.month) == [1, 12]
    assert list(schedule.weekday) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("line", ["* * * *", "60 * * * *", "*/0 * * * *", "* * 0 * *", "a * * * *",
                                  "30-10 * * * *"])
def test_nonsense_is_refused(line):
    with pytest.raises(CronError):
        Schedule(line)
