"""REFACTORING: a helper that gold adds to a class becomes a function beside it, and back.

What it does is the same, and where it is called from too; only who holds it differs.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from swe_audit.alternatives.constructions.messages import dotted
from swe_audit.alternatives.constructions.name.definitions import Definition, Role
from swe_audit.alternatives.constructions.name.group import Group, groups
from swe_audit.alternatives.constructions.name.licensing import examine
from swe_audit.alternatives.constructions.name.reading import Stand
from swe_audit.alternatives.constructions.name.uses import Use, Uses
from swe_audit.alternatives.constructions.source import Function, Source
from swe_audit.alternatives.constructions.templates import lines_of, span_of
from swe_audit.alternatives.ground import Ground
from swe_audit.alternatives.licence import framework
from swe_audit.alternatives.licence.codebase import Codebase, dotted_name
from swe_audit.alternatives.licence.outcome import Denied
from swe_audit.model.construction import ConstructionKind, Edit, LicenceCheck, Refused, Site

_TIED = re.compile(r"\bsuper\b|\b__class__\b|\b__(?!\w*__)\w+|\bnonlocal\b|\byield\b|\bglobal\b")
_SPECIAL_BASE = re.compile(r"Enum|Flag|NamedTuple|TypedDict|Protocol|Structure")
_WHY = "the same statements run with the same values; the class or the module holds the helper"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Helper:
    """A helper with the class that holds it, or that shall; ``static`` says it takes no object."""

    source: Source
    node: Function
    host: ast.ClassDef
    static: bool


def hosts(ground: Ground) -> Iterator[Site | Refused]:
    """Yield a helper that gold adds, held by the module for the class or the other way round.

    Only a helper whose name is new in the tree, that gold alone calls, from one class. A use in
    the tests that cannot follow leaves the helper where it is, and so does a name that is not free.
    """
    codebase = Codebase(ground)
    sources = {source.path: source for source in Source.all_of(ground)}
    for group in groups(codebase):
        first = group.first
        if group.fresh and len(group.definitions) == 1 and first.path in sources:
            yield from _moved(codebase, sources[first.path], group)


def _moved(codebase: Codebase, source: Source, group: Group) -> Iterator[Site | Refused]:
    it = group.first
    uses = Uses(codebase, group)
    if it.role is Role.METHOD:
        helper = _in_class(source, it)
        made = helper and _to_module(helper, uses)
    elif it.role is Role.FUNCTION:
        helper = _for_class(source, it, uses)
        made = helper and _to_class(helper, uses)
    else:
        return
    if not helper or not made:
        return
    outcome = examine(codebase, group, uses)
    if it.role is Role.FUNCTION and not isinstance(outcome, Denied):
        taken = framework.member(codebase, source.path, helper.host.name, it.word)
        outcome = taken if isinstance(taken, Denied) else outcome
    symbol = "helper method" if it.role is Role.METHOD else "helper function"
    if isinstance(outcome, Denied):
        yield Refused(
            kind=ConstructionKind.REFACTORING,
            symbol=symbol,
            detail=it.word,
            scope=it.scope,
            path=it.path,
            line=it.line,
            reason=outcome.reason,
            text=outcome.text,
        )
        return
    edits, mirror, replacement = made
    yield Site(
        kind=ConstructionKind.REFACTORING,
        symbol=symbol,
        detail=it.word,
        replacement=replacement,
        scope=it.scope,
        path=it.path,
        line=it.line,
        edits=edits,
        mirror=mirror,
        checks=(*outcome, LicenceCheck(rule="behaviour", text=_WHY)),
    )


_Made = tuple[tuple[Edit, ...], tuple[Edit, ...], str]
_InTest = Callable[[Use, _Helper, str], Edit | None]


def _in_class(source: Source, it: Definition) -> _Helper | None:
    """Return a method of a class at the top of its module that can do without the class."""
    for host in source.module.body:
        if not isinstance(host, ast.ClassDef) or host.name != it.scope or len(host.body) < 2:
            continue
        for node in host.body:
            if isinstance(node, Function) and node.name == it.word:
                static = it.decorators == ("staticmethod",)
                bound = {each.id for part in host.body for each in _stored(part)}
                plain = (static or not it.decorators) and (static or bool(node.args.args))
                if plain and _movable(source, node) and not bound & set(_outer_names(node)):
                    return _Helper(source=source, node=node, host=host, static=static)
    return None


def _for_class(source: Source, it: Definition, uses: Uses) -> _Helper | None:
    """Return a function that the methods of one class call, and nothing else does."""
    holders = {use.occurrence.inside for use in uses.in_gold if _is_use(use)}
    node = next(
        (n for n in source.module.body if isinstance(n, Function) and n.name == it.word), None
    )
    if node is None or it.decorators or len(holders) != 1 or not _movable(source, node):
        return None
    for host in source.module.body:
        if isinstance(host, ast.ClassDef) and {host.name} == holders and not host.keywords:
            bound = {each.id for part in host.body for each in _stored(part)}
            bases = " ".join(ast.unparse(base) for base in host.bases)
            if not _SPECIAL_BASE.search(bases) and not bound & set(_outer_names(node)):
                return _Helper(source=source, node=node, host=host, static=True)
    return None


def _is_use(use: Use) -> bool:
    return use.occurrence.stand not in (Stand.DEFINITION, Stand.COMMENT)


def _movable(source: Source, node: Function) -> bool:
    """Whether a definition's text may change its indentation and its class."""
    if not source.is_new(node) or not source.alone(node) or source.sees_frames(node):
        return False
    doc = node.body[0] if ast.get_docstring(node) is not None else None
    strings = (
        each
        for part in node.body
        if part is not doc
        for each in ast.walk(part)
        if isinstance(each, ast.Constant | ast.JoinedStr)
    )
    many = any(each.end_lineno != each.lineno for each in strings)
    return not many and not node.name.startswith("__") and not _TIED.search(source.said(node))


def _stored(part: ast.stmt) -> Iterator[ast.Name]:
    if isinstance(part, Function | ast.ClassDef):
        yield ast.Name(id=part.name)
        return
    for each in ast.walk(part):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each


def _outer_names(node: Function) -> Iterator[str]:
    """Names that are looked up where the definition stands: defaults and annotations."""
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    found: list[ast.AST | None] = [
        *arguments.defaults,
        *arguments.kw_defaults,
        *(each.annotation for each in every),
        node.returns,
    ]
    for part in found:
        for each in ast.walk(part) if part is not None else ():
            if isinstance(each, ast.Name):
                yield each.id


def _to_module(helper: _Helper, uses: Uses) -> _Made | None:
    source, node, host = helper.source, helper.node, helper.host
    calls = list(_calls(host, helper))
    used = [use for use in uses.in_gold if _is_use(use)]
    if not calls or {use.path for use in used} != {source.path} or len(used) != len(calls):
        return None
    start, end = _rows(source, node)
    before, _ = _rows(source, host)
    text = textwrap.dedent(source.text[start:end])
    text = re.sub(r"\A@staticmethod[ \t]*\n", "", text) if helper.static else text
    edits = [
        Edit(path=source.path, start=before, end=before, text=f"{text.rstrip()}\n\n\n"),
        Edit(path=source.path, start=start, end=end, text=""),
        *(_function_call(source, helper, call) for call in calls),
    ]
    mirror = _mirrored(uses, helper, _method_in_test)
    return None if mirror is None else (tuple(edits), mirror, node.name)


def _to_class(helper: _Helper, uses: Uses) -> _Made | None:
    source, node, host = helper.source, helper.node, helper.host
    used = [use for use in uses.in_gold if _is_use(use)]
    called = {
        call.func.lineno: call
        for call in ast.walk(host)
        if isinstance(call, ast.Call) and dotted(call.func) == node.name
    }
    plain = all(use.occurrence.stand is Stand.NAME and use.occurrence.scope for use in used)
    inside = all("." in use.occurrence.scope for use in used)
    if not plain or not inside or {use.path for use in used} != {source.path}:
        return None
    if {use.occurrence.line for use in used} != set(called):
        return None
    start, end = _rows(source, node)
    _, after = _rows(source, host.body[-1])
    margin = source.indent(host.body[-1])
    text = textwrap.indent(source.text[start:end].rstrip(), margin)
    prefix = f"{host.name}."
    edits = [
        Edit(path=source.path, start=start, end=end, text=""),
        Edit(path=source.path, start=after, end=after, text=f"\n{margin}@staticmethod\n{text}\n"),
        *(
            Edit(
                path=source.path, start=use.occurrence.start, end=use.occurrence.start, text=prefix
            )
            for use in used
        ),
    ]
    mirror = _mirrored(uses, helper, _function_in_test)
    return None if mirror is None else (tuple(edits), mirror, f"{host.name}.{node.name}")


def _rows(source: Source, node: Function | ast.ClassDef | ast.stmt) -> tuple[int, int]:
    first = [node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))]
    return source.rows(min(first), node.end_lineno or node.lineno)


def _calls(host: ast.ClassDef, helper: _Helper) -> Iterator[ast.Call]:
    """Yield ``self.helper(...)`` in the class's other methods, each by its own name for itself."""
    for method in host.body:
        if not isinstance(method, Function) or method is helper.node or not method.args.args:
            continue
        me = method.args.args[0].arg
        for call in ast.walk(method):
            if isinstance(call, ast.Call) and dotted(call.func) == f"{me}.{helper.node.name}":
                yield call


def _function_call(source: Source, helper: _Helper, call: ast.Call) -> Edit:
    """Return the edit from ``self.helper(a)`` to ``helper(self, a)``, without self if static."""
    assert isinstance(call.func, ast.Attribute)
    start, end = source.span(call.func)
    bracket = source.text.index("(", end) + 1
    given = "" if helper.static else source.said(call.func.value)
    comma = ", " if given and (call.args or call.keywords) else ""
    text = f"{helper.node.name}({given}{comma}"
    return Edit(path=source.path, start=start, end=bracket, text=text)


def _mirrored(uses: Uses, helper: _Helper, one: _InTest) -> tuple[Edit, ...] | None:
    """Return the edits that make the tests follow, None where some use cannot."""
    edits = []
    for use in uses.in_tests:
        if use.occurrence.stand is Stand.COMMENT:
            continue
        edit = one(use, helper, uses.ground.tests.read(use.path) or "")
        if edit is None:
            return None
        edits.append(edit)
    return tuple(edits)


def _method_in_test(use: Use, helper: _Helper, text: str) -> Edit | None:
    it, name = use.occurrence, helper.node.name
    held = f"{helper.host.name}."
    if it.stand is Stand.STRING and text[: it.start].endswith(f".{held}"):
        return Edit(path=use.path, start=it.start - len(held), end=it.start, text="")
    if it.stand is not Stand.ATTRIBUTE:
        return None
    for call in _calls_in(text, name):
        assert isinstance(call.func, ast.Attribute)
        start, end = span_of(call.func, lines_of(text), text)
        if not start <= it.start < end:
            continue
        given = text[slice(*span_of(call.func.value, lines_of(text), text))]
        on_class = given.rpartition(".")[2] == helper.host.name
        given = "" if helper.static or on_class else given
        comma = ", " if given and (call.args or call.keywords) else ""
        module = f'__import__("{dotted_name(helper.source.path)}", fromlist=["{name}"])'
        bracket = text.index("(", end) + 1
        return Edit(path=use.path, start=start, end=bracket, text=f"{module}.{name}({given}{comma}")
    return None


def _function_in_test(use: Use, helper: _Helper, text: str) -> Edit | None:
    it, module = use.occurrence, dotted_name(helper.source.path)
    own = it.stand is Stand.STRING and text[: it.start].endswith(f"{module}.")
    taken = (
        it.stand is Stand.ATTRIBUTE and it.receiver.rpartition(".")[2] == module.rpartition(".")[2]
    )
    if not own and not taken:
        return None
    return Edit(path=use.path, start=it.start, end=it.start, text=f"{helper.host.name}.")


def _calls_in(text: str, name: str) -> Iterator[ast.Call]:
    calls = (each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Call))
    yield from (each for each in calls if getattr(each.func, "attr", "") == name)
