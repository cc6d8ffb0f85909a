"""What commands from outside said: a judge of rejected submissions, a writer of alternatives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Ruling(str, Enum):
    """What a judge makes of a rejected candidate."""

    CORRECT = "correct"
    INCORRECT = "incorrect"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """A judge's ruling on one candidate, with its reason.

    ``question`` is a hash of all that the judge was shown, so that an opinion on another question
    is never taken for an answer to this one.
    """

    candidate: str
    ruling: Ruling
    reason: str
    command: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """A journal's note of everything that the judge said of one task."""

    opinions: tuple[Opinion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A journal's note of the patches that the writer made for one task.

    ``question`` is a hash of the command and of what the writer was shown.
    """

    command: str
    question: str
    patches: tuple[str, ...] = ()
