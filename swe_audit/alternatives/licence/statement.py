"""The statement names a detail, or uses its words (EVIDENCE 2.2)."""

from __future__ import annotations

import re

from swe_audit.alternatives.licence.outcome import Denied, Outcome
from swe_audit.model.construction import LicenceCheck, RefusalReason
from swe_audit.model.finding import Confidence, Determinant
from swe_audit.statements import Mention, mention


def examine(
    statement: str, name: str, *, owners: frozenset[str] = frozenset(), in_base: bool = False
) -> Outcome:
    """Deny what the statement names; what it only says in prose leaves ``likely``.

    A word that base already has for something else may be named as that: where the statement
    gives it to something as a keyword (``blank=False``), names it nowhere else, and never speaks
    of an owner of the new name (its class or function), it does not determine: ``likely``.
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
    given = re.compile(rf"(?<![\w.]){re.escape(name)}\s?=(?![=>])")
    # "a blank option" describes the option; "the blank option" and "option blank" name it.
    described = re.compile(rf"\ban? {re.escape(name)} (?=[a-z])") if name.islower() else given
    rest = described.sub(" ", given.sub(" ", statement))
    return given.search(statement) is not None and mention(rest, name)[0] is not Mention.NAMED
