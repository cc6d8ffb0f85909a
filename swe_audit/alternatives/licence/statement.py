"""The statement names a detail, or uses its words (EVIDENCE 2.2)."""

from __future__ import annotations

import re

from swe_audit.alternatives.licence.outcome import Denied, Outcome
from swe_audit.model.construction import LicenceCheck, RefusalReason
from swe_audit.model.finding import Confidence, Determinant
from swe_audit.statements import Mention, mention

_NOUNS = (
    "arg argument arguments attribute attr field function keyword kwarg kwargs method option param "
    "parameter property setting"
)


def examine(
    statement: str, name: str, *, owners: frozenset[str] = frozenset(), in_base: bool = False
) -> Outcome:
    """Deny what the statement names; what it only says in prose leaves ``likely``.

    A word that base already has for something else may be named as that: where the statement
    never speaks of an owner of the new name (its class, function or module) and gives the word
    as another call's keyword or in prose, it does not determine, and leaves ``likely``.
    """
    found, line = mention(statement, name)
    if found is Mention.NAMED and in_base and _of_another(statement, name, owners):
        text = f"the statement has {name} for something else, and none of {', '.join(owners)}: "
        return (_check(text + line, Confidence.LIKELY, Determinant.STATEMENT),)
    if found is Mention.NAMED:
        return Denied(reason=RefusalReason.STATED, text=f"the statement names it: {line}")
    if found is Mention.PROSE:
        text = f"the statement has it as a word: {line}"
        return (_check(text, Confidence.LIKELY, Determinant.STATEMENT),)
    if found is Mention.QUOTED:
        return (_check(f"the statement only quotes it: {line}"),)
    return (_check("the statement does not mention it"),)


def _check(
    text: str, caps: Confidence | None = None, determines: Determinant | None = None
) -> LicenceCheck:
    return LicenceCheck(rule="statement", text=text, caps=caps, determines=determines)


def _of_another(statement: str, name: str, owners: frozenset[str]) -> bool:
    if any(mention(statement, owner)[0] in (Mention.NAMED, Mention.PROSE) for owner in owners):
        return False
    word = re.escape(name)
    told = re.compile(
        rf"[`'\"]{word}[`'\"]|\.{word}\b|--{word}\b|\bdef {word}\b|\bclass {word}\b"
        rf"|\b(?:{_NOUNS.replace(' ', '|')})s?\s+{word}\b(?!=)"
        rf"|(?<!a ){word}\s+(?:{_NOUNS.replace(' ', '|').replace('|option', '')})\b|\b{word}\(",
        re.IGNORECASE,
    )
    return told.search(statement) is None
