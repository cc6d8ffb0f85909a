"""MESSAGE: a text that gold shows to the user, in other words around the same placeholders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from swe_audit.alternatives.constructions import skeletons
from swe_audit.alternatives.constructions.alignment import Said, partly, single_word, whole
from swe_audit.alternatives.constructions.messages import Message
from swe_audit.alternatives.constructions.predecessors import kept_words, predecessor, word_spans
from swe_audit.alternatives.constructions.speech import messages_in, speaks
from swe_audit.alternatives.constructions.templates import Run, Template
from swe_audit.alternatives.constructions.texts import readings
from swe_audit.alternatives.constructions.wording import Change, reworded, words
from swe_audit.alternatives.ground import Ground
from swe_audit.model.construction import (
    ConstructionKind,
    Edit,
    LicenceCheck,
    RefusalReason,
    Refused,
    Site,
)
from swe_audit.model.finding import Confidence, Determinant
from swe_audit.statements import holds_text

_TELLING_WORDS = 3
"""So many words of a message tell it from others; two where a test searches for them."""


def messages(ground: Ground) -> Iterator[Site | Refused]:
    """Yield the texts of errors, warnings, checks, log lines and output that gold introduces.

    One text that gold writes in several places is one site.
    """
    for path in sorted(ground.added):
        if not speaks(path):
            continue
        text = ground.gold.read(path) or ""
        seen: set[str] = set()
        for message in messages_in(path, text):
            if message.template.text not in seen and _new_lines(message, text, ground.added[path]):
                seen.add(message.template.text)
                yield _judged(_Case.of(ground, path, text, message))


def _new_lines(message: Message, text: str, added: frozenset[int]) -> bool:
    return any(
        text.count("\n", 0, start) + 1 in added
        for run in message.template.runs
        for start, char in zip(run.starts, run.text, strict=True)
        if not char.isspace()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One message on trial; ``fresh[i][j]`` says that gold introduces character j of run i."""

    ground: Ground
    path: str
    text: str
    message: Message
    before: Template | None
    fresh: tuple[tuple[bool, ...], ...]

    @classmethod
    def of(cls, ground: Ground, path: str, text: str, message: Message) -> _Case:
        before = predecessor(ground, path, message)
        kept = kept_words(message.template, before)
        fresh = tuple(
            tuple(
                text.count("\n", 0, start) + 1 in ground.added[path] and not old
                for start, old in zip(run.starts, mine, strict=True)
            )
            for run, mine in zip(message.template.runs, kept, strict=True)
        )
        return cls(ground=ground, path=path, text=text, message=message, before=before, fresh=fresh)

    def refused(self, reason: RefusalReason, text: str) -> Refused:
        message = self.message
        return Refused(
            kind=ConstructionKind.MESSAGE,
            symbol=message.symbol,
            detail=message.template.text,
            scope=message.scope,
            path=self.path,
            line=message.line,
            reason=reason,
            text=text,
        )


def _judged(case: _Case) -> Site | Refused:
    template, ground = case.message.template, case.ground
    if sum(len(words(run.text)) for run in template.runs) < 2:
        return case.refused(RefusalReason.NO_WORDING, "the text has no words to choose")
    if not any(any(run) for run in case.fresh):
        return case.refused(RefusalReason.IN_BASE, "gold keeps the words of the text it replaces")
    removed = "\n".join(line for lines in ground.removed.values() for line in lines)
    if skeletons.held(removed, template):
        return case.refused(RefusalReason.IN_BASE, "gold removes lines that hold the same text")
    there = skeletons.where_held(ground.base, template)
    if there is not None:
        return case.refused(RefusalReason.IN_BASE, f"{there} holds the same text")
    besides = [case.before] if case.before else []
    same, alike = skeletons.kindred(ground.base, case.message, case.path, besides)
    if same is not None:
        return case.refused(RefusalReason.SHARED_SKELETON, same)
    checks = [
        LicenceCheck(
            rule="messages",
            text="neither the text nor its skeleton occurs in the base tree"
            + (f"; what gold keeps of {case.before.text!r} stays" if case.before else ""),
        )
    ]
    if alike is not None:
        checks.append(
            LicenceCheck(
                rule="siblings",
                text=f"a message of the same kind is much alike: {alike}",
                caps=Confidence.SUSPECT,
                determines=Determinant.CONVENTION,
            )
        )
    return _site(case, checks)


def _site(case: _Case, checks: list[LicenceCheck]) -> Site | Refused:
    template = case.message.template
    stated = tuple(_stated(run.text, case.ground.task.statement) for run in template.runs)
    tests = [
        (path, run, said)
        for path in case.ground.test_paths
        for run, said in _sayings(template, path, case.ground.tests.read(path) or "")
    ]
    kept = [
        word
        for path in case.ground.test_paths
        if speaks(path)
        for word in _kept_words(template, path, case.ground.tests.read(path) or "")
    ]
    changes = _changes(case, stated, [each for _, _, said in tests for each in said], kept)
    if not any(changes):
        if any(map(any, stated)):
            return case.refused(RefusalReason.STATED_TEXT, "the statement holds this text")
        return case.refused(RefusalReason.NO_WORDING, "no other wording of it is known")
    return Site(
        kind=ConstructionKind.MESSAGE,
        symbol=case.message.symbol,
        detail=template.text,
        replacement=_said_anew(template, changes),
        scope=case.message.scope,
        path=case.path,
        line=case.message.line,
        edits=_unique(_in_tree(case, changes)),
        mirror=_unique(
            edit
            for path, run, said in tests
            for each in said
            for edit in _carried(path, run, each, changes)
        ),
        checks=(*checks, _statement_check(stated), _hints_check(case)),
    )


def _statement_check(stated: Sequence[Sequence[bool]]) -> LicenceCheck:
    part = any(map(any, stated))
    return LicenceCheck(
        rule="statement",
        text="part of the text stands in the statement and was kept"
        if part
        else "no part of it stands in the statement",
    )


def _hints_check(case: _Case) -> LicenceCheck:
    hints = case.ground.task.hints
    hinted = [run.text.strip() for run in case.message.template.runs if _telling(run.text, hints)]
    return LicenceCheck(
        rule="hints",
        text=f"the hints hold {hinted[0]!r}" if hinted else "the hints do not hold it",
        determines=Determinant.HINT if hinted else None,
    )


def _changes(
    case: _Case, stated: Sequence[Sequence[bool]], said: Sequence[Said], kept: Sequence[Said]
) -> tuple[tuple[Change, ...], ...]:
    """Return how each run is said anew: only what is new, not stated, and not cut by a test."""
    runs = case.message.template.runs
    changes = []
    for index, run in enumerate(runs):
        borders = {end for each in said if each.index == index for end in (each.at, each.end)}
        words_kept = {at for each in kept if each.index == index for at in range(each.at, each.end)}

        def free(
            start: int,
            end: int,
            index: int = index,
            borders: set[int] = borders,
            words_kept: set[int] = words_kept,
        ) -> bool:
            within = range(start, end)
            new = all(case.fresh[index][at] and not stated[index][at] for at in within)
            return new and not words_kept & set(within) and not borders & set(within[1:])

        parts = case.message.template.parts
        changes.append(reworded(run.text, free, first=parts[0] is run, last=parts[-1] is run))
    return tuple(changes)


def _in_tree(case: _Case, changes: Sequence[Sequence[Change]]) -> Iterator[Edit]:
    """Yield the edits of this text and of every other place where gold's own lines hold it."""
    for index, run in enumerate(case.message.template.runs):
        for change in changes[index]:
            yield from run.edits(case.path, change.start, change.end, change.text)
    for path, added in case.ground.added.items():
        text = case.ground.gold.read(path) or ""
        for run, said in _sayings(case.message.template, path, text, partial=False):
            for each in said:
                for edit in _carried(path, run, each, changes):
                    if text.count("\n", 0, edit.start) + 1 in added:
                        yield edit


def _carried(
    path: str, run: Run, said: Said, changes: Sequence[Sequence[Change]]
) -> Iterator[Edit]:
    for change in changes[said.index]:
        place = said.place(change.start, change.end)
        if place is None:
            continue
        yield from run.edits(path, *place, change.text)


def _sayings(
    template: Template, path: str, text: str, *, partial: bool = True
) -> Iterator[tuple[Run, tuple[Said, ...]]]:
    """Yield the texts of a file that say a message, each in the first reading that does.

    A text that is searched for may be a small part; where it is one word, nobody knows whether
    it means this message, so it is not yielded.
    """
    for reading in readings(path, text):
        found = [(run, whole(template, run.text)) for run in reading.meanings]
        if partial and speaks(path) and not any(said for _, said in found):
            least = _TELLING_WORDS - 1 if reading.searched else _TELLING_WORDS
            found = [(run, partly(template, run.text, least)) for run in reading.meanings]
        # The first reading is the entire text; the later ones may be its pieces.
        yield from [(run, said) for run, said in found if said][:1]


def _kept_words(template: Template, path: str, text: str) -> Iterator[Said]:
    """Yield the words that a test searches for alone: they stay, for they cannot be mirrored."""
    for reading in readings(path, text):
        if reading.searched:
            for run in reading.meanings[:2]:
                said = single_word(template, run.text)
                if said is not None:
                    yield said


def _stated(text: str, statement: str) -> tuple[bool, ...]:
    """Say for each character whether it lies in words that stand together in the statement."""
    found = [False] * len(text)
    spans = word_spans(text)
    width = min(4, len(spans))
    for at in range(len(spans) - width + 1 if width > 1 else 0):
        start, end = spans[at][0], spans[at + width - 1][1]
        if holds_text(statement, text[start:end]):
            found[start:end] = [True] * (end - start)
    return tuple(found)


def _telling(text: str, hints: str) -> bool:
    return len(words(text)) > 1 and bool(hints) and holds_text(hints, text.strip())


def _said_anew(template: Template, changes: Sequence[Sequence[Change]]) -> str:
    text = ""
    index = 0
    for part in template.parts:
        if not isinstance(part, Run):
            text += part.source
            continue
        piece = part.text
        for change in reversed(changes[index]):
            piece = piece[: change.start] + change.text + piece[change.end :]
        text += piece
        index += 1
    return text


def _unique(edits: Iterator[Edit]) -> tuple[Edit, ...]:
    """Return edits in the order of their places, each once; of two that overlap, the first."""
    chosen: list[Edit] = []
    for edit in edits:
        clash = any(
            edit.path == other.path and edit.start < other.end and other.start < edit.end
            for other in chosen
        )
        if edit not in chosen and not clash:
            chosen.append(edit)
    return tuple(sorted(chosen, key=lambda edit: (edit.path, edit.start, edit.end)))
