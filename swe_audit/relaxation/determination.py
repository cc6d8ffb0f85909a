"""What determines a pinned detail (EVIDENCE 2), and whether the statement speaks about it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from swe_audit.alternatives.ground import Ground
from swe_audit.alternatives.licence import statement as licence
from swe_audit.alternatives.licence.outcome import Denied
from swe_audit.model.construction import (
    ConstructionKind,
    LicenceCheck,
    Refused,
    Site,
    Survey,
)
from swe_audit.model.finding import Cause, Confidence, Determinant
from swe_audit.model.relaxation import Pin
from swe_audit.relaxation.texts import gold_messages
from swe_audit.statements import Mention, holds_text, mention, sentences_of

_NAMES = (Cause.MISSING_NAME, Cause.SIGNATURE)


def determination(
    ground: Ground, survey: Survey, pin: Pin, choice: str = ""
) -> tuple[LicenceCheck, ...]:
    """Return what the rules say of a detail: those of its construction where gold has it as a site.

    ``choice`` is the sentence that allows another as well, so that the statement determines none.

    Any other detail is at most likely: a value is never proven without review, and of a text that
    gold does not introduce nobody knows where a solver could have read it.
    """
    checks = [*_in_base_tests(ground, pin)]
    if choice:
        checks.append(LicenceCheck(rule="choice", text=choice, caps=Confidence.LIKELY))
    elif pin.cause is Cause.MESSAGE_TEXT:
        checks += _of_text(ground, survey, pin)
    elif pin.cause in _NAMES:
        checks += _of_name(ground, survey, pin)
    else:
        checks += _of_value(ground, pin)
    return tuple(checks)


def spoken_of(statement: str, pin: Pin) -> str:
    """Return the sentence by which a statement speaks about a detail, empty where it is silent."""
    if pin.cause in _NAMES:
        found, line = mention(statement, pin.detail)
        return line if found in (Mention.NAMED, Mention.PROSE) else ""
    if pin.cause is not Cause.MESSAGE_TEXT:
        plain = " ".join(statement.split())
        detail = " ".join(pin.detail.strip("'\"").split())
        return detail if len(detail) > 1 and detail in plain else ""
    if holds_text(statement, pin.detail):
        return pin.detail
    for sentence in sentences_of(statement):
        if _ABOUT_TEXT.search(sentence) and _ASKS.search(sentence):
            return sentence
    return ""


_ABOUT_TEXT = re.compile(
    r"\b(?:messages?|wording|warnings?|(?:error|help) texts?|errors?|output|hints?)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:should|must|needs? to|ought to|has to|have to|expect(?:ed|s)?|improve\w*|clear(?:er|ly)?"
    r"|helpful|informative|useful|better|mention\w*|name|names|say|says|tell\w*|list\w*)\b",
    re.IGNORECASE,
)


def _of_text(ground: Ground, survey: Survey, pin: Pin) -> Iterator[LicenceCheck]:
    messages = gold_messages(ground, pin.detail)
    known = {message.template.text for _, message in messages}
    found = [
        each
        for each in _surveyed(survey)
        if each.kind is ConstructionKind.MESSAGE and each.detail in known
    ]
    if found:
        yield from _of_surveyed(found)
        return
    new = [(path, message) for path, message in messages if message.line in ground.added[path]]
    if holds_text(ground.task.statement, pin.detail):
        yield _check("statement", "the statement holds the text", Determinant.STATEMENT)
    elif messages and not new:
        where = f"gold's {messages[0][0]} holds the text, and gold does not introduce it"
        yield _check("base_code", where, Determinant.BASE_CODE)
    else:
        text = "no construction examined where the text could have been read"
        yield LicenceCheck(rule="messages", text=text, caps=Confidence.LIKELY)


def _of_name(ground: Ground, survey: Survey, pin: Pin) -> Iterator[LicenceCheck]:
    found = [
        each
        for each in _surveyed(survey)
        if each.kind is ConstructionKind.NAME and each.detail == pin.detail
    ]
    if found:
        yield from _of_surveyed(found)
        return
    outcome = licence.examine(ground.task.statement, pin.detail)
    if isinstance(outcome, Denied):
        yield _check("statement", outcome.text, Determinant.STATEMENT)
    else:
        yield from outcome
        text = "no construction found the name in gold, so its scope was not examined"
        yield LicenceCheck(rule="identity", text=text, caps=Confidence.LIKELY)


def _of_value(ground: Ground, pin: Pin) -> Iterator[LicenceCheck]:
    spoken = spoken_of(ground.task.statement, pin)
    if spoken:
        yield _check("statement", "the statement holds the value", Determinant.STATEMENT)
    text = "a pinned value or class is never proven without review"
    yield LicenceCheck(rule="value", text=text, caps=Confidence.LIKELY)


def _surveyed(survey: Survey) -> Iterator[Site | Refused]:
    yield from survey.sites
    yield from survey.refused


def _of_surveyed(found: list[Site | Refused]) -> Iterator[LicenceCheck]:
    """Yield the checks of sites; a refusal says why the detail is not free at all."""
    for each in found:
        if isinstance(each, Site):
            yield from each.checks
            continue
        yield LicenceCheck(
            rule=each.reason.value,
            text=each.text,
            caps=Confidence.SUSPECT if each.reason.determines else Confidence.LIKELY,
            determines=each.reason.determines,
        )


def _in_base_tests(ground: Ground, pin: Pin) -> Iterator[LicenceCheck]:
    """Say whether the assertion that rejects already stands in the base test file."""
    base, assertion = ground.base.read(pin.path), _flat(pin.assertion)
    if base is None or not assertion or pin.cause in _NAMES:
        return
    try:
        module = ast.parse(base)
    except (SyntaxError, ValueError, RecursionError):
        return
    said = {_unparsed(n) for n in ast.walk(module) if isinstance(n, ast.Assert | ast.Expr)}
    if assertion in said:
        text = "the assertion stands in the base test file"
        yield _check("base_tests", text, Determinant.BASE_TESTS)


def _unparsed(node: ast.stmt) -> str:
    return " ".join(ast.unparse(node).split())


def _flat(source: str) -> str:
    try:
        return " ".join(ast.unparse(ast.parse(source.strip())).split())
    except (SyntaxError, ValueError, RecursionError):
        return ""


def _check(rule: str, text: str, determines: Determinant) -> LicenceCheck:
    return LicenceCheck(rule=rule, text=text, caps=Confidence.SUSPECT, determines=determines)
