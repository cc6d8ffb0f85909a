import datetime

import pytest

from ledgerlite import Amount, LedgerError, parse_journal

BOOKS = """\
# my books
2023-01-05 Grocery store
    expenses:food        42.50 EUR
    assets:bank:giro

2023-01-09 Salary  ; January
    assets:bank:giro   1900.00 EUR
    income:salary
"""


def test_reads_transactions():
    journal = parse_journal(BOOKS)
    assert len(journal) == 2
    first, second = journal
    assert first.date == datetime.date(2023, 1, 5)
    assert first.payee == "Grocery store"
    assert second.note == "January"


def test_left_out_amount_balances():
    first = next(iter(parse_journal(BOOKS)))
    assert first.postings[1].amount == Amount("-42.50", "EUR")


def test_accounts_are_sorted():
    assert parse_journal(BOOKS).accounts() == [
        "assets:bank:giro",
        "expenses:food",
        "income:salary",
    ]


def test_two_left_out_amounts_are_an_error():
    with pytest.raises(LedgerError) as caught:
        parse_journal("2023-01-05 Shop\n    a  1 EUR\n    b\n    c\n")
    assert caught.value.line == 1


def test_amounts_must_add_up():
    with pytest.raises(LedgerError, match=r"postings are off by 2\.50 EUR") as caught:
        parse_journal(
            BOOKS + "\n2023-04-28 Rent\n    expenses:rent  750.00 EUR\n    assets:bank  -747.50 EUR\n"
        )
    assert caught.value.line == 10


def test_amounts_must_add_up_in_each_currency():
    with pytest.raises(LedgerError) as caught:
        parse_journal(
            "2023-04-28 Exchange\n    a  5 EUR\n    b  -5 EUR\n    a  -6 USD\n    b  5 USD\n"
        )
    assert "USD" in str(caught.value)
    assert "EUR" not in str(caught.value)


def test_amounts_that_add_up():
    journal = parse_journal("2023-04-28 Rent\n    a  0.10 EUR\n    b  0.20 EUR\n    c  -0.30 EUR\n")
    assert len(journal) == 1


def test_posting_without_transaction_is_an_error():
    with pytest.raises(LedgerError):
        parse_journal("    a  1 EUR\n")
