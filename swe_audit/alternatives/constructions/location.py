"""LOCATION: a definition that gold introduces lives in a new module beside its own.

Its place takes an import of the new module, so that everything is imported in the order as
before, and its uses go through that module.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from swe_audit.alternatives.constructions.globals import (
    bindings,
    bound_name,
    imports_for,
    read_names,
)
from swe_audit.alternatives.constructions.importers import Move, importing, testing
from swe_audit.alternatives.constructions.source import Definition, Source
from swe_audit.alternatives.ground import Ground
from swe_audit.alternatives.licence.codebase import dotted_name
from swe_audit.model.construction import (
    ConstructionKind,
    Edit,
    LicenceCheck,
    RefusalReason,
    Refused,
    Site,
)
from swe_audit.model.finding import Confidence, Determinant
from swe_audit.model.paths import is_docs_path, is_test_path

_EXPECTED_HERE = re.compile(
    r"^(?:__\w+__|setup|Command|Migration|Config|register|urlpatterns|app|application|main|logger"
    r"|pytest_\w+|default_\w+|.*AppConfig)$"
)
_SETTINGS = re.compile(r"(?:^|/)(?:conftest|setup|global_settings|settings|conf|urls)\.py$")
_KNOWS_ITS_PLACE = re.compile(r"\b(?:__name__|__file__|__package__|__module__|globals|_getframe)\b")


def locations(ground: Ground) -> Iterator[Site | Refused]:
    """Yield the functions, classes and constants at module level that gold adds, each moved."""
    for source in Source.all_of(ground):
        for node in source.module.body:
            name = bound_name(node)
            if name is not None and source.is_new(node) and source.alone(node):
                yield _moved(ground, source, node, name)


def _moved(ground: Ground, source: Source, node: ast.stmt, name: str) -> Site | Refused:
    def refused(reason: RefusalReason, text: str) -> Refused:
        return Refused(
            kind=ConstructionKind.LOCATION,
            symbol=_symbol(node),
            detail=name,
            scope="",
            path=source.path,
            line=node.lineno,
            reason=reason,
            text=text,
        )

    if _EXPECTED_HERE.match(name) or _SETTINGS.search(source.path):
        return refused(RefusalReason.FRAMEWORK, "a framework looks for it in this module")
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
    start, end = source.rows(first, node.end_lineno or node.lineno)
    text = source.text[start:end]
    if _KNOWS_ITS_PLACE.search(text):
        return refused(RefusalReason.DYNAMIC, "it asks for the module it stands in")
    names = read_names(text)
    imports = None if names is None else imports_for(source, names, first)
    if imports is None:
        return refused(RefusalReason.CIRCULAR_IMPORT, "it uses what its module defines")
    stem = _stem(ground, source, name)
    if stem is None or bindings(source, name) != 1:
        return refused(RefusalReason.NOT_EDITABLE, "its module binds the name more than once")
    move = Move(name=name, path=source.path, stem=stem)
    inside = _inside(source, move, (start, end))
    around = _around(ground, move)
    if inside is None or around is None:
        return refused(RefusalReason.NOT_EDITABLE, "it may be reached in a way that is not seen")
    module = "".join(f"{line}\n" for line in imports) + ("\n\n" if imports else "") + text
    folder = source.path.rpartition("/")[0]
    return Site(
        kind=ConstructionKind.LOCATION,
        symbol=_symbol(node),
        detail=f"{dotted_name(source.path)}.{name}",
        replacement=f"{dotted_name(f'{folder}/{stem}.py')}.{name}",
        scope="",
        path=source.path,
        line=node.lineno,
        edits=(
            Edit(path=f"{folder}/{stem}.py", start=0, end=0, text=module),
            Edit(path=source.path, start=start, end=end, text=f"from . import {stem}\n"),
            *inside,
            *around,
        ),
        mirror=tuple(
            dict.fromkeys(
                edit
                for path in ground.test_paths
                if path.endswith(".py")
                for edit in testing(ground.tests.with_files(_only(ground, source)), path, move)
            )
        ),
        checks=(_stated(ground, source, name),),
    )


def _only(ground: Ground, source: Source) -> dict[str, str | bytes | None]:
    """Return the module that gold adds, for tests import what their own tree does not have."""
    return {} if source.path in ground.tests else {source.path: source.text}


def _inside(source: Source, move: Move, moved: tuple[int, int]) -> list[Edit] | None:
    """Return the edits of the module's own uses, None where it names the definition in a string."""
    edits = []
    for node in ast.walk(source.module):
        if isinstance(node, ast.Constant) and node.value == move.name:
            return None
        # Where a name stands in an f-string is not known before Python 3.12.
        if isinstance(node, ast.JoinedStr) and _holds(node, move.name):
            return None
        if isinstance(node, ast.Name) and node.id == move.name:
            start, _ = source.span(node)
            if not moved[0] <= start < moved[1]:
                edits.append(Edit(path=source.path, start=start, end=start, text=f"{move.stem}."))
    return edits


def _holds(node: ast.AST, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(node))


def _around(ground: Ground, move: Move) -> list[Edit] | None:
    """Return the edits of all other modules that import the definition, None where one is odd."""
    edits = []
    for path in ground.gold.containing(move.name):
        if path == move.path or is_test_path(path) or is_docs_path(path):
            continue
        if not path.endswith(".py"):
            return None
        mine = importing(ground.gold, path, move)
        if mine is None:
            return None
        edits.extend(mine)
    return edits


def _stem(ground: Ground, source: Source, name: str) -> str | None:
    """Return the name of a module that is not there yet; None outside a package."""
    folder = source.path.rpartition("/")[0]
    if f"{folder}/__init__.py" not in ground.gold:
        return None
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).strip("_").lower()
    stem = f"_{plain}_module"
    taken = f"{folder}/{stem}.py" in ground.gold or stem in source.text
    return None if taken else stem


def _stated(ground: Ground, source: Source, name: str) -> LicenceCheck:
    statement = ground.task.statement
    dotted = dotted_name(source.path)
    if source.path in statement or re.search(rf"\b{re.escape(dotted)}\b", statement):
        return LicenceCheck(
            rule="statement",
            text=f"the statement names the module in which {name} is",
            caps=Confidence.SUSPECT,
            determines=Determinant.STATEMENT,
        )
    return LicenceCheck(rule="statement", text=f"the statement does not name {dotted}")


def _symbol(node: ast.stmt) -> str:
    if isinstance(node, Definition):
        return "class" if isinstance(node, ast.ClassDef) else "function"
    return "constant"
