"""Source files of other languages as syntax trees, with places in characters.

tree-sitter comes with the extra ``languages``; without it nothing is read.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

_GRAMMARS = {
    ".go": ("tree_sitter_go", "language"),
    ".js": ("tree_sitter_javascript", "language"),
    ".jsx": ("tree_sitter_javascript", "language"),
    ".mjs": ("tree_sitter_javascript", "language"),
    ".cjs": ("tree_sitter_javascript", "language"),
    ".ts": ("tree_sitter_typescript", "language_typescript"),
    ".mts": ("tree_sitter_typescript", "language_typescript"),
    ".tsx": ("tree_sitter_typescript", "language_tsx"),
}
_LARGEST = 1_000_000


def is_go(path: str) -> bool:
    """Whether a file is Go by its name."""
    return path.endswith(".go")


def is_readable(path: str) -> bool:
    """Whether a file is in a language that is read here, by its name."""
    return PurePosixPath(path).suffix in _GRAMMARS


def is_installed() -> bool:
    """Whether the extra ``languages`` is there."""
    return _parser(".go") is not None


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """A file that parses without an error; ``node`` is the root of its tree."""

    path: str
    text: str
    node: Any
    offsets: tuple[int, ...] | None

    def span(self, node: Any) -> tuple[int, int]:
        """Return where a node begins and ends, in characters."""
        if self.offsets is None:
            return node.start_byte, node.end_byte
        return self.offsets[node.start_byte], self.offsets[node.end_byte]

    def said(self, node: Any) -> str:
        """Return a node's text."""
        start, end = self.span(node)
        return self.text[start:end]

    def line(self, node: Any) -> int:
        """Return the line, counted from 1, on which a node begins."""
        return int(node.start_point[0]) + 1

    def walk(self) -> Iterator[Any]:
        """Yield every node, in the order of the text."""
        waiting = [self.node]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def scope(self, node: Any) -> str:
        """Return the names of the functions, methods and types around a node, joined by dots."""
        names: list[str] = []
        above = node.parent
        while above is not None:
            name = above.child_by_field_name("name") if above.type in _NAMED else None
            if name is not None and name != node:
                names.append(self.said(name))
                receiver = above.child_by_field_name("receiver")
                if receiver is not None:
                    names.append(receiver_type(self.said(receiver)))
            above = above.parent
        return ".".join(name for name in reversed(names) if name)


_NAMED = frozenset(
    {
        "function_declaration", "method_declaration", "type_spec", "class_declaration",
        "abstract_class_declaration", "method_definition", "generator_function_declaration",
        "variable_declarator", "interface_declaration",
    }
)  # fmt: skip


def receiver_type(text: str) -> str:
    """Return the type in ``(b *Book[K])``: ``Book``."""
    inner = text.strip("()").split("[", 1)[0].split()
    return inner[-1].lstrip("*") if inner else ""


@lru_cache(maxsize=512)
def read(path: str, text: str) -> Code | None:
    """Return a file's syntax, None where it has errors, is very long or no grammar is there."""
    parser = _parser(PurePosixPath(path).suffix)
    if parser is None or len(text) > _LARGEST:
        return None
    data = text.encode("utf-8", "surrogatepass")
    tree = parser.parse(data)
    if tree.root_node.has_error:
        return None
    return Code(path, text, tree.root_node, None if text.isascii() else _offsets(text))


def _offsets(text: str) -> tuple[int, ...]:
    """Return the character at each byte of a text, and one more for its end."""
    places: list[int] = []
    for at, char in enumerate(text):
        places.extend([at] * len(char.encode("utf-8", "surrogatepass")))
    return (*places, len(text))


@lru_cache(maxsize=16)
def _parser(suffix: str) -> Any:
    if suffix not in _GRAMMARS:
        return None
    module, function = _GRAMMARS[suffix]
    try:
        tree_sitter = importlib.import_module("tree_sitter")
        grammar = importlib.import_module(module)
    except ImportError:
        return None
    return tree_sitter.Parser(tree_sitter.Language(getattr(grammar, function)()))
