"""The ladder of one rejected candidate: its tests relaxed a little, then more, all pins at once."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from swe_audit.alternatives.constructions.templates import lines_of
from swe_audit.alternatives.ground import Ground
from swe_audit.model.construction import Edit
from swe_audit.model.finding import Cause
from swe_audit.model.relaxation import Pin, Step, Unrelaxed
from swe_audit.relaxation.changed import base_form, relax_to_base
from swe_audit.relaxation.determination import spoken_of
from swe_audit.relaxation.exceptions import relax_exception
from swe_audit.relaxation.garbage import garbage
from swe_audit.relaxation.imports import Function, outermost, reaching
from swe_audit.relaxation.inputs import relax_input
from swe_audit.relaxation.nouns import NotRelaxableError, Rewrite, imports_edit
from swe_audit.relaxation.ordering import relax_order
from swe_audit.relaxation.pins import grouped
from swe_audit.relaxation.setup import relax_setup
from swe_audit.relaxation.swapping import relax_value
from swe_audit.relaxation.texts import relax_text

MOST_PINS = 4
"""A candidate that more details reject is left alone: it differs from gold in more than one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One step of the ladder: what becomes of each pin, and the edits of the test files.

    ``pins`` are what the level frees, which of an input is another detail than the failing
    assertion's. ``functions`` are those that change and those that reach them, empty for a whole
    module. ``base`` are the edits that put a changed assertion back as it was. ``choices`` are the
    sentences of the statement that allow another value, '' for a pin without. ``garbage`` are the
    edits of gold that put nonsense in the details, None where one stands nowhere; none are needed
    where an input is freed, for then ``nonsense`` are edits of the tests.
    """

    pins: tuple[Pin, ...]
    steps: tuple[Step, ...]
    edits: tuple[Edit, ...]
    functions: tuple[str, ...]
    base: tuple[Edit, ...] = ()
    choices: tuple[str, ...] = ()
    garbage: tuple[Edit, ...] | None = None
    nonsense: tuple[Edit, ...] = ()

    def spoken(self, statement: str) -> str:
        """Return by what a statement speaks about a detail, empty where it is silent."""
        pairs = zip(self.pins, self.choices, strict=True)
        return next(
            filter(None, (choice or spoken_of(statement, pin) for pin, choice in pairs)), ""
        )


def climb(
    ground: Ground, candidate: str, patch: str, pins: Sequence[Pin]
) -> tuple[tuple[Level, ...], tuple[Unrelaxed, ...]]:
    """Return the levels to try on a candidate, or the pins that nothing frees.

    As long as one pin cannot be freed the candidate stays rejected, so that there is no level.
    """
    if len(pins) > MOST_PINS:
        reason = f"{len(pins)} details reject it: more than {MOST_PINS} are not taken for details"
        return (), (Unrelaxed(candidate=candidate, pin=pins[0], reason=reason),)
    ways: list[list[Rewrite]] = []
    stuck = []
    for pin in pins:
        found, reason = _ways(ground, pin, patch)
        ways.append(found)
        if not found:
            stuck.append(Unrelaxed(candidate=candidate, pin=pin, reason=reason))
    if stuck or not ways:
        return (), tuple(stuck)
    return tuple(_levels(ground, pins, ways)), ()


def _ways(ground: Ground, pin: Pin, patch: str) -> tuple[list[Rewrite], str]:
    makers: tuple[Callable[[], Iterator[Rewrite]], ...] = (
        lambda: relax_text(ground, pin),
        lambda: relax_order(ground, pin),
        lambda: relax_exception(ground, pin, patch),
        lambda: relax_value(ground, pin),
        lambda: relax_input(ground, pin),
        lambda: relax_setup(ground, pin),
        lambda: relax_to_base(ground, pin),
    )
    found: list[Rewrite] = []
    reasons: list[str] = []
    for make in makers:
        try:
            found.extend(make())
        except NotRelaxableError as error:
            reasons.append(str(error))
    return found, "; ".join(reasons) or f"no step frees a {pin.cause.value.replace('_', ' ')}"


def _levels(
    ground: Ground, pins: Sequence[Pin], ways: Sequence[Sequence[Rewrite]]
) -> Iterator[Level]:
    seen: set[frozenset[Edit]] = set()
    for height in range(max(map(len, ways))):
        rewrites = [way[min(height, len(way) - 1)] for way in ways]
        if len({each.step is Step.INPUT for each in rewrites}) > 1:
            continue  # garbage of both kinds at once would show nothing of either
        edits = tuple(dict.fromkeys(edit for each in rewrites for edit in each.edits))
        if frozenset(edits) in seen or _clash(edits):
            continue
        seen.add(frozenset(edits))
        back = [p for p, r in zip(pins, rewrites, strict=True) if r.step is Step.OLD_OR_NEW]
        freed = _freed(pins, rewrites)
        nonsense = tuple(dict.fromkeys(edit for each in rewrites for edit in each.nonsense))
        yield Level(
            pins=tuple(pin for pin, _ in freed),
            steps=tuple(each.step for _, each in freed),
            choices=tuple(each.choice for _, each in freed),
            garbage=() if nonsense else garbage(ground, pins),
            nonsense=nonsense,
            edits=(*edits, *_imports(ground, rewrites)),
            functions=_functions(ground, edits),
            base=tuple(edit for pin in back for edit in base_form(ground, pin)),
        )


def _freed(pins: Sequence[Pin], rewrites: Sequence[Rewrite]) -> list[tuple[Pin, Rewrite]]:
    """Pair each detail with how it is freed; pins of one input are one."""
    pairs: dict[str, tuple[Pin, Rewrite]] = {}
    for pin, rewrite in zip(pins, rewrites, strict=True):
        freed = pin
        if rewrite.piece:
            freed = replace(pin, cause=Cause.VALUE, detail=rewrite.piece, observed="")
        before = pairs.get(freed.id)
        pairs[freed.id] = (grouped([before[0], freed])[0] if before else freed, rewrite)
    return list(pairs.values())


def _clash(edits: Sequence[Edit]) -> bool:
    ordered = sorted(edits, key=lambda edit: (edit.path, edit.start))
    return any(a.path == b.path and b.start < a.end for a, b in pairwise(ordered))


def _imports(ground: Ground, rewrites: Sequence[Rewrite]) -> Iterator[Edit]:
    needed = {pair for each in rewrites for pair in each.imports}
    for path in sorted({path for path, _ in needed}):
        statements = frozenset(statement for where, statement in needed if where == path)
        yield from imports_edit(path, ground.tests.read(path) or "", statements)


def _functions(ground: Ground, edits: Sequence[Edit]) -> tuple[str, ...]:
    """Return the functions that change, and those that reach them; none if anything else does."""
    found: set[str] = set()
    for path in {edit.path for edit in edits}:
        text = ground.tests.read(path) or ""
        module, lines = ast.parse(text), lines_of(text)
        functions = list(outermost(module))
        names = set()
        for edit in edits:
            if edit.path == path:
                holder = next((f for f in functions if _holds(f, edit, lines, text)), None)
                if holder is None:
                    return ()
                names.add(holder.name)
        found |= reaching(module, names)
    return tuple(sorted(found))


def _holds(function: Function, edit: Edit, lines: list[int], text: str) -> bool:
    last = function.end_lineno or function.lineno
    end = lines[last + 1] if last + 1 < len(lines) else len(text)
    return lines[function.lineno] <= edit.start and edit.end <= end
