import pytest

from spanwise import parse, write


@pytest.mark.parametrize("seconds", [0, 1, 59, 60, 3601, 90061])
def test_what_is_written_is_read_back(seconds):
    assert parse(write(seconds)) == seconds


def test_parts_that_are_nothing_are_left_out():
    assert write(3601) == "1h 1s"
