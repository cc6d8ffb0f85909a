"""Rename what gold introduces in Go, JavaScript and TypeScript.

Only a name that stands nowhere in the base tree's code is looked at: then each place that has it
is gold's or the tests' own, whatever it stands for, and no types have to be known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from swe_audit.alternatives.constructions.languages import framework
from swe_audit.alternatives.constructions.languages.definitions import (
    Definition,
    definitions,
    text_spans,
)
from swe_audit.alternatives.constructions.languages.syntax import Code, is_go, is_readable, read
from swe_audit.alternatives.constructions.languages.uses import foreign_use
from swe_audit.alternatives.constructions.name.definitions import Role
from swe_audit.alternatives.constructions.name.replacement import proposals
from swe_audit.alternatives.ground import Ground
from swe_audit.alternatives.licence import convention, hints, statement
from swe_audit.alternatives.licence.outcome import Denied, Outcome
from swe_audit.model.construction import (
    ConstructionKind,
    Edit,
    LicenceCheck,
    RefusalReason,
    Refused,
    Site,
)
from swe_audit.model.paths import is_docs_path, is_generated_path
from swe_audit.model.tree import Tree

_ROLES = {
    "function": Role.FUNCTION,
    "method": Role.METHOD,
    "type": Role.CLASS,
    "class": Role.CLASS,
    "constant": Role.CONSTANT,
    "variable": Role.CONSTANT,
    "field": Role.ATTRIBUTE,
}


def names(ground: Ground) -> Iterator[Site | Refused]:
    """Yield a site or a refusal for each name that gold introduces, in the order of its files.

    One name is one detail, whatever it stands for.
    """
    seen: set[str] = set()
    for it in _introduced(ground):
        if it.word not in seen:
            seen.add(it.word)
            yield _answer(ground, it)


def _introduced(ground: Ground) -> Iterator[Definition]:
    for path in sorted(ground.added):
        if not is_readable(path) or is_generated_path(path):
            continue
        code = read(path, ground.gold.read(path) or "")
        base = read(path, ground.base.read(path) or "")
        if code is None:
            continue
        known = {(each.word, each.scope) for each in definitions(base)} if base else set()
        for each in definitions(code):
            if each.line in ground.added[path] and (each.word, each.scope) not in known:
                yield each


def _answer(ground: Ground, it: Definition) -> Site | Refused:
    outcome = _examined(ground, it)
    if isinstance(outcome, Denied):
        return _refused(it, outcome)
    elsewhere = _elsewhere(ground, it)
    if elsewhere is not None:
        return _refused(it, Denied(reason=RefusalReason.FRAMEWORK, text=elsewhere))
    edits = _edits(ground.gold, it.word)
    mirror = _mirror(ground, it.word)
    if isinstance(edits, Denied):
        return _refused(it, edits)
    if isinstance(mirror, Denied):
        return _refused(it, mirror)
    trees = (ground.base, ground.gold, ground.tests)
    replacement = next(
        (
            each
            for each in _proposals(it)
            if not any(tree.containing(each) for tree in trees) and each != it.word
        ),
        None,
    )
    if replacement is None:
        denied = Denied(reason=RefusalReason.NO_WORDING, text="every proposed name is in use")
        return _refused(it, denied)
    return Site(
        kind=ConstructionKind.NAME,
        symbol=it.symbol,
        detail=it.word,
        replacement=replacement,
        scope=it.scope,
        path=it.path,
        line=it.line,
        edits=_renamed(edits, replacement),
        mirror=_renamed(mirror, replacement),
        checks=outcome,
    )


def _refused(it: Definition, denied: Denied) -> Refused:
    return Refused(
        kind=ConstructionKind.NAME,
        symbol=it.symbol,
        detail=it.word,
        scope=it.scope,
        path=it.path,
        line=it.line,
        reason=denied.reason,
        text=denied.text,
    )


def _examined(ground: Ground, it: Definition) -> Outcome:
    """Return every check of the evidence rules, or the first denial."""
    checks: list[LicenceCheck] = []
    for outcome in _outcomes(ground, it):
        if isinstance(outcome, Denied):
            return outcome
        checks.extend(outcome or ())
    return tuple(dict.fromkeys(checks))


def _outcomes(ground: Ground, it: Definition) -> Iterator[Outcome | None]:
    task = ground.task
    yield framework.reserved(it)
    yield _identity(ground, it)
    yield statement.examine(task.statement, it.word)
    uses = sum(len(_places(ground.gold, path, it.word)) for path in ground.gold.containing(it.word))
    uses += sum(len(_places(ground.tests, path, it.word)) for path in ground.test_paths)
    yield framework.member(it, used=uses > 1)
    base = read(it.path, ground.base.read(it.path) or "")
    siblings = [
        each.word
        for each in (definitions(base) if base else ())
        if each.symbol == it.symbol and each.scope == it.scope
    ]
    yield convention.shared_prefix(it.word, siblings, task.statement)
    yield hints.examine(task.hints, it.word)


def _identity(ground: Ground, it: Definition) -> Outcome:
    """Deny a word that the base tree's code has: what it means there is not known."""
    holding = ground.base.containing(it.word)
    code = [path for path in holding if not is_docs_path(path)]
    if code:
        return Denied(reason=RefusalReason.IN_BASE, text=f"{code[0]} has it in base")
    said = f"; {holding[0]} has it as text" if holding else ""
    text = f"{it.word} stands nowhere in the code of the base tree{said}"
    return (
        LicenceCheck(rule="identity", text=text),
        LicenceCheck(rule="base_tests", text="the base tests do not use it"),
    )


def _elsewhere(ground: Ground, it: Definition) -> str | None:
    """Return where gold has the word for something that is not its own, None where nowhere."""
    found = [read(path, ground.gold.read(path) or "") for path in _code(ground.gold, it.word)]
    files = [code for code in found if code is not None]
    member = any(
        each.word == it.word and (each.symbol in ("method", "field") or each.scope)
        for code in files
        for each in definitions(code)
    )
    module = re.search(r"^module (\S+)", ground.gold.read("go.mod") or "", re.MULTILINE)
    own = module[1] if module else ""
    uses = (foreign_use(code, it.word, member=member, module=own) for code in files)
    return next((each for each in uses if each is not None), None)


def _code(tree: Tree, word: str) -> list[str]:
    return [path for path in tree.containing(word) if is_readable(path)]


def _word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w$]){re.escape(word)}(?![\w$])")


def _places(tree: Tree, path: str, word: str) -> list[tuple[int, int]]:
    text = tree.read(path)
    return [match.span() for match in _word(word).finditer(text)] if text is not None else []


def _edits(tree: Tree, word: str) -> tuple[Edit, ...] | Denied:
    """Return where gold has the name, to be filled in, or why it cannot be changed there."""
    edits: list[Edit] = []
    for path in tree.containing(word):
        if is_docs_path(path):
            continue
        code = read(path, tree.read(path) or "") if is_readable(path) else None
        if code is None:
            text = f"{path} has it too, which is no code that can be read here"
            return Denied(reason=RefusalReason.DYNAMIC, text=text)
        for start, end in _places(tree, path, word):
            if _is_text(code, start):
                line = code.text.count("\n", 0, start) + 1
                text = f"{path}:{line} has it in a text, by which it may be looked up"
                return Denied(reason=RefusalReason.DYNAMIC, text=text)
            if _is_attribute(code, start):
                text = f"{path} has it as an attribute of markup"
                return Denied(reason=RefusalReason.DYNAMIC, text=text)
            edits.append(Edit(path=path, start=start, end=end, text=""))
    return tuple(edits)


def _mirror(ground: Ground, word: str) -> tuple[Edit, ...] | Denied:
    """Return where the tests have the name: in their code, and in texts that are nothing else."""
    edits: list[Edit] = []
    for path in ground.tests.containing(word):
        if path not in ground.test_paths:
            continue
        code = read(path, ground.tests.read(path) or "") if is_readable(path) else None
        if code is None:
            text = f"{path} has it, which is no code that can be read here"
            return Denied(reason=RefusalReason.NOT_EDITABLE, text=text)
        for start, end in _places(ground.tests, path, word):
            if not _is_text(code, start) or _names_it(code.text, start, end):
                edits.append(Edit(path=path, start=start, end=end, text=""))
    return tuple(edits)


def _is_text(code: Code, at: int) -> bool:
    return any(start <= at < end for start, end in text_spans(code))


def _names_it(text: str, start: int, end: int) -> bool:
    """Whether a text ends with the name and has it alone, or at the end of a path of names."""
    quote = text[end : end + 1]
    return quote in ('"', "'", "`") and text[start - 1 : start] in (quote, ".")


def _is_attribute(code: Code, at: int) -> bool:
    if is_go(code.path):
        return False
    for node in code.walk():
        if node.type == "jsx_attribute" and code.span(node.children[0])[0] == at:
            return True
    return False


def _proposals(it: Definition) -> Iterator[str]:
    """Yield other names in the style of the language, which has no underscores inside."""
    for each in proposals(it.word, _ROLES[it.symbol]):
        if "_" in each.strip("_") and "_" not in it.word.strip("_") and not it.word.isupper():
            first, *rest = each.split("_")
            yield first + "".join(part.capitalize() for part in rest)
        else:
            yield each


def _renamed(edits: tuple[Edit, ...], replacement: str) -> tuple[Edit, ...]:
    ordered = sorted(edits, key=lambda edit: (edit.path, edit.start))
    return tuple(
        Edit(path=path, start=edit.start, end=edit.end, text=replacement)
        for path, mine in groupby(ordered, key=lambda edit: edit.path)
        for edit in mine
    )
