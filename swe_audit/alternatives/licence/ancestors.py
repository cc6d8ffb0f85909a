"""What a class inherits: from the task's image where it was looked up, else from the gold tree."""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import sys
import textwrap
from collections.abc import Iterator
from functools import lru_cache

from swe_audit.alternatives.ground import Ancestry
from swe_audit.alternatives.licence.codebase import Codebase, module_path
from swe_audit.alternatives.licence.syntax import built_beginnings, parse

_DEPTH = 12
_HANDS_OFF = frozenset({"antigravity", "idlelib", "test", "this", "tkinter", "turtle"})
"""Modules of the standard library that do something when they are imported."""

_NOTHING = Ancestry()
_UNKNOWN = Ancestry(resolved=False)


def ancestry(codebase: Codebase, path: str, qualname: str) -> Ancestry:
    """Return what a class of gold inherits, its own members left out.

    ``resolved`` is False where a base is neither in the tree nor in the standard library and the
    task's image was not asked.
    """
    known = codebase.ground.ancestry.get((path, qualname))
    if known is not None:
        return known
    module = parse(codebase.ground.gold.read(path))
    node = class_in(module, qualname) if module else None
    if module is None or node is None:
        return _UNKNOWN
    return _of_bases(codebase, path, module, node, 0)


def class_in(module: ast.Module, qualname: str) -> ast.ClassDef | None:
    """Return the class of that dotted name in a module, functions not entered."""
    body: list[ast.stmt] = module.body
    node = None
    for name in qualname.split("."):
        node = next((each for each in flat(body) if _is_class(each, name)), None)
        if not isinstance(node, ast.ClassDef):
            return None
        body = node.body
    return node if isinstance(node, ast.ClassDef) else None


def flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a block, those under if, try and with included."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            for block in ("body", "orelse", "finalbody"):
                yield from flat(getattr(statement, block, []))
            for handler in getattr(statement, "handlers", []):
                yield from flat(handler.body)


def own_members(node: ast.ClassDef) -> frozenset[str]:
    """Return what a class defines, sets on itself, or asks of itself: its subclasses' hooks too."""
    found: set[str] = set()
    for statement in flat(node.body):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(statement.name)
            first = next(iter([*statement.args.posonlyargs, *statement.args.args]), None)
            found.update(
                part.attr
                for part in ast.walk(statement)
                if isinstance(part, ast.Attribute)
                and isinstance(part.value, ast.Name)
                and first is not None
                and part.value.id == first.arg
            )
        elif isinstance(statement, ast.ClassDef):
            found.add(statement.name)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                found.update(each.id for each in ast.walk(target) if isinstance(each, ast.Name))
    return frozenset(found)


def _is_class(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.ClassDef) and node.name == name


def _of_bases(
    codebase: Codebase, path: str, module: ast.Module, node: ast.ClassDef, depth: int
) -> Ancestry:
    result = _NOTHING
    for base in node.bases:
        for part in _unwrapped(base):
            result = _joined(result, _of_base(codebase, path, module, part, depth))
    return result


def _unwrapped(base: ast.expr) -> list[ast.expr]:
    """A base class behind a subscript, or behind a call that puts a metaclass on it."""
    if isinstance(base, ast.Subscript):
        return [base.value]
    if isinstance(base, ast.Call):
        name = ast.unparse(base.func).rpartition(".")[2]
        if name == "with_metaclass":
            return list(base.args[1:])
        if name in ("namedtuple", "NamedTuple"):
            return [ast.Name(id="tuple", ctx=ast.Load())]
    return [base]


def _of_base(
    codebase: Codebase, path: str, module: ast.Module, base: ast.expr, depth: int
) -> Ancestry:
    name = ast.unparse(base)
    if not isinstance(base, ast.Name | ast.Attribute) or depth > _DEPTH:
        return Ancestry(bases=(name,), resolved=False)
    return _named(codebase, path, module, name, depth)


def _named(codebase: Codebase, path: str, module: ast.Module, name: str, depth: int) -> Ancestry:
    """What a class inherits from the class that a dotted name means in a module."""
    node = class_in(module, name)
    if node is not None:
        above = _of_bases(codebase, path, module, node, depth + 1)
        members = own_members(node) | built_beginnings(node)
        return _joined(Ancestry(bases=(name,), members=members), above)
    head, _, rest = name.partition(".")
    for source, original in _imports(module, head):
        target = f"{original}.{rest}".strip(".")
        found = _imported(codebase, path, source, target, depth + 1)
        if found is not None:
            return found
    if not rest and isinstance(getattr(builtins, name, None), type):
        return _of_type(getattr(builtins, name))
    return Ancestry(bases=(name,), resolved=False)


def _imports(module: ast.Module, head: str) -> Iterator[tuple[str, str]]:
    """The (module, name) pairs that a name may be imported as, star imports last."""
    stars = []
    for node in flat(module.body):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname == head:
                    yield alias.name, ""
                elif alias.asname is None and alias.name.split(".")[0] == head:
                    yield head, ""
        elif isinstance(node, ast.ImportFrom):
            source = "." * node.level + (node.module or "")
            for alias in node.names:
                if alias.name == "*":
                    stars.append((source, head))
                elif (alias.asname or alias.name) == head:
                    yield source, alias.name
    yield from stars


def _imported(
    codebase: Codebase, path: str, source: str, target: str, depth: int
) -> Ancestry | None:
    """What the class ``target`` of a module gives; None where the module has no such class."""
    if depth > _DEPTH or not target:
        return None
    tree = codebase.ground.gold
    head, _, rest = target.partition(".")
    # The first part of what is left may be a submodule: ``from package import module``.
    glue = "" if source.endswith(".") or not source else "."
    for where, what in ((source, target), (f"{source}{glue}{head}", rest)):
        found = module_path(tree, where, path) if what else None
        module = parse(tree.read(found)) if found else None
        if found and module is not None:
            inherited = _named(codebase, found, module, what, depth)
            if inherited.resolved or inherited.members:
                return inherited
            if where == source and rest:
                continue
            return inherited
    return _standard(source, target)


def _standard(source: str, target: str) -> Ancestry | None:
    top = source.split(".")[0]
    if top not in sys.stdlib_module_names or top in _HANDS_OFF or top.startswith("_"):
        return None
    for split in range(target.count(".") + 1):
        pieces = target.split(".")
        found = _load(".".join([source, *pieces[:split]]))
        for piece in pieces[split:]:
            found = getattr(found, piece, None)
        if isinstance(found, type):
            return _of_type(found)
        if callable(found) and source == "typing":
            return Ancestry(bases=(f"typing.{target}",))
    return None


@lru_cache(maxsize=256)
def _load(name: str) -> object:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _of_type(found: type) -> Ancestry:
    bases = tuple(f"{each.__module__}.{each.__qualname__}" for each in found.__mro__[:-1])
    built = frozenset().union(*(_built(each) for each in found.__mro__[:-1]))
    return Ancestry(bases=bases or ("object",), members=built | frozenset(dir(found)))


@lru_cache(maxsize=256)
def _built(found: type) -> frozenset[str]:
    """What a class of the standard library looks up by its beginning; C code has no source."""
    try:
        module = parse(textwrap.dedent(inspect.getsource(found)))
    except (OSError, TypeError):
        return frozenset()
    node = module.body[0] if module and module.body else None
    return built_beginnings(node) if isinstance(node, ast.ClassDef) else frozenset()


def _joined(one: Ancestry, other: Ancestry) -> Ancestry:
    return Ancestry(
        bases=(*one.bases, *(each for each in other.bases if each not in one.bases)),
        members=one.members | other.members,
        resolved=one.resolved and other.resolved,
    )
