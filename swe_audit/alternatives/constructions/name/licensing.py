"""Whether a name may be changed: every rule of evidence, asked for each thing it stands for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from swe_audit.alternatives.constructions.name.definitions import (
    Definition,
    Role,
    definitions,
)
from swe_audit.alternatives.constructions.name.group import Group
from swe_audit.alternatives.constructions.name.reading import Stand, whole
from swe_audit.alternatives.constructions.name.uses import Use, Uses
from swe_audit.alternatives.licence import (
    base_tests,
    callbacks,
    convention,
    forwarding,
    framework,
    hints,
    identity,
    statement,
)
from swe_audit.alternatives.licence.codebase import Codebase
from swe_audit.alternatives.licence.outcome import Denied, Outcome
from swe_audit.model.construction import LicenceCheck, RefusalReason


def examine(codebase: Codebase, group: Group, uses: Uses) -> Outcome:
    """Return every check of the evidence rules, or the first denial, cheapest rules first."""
    checks: list[LicenceCheck] = []
    for rule in _rules(codebase, group, uses):
        outcome = rule()
        if isinstance(outcome, Denied):
            return outcome
        checks.extend(outcome)
    return tuple(dict.fromkeys(checks))


def _rules(codebase: Codebase, group: Group, uses: Uses) -> Iterator[Callable[[], Outcome]]:
    task = codebase.ground.task
    yield lambda: framework.dunder(group.word) or ()
    yield lambda: _identity(codebase, group)
    yield lambda: statement.examine(
        task.statement, group.word, owners=_owners(group), in_base=not group.fresh
    )
    yield lambda: _foreign(group, uses)
    for each in group.definitions:
        yield from _framework(codebase, group, each)
    yield lambda: forwarding.examine(_passed_on(group, uses))
    yield lambda: base_tests.examine(
        tuple((use.path, use.occurrence.line) for use in uses.in_base_tests if use.ours)
    )
    yield lambda: convention.same_name(group.word, _twin(codebase, group))
    for each in group.definitions:
        siblings = _siblings(codebase, each)
        yield lambda siblings=siblings: convention.shared_prefix(  # type: ignore[misc]
            group.word, siblings, task.statement
        )
    yield lambda: hints.examine(task.hints, group.word)


def _identity(codebase: Codebase, group: Group) -> Outcome:
    ground = codebase.ground
    for path in sorted(ground.added):
        kept = {each.key for each in definitions(ground.gold.read(path), path)}
        for gone in definitions(ground.base.read(path), path):
            if gone.key not in kept and any(_moved(gone, each) for each in group.definitions):
                text = f"gold moves it: base has it in {gone.place}"
                return Denied(reason=RefusalReason.IN_BASE, text=text)
    return identity.examine(codebase, group.word, group.first.place)


def _moved(gone: Definition, new: Definition) -> bool:
    """Whether a definition that gold takes away may be the one that it adds elsewhere."""
    if gone.word != new.word or (gone.role is Role.PARAMETER) != (new.role is Role.PARAMETER):
        return False
    return new.role is not Role.PARAMETER or gone.owner == new.owner


def _framework(codebase: Codebase, group: Group, it: Definition) -> Iterator[Callable[[], Outcome]]:
    if it.role is Role.MODULE:
        yield lambda: framework.module(it.path)
    elif it.role is Role.PARAMETER:
        yield lambda: framework.signature(codebase, it.path, it.scope, it.decorators)
        yield lambda: _handed_over(codebase, it)
    else:
        if it.role.space == "member":
            givers = frozenset(each.owner for each in group.members if group.fresh)
            yield lambda: framework.member(codebase, it.path, it.scope, it.word, givers=givers)
        yield lambda: framework.dynamic(codebase, it.word, it.decorators)


def _handed_over(codebase: Codebase, it: Definition) -> Outcome:
    """Only a function that is new itself has no callers but those that gold gives it."""
    outer, _, function = it.scope.rpartition(".")
    known = definitions(codebase.ground.base.read(it.path), it.path)
    if function in ("__init__", "__new__", "__call__") or any(
        (each.scope, each.word) == (outer, function) for each in known
    ):
        return ()
    return callbacks.examine(codebase, function)


def _owners(group: Group) -> frozenset[str]:
    """What a statement has to speak of to mean the new name: its classes and functions."""
    owners = {
        part
        for each in group.definitions
        for part in each.scope.split(".")
        if part and part not in ("__init__", "__new__", "__call__")
    }
    return frozenset(owners)


def _foreign(group: Group, uses: Uses) -> Outcome:
    """Deny a new word that gold itself also uses for something it does not define."""
    if not group.fresh:
        return ()
    outer = (*group.globals, *group.within(Role.MODULE))
    stored = any(use.occurrence.stored for use in uses.in_gold)
    for use in uses.in_gold:
        it = use.occurrence
        if it.stand is Stand.ATTRIBUTE:
            if not (group.members or outer or stored):
                text = f"{use.path}:{it.line} takes .{group.word} from {it.receiver}"
                return Denied(reason=RefusalReason.FRAMEWORK, text=text)
        elif it.stand is Stand.IMPORT and not outer:
            text = f"{use.path}:{it.line} imports it from {it.source}"
            return Denied(reason=RefusalReason.FRAMEWORK, text=text)
    return ()


def _passed_on(group: Group, uses: Uses) -> Iterator[tuple[str, int, str]]:
    """Places where gold passes a keyword of that name to what it does not define."""
    if not group.parameters:
        return
    for use in uses.in_gold:
        it = use.occurrence
        inside = any(
            each.path == use.path and it.scope.startswith(each.scope) for each in group.parameters
        )
        if it.stand is Stand.KEYWORD and not uses.calls_ours(it) and (group.fresh or inside):
            yield use.path, it.line, it.receiver


def _siblings(codebase: Codebase, it: Definition) -> tuple[str, ...]:
    """The names that base has beside a new one: in its signature, class, module or folder."""
    base = codebase.ground.base
    if it.role is Role.MODULE:
        folder = it.path.rpartition("/")[0]
        return tuple(
            path.rpartition("/")[2].removesuffix(".py")
            for path in base.paths()
            if path.endswith(".py") and path.rpartition("/")[0] == folder
        )
    beside = definitions(base.read(it.path), it.path)
    if it.role is Role.ATTRIBUTE:
        return tuple(
            each.word
            for each in beside
            if each.role in (Role.ATTRIBUTE, Role.CLASS_ATTRIBUTE) and each.scope == it.scope
        )
    return tuple(each.word for each in beside if each.role is it.role and each.scope == it.scope)


def _twin(codebase: Codebase, group: Group) -> str | None:
    """Where a sibling scope in base has the same name in the same role, None where none has."""
    places = {(each.path, each.role.space, each.scope) for each in group.definitions}
    folders = {each.path.rpartition("/")[0] for each in group.definitions}
    for path in codebase.holding(group.word):
        if not path.endswith(".py") or path.rpartition("/")[0] not in folders:
            continue
        for each in definitions(codebase.ground.base.read(path), path):
            if each.word == group.word and any(_beside(codebase, each, place) for place in places):
                return each.place
    return None


def _beside(codebase: Codebase, each: Definition, place: tuple[str, str, str]) -> bool:
    path, space, scope = place
    if each.role.space != space:
        return False
    if space == "module":
        return True
    if each.path == path and each.scope != scope:
        return True
    mine, other = _class_of(space, scope), _class_of(space, each.scope)
    if not mine or not other:
        return False
    bases = codebase.bases_by_leaf
    shared = bases.get(mine, frozenset()) & bases.get(other, frozenset()) - {"object"}
    return bool(shared)


def _class_of(space: str, scope: str) -> str:
    """The own name of the class that a member or a method's parameter belongs to."""
    holder = scope if space == "member" else scope.rpartition(".")[0]
    return re.sub(r".*\.", "", holder)


def ambiguous(codebase: Codebase, group: Group, uses: Uses) -> str | None:
    """Return why the scoped uses cannot be told from others, None where they can."""
    if uses.unreadable:
        return f"{uses.unreadable[0]} cannot be parsed"
    twin = _other_spelling(codebase, group)
    if twin is not None:
        return twin
    if group.fresh:
        return None
    if group.members and any(
        use.occurrence.stand is Stand.ATTRIBUTE and not _own(use) for use in uses.in_base_tests
    ):
        return f"the base tests take .{group.word} from other objects"
    for path in _callable_places(codebase, group):
        for each in definitions(codebase.ground.base.read(path), path):
            if each.role is Role.PARAMETER and each.word == group.word and _same_call(each, group):
                return f"{each.place} takes a {group.word} too and is called alike"
    return None


def _other_spelling(codebase: Codebase, group: Group) -> str | None:
    """Why the name is also known by another form of it, which no search for the word finds."""
    hyphens = group.word.strip("_").replace("_", "-")
    bare = group.word.lstrip("_")
    for path, numbers in sorted(codebase.ground.added.items()):
        lines = (codebase.ground.gold.read(path) or "").split("\n")
        for number in sorted(numbers):
            line = lines[number - 1] if number <= len(lines) else ""
            if "-" in hyphens and whole(hyphens).search(line):
                return f"{path}:{number} has it as {hyphens} too"
            field = bare != group.word and f"{group.word} " in line and "attr.ib" in line
            if field and group.within(Role.CLASS_ATTRIBUTE):
                return f"{path}:{number} makes a field of it that is given as {bare}"
    return None


def _callable_places(codebase: Codebase, group: Group) -> Iterator[str]:
    """Python files of base with the word in which something is called like ours."""
    names = "|".join(re.escape(name) for name in sorted(group.callables))
    defined = re.compile(rf"\b(?:def|class)\s+(?:{names})\b".encode())
    for path in codebase.holding(group.word) if group.parameters else ():
        content = codebase.ground.base.bytes_of(path) if path.endswith(".py") else None
        if content and defined.search(content):
            yield path


def _own(use: Use) -> bool:
    return use.occurrence.receiver in ("self", "cls")


def _same_call(each: Definition, group: Group) -> bool:
    if each.owner in ("__init__", "__new__"):
        return each.scope.split(".")[-2] in group.callables
    return each.owner in group.callables
