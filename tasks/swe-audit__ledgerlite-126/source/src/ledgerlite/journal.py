"""The journal: transactions, their postings, and the text format they are kept in."""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import List, Optional

from .amounts import Amount
from .errors import LedgerError

_HEADER = re.compile(r"^(?P<date>\d{4}-\d{2}-\d{2})\s+(?P<payee>.*?)\s*(?:;\s*(?P<note>.*))?$")
_POSTING = re.compile(r"^\s+(?P<account>[^\s;]+)(?:\s{2,}(?P<amount>[^;]+?))?\s*(?:;.*)?$")


@dataclass
class Posting:
    account: str
    amount: Optional[Amount] = None


@dataclass
class Transaction:
    date: datetime.date
    payee: str
    postings: List[Posting] = field(default_factory=list)
    note: str = ""
    line: Optional[int] = None

    def complete(self):
        """Give the one posting without an amount what the others leave over.

        Where there is no such posting, the others must add up to zero.
        """
        missing = [posting for posting in self.postings if posting.amount is None]
        if len(missing) > 1:
            raise LedgerError("only one posting may leave its amount out", self.line)
        rest = defaultdict(Decimal)
        for posting in self.postings:
            if posting.amount is not None:
                rest[posting.amount.currency] += posting.amount.number
        if not missing:
            wrong = [f"{number} {currency}" for currency, number in sorted(rest.items()) if number]
            if wrong:
                raise LedgerError(f"postings are off by {', '.join(wrong)}", self.line)
            return
        if len(rest) != 1:
            raise LedgerError("an amount can only be left out in one currency", self.line)
        [(currency, number)] = rest.items()
        missing[0].amount = Amount(-number, currency)


@dataclass
class Journal:
    transactions: List[Transaction] = field(default_factory=list)

    def __iter__(self):
        return iter(self.transactions)

    def __len__(self):
        return len(self.transactions)

    def postings(self):
        """Yield (transaction, posting) in file order."""
        for transaction in self.transactions:
            for posting in transaction.postings:
                yield transaction, posting

    def accounts(self):
        """Return the names of all accounts, sorted."""
        return sorted({posting.account for _, posting in self.postings()})


def parse_journal(text):
    """Read a journal. Lines that start with ``#`` or ``;`` are comments."""
    journal = Journal()
    current = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            current = None
            continue
        if line.lstrip()[0] in "#;":
            continue
        if line[0].isspace():
            if current is None:
                raise LedgerError("posting outside of a transaction", number)
            current.postings.append(_parse_posting(line, number))
        else:
            current = _parse_header(line, number)
            journal.transactions.append(current)
    for transaction in journal:
        transaction.complete()
    return journal


def _parse_header(line, number):
    match = _HEADER.match(line)
    if match is None:
        raise LedgerError(f"expected a date and a payee, got {line!r}", number)
    date = datetime.date.fromisoformat(match["date"])
    return Transaction(date, match["payee"], note=match["note"] or "", line=number)


def _parse_posting(line, number):
    match = _POSTING.match(line)
    if match is None:
        raise LedgerError(f"expected an account and an amount, got {line.strip()!r}", number)
    amount = Amount.parse(match["amount"]) if match["amount"] else None
    return Posting(match["account"], amount)
