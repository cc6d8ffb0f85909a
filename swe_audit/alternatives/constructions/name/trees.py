"""Names in the syntax trees of Python files: each with its role, its place and what encloses it."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import libcst as cst
from libcst.metadata import CodePosition, MetadataWrapper, PositionProvider

from swe_audit.alternatives.constructions.name.bindings import Binding, bindings
from swe_audit.alternatives.constructions.name.reading import (
    Occurrence,
    Stand,
    line_starts,
    whole,
)


@dataclass(frozen=True, slots=True)
class _Around:
    """What encloses a node while the tree is walked."""

    scope: str = ""
    inside: str = ""
    key: bool = False


_Text = cst.Comment | cst.SimpleString | cst.FormattedStringText
_LOOKUPS = frozenset({"getattr", "setattr", "hasattr", "delattr", "get", "pop", "setdefault"})


@lru_cache(maxsize=48)
def read(text: str, start: int, end: int, line: int) -> Reading | None:
    """Read the characters ``start`` to ``end`` of a file; ``line`` is their first, from 0.

    None where they are no Python of ours.
    """
    try:
        module = cst.parse_module(text[start:end])
    except (cst.ParserSyntaxError, cst.CSTValidationError, RecursionError):
        return None
    return Reading(module, text, line)


class Reading:
    """A parsed stretch of a file, walked once for all the words that are asked for.

    ``first`` is the number of its first line, from 0.
    """

    def __init__(self, module: cst.Module, text: str, first: int) -> None:
        self._text = text
        self._first = first
        self._starts = line_starts(text)
        self._wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        self._nodes: dict[str, list[tuple[cst.Name, _Around, tuple[cst.CSTNode, ...]]]] = {}
        self._texts: list[tuple[_Text, _Around, tuple[cst.CSTNode, ...]]] = []
        self._walk(module, _Around(), ())

    def of(self, word: str) -> Iterator[Occurrence]:
        """Every occurrence of a word, in no particular order."""
        for node, around, above in self._nodes.get(word, ()):
            yield self._name(node, around, above)
        for text, around, above in self._texts:
            yield from self._in_text(text, around, word, above)

    def _walk(self, node: cst.CSTNode, around: _Around, above: tuple[cst.CSTNode, ...]) -> None:
        if isinstance(node, cst.Name):
            self._nodes.setdefault(node.value, []).append((node, around, above))
            return
        if isinstance(node, _Text):
            self._texts.append((node, around, above))
            return
        inner, path = _entered(node, around), (*above[-7:], node)
        for child in node.children:
            # A decorator, a default and a base class belong to the scope outside.
            outside = isinstance(node, cst.FunctionDef | cst.ClassDef) and child is not node.body
            params = isinstance(child, cst.Parameters)
            self._walk(child, around if outside and not params else inner, path)

    def _name(self, node: cst.Name, around: _Around, above: tuple[cst.CSTNode, ...]) -> Occurrence:
        parent = above[-1]
        stand, receiver, source, stored = Stand.NAME, "", "", False
        bound: tuple[Binding, ...] = ()
        if isinstance(parent, cst.FunctionDef | cst.ClassDef) and node is parent.name:
            stand = Stand.DEFINITION
        elif isinstance(parent, cst.Param) and node is parent.name:
            stand = Stand.PARAMETER
            receiver = "lambda" if isinstance(above[-3], cst.Lambda) else ""
        elif isinstance(parent, cst.Arg) and node is parent.keyword:
            stand, receiver = Stand.KEYWORD, _called(above[-2])
        elif any(isinstance(each, cst.Import | cst.ImportFrom) for each in above[-4:]):
            stand, source = _in_import(above)
        elif isinstance(parent, cst.Attribute) and node is parent.attr:
            stand, receiver = Stand.ATTRIBUTE, _source_of(parent.value)
            stored = isinstance(above[-2], cst.AssignTarget | cst.AnnAssign)
        else:
            bound = self._bound(node)
        start = self._offset(node)
        return Occurrence(
            stand=stand,
            start=start,
            end=start + len(node.value),
            line=self._line(start),
            scope=around.scope,
            inside=around.inside,
            receiver=receiver,
            source=source,
            stored=stored,
            bound=bound,
        )

    def _in_text(
        self,
        node: _Text,
        around: _Around,
        word: str,
        above: tuple[cst.CSTNode, ...],
    ) -> Iterator[Occurrence]:
        matches = list(whole(word).finditer(node.value)) if word in node.value else []
        if not matches:
            return
        stand = Stand.COMMENT if isinstance(node, cst.Comment) else Stand.STRING
        start = self._offset(node)
        content = node.raw_value if isinstance(node, cst.SimpleString) else node.value
        for match in matches:
            at = start + match.start()
            yield Occurrence(
                stand=stand,
                start=at,
                end=at + len(word),
                line=self._line(at),
                scope=around.scope,
                inside=around.inside,
                receiver=_called_by(above),
                text=content,
                key=_is_key(node, above),
            )

    def _bound(self, node: cst.Name) -> tuple[Binding, ...]:
        line, column = self._position(node)
        start = self._starts[line]
        before = self._text[start : start + column]
        return bindings(self._text, node.value, (line + 1, len(before.encode("utf-8"))))

    def _position(self, node: cst.CSTNode) -> tuple[int, int]:
        """Line and column in the whole file, both from 0."""
        positions: Any = self._wrapper.resolve(PositionProvider)
        start: CodePosition = positions[node].start
        return self._first + start.line - 1, start.column

    def _offset(self, node: cst.CSTNode) -> int:
        line, column = self._position(node)
        return self._starts[line] + column

    def _line(self, offset: int) -> int:
        return bisect.bisect_right(self._starts, offset)


def _entered(node: cst.CSTNode, around: _Around) -> _Around:
    if isinstance(node, cst.ClassDef):
        scope = _joined(around.scope, node.name.value)
        return _Around(scope, scope)
    if isinstance(node, cst.FunctionDef):
        return _Around(_joined(around.scope, node.name.value), around.inside)
    return around


def _joined(scope: str, name: str) -> str:
    return f"{scope}.{name}" if scope else name


def _source_of(node: cst.CSTNode) -> str:
    return cst.Module(body=()).code_for_node(node)


def _called(node: cst.CSTNode) -> str:
    """What a call with an argument calls; ``partial(f, ...)`` calls ``f``."""
    if isinstance(node, cst.ClassDef):
        return "class"
    if not isinstance(node, cst.Call):
        return ""
    name = _source_of(node.func)
    first = next(iter(node.args), None)
    if name.rpartition(".")[2] in ("partial", "partialmethod") and first and not first.keyword:
        return _source_of(first.value)
    return name


def _called_by(above: tuple[cst.CSTNode, ...]) -> str:
    """The call that a string is an argument of, or the name that a list of strings is bound to."""
    for node in reversed(above):
        if isinstance(node, cst.Call):
            return _source_of(node.func)
        if isinstance(node, cst.Assign):
            return _source_of(node.targets[0].target)
        if isinstance(node, cst.AugAssign | cst.AnnAssign):
            return _source_of(node.target)
        if isinstance(node, cst.Decorator):
            return _source_of(node.decorator)
    return ""


def _is_key(node: cst.CSTNode, above: tuple[cst.CSTNode, ...]) -> bool:
    if not above:
        return False
    parent = above[-1]
    if isinstance(parent, cst.DictElement):
        return node is parent.key
    if isinstance(parent, cst.Index):
        return True
    if isinstance(parent, cst.Arg) and len(above) > 1 and isinstance(above[-2], cst.Call):
        return _source_of(above[-2].func).rpartition(".")[2] in _LOOKUPS
    return False


def _in_import(above: tuple[cst.CSTNode, ...]) -> tuple[Stand, str]:
    """Whether a word of an import is a name taken from a module, or (part of) a module's own."""
    statement = next(each for each in above[-4:] if isinstance(each, cst.Import | cst.ImportFrom))
    parent = above[-1]
    if isinstance(parent, cst.AsName):
        return Stand.NAME, ""
    if isinstance(statement, cst.ImportFrom):
        if isinstance(parent, cst.ImportAlias):
            return Stand.IMPORT, _module_of(statement)
        return Stand.MODULE, _module_of(statement)
    alias = next(each for each in reversed(above) if isinstance(each, cst.ImportAlias))
    return Stand.MODULE, _source_of(alias.name)


def _module_of(node: cst.Import | cst.ImportFrom) -> str:
    if isinstance(node, cst.Import):
        return ",".join(_source_of(alias.name) for alias in node.names)
    dots = "." * len(node.relative)
    return dots + (_source_of(node.module) if node.module else "")
