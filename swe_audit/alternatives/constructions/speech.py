"""What a file says to its user, whatever language it is written in."""

from __future__ import annotations

from swe_audit.alternatives.constructions.languages import texts as other
from swe_audit.alternatives.constructions.languages.syntax import is_readable
from swe_audit.alternatives.constructions.messages import Message, messages_of


def speaks(path: str) -> bool:
    """Whether a file is in a language whose messages are known."""
    return path.endswith(".py") or is_readable(path)


def messages_in(path: str, text: str) -> tuple[Message, ...]:
    """Return a file's messages, in the order of the text."""
    return messages_of(text) if path.endswith(".py") else other.messages_of(path, text)
