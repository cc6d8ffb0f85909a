"""Whether two patches leave the same program, formatting, comments and local names aside.

Only what the patches show is known: the lines around and between them are the same in both.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchedFile, PatchSet

_TOKEN = re.compile(
    r"(?P<comment>\#[^\n]*)"
    r"|(?P<string>[rbfuRBFU]{0,2}(?:'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\""
    r"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"))"
    r"|(?P<name>[^\W\d]\w*)|(?P<number>\d[\w.]*)|(?P<line>\n[ \t]*)|(?P<space>[ \t\r\f]+)"
    r"|(?P<sign>[-+*/%@&|^=<>!~]+|.)",
    re.DOTALL,
)
_OPENING, _CLOSING = "([{", ")]}"
_NO_NAMES = frozenset((*keyword.kwlist, *keyword.softkwlist, "self", "cls"))


def same_program(one: str, other: str, no_matter: Callable[[str], bool]) -> bool:
    """Whether two patches of the same base leave the same program in every file that matters.

    Python is compared by its tokens, layout by depth alone; a name counts as local where a patch
    brings and assigns it, and nowhere calls it by keyword or reads it as an attribute, and may be
    another one in the other patch throughout. Other files are compared by their lines. The same
    lines in another place are another program.
    """
    ours, theirs = _changes(one, no_matter), _changes(other, no_matter)
    if ours is None or theirs is None or set(ours) != set(theirs) or not ours:
        return False
    return all(_same(path, ours[path], theirs[path]) for path in ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What a patch does to a file: lines out and in, at which lines of base, and what it shows."""

    removed: str
    added: str
    places: tuple[int, ...]
    known: frozenset[str]


def _same(path: str, ours: _Change, theirs: _Change) -> bool:
    if not path.endswith(".py"):
        return ours == theirs
    removed, dropped = list(_tokens(ours.removed)), list(_tokens(theirs.removed))
    mine, its = list(_tokens(ours.added)), list(_tokens(theirs.added))
    return (
        ours.places == theirs.places
        and removed == dropped
        and _alike(mine, its, _locals(mine) - ours.known, _locals(its) - theirs.known)
    )


def _alike(
    ours: Sequence[str], theirs: Sequence[str], local: frozenset[str], other_locals: frozenset[str]
) -> bool:
    """Whether two runs of tokens are one but for local names, each for one and the same other."""
    if len(ours) != len(theirs):
        return False
    forth: dict[str, str] = {}
    back: dict[str, str] = {}
    for mine, its in zip(ours, theirs, strict=True):
        if mine == its and mine not in forth and its not in back:
            if mine in local:
                forth[mine], back[its] = its, mine
            continue
        if forth.get(mine, its) != its or back.get(its, mine) != mine:
            return False
        if mine != its and not (mine in local and its in other_locals):
            return False
        forth[mine], back[its] = its, mine
    return True


def _locals(tokens: Sequence[str]) -> frozenset[str]:
    """The names that are assigned in some lines and are nothing else there."""
    assigned: set[str] = set()
    barred: set[str] = set()
    depth = 0
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else "\n"
        after = tokens[at + 1] if at + 1 < len(tokens) else "\n"
        depth += (token in _OPENING) - (token in _CLOSING) if len(token) == 1 else 0
        if not token.isidentifier() or token in _NO_NAMES:
            continue
        if before in (".", "def", "class", "import") or (after == "=" and depth):
            barred.add(token)
        elif after == "=" and not depth and before.startswith("\n"):
            # Assigned where nothing is indented, a name belongs to the module.
            (assigned if before != "\n0" else barred).add(token)
        elif before in ("for", "as") or after == ":=":
            assigned.add(token)
    return frozenset(assigned - barred)


def _tokens(text: str) -> Iterator[str]:
    """Yield the tokens of some lines; a line inside brackets is no new one, and has no depth."""
    depth = 0
    pending = "\n0"
    for match in _TOKEN.finditer("\n" + text):
        kind, token = match.lastgroup, match[0]
        if kind == "line":
            pending = f"\n{len(token.expandtabs(8)) - 1}" if not depth else pending
        elif kind not in ("comment", "space"):
            if pending and not depth:
                yield pending
                pending = ""
            depth += (token in _OPENING) - (token in _CLOSING) if len(token) == 1 else 0
            depth = max(depth, 0)
            yield _plain_string(token) if kind == "string" else token


def _plain_string(token: str) -> str:
    """A string with the quotes that a formatter would choose."""
    if token[-1] == "'" and not token.endswith("'''") and '"' not in token and "\\" not in token:
        return token.replace("'", '"')
    return token


def _changes(patch: str, no_matter: Callable[[str], bool]) -> dict[str, _Change] | None:
    """What a patch does to each file that matters, None for one that is no diff."""
    try:
        files = PatchSet(patch)
    except UnidiffParseError:
        return None
    return {file.path: _change(file) for file in files if not no_matter(file.path)}


def _change(file: PatchedFile) -> _Change:
    lines = [line for hunk in file for line in hunk]
    shown = " ".join(line.value for line in lines if not line.is_added)
    return _Change(
        removed="".join(line.value for line in lines if line.is_removed),
        added="".join(line.value for line in lines if line.is_added),
        places=tuple(_places(file)),
        known=frozenset(re.findall(r"[^\W\d]\w*", shown)),
    )


def _places(file: PatchedFile) -> Iterator[int]:
    """Yield the lines of base before which something is changed, comments and blanks aside."""
    for hunk in file:
        at, changing = hunk.source_start, False
        for line in hunk:
            said = line.value.strip()
            if line.is_context:
                changing = False
            elif said and not said.startswith("#") and not changing:
                changing = True
                yield at
            at += not line.is_added
