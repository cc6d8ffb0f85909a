"""Functions that gold hands over as values: whoever calls them may name their parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from swe_audit.alternatives.licence.codebase import Codebase
from swe_audit.alternatives.licence.outcome import Denied, Outcome
from swe_audit.alternatives.licence.syntax import parse
from swe_audit.model.construction import LicenceCheck, RefusalReason


def examine(codebase: Codebase, function: str) -> Outcome:
    """Deny the parameters of a new function that gold mentions without calling it.

    A signal, a thread or a table of handlers passes arguments by the names that it knows.
    """
    ground = codebase.ground
    for path in sorted(ground.added):
        module = parse(ground.gold.read(path)) if path.endswith(".py") else None
        for line in _mentions(module, function) if module is not None else ():
            text = f"{path}:{line} hands {function} over, and its caller may name the parameters"
            return Denied(reason=RefusalReason.UNKNOWN_CALLER, text=text)
    return (LicenceCheck(rule="framework", text=f"gold calls {function} and nobody else does"),)


def _mentions(module: ast.Module, function: str) -> Iterator[int]:
    """Lines in which a name is read for another purpose than to call it or to set its attribute."""
    used = {
        id(part)
        for node in ast.walk(module)
        for part in (getattr(node, "func", None), getattr(node, "value", None))
        if part is not None and isinstance(node, ast.Call | ast.Attribute)
    }
    for node in ast.walk(module):
        if not isinstance(node, ast.Name | ast.Attribute) or not isinstance(node.ctx, ast.Load):
            continue
        name = node.attr if isinstance(node, ast.Attribute) else node.id
        if name == function and id(node) not in used:
            yield node.lineno
