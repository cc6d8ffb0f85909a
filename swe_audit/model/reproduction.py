"""What the statement's own examples show on base, on gold and on rejected submissions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Answer(str, Enum):
    """How what a candidate shows compares with gold.

    ``AGREES`` and ``DELIVERS`` (what the statement prints as wanted) are evidence for it,
    ``DIFFERS`` is evidence against it. ``DETAIL`` differs from gold in the pinned detail alone;
    that and ``SILENT``, where nothing could be compared, are neither.
    """

    AGREES = "agrees"
    DELIVERS = "delivers"
    DETAIL = "detail"
    DIFFERS = "differs"
    SILENT = "silent"

    @property
    def speaks_for(self) -> bool:
        """Whether it is evidence that the candidate is correct."""
        return self in (Answer.AGREES, Answer.DELIVERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    """One statement of the examples with what base and gold show for it.

    ``line`` is its line in the problem statement, ``wanted`` what that says it should print.
    In ``gold`` what differs between its runs is masked. ``telling`` says whether gold shows
    something here that base does not.
    """

    source: str
    line: int
    base: str
    gold: str
    wanted: str = ""
    telling: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBy:
    """What a candidate shows, step by step; ``differs`` are the steps (from 0) unlike gold's."""

    candidate: str
    trial: str
    shown: tuple[str, ...]
    answer: Answer
    differs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduced:
    """The examples as they ran. ``void`` says why they tell nothing, empty where they tell.

    ``stale`` and ``missed`` are the steps for which base already shows what the statement
    wants, and those for which gold does not show it. ``trials`` are base's and gold's.
    """

    steps: tuple[ShownStep, ...]
    trials: tuple[str, ...]
    void: str = ""
    stale: tuple[int, ...] = ()
    missed: tuple[int, ...] = ()
    candidates: tuple[ShownBy, ...] = ()
