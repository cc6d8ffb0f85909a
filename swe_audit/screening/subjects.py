"""Whether a new test speaks of anything that the statement speaks of."""

from __future__ import annotations

import builtins
import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from swe_audit.model.finding import Evidence
from swe_audit.screening.changes import FileChange, words_of
from swe_audit.screening.ground import Ground
from swe_audit.screening.nouns import Signal, SignalKind

_TEST = re.compile(
    r"^(?P<indent>\s*)(?:(?:async\s+)?def\s+(?P<python>test\w*|Test\w*)"
    r"|func\s+(?:\([^)]*\)\s*)?(?P<go>Test\w*)"
    r"|(?:it|test|o|describe)(?:\.\w+)?\(\s*[\"'`](?P<title>[^\"'`]*))"
)
_HEADING = re.compile(r"(?:def|func)\s+(?:\([^)]*\)\s*)?([Tt]est\w*)")
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_COMMON_WORDS = (
    "assert equal true false none null self test expected actual result value len dict "
    "set str int type for in is not and or if else def class return import from with as "
    "name get isinstance assertequal asserttrue assertfalse assertis assertin raise mock "
    "patch obj object data arg kwarg func err error require const let var new expect to "
    "be it await async function string nil range print pytest mark parametrize app item "
    "the of on at no this that check case msg message should when can doe foo bar baz "
    "spam ham key create model all "
)
"""Stems that any test has."""
_COMMON = frozenset(_COMMON_WORDS.split())

_BUILTINS = frozenset(dir(builtins)) - {"str", "repr", "abs", "round", "pow"}
_SET_UP = re.compile(
    r"(?:assert|fail|raises|warns|skip|subTest|param|items|append|format|join|get|create|fixture"
    r"|expect|toBe|toEqual|toHave|require|describe|it|Run|Errorf|Fatalf|NoError|Equal)"
)
_FEWEST = 4
_SHARED_ENOUGH = 0.67
_FEW = 4


@dataclass(slots=True)
class NewTest:
    """A test function as far as the patch shows it."""

    name: str
    path: str
    line: int
    whole: bool
    words: dict[str, int] = field(default_factory=dict)


def subject_signals(ground: Ground) -> Iterator[Signal]:
    """Yield the new failing tests that call little that the statement names.

    A fix at the place that the statement speaks of need not reach what such a test calls. A test
    that calls nothing of the kind is judged by all its words, which says less.
    """
    stated = frozenset(words_of(ground.task.statement))
    stems = _stems(ground.task.statement)
    own = {each.name for read in ground.tests for each in read.facts.defined}
    found: list[tuple[float, NewTest, list[str]]] = []
    for read in ground.tests:
        called = {call.name for call in read.facts.calls if _tells(call.name)} - own
        for test in functions_of(read.change):
            if test.name not in ground.ids and ground.ids and read.change.path.endswith(".py"):
                continue
            calls = [word for word in test.words if word in called]
            if calls:
                share, strange = _share(calls, lambda word: word in stated)
            else:
                words = [word for word in test.words if word not in ground.test_base]
                telling = [word for word in words if not _said(word, _COMMON)]
                if len(telling) < _FEWEST:
                    continue
                share, strange = _share(telling, lambda word: _said(word, stems))
                share = (1 + share) / 2
            if share < _SHARED_ENOUGH:
                found.append((share, test, strange))
    found.sort(key=lambda each: (each[0], each[1].path, each[1].line))
    for share, test, strange in found[:_FEW]:
        yield Signal(
            kind=SignalKind.NO_COMMON_SUBJECT,
            detail=test.name,
            strength=1.0 - share / _SHARED_ENOUGH,
            tests=ground.ids.get(test.name, ()),
            evidence=(
                Evidence(
                    kind="unstated",
                    text=", ".join(strange[:12]),
                    path=test.path,
                    line=test.line,
                ),
            ),
        )


def _share(words: list[str], stated: Callable[[str], bool]) -> tuple[float, list[str]]:
    """How many of some words are stated, and those that are not."""
    strange = [word for word in words if not stated(word)]
    return 1 - len(strange) / len(words), strange


def _tells(called: str) -> bool:
    """Whether a called name says what a test is about: no builtin, assertion or set-up."""
    return called not in _BUILTINS and not _SET_UP.match(called)


def functions_of(change: FileChange) -> Iterator[NewTest]:
    """Yield the test functions that the patch adds or adds to, with the words of added lines."""
    for hunk in change.hunks:
        heading = _HEADING.search(hunk.heading)
        first = hunk.after[0].number if hunk.after else 0
        current = NewTest(heading[1], change.path, first, whole=False) if heading else None
        for line in hunk.after:
            match = _TEST.match(line.text)
            if match is not None:
                if current is not None and current.words:
                    yield current
                name = match["python"] or match["go"] or match["title"] or ""
                current = NewTest(name, change.path, line.number, whole=line.added)
                if line.added:
                    current.words.update(dict.fromkeys(words_of(name), line.number))
            elif current is not None and line.added:
                for word in words_of(line.text.split("#", 1)[0]):
                    current.words.setdefault(word, line.number)
        if current is not None and current.words:
            yield current


def _stems(text: str) -> frozenset[str]:
    """Every word and part of an identifier of a text, folded, without its plural."""
    found: set[str] = set()
    for word in set(words_of(text)):
        found.add(_stem(word))
        found.update(_stem(part) for part in _PARTS.findall(word))
    return frozenset(found)


def _said(word: str, known: frozenset[str]) -> bool:
    """Whether a word, or every part of it that is a word, is among the known ones."""
    if _stem(word) in known:
        return True
    parts = [_stem(part) for part in _PARTS.findall(word) if len(part) > 2]
    return not parts or all(part in known for part in parts)


@functools.lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    folded = word.casefold().strip("_")
    for ending in ("ing", "ed", "es", "s"):
        if folded.endswith(ending) and len(folded) > len(ending) + 3:
            return folded[: -len(ending)]
    return folded
