"""A pinned exception class: a class beside it, under a common base, is admitted too."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from swe_audit.alternatives.ground import Ground
from swe_audit.model.finding import Cause
from swe_audit.model.paths import is_test_path
from swe_audit.model.relaxation import Pin, Step
from swe_audit.model.tree import Tree
from swe_audit.relaxation.nouns import NotRelaxableError, Place, Rewrite

_RAISES = re.compile(r"^(?:raises|assertRaises(?:Regexp?|Message)?)$")
_TOO_WIDE = frozenset({"Exception", "BaseException", "object", "Warning"})
_FOR_ARGUMENTS = frozenset({"TypeError", "ValueError"})
"""Python's two classes for an argument that will not do."""


def relax_exception(ground: Ground, pin: Pin, patch: str) -> Iterator[Rewrite]:
    """Yield the assertion with the nearest common base of the class it wants and the one it met.

    ``patch`` is the candidate's, which may define classes. Without such a base both are admitted
    where neither comes of a crash: ``TypeError`` and ``ValueError``, or a class of the project
    that can be imported. Raise ``NotRelaxableError`` for any other two.
    """
    if pin.cause is not Cause.EXCEPTION_TYPE:
        return
    place = Place.of(ground, pin)
    argument = _class_wanted(place)
    wanted, met = _last(ast.unparse(argument)), _last(pin.observed)
    imports: frozenset[tuple[str, str]] = frozenset()
    if {wanted, met} == _FOR_ARGUMENTS:
        written = "(TypeError, ValueError)"
    else:
        try:
            written = _base_written(ground, argument, wanted, met, patch)
        except NotRelaxableError:
            module = "" if _is_builtin(met) else _module_of(ground.base, met)
            if not module:
                raise
            written = f"({ast.unparse(argument)}, {met})"
            imports = frozenset({(pin.path, f"from {module} import {met}")})
    edit = place.replaced(argument, written)
    yield Rewrite(step=Step.EXCEPTION, edits=(edit,), imports=imports)


def _class_wanted(place: Place) -> ast.expr:
    """Return the class that a raising assertion at a place, or around it, asks for."""
    for node in (place.statement, *place.around):
        calls: list[ast.expr] = []
        if isinstance(node, ast.With | ast.AsyncWith):
            calls = [item.context_expr for item in node.items]
        elif node is place.statement and isinstance(node, ast.Expr):
            calls = [node.value]
        for call in calls:
            if isinstance(call, ast.Call) and call.args and _RAISES.match(_name(call)):
                wanted = call.args[0]
                if isinstance(wanted, ast.Name | ast.Attribute):
                    return wanted
    raise NotRelaxableError(f"{place.path}:{place.statement.lineno} names no one exception class")


def _base_written(ground: Ground, argument: ast.expr, wanted: str, met: str, patch: str) -> str:
    theirs = set(_ancestors(ground, met, patch))
    for base in _ancestors(ground, wanted, ""):
        if base in theirs and base not in _TOO_WIDE:
            if _is_builtin(base) or base == wanted:
                return base
            if isinstance(argument, ast.Attribute):
                return f"{ast.unparse(argument.value)}.{base}"
            raise NotRelaxableError(f"the test module has no name for {base}")
    raise NotRelaxableError(f"{wanted} and {met} have no base in common that says anything")


def _ancestors(ground: Ground, name: str, patch: str) -> tuple[str, ...]:
    """Return a class and its bases, the nearest first, of builtins and of the tree's classes."""
    found: list[str] = []
    waiting = [name]
    while waiting:
        one = waiting.pop(0)
        if one in found or not one.isidentifier():
            continue
        found.append(one)
        known = getattr(builtins, one, None)
        if isinstance(known, type):
            waiting.extend(each.__name__ for each in known.__mro__[1:])
        else:
            waiting.extend(_bases(ground.gold, one) or _bases_in(patch.replace("\n+", "\n"), one))
    return tuple(found)


def _bases(tree: Tree, name: str) -> tuple[str, ...]:
    """Return the bases of the first class of that name in a tree."""
    needle = f"class {name}".encode()
    for path in tree.paths():
        if path.endswith(".py") and needle in (tree.bytes_of(path) or b""):
            bases = _bases_in(tree.read(path) or "", name)
            if bases:
                return bases
    return ()


def _bases_in(text: str, name: str) -> tuple[str, ...]:
    found = re.search(rf"^\s*class {re.escape(name)}\(([^)]*)\)", text, re.MULTILINE)
    if found is None:
        return ()
    return tuple(_last(each.strip()) for each in found[1].split(",") if "=" not in each)


def _module_of(tree: Tree, name: str) -> str:
    """Return the module outside the tests that defines an exception, empty without one.

    A tree that is cut down to what gold touches shows it by an import.
    """
    needle = name.encode()
    for path in tree.paths():
        content = tree.bytes_of(path) or b""
        if not path.endswith(".py") or is_test_path(path) or needle not in content:
            continue
        module = _dotted(path)
        try:
            nodes = ast.walk(ast.parse(tree.read(path) or ""))
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in nodes:
            if isinstance(node, ast.ClassDef) and node.name == name:
                return ".".join(module)
            if isinstance(node, ast.ImportFrom) and any(each.name == name for each in node.names):
                if not node.level:
                    return node.module or ""
                package = module if path.endswith("/__init__.py") else module[:-1]
                kept = package[: len(package) - node.level + 1]
                return ".".join([*kept, *([node.module] if node.module else [])])
    return ""


def _dotted(path: str) -> list[str]:
    """Return the parts of the name under which a file can be imported."""
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    return parts[1:] if parts[0] in ("src", "lib") else parts


def _is_builtin(name: str) -> bool:
    return isinstance(getattr(builtins, name, None), type)


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _name(call: ast.Call) -> str:
    return _last(ast.unparse(call.func))
