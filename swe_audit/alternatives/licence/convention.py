"""Siblings predict a name: the same one beside it, or their prefix and a word of the statement.

EVIDENCE 2.4; what siblings predict stays free, but leaves ``suspect`` at most.
"""

from __future__ import annotations

from collections.abc import Iterable

from swe_audit.alternatives.licence.outcome import Outcome
from swe_audit.alternatives.licence.words import parts, stem, vocabulary
from swe_audit.model.construction import LicenceCheck
from swe_audit.model.finding import Confidence, Determinant

_SIBLINGS = 2
"""So many names with one beginning make it a custom."""


def same_name(word: str, twin: str | None) -> Outcome:
    """Cap a name that a sibling has already; ``twin`` says where, None where none has it."""
    if twin is None:
        return (LicenceCheck(rule="convention", text=f"no sibling has a {word}"),)
    return (_predicted(f"{twin} has a {word} in base"),)


def shared_prefix(word: str, siblings: Iterable[str], statement: str) -> Outcome:
    """Cap a name that begins as its siblings do and goes on in the statement's words."""
    mine = parts(word)
    if len(mine) < 2:
        return (LicenceCheck(rule="convention", text="the name is one word"),)
    alike = sorted({each for each in siblings if each != word and parts(each)[:1] == mine[:1]})
    said = [part for part in mine[1:] if stem(part) in vocabulary(statement)]
    if len(alike) < _SIBLINGS or not said:
        text = f"{len(alike)} siblings begin with {mine[0]}; the statement has {said or 'none'}"
        return (LicenceCheck(rule="convention", text=f"{text} of the rest"),)
    text = f"{', '.join(alike[:3])} begin alike, and the statement has {', '.join(said)}"
    if len(said) < len(mine) - 1:
        return (LicenceCheck(rule="convention", text=text, caps=Confidence.LIKELY),)
    return (_predicted(text),)


def _predicted(text: str) -> LicenceCheck:
    return LicenceCheck(
        rule="convention",
        text=text,
        caps=Confidence.SUSPECT,
        determines=Determinant.CONVENTION,
    )
