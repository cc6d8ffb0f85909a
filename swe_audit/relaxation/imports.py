"""The import of a name moved from the top of a test module into the tests that use it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from swe_audit.alternatives.constructions.templates import lines_of, span_of
from swe_audit.model.construction import Edit

Function = ast.FunctionDef | ast.AsyncFunctionDef
_SET_UP = frozenset({"setUp", "setup", "setup_method", "setUpClass", "setup_class", "asyncSetUp"})
_MODULE_SET_UP = frozenset({"setUpModule", "setup_module", "setup_function"})


class NotMovableError(Exception):
    """A name is used where no import can stand before it; the message says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The edits of one test module, and the tests that then need the name.

    ``tests`` are own names of functions; those that reach the name through a helper, a fixture
    or a set-up of their class are among them.
    """

    edits: tuple[Edit, ...]
    tests: frozenset[str]


def move_import(path: str, text: str, name: str) -> Moved | None:
    """Return how to move a module-level import of ``name``, None where there is none.

    Raise ``NotMovableError`` where the name is used outside functions too, or a function has a
    variable of that name.
    """
    module = ast.parse(text)
    found = _imported(module, name)
    if found is None:
        return None
    statement, alias = found
    local = alias.asname or alias.name
    _check_uses(path, module, local)
    users = [function for function in outermost(module) if _uses(function, local)]
    if not users:
        raise NotMovableError(f"{path}:{statement.lineno} imports {name} and no test uses it")
    lines = lines_of(text)
    line = _line(statement, alias)
    edits = [
        _removed(path, text, lines, statement, alias),
        *(_inserted(path, text, lines, function, line) for function in users),
    ]
    return Moved(edits=tuple(edits), tests=reaching(module, {function.name for function in users}))


def define_instead(path: str, text: str, name: str, definition: str) -> Moved | None:
    """Return how to define a name in the test module itself, None where it does not import it.

    For what decides which tests run, or how they are set up. Raise ``NotMovableError`` where a
    test's own body uses the name: a test of a definition of its own would test nothing.
    """
    module = ast.parse(text)
    found = _imported(module, name)
    if found is None:
        return None
    statement, alias = found
    if alias.asname is not None:
        raise NotMovableError(f"{path}:{statement.lineno} imports {name} under another name")
    for function in outermost(module):
        for each in function.body:
            for node in ast.walk(each):
                if isinstance(node, ast.Name) and node.id == name:
                    raise NotMovableError(f"{path}:{node.lineno} uses {name} in a test's own body")
    lines = lines_of(text)
    last = max(
        each.end_lineno or each.lineno
        for each in module.body
        if isinstance(each, ast.Import | ast.ImportFrom)
    )
    place = lines[last + 1] if last + 1 < len(lines) else len(text)
    edits = (
        _removed(path, text, lines, statement, alias),
        Edit(path=path, start=place, end=place, text=f"\n{definition.strip()}\n"),
    )
    return Moved(edits=edits, tests=frozenset())


def _imported(
    module: ast.Module, name: str
) -> tuple[ast.Import | ast.ImportFrom, ast.alias] | None:
    for statement in module.body:
        if isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                if alias.name == name:
                    return statement, alias
    return None


def _line(statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    renamed = f" as {alias.asname}" if alias.asname else ""
    if isinstance(statement, ast.Import):
        return f"import {alias.name}{renamed}"
    return f"from {'.' * statement.level}{statement.module or ''} import {alias.name}{renamed}"


def outermost(module: ast.Module) -> Iterator[Function]:
    """Yield the functions of a module and of its classes, none that stands inside another."""
    waiting: list[ast.AST] = [module]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, Function):
                yield node
            else:
                waiting.append(node)


def _check_uses(path: str, module: ast.Module, local: str) -> None:
    inside = {
        id(node)
        for function in outermost(module)
        for statement in function.body
        for node in ast.walk(statement)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and node.id == local:
            if id(node) not in inside:
                raise NotMovableError(f"{path}:{node.lineno} uses {local} outside of functions")
            if not isinstance(node.ctx, ast.Load):
                raise NotMovableError(f"{path}:{node.lineno} binds {local} anew")
        if isinstance(node, ast.arg) and node.arg == local:
            raise NotMovableError(f"{path}:{node.lineno} has an argument called {local}")


def _uses(function: Function, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(function))


def _removed(
    path: str, text: str, lines: list[int], statement: ast.Import | ast.ImportFrom, alias: ast.alias
) -> Edit:
    """Take the name out of its import; the line goes where nothing else is imported there."""
    start, end = span_of(statement, lines, text)
    others = [each for each in statement.names if each is not alias]
    if others:
        at = statement.names.index(alias)
        spans = [_alias_span(each, lines, text) for each in statement.names]
        if at + 1 < len(spans):
            return Edit(path=path, start=spans[at][0], end=spans[at + 1][0], text="")
        return Edit(path=path, start=spans[at - 1][1], end=spans[at][1], text="")
    after = text.find("\n", end)
    alone = after >= 0 and not text[end:after].strip()
    return Edit(
        path=path, start=start, end=after + 1 if alone else end, text="" if alone else "pass"
    )


def _alias_span(alias: ast.alias, lines: list[int], text: str) -> tuple[int, int]:
    place = ast.copy_location(ast.Name(id=alias.name), alias)
    return span_of(place, lines, text)


def _inserted(path: str, text: str, lines: list[int], function: Function, line: str) -> Edit:
    """Put an import first into a function's body, behind its documentation."""
    body = function.body
    documented = (
        isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
        and isinstance(body[0].value.value, str)
        and len(body) > 1
    )
    first = body[1] if documented else body[0]
    row = min((each.lineno for each in getattr(first, "decorator_list", ())), default=first.lineno)
    start = lines[row]
    if row == function.lineno or text[start : start + first.col_offset].strip():
        raise NotMovableError(f"{path}:{row} has a body on the line of its head")
    indent = text[start : start + first.col_offset]
    return Edit(path=path, start=start, end=start, text=f"{indent}{line}\n\n")


def reaching(module: ast.Module, names: set[str]) -> frozenset[str]:
    """Return the functions that reach some others by their name, those others among them."""
    reached = set(names)
    functions = list(outermost(module))
    grown = True
    while grown:
        grown = False
        for function in functions:
            if function.name not in reached and reached & _mentioned(function):
                reached.add(function.name)
                grown = True
        for holder in ast.walk(module):
            if isinstance(holder, ast.ClassDef):
                mine = {each.name for each in holder.body if isinstance(each, Function)}
                if mine & reached & _SET_UP and not mine <= reached:
                    reached |= mine
                    grown = True
    if reached & _MODULE_SET_UP:
        reached |= {function.name for function in functions}
    return frozenset(reached)


def _mentioned(function: Function) -> set[str]:
    """Return the names that a function takes, calls, or asks a fixture for."""
    found = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    found |= {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
    found |= {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    return found | {
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
