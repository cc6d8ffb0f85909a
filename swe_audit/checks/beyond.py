"""Whether an assertion checks behaviour that the statement does not speak of."""

from __future__ import annotations

import keyword
import re

from swe_audit.checks.case import Case
from swe_audit.model.finding import Cause, Explanation
from swe_audit.statements import Mention, mention

_CAUSES = (Cause.VALUE, Cause.ORDER_OR_FORMAT, Cause.MESSAGE_TEXT, Cause.EXCEPTION_TYPE)
"""What a check of behaviour looks like; a crash shows a broken patch rather than a wide test."""

_EMPTY = re.compile(
    r"^(?:asserts?|equals?|raises|true|false|none|self|cls|tests?|testing|case|results?|expected"
    r"|actual|values?|output|pytest|len|list|dict|tuple|set|str|int|isinstance|get|got|data|items?"
    r"|names?|obj|object|module|body|source|node|the)$",
    re.IGNORECASE,
)
"""Words of code that say nothing of its subject."""


def is_beyond(case: Case, told: Explanation) -> bool:
    """Whether an assertion checks behaviour and shares no word with the statement."""
    if not told.assertion or told.cause not in _CAUSES:
        return False
    name = re.split(r"::|\.", re.sub(r"\[.*|\s*\(.*", "", told.test))[-1]
    return not speaks_of(case.task.statement, f"{told.assertion} {name} {told.detail}")


def speaks_of(statement: str, code: str) -> bool:
    """Whether a statement has a word in common with a piece of code, empty words apart."""
    return any(mention(statement, word)[0] not in _SILENT for word in _words(code))


_SILENT = (Mention.NONE, Mention.QUOTED)


def _words(code: str) -> set[str]:
    """The words of the names and texts of a piece of code, and the names themselves."""
    names = set(re.findall(r"[A-Za-z_]\w{2,}", code))
    pieces = {
        piece
        for name in names
        for piece in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
        if len(piece) > 2
    }
    words = names | pieces
    return {word for word in words if not (_EMPTY.match(word) or keyword.iskeyword(word))}
