"""How other files reach a definition that moves to another module, and the edits for that."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from swe_audit.alternatives.constructions.messages import dotted
from swe_audit.alternatives.constructions.templates import lines_of, span_of
from swe_audit.alternatives.licence.codebase import dotted_name, module_path
from swe_audit.model.construction import Edit
from swe_audit.model.tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A definition called ``name`` goes from the module at ``path`` to its new sibling ``stem``."""

    name: str
    path: str
    stem: str

    @property
    def is_package(self) -> bool:
        """Whether the old module is a package's own."""
        return self.path.endswith("/__init__.py")

    def module(self, written: str) -> str:
        """Return how an importer writes the new module that wrote the old one so."""
        if self.is_package:
            return f"{written}{'' if written.endswith('.') else '.'}{self.stem}"
        head, _, _ = written.rpartition(".")
        return f"{head}.{self.stem}" if head or written.startswith(".") else self.stem


def importing(tree: Tree, path: str, move: Move) -> list[Edit] | None:
    """Return the edits that make a file import the definition from its new module.

    None where the file may reach it in some other way, or cannot be read.
    """
    text = tree.read(path)
    try:
        module = ast.parse(text or "")
    except (SyntaxError, ValueError, RecursionError):
        return None
    assert text is not None
    lines = lines_of(text)
    edits: list[Edit] = []
    for node in ast.walk(module):
        if _odd(node, move.name):
            return None
        if not isinstance(node, ast.ImportFrom):
            continue
        names = {alias.name for alias in node.names}
        written = "." * node.level + (node.module or "")
        if not names & {move.name, "*"}:
            continue
        start, end = span_of(node, lines, text)
        own_line = not text[start - node.col_offset : start].strip()
        # From another module it is perhaps the same definition, handed on.
        if "*" in names or not own_line or module_path(tree, written, path) != move.path:
            return None
        edits.append(Edit(path=path, start=start, end=end, text=_split(node, written, move)))
    return edits


def _odd(node: ast.AST, name: str) -> bool:
    """Whether something may be the definition, and only a run would tell."""
    if isinstance(node, ast.Attribute):
        return node.attr == name
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(rf"(?:\.|^){name}$", node.value) is not None
    )


def testing(tree: Tree, path: str, move: Move) -> Iterator[Edit]:
    """Yield the edits that make a test reach the definition in its new module.

    Imports, ``module.name``, and dotted names in strings, as for patching.
    """
    text = tree.read(path)
    try:
        module = ast.parse(text or "")
    except (SyntaxError, ValueError, RecursionError):
        return
    assert text is not None
    lines = lines_of(text)
    aliases = set(_aliases(tree, module, path, move))
    old = dotted_name(move.path)
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            written = "." * node.level + (node.module or "")
            named = any(alias.name == move.name for alias in node.names)
            if named and module_path(tree, written, path) == move.path:
                start, end = span_of(node, lines, text)
                yield Edit(path=path, start=start, end=end, text=_split(node, written, move))
        elif isinstance(node, ast.Attribute) and node.attr == move.name:
            if dotted(node.value) in aliases:
                _, end = span_of(node.value, lines, text)
                yield Edit(path=path, start=end, end=end, text=f".{move.stem}")
        elif isinstance(node, ast.Call) and len(node.args) > 1:
            owner, name = node.args[0], node.args[1]
            named = isinstance(name, ast.Constant) and name.value == move.name
            if named and dotted(owner) in aliases:
                _, end = span_of(owner, lines, text)
                yield Edit(path=path, start=end, end=end, text=f".{move.stem}")
    pattern = rf"(?<=[\"']){re.escape(old)}(?=\.{move.name}\b)"
    for found in re.finditer(pattern, text):
        yield Edit(path=path, start=found.end(), end=found.end(), text=f".{move.stem}")


def _aliases(tree: Tree, module: ast.Module, path: str, move: Move) -> Iterator[str]:
    """Yield how a file calls the old module."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if module_path(tree, alias.name, path) == move.path:
                    yield alias.asname or alias.name
        elif isinstance(node, ast.ImportFrom):
            written = "." * node.level + (node.module or "")
            for alias in node.names:
                whole = f"{written}{'' if written.endswith('.') else '.'}{alias.name}"
                if module_path(tree, whole, path) == move.path:
                    yield alias.asname or alias.name


def _split(node: ast.ImportFrom, written: str, move: Move) -> str:
    """Return an import of several names as two, the moved one from its new module."""

    def said(alias: ast.alias) -> str:
        return f"{alias.name} as {alias.asname}" if alias.asname else alias.name

    moved = ", ".join(said(alias) for alias in node.names if alias.name == move.name)
    others = [said(alias) for alias in node.names if alias.name != move.name]
    pad = " " * node.col_offset
    text = f"from {move.module(written)} import {moved}"
    if others:
        text = f"from {written} import ({', '.join(others)})\n{pad}{text}"
    return text
