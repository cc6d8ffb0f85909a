import pytest

from retrykit import Policy


def test_delays_grow():
    assert list(Policy(attempts=4, base=1, factor=3).delays()) == [1, 3, 9]


def test_cap():
    assert list(Policy(attempts=5, base=1, factor=2, cap=3).delays()) == [1, 2, 3, 3]


def test_total():
    assert Policy(attempts=4, base=1, factor=2).total() == 7


@pytest.mark.parametrize(
    "options",
    [{"attempts": 0}, {"base": -1}, {"factor": 0.5}, {"cap": -1}],
    ids=["attempts", "base", "factor", "cap"],
)
def test_nonsense_is_refused(options):
    with pytest.raises(ValueError):
        Policy(**options)
