"""What a Go, JavaScript or TypeScript file defines for others to use, and what it has as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from swe_audit.alternatives.constructions.languages.syntax import Code, is_go, receiver_type


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A name that a file gives to something; ``scope`` is the type or class that it belongs to.

    ``obstacle`` says why it cannot be changed by itself, empty where nothing stands against it.
    """

    word: str
    symbol: str
    scope: str
    path: str
    line: int
    obstacle: str = ""


def definitions(code: Code) -> Iterator[Definition]:
    """Yield what a file defines at its top and in its types and classes, in the file's order."""
    for node in code.walk():
        for name, symbol, scope, obstacle in (_go if is_go(code.path) else _script)(code, node):
            yield Definition(
                word=code.said(name),
                symbol=symbol,
                scope=scope,
                path=code.path,
                line=code.line(name),
                obstacle=obstacle,
            )


_Found = tuple[Any, str, str, str]


def _go(code: Code, node: Any) -> Iterator[_Found]:
    name = node.child_by_field_name("name")
    if node.type == "function_declaration":
        yield name, "function", "", ""
    elif node.type == "method_declaration":
        receiver = receiver_type(code.said(node.child_by_field_name("receiver")))
        yield name, "method", receiver, ""
    elif node.type in ("type_spec", "type_alias") and _at_top(node):
        yield name, "type", "", ""
    elif node.type in ("const_spec", "var_spec") and _at_top(node):
        symbol = "constant" if node.type == "const_spec" else "variable"
        for each in node.children_by_field_name("name"):
            yield each, symbol, "", ""
    elif node.type == "field_declaration":
        yield from _go_fields(code, node)


def _go_fields(code: Code, node: Any) -> Iterator[_Found]:
    owner = node.parent
    while owner is not None and owner.type != "type_spec":
        owner = owner.parent
    scope = code.said(owner.child_by_field_name("name")) if owner is not None else ""
    obstacle = ""
    if node.child_by_field_name("tag") is not None:
        obstacle = "the field has a tag, so other software reads it by name"
    elif _REFLECTION.search(code.text):
        obstacle = "the file writes or reads its types by reflection"
    for name in node.children_by_field_name("name"):
        yield name, "field", scope, obstacle


_REFLECTION = re.compile(
    r'"(?:encoding/\w+|reflect|text/template|html/template|[\w./-]*(?:yaml|toml|mapstructure|gorm'
    r'|sqlx|envconfig|viper|bson|msgpack)[\w./-]*)"'
)


def _at_top(node: Any) -> bool:
    above = node.parent
    while above is not None and above.type in (
        "type_declaration", "const_declaration", "var_declaration", "var_spec_list",
        "lexical_declaration", "variable_declaration", "export_statement",
    ):  # fmt: skip
        above = above.parent
    return above is not None and above.type in ("source_file", "program")


def _script(code: Code, node: Any) -> Iterator[_Found]:
    name = node.child_by_field_name("name")
    if node.type in _NAMED_TYPES and name is not None and _at_top(node):
        yield name, _NAMED_TYPES[node.type], "", ""
    elif node.type == "variable_declarator" and name.type == "identifier" and _at_top(node):
        value = node.child_by_field_name("value")
        made = value is not None and value.type in _FUNCTIONS
        yield name, "function" if made else "constant", "", _bound(value)
    elif node.type == "method_definition" and name.type == "property_identifier":
        yield from _member(code, node, name)
    elif node.type == "assignment_expression":
        yield from _assigned(code, node)


_NAMED_TYPES = {
    "function_declaration": "function",
    "generator_function_declaration": "function",
    "class_declaration": "class",
    "abstract_class_declaration": "class",
    "interface_declaration": "type",
    "type_alias_declaration": "type",
    "enum_declaration": "type",
}
_FUNCTIONS = frozenset({"arrow_function", "function_expression", "function", "generator_function"})


def _bound(value: Any) -> str:
    """A constant that holds a module or a call's result may go by its name elsewhere."""
    called = value.child_by_field_name("function") if value is not None else None
    return "it stands for a module" if called is not None and called.text == b"require" else ""


def _member(code: Code, node: Any, name: Any) -> Iterator[_Found]:
    body = node.parent
    owner = body.parent if body is not None else None
    if body is None or body.type != "class_body" or owner is None:
        return  # a method of an object literal: a key, which anybody may look up
    scope = owner.child_by_field_name("name")
    heritage = any(child.type == "class_heritage" for child in owner.children)
    said = "the class has ancestors, whose members are not known" if heritage else ""
    if any(child.type == "decorator" for child in node.children) or _decorated(node):
        said = "a decorator registers it"
    yield name, "method", code.said(scope) if scope is not None else "", said


def _decorated(node: Any) -> bool:
    before = node.prev_named_sibling
    return before is not None and before.type == "decorator"


def _assigned(code: Code, node: Any) -> Iterator[_Found]:
    """``Owner.name = function``, as modules without classes have it."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left.type != "member_expression" or right.type not in _FUNCTIONS:
        return
    owner, name = left.child_by_field_name("object"), left.child_by_field_name("property")
    if owner.type == "identifier" and name.type == "property_identifier":
        scope = code.said(owner)
        yield (
            name,
            "function",
            "" if scope in ("exports", "module") else scope,
            _of_prototype(scope),
        )


def _of_prototype(scope: str) -> str:
    return "it belongs to what the browser or runtime has" if scope in _GLOBALS else ""


_GLOBALS = frozenset({"window", "document", "globalThis", "global", "self", "process", "this"})
_TEXTS = frozenset(
    {
        "interpreted_string_literal", "raw_string_literal", "rune_literal", "string_fragment",
        "regex_pattern", "jsx_text", "escape_sequence",
    }
)  # fmt: skip


@lru_cache(maxsize=64)
def text_spans(code: Code) -> tuple[tuple[int, int], ...]:
    """Return where a file has text instead of code, quotes of Go strings included."""
    return tuple(code.span(node) for node in code.walk() if node.type in _TEXTS)
