"""Say a message in other words: same meaning, same placeholders, same codes and numbers.

Everything here is a table, so that one text always becomes the same other text. Words that
software reads (identifiers, codes, quoted text) are in no table and stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Free = Callable[[int, int], bool]
"""Whether the characters from one place of a text to another may change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Characters ``start`` to ``end`` of a text become ``text``."""

    start: int
    end: int
    text: str


# The first phrase that fits a place is taken, so longer ones stand first.
_PHRASES: tuple[tuple[str, str], ...] = (
    ("must not be", "is not allowed to be"),
    ("may not be", "must not be"),
    ("must be", "has to be"),
    ("must not", "shall not"),
    ("must", "shall"),
    ("should not be", "ought not to be"),
    ("should be", "ought to be"),
    ("should not", "ought not to"),
    ("should", "ought to"),
    ("cannot", "can not"),
    ("can not", "cannot"),
    ("can't", "cannot"),
    ("couldn't", "could not"),
    ("doesn't exist", "is not there"),
    ("doesn't", "does not"),
    ("don't", "do not"),
    ("didn't", "did not"),
    ("isn't", "is not"),
    ("aren't", "are not"),
    ("wasn't", "was not"),
    ("won't", "will not"),
    ("you've", "you have"),
    ("could not be", "failed to be"),
    ("could not", "failed to"),
    ("failed to", "could not"),
    ("failed", "did not succeed"),
    ("does not match", "fails to match"),
    ("do not match", "fail to match"),
    ("not available", "unavailable"),
    ("not defined", "undefined"),
    ("not registered", "unregistered"),
    ("not implemented", "unimplemented"),
    ("not specified", "unspecified"),
    ("out of range", "outside of the range"),
    ("out of bounds", "outside of the bounds"),
    ("unable to", "not able to"),
    ("not able to", "unable to"),
    ("does not exist", "is not there"),
    ("do not exist", "are not there"),
    ("already exists", "exists already"),
    ("not supported", "unsupported"),
    ("is unsupported", "is not supported"),
    ("unsupported", "non-supported"),
    ("not allowed", "not permitted"),
    ("allowed", "permitted"),
    ("not permitted", "not allowed"),
    ("not found", "not located"),
    ("found", "encountered"),
    ("not valid", "invalid"),
    ("is invalid", "is not valid"),
    ("are invalid", "are not valid"),
    ("invalid", "unacceptable"),
    ("wrong number of", "incorrect count of"),
    ("wrong", "incorrect"),
    ("incorrect", "wrong"),
    ("incompatible", "not compatible"),
    ("unexpected", "unanticipated"),
    ("expected", "anticipated"),
    ("expects", "anticipates"),
    ("expecting", "anticipating"),
    ("got", "received"),
    ("received", "got"),
    ("unknown", "unrecognized"),
    ("unrecognized", "unknown"),
    ("is missing", "is absent"),
    ("are missing", "are absent"),
    ("missing", "lacking"),
    ("is deprecated", "has been deprecated"),
    ("are deprecated", "have been deprecated"),
    ("will be removed", "will get removed"),
    ("removed", "dropped"),
    ("is required", "is needed"),
    ("are required", "are needed"),
    ("required", "needed"),
    ("requires", "needs"),
    ("require", "need"),
    ("needs to", "has to"),
    ("need to", "have to"),
    ("needs", "requires"),
    ("at least", "no less than"),
    ("at most", "no more than"),
    ("greater than", "larger than"),
    ("larger than", "greater than"),
    ("less than", "smaller than"),
    ("only", "solely"),
    ("multiple", "several"),
    ("several", "multiple"),
    ("identical", "equal"),
    ("repeated", "duplicate"),
    ("duplicate", "repeated"),
    ("elements", "items"),
    ("element", "item"),
    ("refers to", "points to"),
    ("refer to", "point to"),
    ("which is", "that is"),
    ("which are", "that are"),
    ("because of", "owing to"),
    ("due to", "because of"),
    ("instead of", "in place of"),
    ("please", "kindly"),
    ("passed to", "handed to"),
    ("converted", "transformed"),
    ("convert", "transform"),
    ("starting", "beginning"),
    ("because", "since"),
    ("when", "whenever"),
    ("skipping", "leaving out"),
    ("you can", "you may"),
    ("you may", "you can"),
    ("provided", "supplied"),
    ("supplied", "provided"),
    ("specified", "given"),
    ("specify", "give"),
    ("given", "supplied"),
    ("contains", "includes"),
    ("contain", "include"),
    ("ignored", "disregarded"),
    ("ignoring", "disregarding"),
    ("occurred", "happened"),
    ("encountered", "met"),
    ("raised", "thrown"),
    ("during", "in the course of"),
    ("using", "employing"),
    ("used", "employed"),
    ("there is", "there exists"),
    ("there are", "there exist"),
    ("there were", "there have been"),
    ("has no", "does not have any"),
    ("have no", "do not have any"),
    ("no such", "no corresponding"),
    ("is now", "now is"),
    ("are now", "now are"),
    ("create", "make"),
    ("tried", "attempted"),
    ("trying", "attempting"),
    ("obtain", "get"),
    ("or else", "or"),
    ("if", "in case"),
    ("also", "additionally"),
    ("has been", "was"),
    ("have been", "were"),
)
# These are verbs only where a sentence or a clause begins.
_ORDERS: tuple[tuple[str, str], ...] = (
    ("use", "please use"),
    ("skip", "leave out"),
    ("check", "please check"),
    ("set", "please set"),
    ("see", "please see"),
    ("performing", "carrying out"),
    ("running", "executing"),
)
# Words that every text holds, for where nothing above fits.
_FILLERS: tuple[tuple[str, str], ...] = (
    ("is", "is currently"),
    ("are", "are currently"),
    ("was", "was presently"),
    ("and", "as well as"),
    ("or", "or else"),
    ("on", "upon"),
)
_NOT_A_WORD_BEFORE = r"(?<![\w'\"`./\\<%{$-])"
_NOT_A_WORD_AFTER = r"(?![\w'\"`/\\>%}$(=-]|\.\w)"
_WORD = re.compile(rf"{_NOT_A_WORD_BEFORE}[A-Za-z]+{_NOT_A_WORD_AFTER}")
_END = re.compile(r"[.!:?]*\s*$")
_THE = re.compile(rf"{_NOT_A_WORD_BEFORE}(?P<the>[Tt])he\s+(?P<next>[a-z])(?=[a-z]* )")


def _either(phrases: tuple[tuple[str, str], ...]) -> str:
    return "|".join(re.escape(old).replace(r"\ ", r"\s+") for old, _ in phrases)


_FIRST = re.compile(
    rf"{_NOT_A_WORD_BEFORE}(?:(?P<article>an?\s+)?(?P<phrase>{_either(_PHRASES)})"
    rf"|(?:^|(?<=[.;:,!]\s))(?P<order>{_either(_ORDERS)})){_NOT_A_WORD_AFTER}",
    re.IGNORECASE,
)
_THEN = re.compile(
    rf"{_NOT_A_WORD_BEFORE}(?P<article>an?\s+)?(?P<phrase>{_either(_FILLERS)}){_NOT_A_WORD_AFTER}",
    re.IGNORECASE,
)
_NEW = dict(reversed([*_PHRASES, *_ORDERS, *_FILLERS]))


def words(text: str) -> tuple[str, ...]:
    """Return the plain words of a text; identifiers, codes and quoted words are none."""
    return tuple(found.group() for found in _WORD.finditer(text))


def reworded(text: str, free: Free, *, first: bool, last: bool) -> tuple[Change, ...]:
    """Say a piece of text in other words, changing only characters that are ``free``.

    ``first`` and ``last`` say that the message begins and ends with it: then a word may stand
    before or a remark after it, where no word of it has another. Empty where nothing can change.
    """
    for pattern in (_FIRST, _THEN):
        changes = tuple(_replaced(text, pattern, free))
        if changes:
            return changes
    dropped = tuple(_without_articles(text, free))
    if dropped or len(words(text)) < 2:
        return dropped
    end = _END.search(text)
    if last and end and end.start() and free(end.start() - 1, end.start()):
        return (Change(start=end.start(), end=end.start(), text=", see the documentation"),)
    if first and text[0].isalpha() and free(0, 1):
        return (Change(start=0, end=1, text=f"Note: {text[0]}"),)
    return ()


def _replaced(text: str, pattern: re.Pattern[str], free: Free) -> Iterator[Change]:
    for found in pattern.finditer(text):
        groups = found.groupdict()
        phrase, article = groups["phrase"] or groups["order"], groups["article"]
        if phrase.isupper():
            continue
        new = _NEW[" ".join(phrase.lower().split())]
        if phrase[0].isupper():
            new = new[0].upper() + new[1:]
        start = found.end() - len(phrase)
        if article and _vowel(phrase) != _vowel(new):
            start = found.start("article")
            new = article[0] + ("n " if _vowel(new) else " ") + new
        if free(start, found.end()):
            yield Change(start=start, end=found.end(), text=new)


def _without_articles(text: str, free: Free) -> Iterator[Change]:
    for found in _THE.finditer(text):
        letter = found.group("next")
        if free(found.start(), found.end()):
            new = letter.upper() if found.group("the") == "T" else letter
            yield Change(start=found.start(), end=found.end(), text=new)


def _vowel(word: str) -> bool:
    return word[0].lower() in "aeio" or word.lower().startswith(("un", "up"))
