"""Double-entry bookkeeping in plain text."""

from .amounts import Amount
from .errors import LedgerError
from .journal import Journal, Posting, Transaction, parse_journal
from .reports import balance_table, balances, register

__all__ = [
    "Amount",
    "Journal",
    "LedgerError",
    "Posting",
    "Transaction",
    "balance_table",
    "balances",
    "parse_journal",
    "register",
]
