"""Amounts of money: an exact number and a currency."""

import re
from decimal import Decimal, InvalidOperation

from .errors import LedgerError

_AMOUNT = re.compile(r"^(?P<number>[-+]?[0-9][0-9,_]*(?:\.[0-9]+)?)\s*(?P<currency>[A-Z]{3})$")


class Amount:
    """An amount in one currency. Amounts of different currencies do not mix."""

    __slots__ = ("number", "currency")

    def __init__(self, number, currency):
        self.number = Decimal(number)
        self.currency = currency

    @classmethod
    def parse(cls, text):
        """Read ``1,234.50 EUR``; commas and underscores group digits."""
        match = _AMOUNT.match(text.strip())
        if match is None:
            raise LedgerError(f"cannot read amount {text.strip()!r}")
        try:
            number = Decimal(match["number"].replace(",", "").replace("_", ""))
        except InvalidOperation as error:
            raise LedgerError(f"cannot read amount {text.strip()!r}") from error
        return cls(number, match["currency"])

    def _same_currency(self, other):
        if self.currency != other.currency:
            raise TypeError(f"{self.currency} and {other.currency} do not mix")

    def __add__(self, other):
        self._same_currency(other)
        return Amount(self.number + other.number, self.currency)

    def __sub__(self, other):
        self._same_currency(other)
        return Amount(self.number - other.number, self.currency)

    def __neg__(self):
        return Amount(-self.number, self.currency)

    def __bool__(self):
        return bool(self.number)

    def __eq__(self, other):
        if not isinstance(other, Amount):
            return NotImplemented
        return self.number == other.number and self.currency == other.currency

    def __hash__(self):
        return hash((self.number, self.currency))

    def __str__(self):
        return f"{self.number} {self.currency}"

    def __repr__(self):
        return f"Amount({str(self.number)!r}, {self.currency!r})"
