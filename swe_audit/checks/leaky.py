"""``leaky``: the statement or the hints hold lines of the solution."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from swe_audit.checks.case import Case
from swe_audit.model.finding import Confidence, Defect, Determinant, Evidence, Finding
from swe_audit.model.paths import is_source_path
from swe_audit.statements import BlockKind, blocks
from swe_audit.statistics import counted

_SHORTEST = 16
"""Characters without spaces below which a line could stand anywhere by chance."""

_TELLING = 0.5
_SEVERAL = 3
_LEAST = 0.15
_WRAPPED = 40
_SHOWN = 8
_OPERATORS = frozenset({"is", "not", "none", "and", "or", "in", "if", "else", "for", "return"})
_CURLY = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": "'", "\u201d": "'"})
_SAYS_LITTLE = re.compile(
    r"(?:#|//|/\*|\*|from\s|import\s|require\(|package\s|using\s|@|'''|<!--)"
    r"|^\W*(?:return|pass|else|try|break|continue|self|true|false|none|null|this|end)*\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionLine:
    """A line that gold adds and that a text holds; ``line`` is its number after the patch."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """The lines of a solution that a text holds, and their share of all that say something."""

    lines: tuple[SolutionLine, ...]
    share: float

    @property
    def several(self) -> bool:
        """Whether they are too many for a coincidence, a remark or a signature."""
        return len(self.lines) >= _SEVERAL and self.share >= _LEAST


def leaky(case: Case) -> Iterator[Finding]:
    """Find lines of gold in what a solver is given; a finding is never proven without review.

    Half of the solution or more, in three lines or more, is ``likely``; three lines that are a
    seventh of it, or half of a shorter solution, ``suspect``. What stands in the hints only is
    reported apart, is ``suspect`` at most, for many solvers never see them, and says so in
    ``determined_by``.
    """
    task = case.task
    lines = telling_lines(task.gold_patch)
    stated = held_lines(lines, task.statement)
    if stated.several or stated.share >= _TELLING:
        sure = stated.several and stated.share >= _TELLING
        yield _finding(case, stated, "statement", Confidence.LIKELY if sure else Confidence.SUSPECT)
    hinted = held_lines(lines, task.hints)
    apart = tuple(line for line in hinted.lines if line not in stated.lines)
    if apart and (hinted.several or hinted.share >= _TELLING):
        yield _finding(case, Leak(lines=apart, share=hinted.share), "hints", Confidence.SUSPECT)


def _finding(case: Case, leak: Leak, where: str, confidence: Confidence) -> Finding:
    count = counted(len(leak.lines), "line")
    verb = "stands" if len(leak.lines) == 1 else "stand"
    source = Determinant.STATEMENT if where == "statement" else Determinant.HINT
    return Finding(
        instance_id=case.task.instance_id,
        defect=Defect.LEAKY,
        confidence=confidence,
        detail=max((line.text.strip() for line in leak.lines), key=len),
        summary=f"{count} of the solution ({leak.share:.0%}) {verb} in the {where}",
        determined_by=(source,),
        evidence=evidence_of(leak),
    )


def evidence_of(leak: Leak) -> tuple[Evidence, ...]:
    """Return the first lines of a leak, as evidence."""
    return tuple(
        Evidence(kind="solution_line", text=line.text.strip(), path=line.path, line=line.line)
        for line in leak.lines[:_SHOWN]
    )


def telling_lines(gold_patch: str) -> tuple[SolutionLine, ...]:
    """Return the lines that gold adds to the program and that could stand nowhere by chance.

    A patch that cannot be read has none.
    """
    try:
        files = PatchSet(gold_patch)
    except UnidiffParseError:
        return ()
    added: list[SolutionLine] = []
    base: list[str] = []
    for file in files:
        source = is_source_path(file.path)
        for line in (line for hunk in file for line in hunk):
            text = line.value.rstrip("\r\n")
            if not line.is_added:
                base.append(text)
            elif source:
                added.append(SolutionLine(path=file.path, line=line.target_line_no or 0, text=text))
    return telling(added, base)


def telling(added: Iterable[SolutionLine], base: Iterable[str]) -> tuple[SolutionLine, ...]:
    """Return those of the added lines that say something that base is not seen to say.

    Comments, imports, docstrings, bare keywords, short lines and lines that the patch only moves
    are left out.
    """
    found = [line for line in added if _tells(line.text, line.path)]
    moved = {_plain(text) for text in base} if found else frozenset()
    return tuple(line for line in found if _plain(line.text) not in moved)


def held_lines(lines: tuple[SolutionLine, ...], text: str) -> Leak:
    """Return those of the lines that a text holds outside tracebacks, whatever its spacing."""
    if not lines or not text.strip():
        return Leak(lines=(), share=0.0)
    shown = _without_tracebacks(text)
    rows = "\n".join(_spaceless(row) for row in shown)
    whole = rows.replace("\n", "")
    held = tuple(line for line in lines if _holds(rows, whole, _plain(line.text)))
    size = sum(len(_plain(line.text)) for line in held)
    return Leak(lines=held, share=size / sum(len(_plain(line.text)) for line in lines))


def _without_tracebacks(text: str) -> list[str]:
    rows = text.split("\n")
    for block in blocks(text):
        if block.kind is BlockKind.TRACEBACK:
            rows[block.line - 1 : block.last] = [""] * (block.last - block.line + 1)
    return rows


def _holds(rows: str, whole: str, line: str) -> bool:
    """Whether a line stands there, not as the beginning of another; a long one may be wrapped."""
    start = rows.find(line)
    while start >= 0:
        if not re.match(r"[\w.(\[]", rows[start + len(line) : start + len(line) + 1]):
            return True
        start = rows.find(line, start + 1)
    return len(line) >= _WRAPPED and line in whole


def _plain(text: str) -> str:
    return _spaceless(text).rstrip(",")


def _spaceless(text: str) -> str:
    straight = text if text.isascii() else text.translate(_CURLY)
    return "".join(straight.split()).replace('"', "'")


def _tells(text: str, path: str) -> bool:
    stripped = text.strip()
    if "`" in stripped and path.endswith(".py"):  # a docstring
        return False
    if len(_plain(stripped)) < _SHORTEST or _SAYS_LITTLE.match(stripped):
        return False
    return bool(re.search(r"[=(\[:<>+]|\w\.\w", stripped)) and not _is_prose(stripped)


def _is_prose(text: str) -> bool:
    """Whether four words follow each other that no operator of a language joins: a docstring."""
    run = 0
    for piece in text.split(" "):
        if piece.isalpha() and piece.casefold() not in _OPERATORS:
            run += 1
            if run == 4:
                return True
        else:
            run = 0
    return False
