from decimal import Decimal

import pytest

from ledgerlite import Amount, LedgerError


@pytest.mark.parametrize(
    "text,number",
    [("12.50 EUR", "12.50"), ("-3 EUR", "-3"), ("1,234.00 EUR", "1234.00"), ("1_000EUR", "1000")],
    ids=["plain", "negative", "grouped", "tight"],
)
def test_parse(text, number):
    assert Amount.parse(text) == Amount(Decimal(number), "EUR")


@pytest.mark.parametrize("text", ["", "EUR", "12.50", "12.50 eur", "twelve EUR"],
                         ids=["empty", "no_number", "no_currency", "lower", "words"])
def test_parse_rejects(text):
    with pytest.raises(LedgerError):
        Amount.parse(text)


def test_arithmetic():
    assert Amount("1.10", "EUR") + Amount("2.20", "EUR") == Amount("3.30", "EUR")
    assert -Amount("1", "USD") == Amount("-1", "USD")


def test_currencies_do_not_mix():
    with pytest.raises(TypeError):
        Amount("1", "EUR") + Amount("1", "USD")
