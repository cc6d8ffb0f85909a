"""Reports: what is on each account, and what happened on one."""

from collections import defaultdict
from decimal import Decimal

SEPARATOR = ":"


def balances(journal, depth=None):
    """Return ``{account: {currency: number}}`` over all postings, sorted by account.

    With ``depth``, accounts are rolled up to that many levels.
    """
    totals = defaultdict(lambda: defaultdict(Decimal))
    for _, posting in journal.postings():
        totals[posting.account][posting.amount.currency] += posting.amount.number
    if depth is not None:
        totals = _roll_up(totals, depth)
    return {account: dict(totals[account]) for account in sorted(totals)}


def _roll_up(totals, depth):
    """Cut account names to ``depth`` levels."""
    rolled = {}
    for account, amounts in totals.items():
        parent = shorten(account, depth)
        rolled.setdefault(parent, {}).update(amounts)
    return rolled


def shorten(account, depth):
    """Cut an account's name to its first ``depth`` levels."""
    return SEPARATOR.join(account.split(SEPARATOR)[:depth])


def balance_table(journal, depth=None):
    """Return the balances as aligned text, accounts that are at zero left out."""
    rows = [
        (f"{number} {currency}", account)
        for account, amounts in balances(journal, depth).items()
        for currency, number in sorted(amounts.items())
        if number
    ]
    width = max((len(amount) for amount, _ in rows), default=0)
    return "\n".join(f"{amount:>{width}}  {account}" for amount, account in rows)


def register(journal, account):
    """Return ``[(date, payee, number, currency, running total)]`` of one account."""
    running = defaultdict(Decimal)
    rows = []
    for transaction, posting in journal.postings():
        if posting.account != account:
            continue
        amount = posting.amount
        running[amount.currency] += amount.number
        rows.append(
            (
                transaction.date,
                transaction.payee,
                amount.number,
                amount.currency,
                running[amount.currency],
            )
        )
    return rows
