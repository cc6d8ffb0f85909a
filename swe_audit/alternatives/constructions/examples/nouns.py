"""What an example of a construction holds: small trees before and after, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass

from swe_audit.model.construction import ConstructionKind, RefusalReason

MODULE, TESTS = "shop/cart.py", "tests/test_cart.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A task in small, and what a construction makes of it.

    ``base`` and ``gold`` are the file ``module`` before and after gold, ``test`` the graded test
    file ``tests``. With ``after`` and ``mirror`` the construction has one site that yields these
    texts; with ``refused`` it refuses that way and has no site; with neither it finds nothing.
    ``more`` holds other files of the base tree, ``gold_more`` other files that gold adds or
    rewrites, ``after_more`` what becomes of them (None: the file is gone).
    """

    name: str
    module: str = MODULE
    tests: str = TESTS
    kind: ConstructionKind
    gold: str
    base: str = ""
    test: str = ""
    statement: str = "total() of a cart is always 0"
    after: str | None = None
    mirror: str | None = None
    refused: RefusalReason | None = None
    more: tuple[tuple[str, str], ...] = ()
    gold_more: tuple[tuple[str, str], ...] = ()
    after_more: tuple[tuple[str, str | None], ...] = ()
