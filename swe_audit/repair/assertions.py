"""Assertions on a message rewritten so that any wording passes that names the same values.

Each form is one that gold's own tests use; a text in any other form is left to a person.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from swe_audit.alternatives.constructions.templates import Template, lines_of, span_of
from swe_audit.model.construction import Edit
from swe_audit.repair.pinned_texts import PinnedText, pinned_texts

_PATTERNS = {
    "assertRaisesRegex": "assertRaises",
    "assertRaisesRegexp": "assertRaises",
    "assertWarnsRegex": "assertWarns",
}
"""Assertions that search for a pattern, and what they are without one."""
_TEXTS = {
    "assertRaisesMessage": ("assertRaisesRegex", "assertRaises"),
    "assertWarnsMessage": ("assertWarnsRegex", "assertWarns"),
}
"""Assertions that compare a text: with a pattern instead, and without either."""
_EQUAL = frozenset({"assertEqual", "assertEquals", "assertIn"})
_DEEP = frozenset({"assertEqual", "assertEquals", "assertListEqual", "assertDictEqual"})
_MATCHING = frozenset({"raises", "warns", "deprecated_call"})
_SPECIAL = frozenset("\\.^$*+?{}[]|()")


class NoFormError(Exception):
    """A text stands in a form that is not rewritten; the message says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """The edits of one test file, and how many assertions they change."""

    edits: tuple[Edit, ...]
    assertions: int
    any_text: bool
    needs_mock: bool


def relax(path: str, text: str, templates: Sequence[Template]) -> Relaxed | None:
    """Return the edits that free a test file from some messages, None where it holds none.

    Raise ``NoFormError`` where it holds one in a form that cannot be rewritten.
    """
    pinned = {
        (each.node.lineno, each.node.col_offset): each
        for template in templates
        for each in pinned_texts(path, text, template)
    }
    if not pinned:
        return None
    rewriter = _Rewriter(path, text)
    edits = [edit for each in pinned.values() for edit in rewriter.rewritten(each)]
    ordered = sorted(set(edits), key=lambda edit: edit.start)
    for one, other in pairwise(ordered):
        if other.start < one.end:
            line = text.count("\n", 0, other.start) + 1
            raise NoFormError(f"{path}:{line} compares two texts at once")
    return Relaxed(
        edits=tuple(ordered),
        assertions=rewriter.assertions,
        any_text=any(not each.values for each in pinned.values()),
        needs_mock=rewriter.needs_mock,
    )


class _Rewriter:
    """Rewrites the assertions of one file; ``assertions`` counts them."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._text = text
        self._lines = lines_of(text)
        self._module = ast.parse(text)
        self._parents: dict[ast.AST, ast.AST] = {
            child: node for node in ast.walk(self._module) for child in ast.iter_child_nodes(node)
        }
        self.assertions = 0
        self.needs_mock = False

    def rewritten(self, pinned: PinnedText) -> Iterator[Edit]:
        node = self._here(pinned)
        parent = self._parents[node]
        if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
            yield from self._variable(parent, parent.targets[0].id, pinned)
        else:
            yield from self._used(node, pinned, literal=True)

    def _here(self, pinned: PinnedText) -> ast.expr:
        """Return this tree's own node of a literal that another parse found."""
        place = (pinned.node.lineno, pinned.node.col_offset)
        for node in ast.walk(self._module):
            if isinstance(node, ast.Constant | ast.JoinedStr) and place == (
                node.lineno,
                node.col_offset,
            ):
                return node
        raise AssertionError("a literal was found in the same text")

    def _used(self, node: ast.expr, pinned: PinnedText, *, literal: bool) -> Iterator[Edit]:
        """Rewrite the assertion around a literal, or around a variable that holds it."""
        parent = self._parents[node]
        if isinstance(parent, ast.keyword) and parent.arg == "match":
            call = self._parents[parent]
            if isinstance(call, ast.Call) and _name(call) in _MATCHING:
                yield from self._matching(call, parent, pinned, literal=literal)
                return
        if isinstance(parent, ast.Call) and node in parent.args:
            edits = self._call(parent, node, pinned, literal=literal)
            if edits is not None:
                self.assertions += 1
                yield from edits
                return
        if isinstance(parent, ast.Compare) and isinstance(self._parents[parent], ast.Assert):
            other = self._compared(parent, node)
            if other is not None:
                self.assertions += 1
                yield self._edit(parent, _parts_in(self._source(other), self._known(node, pinned)))
                return
        if not pinned.has_placeholders and self._is_deep(node):
            self.assertions += 1
            self.needs_mock = True
            yield self._edit(node, "mock.ANY")
            return
        raise self._no_form(node)

    def _call(
        self, call: ast.Call, node: ast.expr, pinned: PinnedText, *, literal: bool
    ) -> list[Edit] | None:
        name, place = _name(call), call.args.index(node)
        if name in _PATTERNS and place == 1:
            if pinned.sources:
                return [self._pattern(node, pinned)] if literal else []
            return [self._renamed(call, _PATTERNS[name]), self._without(call, node)]
        if name in _TEXTS and place == 1:
            searching, bare = _TEXTS[name]
            if not pinned.values:
                return [self._renamed(call, bare), self._without(call, node)]
            written = _written(".*".join(map(_escaped, self._known(node, pinned))))
            return [self._renamed(call, searching), self._edit(node, written)]
        if name in _EQUAL and len(call.args) == 2 and not call.keywords:
            other = call.args[1 - place]
            if name == "assertIn" and place != 0:
                return None
            self_ = self._source(call.func).rpartition(".")[0]
            if not pinned.values:
                return [self._edit(call, f"{self_}.assertTrue({self._source(other)})")]
            pattern = _written(".*".join(map(_escaped, self._known(node, pinned))))
            return [self._edit(call, f"{self_}.assertRegex({self._source(other)}, {pattern})")]
        return None

    def _matching(
        self, call: ast.Call, keyword: ast.keyword, pinned: PinnedText, *, literal: bool
    ) -> Iterator[Edit]:
        self.assertions += 1
        if not pinned.sources:
            yield self._without(call, keyword)
        elif literal:
            yield self._pattern(keyword.value, pinned)

    def _variable(self, assign: ast.Assign, name: str, pinned: PinnedText) -> Iterator[Edit]:
        """Rewrite every assertion that takes a local variable, which has to be its only use."""
        scope = self._function(assign)
        uses = [
            node
            for node in ast.walk(scope)
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        ]
        stores = [
            node
            for node in ast.walk(scope)
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        ]
        if len(stores) != 1 or not uses or scope is self._module:
            raise self._no_form(assign.value)
        for use in uses:
            yield from self._used(use, pinned, literal=False)
        if pinned.sources and any(self._takes_pattern(use) for use in uses):
            yield self._pattern(assign.value, pinned)
        elif not pinned.values or not any(self._takes_pattern(use) for use in uses):
            yield self._gone(assign)

    def _gone(self, statement: ast.stmt) -> Edit:
        """Take a statement away, with its lines where it has them to itself."""
        start, end = span_of(statement, self._lines, self._text)
        first = self._lines[statement.lineno]
        last = self._text.find("\n", end)
        if self._text[first:start].strip() or self._text[end:last].strip() or last < 0:
            return Edit(path=self._path, start=start, end=end, text="pass")
        return Edit(path=self._path, start=first, end=last + 1, text="")

    def _takes_pattern(self, use: ast.Name) -> bool:
        parent = self._parents[use]
        if isinstance(parent, ast.keyword):
            return parent.arg == "match"
        return isinstance(parent, ast.Call) and _name(parent) in _PATTERNS

    def _function(self, node: ast.AST) -> ast.AST:
        while not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            node = self._parents[node]
        return node

    def _compared(self, compare: ast.Compare, node: ast.expr) -> ast.expr | None:
        if len(compare.ops) != 1:
            return None
        operator, left, right = compare.ops[0], compare.left, compare.comparators[0]
        if isinstance(operator, ast.Eq):
            return right if left is node else left
        return right if isinstance(operator, ast.In) and left is node else None

    def _is_deep(self, node: ast.expr) -> bool:
        """Whether a text stands inside a value that is compared whole, where any text can stand."""
        inner: ast.AST = node
        outer = self._parents[node]
        depth = 0
        while isinstance(outer, ast.List | ast.Tuple | ast.Dict | ast.Call | ast.keyword):
            if isinstance(outer, ast.Dict) and inner in outer.keys:
                return False
            if isinstance(outer, ast.Call) and _name(outer) in _DEEP:
                return depth > 0
            inner, outer, depth = outer, self._parents[outer], depth + 1
        equal = isinstance(outer, ast.Compare) and all(isinstance(op, ast.Eq) for op in outer.ops)
        return depth > 0 and equal and isinstance(self._parents[outer], ast.Assert)

    def _known(self, node: ast.expr, pinned: PinnedText) -> tuple[str, ...]:
        if pinned.open:
            raise self._no_form(node)
        return pinned.values

    def _pattern(self, node: ast.expr, pinned: PinnedText) -> Edit:
        """Keep of a pattern what stands for the values, in the literal's own quotes."""
        source = self._source(node)
        prefix = source[: len(source) - len(source.lstrip("rRfFuUbB"))]
        quote = source[len(prefix)]
        if any(quote in each or "\n" in each for each in pinned.sources):
            raise self._no_form(node)
        return self._edit(node, f"{prefix}{quote}{'.*'.join(pinned.sources)}{quote}")

    def _renamed(self, call: ast.Call, name: str) -> Edit:
        _, end = span_of(call.func, self._lines, self._text)
        return Edit(path=self._path, start=end - len(_name(call)), end=end, text=name)

    def _without(self, call: ast.Call, argument: ast.expr | ast.keyword) -> Edit:
        """Take an argument away, with the comma before it."""
        everything: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
        at = everything.index(argument)
        before = everything[at - 1] if at else None
        if before is None:
            raise self._no_form(call)
        return Edit(
            path=self._path, start=self._span(before)[1], end=self._span(argument)[1], text=""
        )

    def _span(self, node: ast.expr | ast.keyword) -> tuple[int, int]:
        return span_of(
            node.value if isinstance(node, ast.keyword) else node, self._lines, self._text
        )

    def _edit(self, node: ast.expr, text: str) -> Edit:
        start, end = span_of(node, self._lines, self._text)
        return Edit(path=self._path, start=start, end=end, text=text)

    def _source(self, node: ast.expr) -> str:
        start, end = span_of(node, self._lines, self._text)
        return self._text[start:end]

    def _no_form(self, node: ast.expr) -> NoFormError:
        return NoFormError(f"{self._path}:{node.lineno} holds the text in a form of its own")


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _escaped(value: str) -> str:
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in value)


def _written(pattern: str) -> str:
    """Write a pattern as a literal, raw where it has backslashes."""
    if "\\" not in pattern or "\n" in pattern:
        return repr(pattern)
    quote = '"' if '"' not in pattern else "'"
    return repr(pattern) if quote in pattern else f"r{quote}{pattern}{quote}"


def _parts_in(other: str, values: Sequence[str]) -> str:
    """Return the condition that a text names some values, or is there at all."""
    if not values:
        return other
    if len(values) == 1:
        return f"{values[0]!r} in {other}"
    listed = ", ".join(map(repr, values))
    return f"all(value in {other} for value in ({listed}))"
