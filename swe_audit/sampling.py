"""Choose tasks by lot, or the hardest first: seeded, whatever their order, and nested.

A larger sample of the same seed holds the smaller, so an audit can be widened without losing what
ran. Nothing here depends on the order in which tasks come, only on their ids.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from swe_audit.errors import UsageError
from swe_audit.model.sample import Stratum

_SIZE = re.compile(r"^(\d{1,9}|\d{1,3}(?:\.\d{1,9})?\s*%)$")


def sample_size(asked: str, population: int) -> int:
    """Return how many of ``population`` tasks ``138`` or ``27.6%`` asks for, at least one.

    A share is rounded to the nearest whole task, half up. Raise ``UsageError`` for anything
    else, for none, and for more than there are.
    """
    text = asked.strip()
    if not _SIZE.match(text):
        raise UsageError(
            f"--sample {asked!r} is neither a number of tasks nor a share of them",
            hint="write --sample 138 or --sample 27.6%",
        )
    if not text.endswith("%"):
        size = int(text)
    else:
        share = Decimal(text.rstrip("% ")) / 100
        if share > 1:
            raise UsageError(f"--sample {asked} is more than the whole set")
        whole = (share * population).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        size = max(1, int(whole)) if share else 0
    if size < 1:
        raise UsageError(f"--sample {asked} chooses no task")
    if size > population:
        raise UsageError(
            f"--sample {asked} asks for more tasks than there are ({population})",
            hint="leave it out to audit all of them",
        )
    return size


def draw(strata: Mapping[str, str], size: int, seed: int) -> tuple[Stratum, ...]:
    """Draw ``size`` tasks by lot, from every stratum in proportion to what it holds.

    ``strata`` maps each instance id to the name of its stratum. Each stratum gives its
    proportional share of tasks, rounded up or down; which way is drawn by lot as well, so that
    tasks of a small stratum have the same chance as any other. Strata come back sorted by name,
    also those that gave none.
    """
    chosen = frozenset(order_of_draw(strata, seed)[:size])
    return tuple(
        Stratum(
            name=name,
            population=len(members),
            instances=tuple(sorted(chosen.intersection(members))),
        )
        for name, members in sorted(_members(strata).items())
    )


def order_of_draw(strata: Mapping[str, str], seed: int) -> list[str]:
    """Return every instance id in the order in which growing samples take it in.

    Within a stratum of N tasks the order is random, and its i-th task comes at (i + u) / N of the
    way through, u random for each stratum: systematic sampling with a random start.
    """
    keyed: list[tuple[float, float, str]] = []
    for name, members in _members(strata).items():
        start = _lot(seed, "stratum", name)
        shuffled = sorted(members, key=lambda member: (_lot(seed, "task", member), member))
        keyed += [
            ((rank + start) / len(members), _lot(seed, "tie", member), member)
            for rank, member in enumerate(shuffled)
        ]
    return [member for _, _, member in sorted(keyed)]


def hardest(hardness: Mapping[str, float], size: int, seed: int) -> tuple[str, ...]:
    """Return the ``size`` instance ids with the highest figure; equals are ordered by lot.

    Raise ``UsageError`` where there are not that many.
    """
    if size < 1:
        raise UsageError(f"--hardest {size} chooses no task")
    if size > len(hardness):
        raise UsageError(
            f"--hardest {size}: only {len(hardness)} of the tasks can be ranked",
            hint="a task that the results do not name, or name without an outcome, has no rank",
        )
    ranked = sorted(hardness, key=lambda name: (-hardness[name], _lot(seed, "tie", name), name))
    return tuple(ranked[:size])


def _members(strata: Mapping[str, str]) -> dict[str, list[str]]:
    members: dict[str, list[str]] = {}
    for instance_id, name in strata.items():
        members.setdefault(name, []).append(instance_id)
    return members


def _lot(seed: int, purpose: str, name: str) -> float:
    """Return a number in [0, 1) that depends on nothing but these three."""
    text = f"{seed}\x1f{purpose}\x1f{name}"
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
