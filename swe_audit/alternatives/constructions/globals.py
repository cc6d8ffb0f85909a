"""What a definition takes from its module: the names it reads, and the imports that bind them."""

from __future__ import annotations

import ast
import builtins
import symtable

from swe_audit.alternatives.constructions.source import Definition, Source

Import = ast.Import | ast.ImportFrom


def bound_name(node: ast.stmt) -> str | None:
    """Return the one name that a statement at module level defines, None for any other."""
    if isinstance(node, Definition):
        return node.name
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        return target.id if isinstance(target, ast.Name) else None
    return None


def read_names(text: str) -> frozenset[str] | None:
    """Return the names that some code reads and does not bind, builtins left out; None if odd."""
    try:
        table = symtable.symtable(text, "<definition>", "exec")
    except (SyntaxError, ValueError):
        return None
    found: set[str] = set()
    waiting = [table]
    while waiting:
        here = waiting.pop()
        top = here.get_type() == "module"
        found.update(
            symbol.get_name()
            for symbol in here.get_symbols()
            if symbol.is_referenced() and (symbol.is_global() or (top and not symbol.is_assigned()))
        )
        waiting.extend(here.get_children())
    bound = {each.get_name() for each in table.get_symbols() if each.is_assigned()}
    return frozenset(found - bound - set(dir(builtins)))


def imports_for(source: Source, names: frozenset[str], before: int) -> list[str] | None:
    """Return the import statements, each for one name, that bind some names above a line.

    Those from ``__future__`` always come with them. None where a name comes from elsewhere: the
    module's own definitions, imports under a condition, or star imports.
    """
    lines = []
    wanted = set(names)
    for node in source.module.body:
        if not isinstance(node, Import) or node.lineno >= before:
            continue
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            if name in wanted or future:
                lines.append(_import(node, alias))
                if alias.asname or "." not in alias.name:
                    wanted.discard(name)
        # ``import a.b`` and ``import a.c`` both bind ``a``, and both are needed.
    bound = {line.removeprefix("import ").split(".")[0] for line in lines if "." in line}
    return lines if not wanted - bound else None


def bindings(source: Source, name: str) -> int:
    """Count the places of a module that bind a name, in any scope."""
    count = 0
    for node in ast.walk(source.module):
        if isinstance(node, ast.Name):
            count += node.id == name and not isinstance(node.ctx, ast.Load)
        elif isinstance(node, Definition):
            count += node.name == name
        elif isinstance(node, ast.arg):
            count += node.arg == name
        elif isinstance(node, ast.alias):
            count += (node.asname or node.name.split(".")[0]) == name
        elif isinstance(node, ast.Global | ast.Nonlocal):
            count += node.names.count(name)
        elif isinstance(node, ast.ExceptHandler):
            count += node.name == name
    return count


def _import(node: Import, alias: ast.alias) -> str:
    said = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
    if isinstance(node, ast.Import):
        return f"import {said}"
    return f"from {'.' * node.level}{node.module or ''} import {said}"
