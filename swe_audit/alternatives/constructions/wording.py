"""Say a message in other words: same meaning, same placeholders, same codes and numbers.

Everything here is a table, so that one text always becomes the same other text. Words that
software reads (identifiers, codes, quoted text) are in no table and stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

FREE = Callable[[int, int], bool]


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
    ("cannot be", "can not be"),
    ("cannot", "is unable to"),
    ("can not", "cannot"),
    ("could not be", "failed to be"),
    ("could not", "failed to"),
    ("failed to", "could not"),
    ("unable to", "not able to"),
    ("not able to", "unable to"),
    ("does not exist", "is not there"),
    ("do not exist", "are not there"),
    ("doesn't exist", "is not there"),
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
    ("because", "as"),
    ("due to", "because of"),
    ("instead of", "in place of"),
    ("use", "please use"),
    ("please", "kindly"),
    ("you can", "you may"),
    ("you may", "you can"),
    ("provided", "supplied"),
    ("supplied", "provided"),
    ("specified", "given"),
    ("specify", "give"),
    ("given", "supplied"),
    ("passed", "handed"),
    ("contains", "includes"),
    ("contain", "include"),
    ("ignored", "disregarded"),
    ("ignoring", "disregarding"),
    ("skipping", "leaving out"),
    ("skip", "leave out"),
    ("performing", "running"),
    ("running", "performing"),
    ("occurred", "happened"),
    ("encountered", "met"),
    ("raised", "thrown"),
    ("during", "in the course of"),
    ("while", "when"),
    ("before", "prior to"),
    ("using", "employing"),
    ("used", "employed"),
    ("but", "yet"),
    ("there is", "there exists"),
    ("there are", "there exist"),
    ("there were", "there have been"),
    ("has no", "does not have any"),
    ("have no", "do not have any"),
    ("no such", "no corresponding"),
    ("is now", "now is"),
    ("are now", "now are"),
    ("both", "the two of"),
    ("without", "lacking"),
    ("create", "make"),
    ("try", "attempt"),
    ("tried", "attempted"),
    ("trying", "attempting"),
    ("obtain", "get"),
    ("either", "one of"),
    ("or else", "or"),
    ("if", "in case"),
    ("when", "whenever"),
    ("also", "additionally"),
    ("has been", "was"),
    ("have been", "were"),
)
# Words that every text holds, for where nothing above fits.
_FILLERS: tuple[tuple[str, str], ...] = (
    ("is", "is currently"),
    ("are", "are currently"),
    ("was", "was presently"),
    ("and", "as well as"),
    ("or", "or else"),
    ("the", "this"),
    ("for", "in the case of"),
    ("in", "within"),
    ("on", "upon"),
    ("with", "together with"),
)
_NOT_A_WORD_BEFORE = r"(?<![\w'\"`./\\<%{$-])"
_NOT_A_WORD_AFTER = r"(?![\w'\"`/\\>%}$(=-]|\.\w)"
_WORD = re.compile(rf"{_NOT_A_WORD_BEFORE}[A-Za-z]+{_NOT_A_WORD_AFTER}")
_END = re.compile(r"[.!]?\s*$")


def _pattern(phrases: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    said = "|".join(re.escape(old).replace(r"\ ", r"\s+") for old, _ in phrases)
    return re.compile(
        rf"{_NOT_A_WORD_BEFORE}(?P<article>an?\s+)?(?P<phrase>{said}){_NOT_A_WORD_AFTER}",
        re.IGNORECASE,
    )


_FIRST, _THEN = _pattern(_PHRASES), _pattern(_FILLERS)
_NEW = dict(reversed([*_PHRASES, *_FILLERS]))


def words(text: str) -> tuple[str, ...]:
    """Return the plain words of a text; identifiers, codes and quoted words are none."""
    return tuple(found.group() for found in _WORD.finditer(text))


def reworded(text: str, free: FREE, *, last: bool) -> tuple[Change, ...]:
    """Say a piece of text in other words, changing only characters that are ``free``.

    ``last`` says that the message ends with it: then a remark may follow, where no word of it
    has another. Empty where the piece has no words or none can be changed.
    """
    for pattern in (_FIRST, _THEN):
        changes = _replaced(text, pattern, free)
        if changes:
            return changes
    if last and len(words(text)) > 1:
        end = _END.search(text)
        if end and free(max(end.start() - 1, 0), end.start()):
            return (Change(start=end.start(), end=end.start(), text=", see the documentation"),)
    return ()


def _replaced(text: str, pattern: re.Pattern[str], free: FREE) -> tuple[Change, ...]:
    changes = []
    for found in pattern.finditer(text):
        phrase = found.group("phrase")
        new = _NEW[" ".join(phrase.lower().split())]
        if phrase.isupper() and len(phrase) > 1:
            continue
        if phrase[0].isupper():
            new = new[0].upper() + new[1:]
        start, article = found.start("phrase"), found.group("article")
        if article and _vowel(phrase) != _vowel(new):
            start = found.start("article")
            new = article[0] + ("n " if _vowel(new) else " ") + new
        if free(start, found.end()):
            changes.append(Change(start=start, end=found.end(), text=new))
    return tuple(changes)


def _vowel(word: str) -> bool:
    return word[0].lower() in "aeio" or word.lower().startswith(("un", "up"))
