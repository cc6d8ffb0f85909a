"""Soften a test file: every assertion in it is recorded, and execution goes on.

Only text is put in, found by the syntax tree's positions, so that the file keeps its layout:
``with`` in front of an assertion and around a block that expects something, a call around each
compared value, a decorator on each test, one import at the top. Lines keep their numbers wherever
there is a blank one above a test. The result is parsed again and has to be the same program once
all this is taken out.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from swe_audit.softening.unsoftening import NAME, same_program
from swe_audit.softening.writing import Writer

_ASSERTING = re.compile(r"_{0,2}assert")
_RAISING = re.compile(r"raises(_regexp?)?\Z|assert_?raises", re.IGNORECASE)
_EXPECTING = re.compile(r"raises(_regexp?)?\Z|warns\Z|deprecated_call\Z")
_FAILING = ("self", "cls", "pytest")
_NAMES = 150

Function = ast.FunctionDef | ast.AsyncFunctionDef
With = ast.With | ast.AsyncWith


@dataclass(frozen=True, slots=True, kw_only=True)
class Softened:
    """A softened file: its text, and how many assertions and tests it records."""

    text: str
    assertions: int
    tests: int


def soften(path: str, text: str) -> Softened | None:
    """Return a test file with all its assertions softened; None where it cannot be done.

    That is a file that does not parse here, that has no tests, or whose program would change.
    """
    module = _parsed(text)
    if module is None or NAME in text or text.startswith("\ufeff"):
        return None
    writer = Writer(text)
    walk = _Walk(writer)
    walk.visit_all(module.body)
    if not walk.tests:
        return None
    names = {
        f"{function.name}:{function.lineno}": _names_in(function) for function in walk.functions
    }
    call = writer.prelude(module, path, walk.sources, names)
    softened = writer.written(call)
    return (
        Softened(text=softened, assertions=len(walk.sources), tests=walk.tests)
        if same_program(text, softened)
        else None
    )


def _parsed(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Walk:
    """Finds what to soften; ``sources`` holds each recorded line's assertion."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.sources: dict[int, str] = {}
        self.functions: list[Function] = []

    @property
    def tests(self) -> int:
        """How many tests there are."""
        return len(self.functions)

    def visit_all(self, body: Sequence[ast.stmt], *, inside: bool = False) -> None:
        for statement in body:
            self._visit(statement, inside=inside)

    def _visit(self, node: ast.stmt, *, inside: bool) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if not inside and _is_test(node):
                self._test(node)
            self.visit_all(node.body, inside=True)
        elif isinstance(node, ast.Assert) and inside:
            self._statement(node, lambda: self._condition(node.test))
        elif isinstance(node, ast.Expr) and inside:
            self._expression(node)
        elif isinstance(node, ast.With | ast.AsyncWith):
            self._with(node, inside=inside)
        elif handlers := getattr(node, "handlers", []):
            # What the handlers are for may be an assertion's error.
            after = [*getattr(node, "orelse", []), *getattr(node, "finalbody", [])]
            for body in (*(handler.body for handler in handlers), after):
                self.visit_all(body, inside=inside)
        else:
            for body in _bodies(node):
                self.visit_all(body, inside=inside)

    def _test(self, node: Function) -> None:
        self.functions.append(node)
        if node.decorator_list:
            # Innermost, so that what decorates the test sees it fail.
            self._writer.before(node.decorator_list[-1], f"{NAME}.under({node.lineno}, ")
            self._writer.after(node.decorator_list[-1], ")")
        else:
            self._writer.line_above(node.lineno, f"@{NAME}.test({node.lineno})")

    def _statement(self, node: ast.stmt, capture: Callable[[], object], how: str = "at") -> None:
        if not self._writer.has_its_line(node) or node.lineno in self.sources:
            return
        self._tell(node, node.end_lineno or node.lineno, node.end_col_offset)
        self._writer.before(node, f"with {NAME}.{how}({node.lineno}): ")
        capture()

    def _tell(self, node: ast.stmt, line: int, column: int | None) -> None:
        self.sources[node.lineno] = self._writer.source(node, line, column)

    def _condition(self, test: ast.expr) -> None:
        """Keep what an ``assert`` looks at: compared values, a call's arguments, or all of it."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test = test.operand
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            self._keep([test.left, *test.comparators])
        elif isinstance(test, ast.BoolOp):
            self._keep(test.values)
        elif not (isinstance(test, ast.Call) and self._keep(test.args)):
            self._keep([test])

    def _keep(self, values: Sequence[ast.expr]) -> bool:
        odd = (ast.Starred, ast.GeneratorExp, ast.Yield, ast.YieldFrom, ast.NamedExpr)
        kept = [value for value in values if not isinstance(value, odd)]
        for value in kept:
            self._writer.before(value, f"{NAME}.v(")
            self._writer.after(value, ")")
        return bool(kept)

    def _expression(self, node: ast.Expr) -> None:
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if not isinstance(call, ast.Call):
            return
        name, owner = _named(call.func)
        fails = name == "fail" and owner in _FAILING
        if _EXPECTING.match(name) or _RAISING.match(name):
            self._statement(node, lambda: None, "raising")
        elif fails or _ASSERTING.match(name):
            self._statement(node, lambda: self._keep(call.args))

    def _with(self, node: With, *, inside: bool) -> None:
        calls = [item.context_expr for item in node.items]
        names = [_named(call.func)[0] for call in calls if isinstance(call, ast.Call)]
        raising = any(_RAISING.match(name) for name in names)
        expecting = any(_EXPECTING.match(name) or _ASSERTING.match(name) for name in names)
        plain = isinstance(node, ast.With) and self._has_plain_items(node)
        if inside and plain and (raising or expecting):
            self._tell(node, node.body[0].lineno, None)
            how = "raising" if raising else "block"
            self._writer.before(calls[0], f"{NAME}.{how}({node.lineno}), ")
        elif inside and plain and "subTest" in names:
            self._writer.before(calls[0], f"{NAME}.around(), ")
            last = node.items[-1]
            self._writer.after(last.optional_vars or last.context_expr, f", {NAME}.scope()")
        if not raising:
            self.visit_all(node.body, inside=inside)

    def _has_plain_items(self, node: ast.With) -> bool:
        """Whether no bracket that belongs to the statement stands around its items."""
        first, last = node.items[0].context_expr, node.items[-1]
        end = last.optional_vars or last.context_expr
        if node.lineno != first.lineno or node.lineno in self.sources:
            return False
        row = self._writer.follows(node.lineno, 0)
        between = row[node.col_offset : first.col_offset]
        rest = self._writer.follows(end.end_lineno or end.lineno, end.end_col_offset or 0)
        return between.strip() == b"with" and rest.lstrip().startswith(b":")


def _is_test(node: Function) -> bool:
    if not node.name.startswith("test") or _yields(node):
        return False
    return not any("fixture" in ast.unparse(each) for each in node.decorator_list)


def _yields(node: Function) -> bool:
    inner = [*node.body]
    while inner:
        each: ast.AST = inner.pop()
        if isinstance(each, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inner.extend(ast.iter_child_nodes(each))  # type: ignore[arg-type]
    return False


def _bodies(node: ast.stmt) -> Iterator[Sequence[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        found = getattr(node, field, None)
        if isinstance(found, list):
            yield found
    for case in getattr(node, "cases", ()):
        yield case.body


def _named(func: ast.expr) -> tuple[str, str]:
    """The last name of what is called, and the name that it is looked up in."""
    if isinstance(func, ast.Attribute):
        return func.attr, func.value.id if isinstance(func.value, ast.Name) else ""
    return (func.id, "") if isinstance(func, ast.Name) else ("", "")


def _names_in(node: Function) -> list[str]:
    """The names that a test's code uses, as many as a record holds."""
    found: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            found.add(each.id)
        elif isinstance(each, ast.Attribute):
            found.add(each.attr)
        elif isinstance(each, ast.keyword) and each.arg:
            found.add(each.arg)
    return sorted(found)[:_NAMES]


def names_of_tests(text: str) -> frozenset[str]:
    """Return the names of the tests that a file defines, empty where it does not parse here."""
    module = _parsed(text)
    if module is None:
        return frozenset()
    return frozenset(
        node.name
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")
    )
