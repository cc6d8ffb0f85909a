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


def test_posting_without_transaction_is_an_error():
    with pytest.raises(LedgerError):
        parse_journal("    a  1 EUR\n")
