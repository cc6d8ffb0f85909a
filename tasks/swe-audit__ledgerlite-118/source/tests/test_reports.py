import datetime
from decimal import Decimal

from ledgerlite import balance_table, balances, parse_journal, register

BOOKS = """\
2023-01-05 Grocery store
    expenses:food        42.50 EUR
    assets:bank:giro

2023-01-09 Salary
    assets:bank:giro   1900.00 EUR
    income:salary

2023-01-10 Train
    expenses:travel:rail  30.00 EUR
    assets:cash
"""


def test_balances():
    assert balances(parse_journal(BOOKS)) == {
        "assets:bank:giro": {"EUR": Decimal("1857.50")},
        "assets:cash": {"EUR": Decimal("-30.00")},
        "expenses:food": {"EUR": Decimal("42.50")},
        "expenses:travel:rail": {"EUR": Decimal("30.00")},
        "income:salary": {"EUR": Decimal("-1900.00")},
    }


def test_depth_cuts_names():
    assert "expenses:travel" in balances(parse_journal(BOOKS), depth=2)
    assert list(balances(parse_journal(BOOKS), depth=1)) == ["assets", "expenses", "income"]


ROLLED = """\
2023-01-05 Bakery
    expenses:food:bread     4.20 EUR
    assets:cash

2023-01-06 Market
    expenses:food:veg      11.00 EUR
    expenses:food           2.00 EUR
    assets:cash

2023-01-07 Market abroad
    expenses:food:veg       7.00 CHF
    assets:cash
"""


def test_depth_adds_up():
    rolled = balances(parse_journal(ROLLED), depth=2)
    assert rolled["expenses:food"]["EUR"] == Decimal("17.20")


def test_depth_keeps_currencies_apart():
    assert balances(parse_journal(ROLLED), depth=1) == {
        "assets": {"EUR": Decimal("-17.20"), "CHF": Decimal("-7.00")},
        "expenses": {"EUR": Decimal("17.20"), "CHF": Decimal("7.00")},
    }


def test_table_with_depth():
    assert balance_table(parse_journal(BOOKS), depth=1).splitlines() == [
        " 1827.50 EUR  assets",
        "   72.50 EUR  expenses",
        "-1900.00 EUR  income",
    ]


def test_table_is_aligned():
    assert balance_table(parse_journal(BOOKS)).splitlines()[:2] == [
        " 1857.50 EUR  assets:bank:giro",
        "  -30.00 EUR  assets:cash",
    ]


def test_register_runs_a_total():
    rows = register(parse_journal(BOOKS), "assets:bank:giro")
    assert rows == [
        (datetime.date(2023, 1, 5), "Grocery store", Decimal("-42.50"), "EUR", Decimal("-42.50")),
        (datetime.date(2023, 1, 9), "Salary", Decimal("1900.00"), "EUR", Decimal("1857.50")),
    ]
