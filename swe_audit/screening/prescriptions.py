"""Code that the statement gives and that gold does not follow."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from swe_audit.model.finding import Evidence
from swe_audit.screening.ground import Ground, plain
from swe_audit.screening.nouns import Signal, SignalKind
from swe_audit.statements import Block, BlockKind, blocks

_SHORTEST = 14
_SHOWN = 200
_LEAST_ALIKE = {BlockKind.CODE: 0.72, BlockKind.DIFF: 0.72, BlockKind.OUTPUT: 0.85}
_DEFINES = re.compile(r"\bdef\s+(\w+)")
_FEW = 4
_WANTED = re.compile(
    r"\b(?:fix|should|solution|instead|replace|chang(?:e|ed|ing)|propos\w+|suggest\w*|work(?:s|ing)?"
    r"|correct|patch|could|would|better|like this|something like|need)\b",
    re.IGNORECASE,
)
_UNWANTED = re.compile(
    r"\b(?:currently|now|culprit|problem|because|at the moment|is this)\b", re.IGNORECASE
)


def statement_code_signals(ground: Ground) -> Iterator[Signal]:
    """Yield lines of the statement's code that rewrite what gold rewrites, but otherwise.

    Such a line is much like one that gold removes, or stands in a definition that gold changes,
    and it is neither shown of base nor added by gold.
    """
    shown = [each for each in blocks(ground.task.statement) if each.kind in _LEAST_ALIKE]
    if not shown:
        return
    lines = _lines(ground)
    found = [*_rewritten(ground, shown, lines), *_redefined(ground, shown, lines)]
    seen: set[str] = set()
    for signal in found:
        if signal.detail not in seen and len(seen) < _FEW:
            seen.add(signal.detail)
            yield signal


@dataclass(frozen=True, slots=True)
class _Lines:
    """Gold's lines, folded: what it shows of base, and all that it adds run together."""

    base: frozenset[str]
    added: str

    def holds(self, text: str) -> bool:
        loose = plain(text)
        return len(loose) < _SHORTEST or loose in self.base or loose in self.added


def _lines(ground: Ground) -> _Lines:
    hunks = [hunk for read in ground.gold for hunk in read.change.hunks]
    shown = {plain(line.text) for hunk in hunks for line in hunk.after if not line.added}
    removed = {plain(text) for hunk in hunks for _, text in hunk.removed}
    added = "".join(plain(line.text) for hunk in hunks for line in hunk.after if line.added)
    return _Lines(frozenset(shown | removed), added)


def _rewritten(ground: Ground, shown: list[Block], lines: _Lines) -> Iterator[Signal]:
    """Yield lines that are much like one that gold removes."""
    removed = [text for read in ground.gold for _, text in read.change.removed()]
    for block in shown:
        least = _LEAST_ALIKE[block.kind]
        for number, text in _rows(block):
            if lines.holds(text) or _is_fault(block):
                continue
            near = _nearest(text, removed, least)
            if near is not None:
                replaces = Evidence(kind="replaces", text=near.strip()[:_SHOWN])
                yield _signal(block, number, text, replaces)


def _redefined(ground: Ground, shown: list[Block], lines: _Lines) -> Iterator[Signal]:
    """Yield what the statement's last version of a definition that gold changes has of its own."""
    touched = {
        name
        for read in ground.gold
        for hunk in read.change.hunks
        for text in (hunk.heading, *(text for _, text in hunk.removed))
        for name in _DEFINES.findall(text)
    }
    last: dict[str, tuple[Block, list[tuple[int, str]]]] = {}
    for block in shown:
        if block.kind is not BlockKind.OUTPUT and not _is_fault(block):
            for name, rows in _definitions(block):
                if name in touched:
                    last[name] = (block, rows)
    for name, (block, rows) in last.items():
        own = [(number, text) for number, text in rows if not lines.holds(text)]
        if own and 2 * len(own) >= sum(len(plain(text)) >= _SHORTEST for _, text in rows):
            number, text = own[0]
            defines = Evidence(kind="defines", text=name)
            yield _signal(block, number, text, defines)


def _definitions(block: Block) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Yield each function of a block with the lines of its body."""
    rows = list(_rows(block))
    for index, (_, text) in enumerate(rows):
        match = _DEFINES.match(text.strip())
        if match is None:
            continue
        margin = len(text) - len(text.lstrip())
        body = []
        for number, each in rows[index + 1 :]:
            if len(each) - len(each.lstrip()) <= margin and each.strip()[0] not in ")]}":
                break
            body.append((number, each))
        if body:
            yield match[1], body


def _signal(block: Block, number: int, text: str, more: Evidence) -> Signal:
    said = Evidence(kind="statement_code", text=text.strip()[:_SHOWN], line=number)
    lead = (Evidence(kind="lead", text=block.lead[:_SHOWN]),) if block.lead else ()
    return Signal(
        kind=SignalKind.STATEMENT_CODE,
        detail=text.strip(),
        strength=1.0 if _WANTED.search(block.lead) else 0.6,
        evidence=(said, more, *lead),
    )


def _rows(block: Block) -> Iterator[tuple[int, str]]:
    """The lines of a block that may be wanted: of a diff only what it adds."""
    for offset, text in enumerate(block.text.split("\n")):
        bare = re.sub(r"^\s*(?:>>>|\.\.\.|In \[\d+\]:) ?|\s+# .*$", "", text)
        if block.kind is BlockKind.DIFF:
            if not bare.startswith("+") or bare.startswith("+++"):
                continue
            bare = bare[1:]
        if bare.strip() and not bare.strip().startswith(("#", "//")):
            yield block.line + offset, bare


def _nearest(text: str, removed: list[str], least: float) -> str | None:
    best, found = least, None
    matcher = difflib.SequenceMatcher(None, "", text.strip(), autojunk=False)
    for line in removed:
        matcher.set_seq1(line.strip())
        if matcher.real_quick_ratio() < best or matcher.quick_ratio() < best:
            continue
        ratio = matcher.ratio()
        if ratio > best:
            best, found = ratio, line
    return found


def _is_fault(block: Block) -> bool:
    """Whether the sentence before says that the code is the fault, not its mending."""
    return bool(_UNWANTED.search(block.lead)) and not _WANTED.search(block.lead)
