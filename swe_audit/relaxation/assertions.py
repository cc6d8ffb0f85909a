"""Assertions on a message rewritten so that more texts pass: see ``Step``.

Each form is one that gold's own tests use; a text in any other form is left to a person.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from swe_audit.alternatives.constructions.alignment import GAP
from swe_audit.alternatives.constructions.templates import lines_of, span_of
from swe_audit.model.construction import Edit
from swe_audit.model.relaxation import Step
from swe_audit.relaxation.patterns import escaped, spelled, unordered, written
from swe_audit.relaxation.pinned_texts import PinnedText

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


class NoFormError(Exception):
    """A text stands in a form that is not rewritten; the message says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """The edits of one test file, and how many assertions they change.

    Of those, ``free`` no longer look at the text at all, and ``untold`` of these do not even ask
    for an exception. ``imports`` are the statements that the rewritten assertions need.
    """

    edits: tuple[Edit, ...]
    assertions: int
    free: int
    untold: int
    imports: frozenset[str]


def relax(path: str, text: str, pinned: Sequence[PinnedText], step: Step) -> Relaxed | None:
    """Return the edits that free a test file from some texts, None where there are none.

    Raise ``NoFormError`` where one stands in a form that cannot be rewritten.
    """
    unique = {(each.node.lineno, each.node.col_offset): each for each in pinned}
    if not unique:
        return None
    rewriter = _Rewriter(path, text, step)
    edits = [edit for each in unique.values() for edit in rewriter.rewritten(each)]
    ordered = sorted(set(edits), key=lambda edit: edit.start)
    for one, other in pairwise(ordered):
        if other.start < one.end:
            line = text.count("\n", 0, other.start) + 1
            raise NoFormError(f"{path}:{line} compares two texts at once")
    return Relaxed(
        edits=tuple(ordered),
        assertions=rewriter.assertions,
        free=rewriter.free,
        untold=rewriter.untold,
        imports=frozenset(rewriter.imports),
    )


class _Rewriter:
    """Rewrites the assertions of one file; ``assertions`` counts them."""

    def __init__(self, path: str, text: str, step: Step) -> None:
        self._path = path
        self._text = text
        self._step = step
        self._lines = lines_of(text)
        self._module = ast.parse(text)
        self._parents: dict[ast.AST, ast.AST] = {
            child: node for node in ast.walk(self._module) for child in ast.iter_child_nodes(node)
        }
        self.assertions = 0
        self.free = 0
        self.untold = 0
        self.imports: set[str] = set()

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
                yield from edits
                return
        if isinstance(parent, ast.Compare) and isinstance(self._parents[parent], ast.Assert):
            other = self._compared(parent, node)
            if other is not None:
                self._count(pinned, raising=False)
                yield self._edit(parent, self._condition(parent, node, self._source(other), pinned))
                return
        loose = not self._is_told(pinned) and not pinned.has_placeholders
        if (loose or self._step is Step.TEXT) and self._is_deep(node):
            self._count(pinned, raising=False)
            self.imports.add("from unittest import mock")
            yield self._edit(node, "mock.ANY")
            return
        raise self._no_form(node)

    def _is_told(self, pinned: PinnedText) -> bool:
        """Whether a rewritten assertion still looks at the text."""
        return self._step is Step.SPELLING or (bool(pinned.values) and self._step is not Step.TEXT)

    def _count(self, pinned: PinnedText, *, raising: bool) -> None:
        self.assertions += 1
        if not self._is_told(pinned):
            self.free += 1
            self.untold += not raising

    def _wanted(self, node: ast.expr, pinned: PinnedText, *, whole: bool) -> str:
        """Return the pattern that the text still has to match."""
        if self._step is Step.SPELLING:
            if GAP in pinned.text and not self._is_pattern(node):
                raise self._no_form(node)
            return spelled(pinned.text, whole=whole)
        values = self._known(node, pinned)
        return unordered(values) if self._step is Step.CLASS else ".*".join(map(escaped, values))

    def _condition(
        self, compare: ast.Compare, node: ast.expr, other: str, pinned: PinnedText
    ) -> str:
        if not self._is_told(pinned):
            return other
        if self._step is Step.SPELLING:
            self.imports.add("import re")
            whole = isinstance(compare.ops[0], ast.Eq)
            return f"re.search({written(self._wanted(node, pinned, whole=whole))}, {other})"
        return _parts_in(other, self._known(node, pinned))

    def _call(
        self, call: ast.Call, node: ast.expr, pinned: PinnedText, *, literal: bool
    ) -> list[Edit] | None:
        name, place = _name(call), call.args.index(node)
        told = self._is_told(pinned)
        if name in _PATTERNS and place == 1:
            self._count(pinned, raising=True)
            if told:
                return [self._pattern(node, pinned)] if literal else []
            return [self._renamed(call, _PATTERNS[name]), self._without(call, node)]
        if name in _TEXTS and place == 1:
            self._count(pinned, raising=True)
            searching, bare = _TEXTS[name]
            if not told:
                return [self._renamed(call, bare), self._without(call, node)]
            pattern = written(self._wanted(node, pinned, whole=False))
            return [self._renamed(call, searching), self._edit(node, pattern)]
        if name in _EQUAL and len(call.args) == 2 and not call.keywords:
            other = call.args[1 - place]
            if name == "assertIn" and place != 0:
                return None
            self._count(pinned, raising=False)
            self_ = self._source(call.func).rpartition(".")[0]
            if not told:
                return [self._edit(call, f"{self_}.assertTrue({self._source(other)})")]
            pattern = written(self._wanted(node, pinned, whole=name != "assertIn"))
            return [self._edit(call, f"{self_}.assertRegex({self._source(other)}, {pattern})")]
        return None

    def _matching(
        self, call: ast.Call, keyword: ast.keyword, pinned: PinnedText, *, literal: bool
    ) -> Iterator[Edit]:
        self._count(pinned, raising=True)
        if not self._is_told(pinned):
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
        takes_pattern = any(self._takes_pattern(use) for use in uses)
        if takes_pattern and self._is_told(pinned):
            yield self._pattern(assign.value, pinned)
        else:
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
        """Write a pattern anew: for values alone as the file wrote them, in its own quotes."""
        if self._step is not Step.VALUES:
            return self._edit(node, written(self._wanted(node, pinned, whole=False)))
        source = self._source(node)
        prefix = source[: len(source) - len(source.lstrip("rRfFuUbB"))]
        quote = source[len(prefix)]
        if any(quote in each or "\n" in each for each in pinned.sources):
            raise self._no_form(node)
        return self._edit(node, f"{prefix}{quote}{'.*'.join(pinned.sources)}{quote}")

    def _is_pattern(self, node: ast.expr) -> bool:
        """Whether an expression is written as a pattern, so that its gaps are wild parts."""
        if isinstance(node, ast.JoinedStr):
            return False
        parent = self._parents[node]
        if isinstance(parent, ast.keyword):
            return parent.arg == "match"
        return isinstance(parent, ast.Call) and _name(parent) in _PATTERNS

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


def _parts_in(other: str, values: Sequence[str]) -> str:
    """Return the condition that a text names some values, or is there at all."""
    if not values:
        return other
    if len(values) == 1:
        return f"{values[0]!r} in {other}"
    listed = ", ".join(map(repr, values))
    return f"all(value in {other} for value in ({listed}))"
