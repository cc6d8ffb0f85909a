"""Which tasks of a set were audited, how they were chosen, and what that says of the whole set."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class SampleKind(str, Enum):
    """How the audited tasks were chosen; only a draw by lot supports an estimate."""

    RANDOM = "random"
    HARDEST = "hardest"
    NAMED = "named"

    @property
    def selective(self) -> bool:
        """Whether tasks were picked for what they are, so that nothing follows for the others."""
        return self is not SampleKind.RANDOM


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """One part of the set: how many tasks it has, and which of them were chosen.

    ``name`` is the value of each property the set was divided by, joined with `` | ``; empty
    where it was not divided.
    """

    name: str
    population: int
    instances: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDesign:
    """How the audited tasks were chosen out of ``population`` readable ones.

    ``asked`` is what the user wrote (``27.6%``); ``by`` the properties that divide the set;
    ``criterion`` what a selective sample was ranked or named by; ``unread`` counts rows that
    could not be read and are therefore in no population. Every stratum of the set is listed,
    also those of which nothing was chosen.
    """

    kind: SampleKind
    asked: str
    seed: int
    population: int
    strata: tuple[Stratum, ...]
    by: tuple[str, ...] = ()
    criterion: str = ""
    unread: int = 0

    @property
    def chosen(self) -> tuple[str, ...]:
        """The chosen instance ids, sorted."""
        return tuple(sorted(name for stratum in self.strata for name in stratum.instances))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What the sample says of the share of the whole set that has a property.

    ``of`` names the property. ``k`` of ``n`` chosen tasks have it, and ``inconclusive`` of the n
    could not be judged: ``share`` leaves them out, ``low`` counts them as without it and ``high``
    as with it. ``bound`` says that the sample was selective: ``low`` and ``high`` are then what
    the judged tasks alone leave possible, whatever the others are; ``share`` and ``level`` are
    None.
    """

    of: str
    k: int
    n: int
    inconclusive: int
    population: int
    share: float | None
    low: float
    high: float
    level: float | None
    bound: bool
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """The estimates that an audit's sample supports, and one sentence on what it cannot tell."""

    estimates: tuple[Estimate, ...]
    sentence: str
