"""Assertions that the test patch changes or reverses, rather than adds."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from swe_audit.model.finding import Evidence
from swe_audit.screening.changes import Hunk
from swe_audit.screening.ground import Ground, plain
from swe_audit.screening.nouns import Signal, SignalKind

_EXPECTING = re.compile(
    r"\b(?:assert\w*|expect\w*|require\.\w+|raises|toBe\w*|toEqual|equals?|want|match\w*)\b"
    r"|^\s*[\[({'\"b]|==|=>",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"['\"`]|\d|\b(?:True|False|None|nil|null|true|false|EmptySet)\b")
_TOKEN = re.compile(r"[A-Za-z_]\w*|\d[\w.]*|[^\w\s]+")
_NEVER = ("import ", "from ", "#", "//", "def ", "class ", "@", "*", '"""', "it(", "test(")
_TRIVIAL = frozenset("()[]{},.:;'\"`=")
_VALUES = frozenset({"true", "false", "null", "nil", "undefined", "none", "not", "in", "is"})
_ALIKE = 0.6
_FEW = 8
_SHOWN = 200


def changed_assertion_signals(ground: Ground) -> Iterator[Signal]:
    """Yield each assertion that the test patch gives another expectation.

    It weighs little where the statement holds what is new in it: then somebody asked for it.
    Renames and added arguments, where no expectation changes, are left out.
    """
    count = 0
    for read in ground.tests:
        for hunk in read.change.hunks:
            for before, number, after in _pairs(hunk):
                fresh = _fresh(before, after)
                if not fresh or count >= _FEW:
                    continue
                count += 1
                held = all(plain(token) in ground.plain for token in fresh)
                yield Signal(
                    kind=SignalKind.CHANGED_ASSERTION,
                    detail=after.strip()[:_SHOWN],
                    strength=0.4 if held else 1.0,
                    evidence=(
                        Evidence(kind="was", text=before.strip()[:_SHOWN], path=read.change.path),
                        Evidence(
                            kind="now",
                            text=after.strip()[:_SHOWN],
                            path=read.change.path,
                            line=number,
                        ),
                    ),
                )


def _pairs(hunk: Hunk) -> Iterator[tuple[str, int, str]]:
    """Yield each removed line that expects something with the added one that takes its place."""
    if not hunk.removed:
        return
    added = [line for line in hunk.after if line.added and _expects(line.text)]
    same = {line.text.strip() for line in hunk.after if line.added}
    for _, text in hunk.removed:
        if not added:
            return
        if not _expects(text) or text.strip() in same:
            continue
        matcher = difflib.SequenceMatcher(None, "", text.strip(), autojunk=False)
        best, place = 0.0, 0
        for index, line in enumerate(added):
            matcher.set_seq1(line.text.strip())
            bound = max(best, _ALIKE)
            if matcher.real_quick_ratio() > bound and matcher.quick_ratio() > bound:
                ratio = matcher.ratio()
                if ratio > best:
                    best, place = ratio, index
        if best >= _ALIKE:
            line = added.pop(place)
            yield text, line.number, line.text


def _expects(text: str) -> bool:
    stripped = text.strip()
    if stripped.startswith(_NEVER):
        return False
    return bool(_EXPECTING.search(text) and _LITERAL.search(text))


def _fresh(before: str, after: str) -> list[str]:
    """The tokens that are new in an assertion and say something; none where it is a rename.

    A rename puts identifiers in the place of identifiers and changes no literal. Names that are
    values (``True``, ``EmptySet``) are literals, too.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    known = set(old)
    fresh = [token for token in new if token not in known and not set(token) <= _TRIVIAL]
    if len(old) == len(new):
        pairs = [(one, other) for one, other in zip(old, new, strict=True) if one != other]
        if pairs and all(_is_plain_name(one) and _is_plain_name(other) for one, other in pairs):
            return []
    if fresh:
        return fresh
    return [after.strip()] if sorted(old) != sorted(new) else []


def _is_plain_name(token: str) -> bool:
    return token.isidentifier() and not token[0].isupper() and token not in _VALUES
