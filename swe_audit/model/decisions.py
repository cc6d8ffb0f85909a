"""What reviewers decided about findings, and what that comes to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Choice(str, Enum):
    """What a reviewer says of a finding; ``defer`` is no judgement yet."""

    CONFIRM = "confirm"
    DISPUTE = "dispute"
    DEFER = "defer"

    @property
    def settled(self) -> bool:
        """Whether it judges the finding."""
        return self is not Choice.DEFER


class ReviewState(str, Enum):
    """What the decisions about one finding come to; ``divided`` reviewers contradict each other."""

    UNDECIDED = "undecided"
    DEFERRED = "deferred"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    DIVIDED = "divided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One reviewer's word on one finding; ``decisions.yaml`` holds one for each pair.

    ``finding`` is the finding's id, whether or not the run at hand has it. ``reason`` is one of
    the words that the triage page offers, or text of one's own. ``at`` is ISO 8601, empty where
    nobody wrote it down. ``blind`` is what the reviewer had chosen before seeing what others
    chose; None where ``choice`` itself was made blind.
    """

    finding: str
    reviewer: str
    choice: Choice
    reason: str = ""
    note: str = ""
    at: str = ""
    blind: Choice | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What a later decision replaces this one by; a name is the same in any case."""
        return self.finding, self.reviewer.casefold()

    @property
    def independent(self) -> Choice:
        """What the reviewer chose without knowing what others chose."""
        return self.blind or self.choice


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerCount:
    """How far one reviewer got; the three numbers are findings."""

    reviewer: str
    confirmed: int
    disputed: int
    deferred: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageSummary:
    """The triage of a run; ``states`` counts its ``findings`` by what was decided.

    ``left`` are the ids that nobody judged yet. ``unknown`` are ids in the file that are no
    finding of the run. ``alpha`` and ``kappa`` measure agreement over the ``shared`` findings that
    two or more reviewers judged, as they did before seeing each other's choice; ``unanimous``
    counts those on which they agree. None with the reason beside it where there is no figure.
    """

    findings: int
    states: tuple[tuple[ReviewState, int], ...]
    left: tuple[str, ...]
    unknown: tuple[str, ...]
    reviewers: tuple[ReviewerCount, ...]
    shared: int
    unanimous: int
    alpha: float | None
    kappa: float | None
    alpha_missing: str
    kappa_missing: str
