"""Where gold uses a new word for something that is not its own: another package's, or a key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from swe_audit.alternatives.constructions.languages.syntax import Code, is_go

_EXPORTS = re.compile(r"^(?:module\.)?exports$")
_OWN = re.compile(r"^(?:\.{1,2}(?:/|$)|[@~]/|src/|app/)")


def foreign_use(code: Code, word: str, *, member: bool, module: str) -> str | None:
    """Return what a file takes by that name from elsewhere, None where all of it may be gold's.

    ``member`` says that gold gives the name to a method or field. ``module`` is the path by which
    Go knows the repository itself.
    """
    search = _go if is_go(code.path) else _script
    return next(search(code, word, member, module), None)


def _named(code: Code, word: str) -> Iterator[Any]:
    for node in code.walk():
        leaf = not node.children and node.type.endswith(("identifier", "identifier_pattern"))
        if leaf and code.said(node) == word:
            yield node


def _go(code: Code, word: str, member: bool, module: str) -> Iterator[str]:
    packages = _go_imports(code)
    for node in _named(code, word):
        above = node.parent
        if above.type == "selector_expression" and node == above.child_by_field_name("field"):
            operand = code.said(above.child_by_field_name("operand"))
        elif above.type == "qualified_type" and node == above.child_by_field_name("name"):
            operand = code.said(above.child_by_field_name("package"))
        else:
            continue
        source = packages.get(operand)
        own = source is not None and bool(module) and source.startswith(module)
        if own or (source is None and member):
            continue
        yield f"{code.path}:{code.line(node)} takes .{word} from {source or operand}"


def _go_imports(code: Code) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in code.walk():
        if node.type == "import_spec":
            path = code.said(node.child_by_field_name("path")).strip('"`')
            name = node.child_by_field_name("name")
            parts = [part for part in path.split("/") if not re.fullmatch(r"v\d+", part)]
            last = parts[-1].removeprefix("go-").split(".")[0] if parts else path
            found[code.said(name) if name is not None else last] = path
    return found


def _script(code: Code, word: str, member: bool, _module: str) -> Iterator[str]:
    own = _script_imports(code)
    for node in _named(code, word):
        above = node.parent
        place = f"{code.path}:{code.line(node)}"
        if above.type == "member_expression" and node == above.child_by_field_name("property"):
            owner = code.said(above.child_by_field_name("object"))
            known = member or _EXPORTS.match(owner) or owner in own or owner == "this"
            if not known and not _is_assigned(above):
                yield f"{place} takes .{word} from {owner}"
        elif _is_key(node) and not _is_exported(code, node):
            yield f"{place} has it as a key"


def _is_assigned(node: Any) -> bool:
    above = node.parent
    return bool(above.type == "assignment_expression" and node == above.child_by_field_name("left"))


def _is_key(node: Any) -> bool:
    above = node.parent
    if above.type == "pair":
        return bool(node == above.child_by_field_name("key"))
    return bool(node.type == "shorthand_property_identifier" or above.type == "property_signature")


def _is_exported(code: Code, node: Any) -> bool:
    """Whether a key stands in the object that a module exports."""
    above = node.parent
    while above is not None and above.type in ("pair", "object"):
        above = above.parent
    if above is None:
        return False
    left = above.child_by_field_name("left") if above.type == "assignment_expression" else None
    return above.type == "export_statement" or (
        left is not None and _EXPORTS.match(code.said(left)) is not None
    )


def _script_imports(code: Code) -> frozenset[str]:
    """Return the names under which a file has modules of its own repository."""
    found: set[str] = set()
    for node in code.walk():
        if node.type == "import_statement":
            source = node.child_by_field_name("source")
            clause = [child for child in node.named_children if child.type == "import_clause"]
            if source is not None and clause and _OWN.match(code.said(source).strip("'\"`")):
                found.update(re.findall(r"[\w$]+", code.said(clause[0])))
        elif node.type == "variable_declarator":
            value = node.child_by_field_name("value")
            called = re.match(r"require\((['\"])(.*)\1\)", code.said(value)) if value else None
            if called is not None and _OWN.match(called[2]):
                found.add(code.said(node.child_by_field_name("name")))
    return frozenset(found)
