"""Rename what gold introduces: functions, classes, members, constants, modules, parameters."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterator

from swe_audit.alternatives.constructions.name.definitions import Role
from swe_audit.alternatives.constructions.name.group import Group, groups
from swe_audit.alternatives.constructions.name.licensing import ambiguous, examine
from swe_audit.alternatives.constructions.name.replacement import pick
from swe_audit.alternatives.constructions.name.uses import Uses
from swe_audit.alternatives.ground import Ground
from swe_audit.alternatives.licence.codebase import Codebase
from swe_audit.alternatives.licence.outcome import Denied
from swe_audit.model.construction import ConstructionKind, RefusalReason, Refused, Site


def names(ground: Ground) -> Iterator[Site | Refused]:
    """Yield a site or a refusal for each name that gold introduces, in the order of the gold files.

    One name is one detail, whatever it stands for: a parameter and the attribute that keeps its
    value are renamed together, for nothing but the name ties them.
    """
    codebase = Codebase(ground)
    for group in groups(codebase):
        yield _answer(codebase, group)


def _answer(codebase: Codebase, group: Group) -> Site | Refused:
    uses = Uses(codebase, group)
    outcome = examine(codebase, group, uses)
    if isinstance(outcome, Denied):
        return _refused(group, outcome.reason, outcome.text)
    problem = ambiguous(codebase, group, uses)
    if problem is not None:
        return _refused(group, RefusalReason.NOT_EDITABLE, problem)
    first = group.first
    replacement = pick(group.word, first.role, lambda each: _is_free(codebase, each))
    if replacement is None:
        return _refused(group, RefusalReason.NO_WORDING, "every proposed name is in use")
    return Site(
        kind=ConstructionKind.NAME,
        symbol=_symbol(group),
        detail=group.word,
        replacement=replacement,
        scope=first.scope,
        path=first.path,
        line=first.line,
        edits=uses.edits(uses.in_gold, replacement),
        mirror=uses.edits(uses.in_tests, replacement),
        moves=_moves(group, replacement),
        checks=outcome,
    )


def _refused(group: Group, reason: RefusalReason, text: str) -> Refused:
    first = group.first
    return Refused(
        kind=ConstructionKind.NAME,
        symbol=_symbol(group),
        detail=group.word,
        scope=first.scope,
        path=first.path,
        line=first.line,
        reason=reason,
        text=text,
    )


def _symbol(group: Group) -> str:
    roles = dict.fromkeys(each.role for each in group.definitions)
    return " and ".join(role.value for role in Role if role in roles)


def _moves(group: Group, replacement: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (each.path, f"{each.path.rpartition('/')[0]}/{replacement}.py".lstrip("/"))
        for each in group.within(Role.MODULE)
    )


def _is_free(codebase: Codebase, word: str) -> bool:
    """Whether no file of any tree holds a name, not even as a part of a longer one."""
    if keyword.iskeyword(word) or hasattr(builtins, word):
        return False
    raw = word.encode()
    ground = codebase.ground
    for tree in (ground.base, ground.gold, ground.tests):
        files = ground.base.files.values() if tree is ground.base else tree.changed.values()
        if any(content is not None and raw in content for content in files):
            return False
    return word not in ground.task.statement
