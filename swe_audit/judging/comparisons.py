"""Read what an assertion compared out of its message, and tell what kind of difference it was."""

from __future__ import annotations

import ast
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from swe_audit.model.finding import Cause

_LONGEST = 8_000
_OPERATORS = (" == ", " != ", " not in ", " in ", " is not ", " is ", " not found in ")
_DIFFER = re.compile(r"(?:Lists|Tuples|Sets|Dicts|Sequences|\w+) differ: ")
_SHORTENED = re.compile(r"\[\d+ chars\]|\.\.\.")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_WORD = re.compile(r"[A-Za-z][a-z']+")
_MESSAGE_WORDS = re.compile(
    r"\b(?:\w*(?:msg|message|error|warning|exc|hint|reason|help)\w*|excinfo|stderr)\b"
    r"|\bstr\((?:e|ex|err|[\w.]+\.(?:value|exception))\)",
    re.IGNORECASE,
)


_RESULT_NAME = re.compile(r"actual|result|got|output|returned|response|value", re.IGNORECASE)
_ONE_SIDED = ("assertTrue", "assertFalse", "assertIsNone", "assertIsNotNone")
_PRINTED_OBJECT = re.compile(r"<(?:class '|function |[\w.]+ object at )")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two sides as printed; ``expected`` is the one that the test holds."""

    operator: str
    expected: str
    actual: str


def comparison(message: str, source: str) -> Comparison | None:
    """Read a comparison out of an assertion's message, None where it shows none.

    Both unittest's ``a != b`` and pytest's ``assert a == b`` are read. Which side the test expects
    is told by its source: the side that is a literal or named so; else the second of two equals,
    and the first in a membership.
    """
    text = message.split("\n", 1)[0].removeprefix("assert ")
    text = _DIFFER.sub("", text, count=1)
    split = _split(text)
    if split is None:
        return None
    left, operator, right = split
    if operator == "is not" and right in ("true", "false"):
        return None  # assertTrue compares nothing
    if operator in ("in", "not in", "not found in"):
        return Comparison(operator=operator, expected=left, actual=right)
    if _SHORTENED.search(text):
        left, right = _from_diff(message, left, right)
    expected, actual = (left, right) if _first_is_expected(source) else (right, left)
    written = expected_literal(source)
    if written and _SHORTENED.search(expected):
        expected = written
    return Comparison(operator=operator, expected=expected, actual=actual)


def _split(text: str) -> tuple[str, str, str] | None:
    """Split at an operator; where several could be it, where both sides are Python literals."""
    text = text[:_LONGEST]
    places = [
        (match.start(), operator)
        for operator in _OPERATORS
        for match in list(re.finditer(re.escape(operator), text))[:10]
    ]
    for at, operator in sorted(places):
        left, right = text[:at], text[at + len(operator) :]
        right = right.partition(" : ")[0] if literal(right) is None else right
        if literal(left) is not None and literal(right) is not None:
            return left, operator.strip(), right
    if not places:
        return None
    at, operator = min(places, key=lambda place: (_inside_quotes(text, place[0]), place[0]))
    return text[:at], operator.strip(), text[at + len(operator) :]


def _inside_quotes(text: str, at: int) -> bool:
    return any(match.start() < at < match.end() for match in _QUOTED.finditer(text))


def _from_diff(message: str, left: str, right: str) -> tuple[str, str]:
    """Rebuild two long strings from the diff that follows a shortened comparison.

    unittest marks the first side with ``-``, pytest the second. Only strings can be rebuilt, and
    pytest leaves out long common parts.
    """
    if left[:1] not in "'\"" or right[:1] not in "'\"":
        return left, right
    lines = message.split("\n")[1:]
    first = [line[2:] for line in lines if line.startswith(("- ", "  "))]
    second = [line[2:] for line in lines if line.startswith(("+ ", "  "))]
    if not first or not second or "Skipping " in message:
        return left, right
    if message.startswith("assert "):
        first, second = second, first
    return repr("\n".join(first)), repr("\n".join(second))


def literal(text: str) -> tuple[object] | None:
    """Return a Python literal in a box, None where the text is none or is very long."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings():  # odd escapes in what a log quotes are not ours to report
            warnings.simplefilter("ignore")
            return (ast.literal_eval(text),)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None


def unquoted(text: str) -> str:
    """Return the string that a literal stands for, else the text as it is."""
    value = literal(text)
    return value[0] if value and isinstance(value[0], str) else text


def _first_is_expected(source: str) -> bool:
    sides = _sides(source)
    if sides is None:
        return False
    first, second = (_likelihood(side) for side in sides)
    return first > second


def _sides(source: str) -> tuple[ast.expr, ast.expr] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            node = ast.parse(source.strip()).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    if len(node) != 1:
        return None
    match node[0]:
        case ast.Assert(test=ast.Compare(left=left, comparators=[right])):
            return left, right
        case ast.Expr(value=ast.Call(func=func, args=[left, right, *_])):
            name = func.attr if isinstance(func, ast.Attribute) else ""
            return None if name in _ONE_SIDED else (left, right)
    return None


def _likelihood(node: ast.expr) -> int:
    """Rate how likely a side is the expected one: a literal, a plain name, anything computed."""
    if _is_expectation(node):
        return 2
    named = isinstance(node, ast.Name) and not _RESULT_NAME.search(node.id)
    return 1 if named else 0


def _is_expectation(node: ast.expr) -> bool:
    if isinstance(node, ast.Name):
        return any(word in node.id.lower() for word in ("expect", "msg", "message", "want"))
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, RecursionError):
        return False
    return True


def expected_literal(source: str) -> str:
    """Return the literal that an equality in a statement expects, as written, or ''.

    For runners that print no values, such as sympy's.
    """
    for side in reversed(_sides(source) or ()):
        if _is_expectation(side) and not isinstance(side, ast.Name):
            return ast.unparse(side)
    return ""


def difference(found: Comparison, source: str) -> tuple[Cause, str]:
    """Return cause and pinned text of a failed comparison.

    Text that reads as a message, or that the test treats as one, is ``message_text``; the same
    parts in another order or layout are ``order_or_format``; anything else is ``value``.
    """
    expected, actual = literal(found.expected), literal(found.actual)
    if expected and actual and isinstance(expected[0], str) and isinstance(actual[0], str):
        return _text_cause(expected[0], actual[0], source), expected[0]
    if found.operator in ("in", "not in", "not found in"):
        if expected and isinstance(expected[0], str):
            texts = [unquoted(each) for each in _QUOTED.findall(found.actual)]
            closest = next((text for text in texts if _is_prose(text)), found.actual)
            return _text_cause(expected[0], closest, source), expected[0]
        return Cause.VALUE, found.expected
    if expected and actual and _same_items(expected[0], actual[0]):
        return Cause.ORDER_OR_FORMAT, found.expected
    pinned = next(_differing_prose(found.expected, found.actual), None)
    if pinned is not None:
        return Cause.MESSAGE_TEXT, pinned
    if not (expected and actual) and _same_tokens(found.expected, found.actual):
        return Cause.ORDER_OR_FORMAT, found.expected
    return Cause.VALUE, found.expected


def _text_cause(expected: str, actual: str, source: str) -> Cause:
    message = is_message(expected, source)
    if expected != actual and _same_tokens(expected, actual):
        return Cause.MESSAGE_TEXT if message and _is_prose(expected) else Cause.ORDER_OR_FORMAT
    return Cause.MESSAGE_TEXT if message else Cause.VALUE


def is_message(text: str, source: str) -> bool:
    """Tell whether a text is meant for people: it reads so, or the statement names it so.

    What Python prints of a class or an object in angle brackets is a value, whoever asks.
    """
    if _PRINTED_OBJECT.match(text):
        return False
    return _is_prose(text) or (_MESSAGE_WORDS.search(source) is not None and " " in text.strip())


def _is_prose(text: str) -> bool:
    """Three words or more with room between them, hardly anything else, no markup or SQL."""
    words = _WORD.findall(text)
    if (
        min(len(words), len(text.split())) < 3
        or "<" in text[:1]
        or text.lstrip().startswith(("SELECT ", "INSERT "))
    ):
        return False
    return sum(map(len, words)) + text.count(" ") >= 0.6 * len(text)


def _same_tokens(one: str, other: str) -> bool:
    return Counter(_TOKEN.findall(one)) == Counter(_TOKEN.findall(other))


def _same_items(one: object, other: object) -> bool:
    if not isinstance(one, (list, tuple)) or not isinstance(other, (list, tuple)):
        return False
    return one != other and sorted(map(repr, one)) == sorted(map(repr, other))


def _differing_prose(expected: str, actual: str) -> Iterator[str]:
    """Yield texts inside two structures that are alike but for their texts."""
    if _QUOTED.sub("''", expected) != _QUOTED.sub("''", actual):
        return
    for one, other in zip(_QUOTED.findall(expected), _QUOTED.findall(actual), strict=True):
        if one != other and _is_prose(unquoted(one)):
            yield unquoted(one)
