import pytest

from spanwise import SpanError, parse


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("45s", 45), ("1h30m", 5400), (" 1h 30m ", 5400), ("2d", 172800), ("0s", 0)],
    ids=["seconds", "tight", "blanks", "days", "nothing"],
)
def test_spans(text, seconds):
    assert parse(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "5", "3x", "1h-2m"], ids=["empty", "h", "5", "x", "sign"])
def test_what_is_no_span(text):
    with pytest.raises(SpanError):
        parse(text)


def test_units_go_from_large_to_small():
    with pytest.raises(SpanError):
        parse("30m 1h")
