"""Consensus: independent families that are rejected and behave alike.

EVIDENCE 3. Two or more families show the same observed behaviour, and each passes an assertion
that empty fails, or their members agree with gold on what the statement's code shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What one rejected witness was seen to do.

    ``observed`` is what each failing assertion saw, '' where that is not known; ``progress`` says
    whether it passes an assertion, or a required test, that empty fails. ``agrees`` is what it
    shows on the statement's code where that agrees with gold and differs from base, '' otherwise.
    """

    candidate: str
    family: str
    observed: tuple[tuple[str, str], ...]
    progress: bool
    agrees: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consensus:
    """Families that behave alike, and the candidates in them, in their order."""

    families: tuple[str, ...]
    candidates: tuple[str, ...]
    behaviour: str


def consensus(behaviours: Iterable[Behaviour]) -> Mapping[str, Consensus]:
    """Return the consensus that each candidate is part of; none for who stands alone.

    An assertion whose observed value is not known is no agreement: two patches may fail it for
    reasons of their own.
    """
    groups: dict[tuple[tuple[str, str], ...] | str, list[Behaviour]] = {}
    for one in behaviours:
        known = bool(one.observed) and all(saw for _, saw in one.observed)
        if known and one.progress:
            groups.setdefault(one.observed, []).append(one)
        if one.agrees:
            groups.setdefault(one.agrees, []).append(one)
    found: dict[str, Consensus] = {}
    for key, members in groups.items():
        families = tuple(dict.fromkeys(one.family for one in members))
        if len(families) < 2:
            continue
        together = Consensus(
            families=families,
            candidates=tuple(one.candidate for one in members),
            behaviour=key if isinstance(key, str) else _told(key),
        )
        for one in members:
            found.setdefault(one.candidate, together)
    return found


def _told(observed: tuple[tuple[str, str], ...]) -> str:
    (where, saw), *others = observed
    more = f", and {len(others)} more" if others else ""
    return f"{where}: {saw}{more}"
