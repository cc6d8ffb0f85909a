"""``python -m ledgerlite balance [--depth N] FILE`` and ``register FILE ACCOUNT``."""

import argparse
import sys

from .errors import LedgerError
from .journal import parse_journal
from .reports import balance_table, register


def main(argv=None):
    parser = argparse.ArgumentParser(prog="ledgerlite")
    commands = parser.add_subparsers(dest="command", required=True)
    balance = commands.add_parser("balance", help="what is on each account")
    balance.add_argument("file")
    balance.add_argument("--depth", type=int, default=None)
    listing = commands.add_parser("register", help="what happened on one account")
    listing.add_argument("file")
    listing.add_argument("account")
    options = parser.parse_args(argv)

    try:
        with open(options.file, encoding="utf-8") as stream:
            journal = parse_journal(stream.read())
    except LedgerError as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 1
    if options.command == "balance":
        print(balance_table(journal, options.depth))
    else:
        for date, payee, number, currency, total in register(journal, options.account):
            print(f"{date}  {payee:<30}{number:>12} {currency} {total:>12}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
