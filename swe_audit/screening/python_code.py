"""Read added Python by its syntax, as far as a diff shows enough of it to be parsed."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence

from swe_audit.screening.changes import FileChange, Hunk, Line
from swe_audit.screening.facts import Call, Facts, Named, Role, Text
from swe_audit.screening.other_code import read_lines

_CLAUSE = re.compile(r"(?:elif|else|except|finally)\b")
_ENCLOSING = re.compile(r"\s*(class|def|async def)\s")
_PATCHERS = frozenset({"patch", "object", "setattr", "setitem", "dict"})
_ASSERTING = re.compile(r"(?:assert|raises|warns|match|expect)", re.IGNORECASE)


def read_python(change: FileChange) -> Facts:
    """Return what the added lines of a Python file say; nothing is lost to a syntax error.

    Stretches that cannot be parsed, for the diff shows only a part of them, are read by tokens.
    """
    facts = Facts()
    for hunk in change.hunks:
        for lines, tree in _parsed(hunk.after):
            if tree is None:
                read_lines([line for line in lines if line.added], "python", facts)
            else:
                _Reader(facts, lines, hunk).visit(tree)
    return facts


def _parsed(lines: Sequence[Line]) -> Iterator[tuple[Sequence[Line], ast.AST | None]]:
    """Yield stretches of lines with their syntax tree, None where there is none."""
    if not any(line.added for line in lines):
        return
    tree = _parse(lines)
    if tree is not None:
        yield lines, tree
        return
    pieces = list(_statements(lines))
    if len(pieces) > 1:
        for piece in pieces:
            yield from _parsed(piece)
        return
    head, body = lines[:1], lines[1:]
    margin = _indent(lines[0].text)
    if body and all(_indent(line.text) > margin or not line.text.strip() for line in body):
        yield head, None
        yield from _parsed(body)
    else:
        yield lines, None


def _statements(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Split lines where one has the least indentation of all; blank lines go with the last."""
    margin = min((_indent(line.text) for line in lines if line.text.strip()), default=0)
    start = 0
    for index, line in enumerate(lines):
        begins = line.text.strip() and _indent(line.text) == margin
        closes = line.text.strip()[:1] in ")]}"
        if begins and not closes and index > start:
            yield lines[start:index]
            start = index
    if start < len(lines):
        yield lines[start:]


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _parse(lines: Sequence[Line]) -> ast.AST | None:
    """Parse lines as they stand; a clause or a header without its body gets one."""
    source = textwrap.dedent("\n".join(line.text for line in lines).expandtabs(4))
    tree = _try(source)
    if tree is not None:
        return tree
    stripped = source.rstrip()
    if stripped.endswith(":") and len(lines) <= 12:
        last = stripped.split("\n")[-1]
        tree = _try(f"{stripped}\n{' ' * (_indent(last) + 1)}pass")
        if tree is not None:
            return tree
    if _CLAUSE.match(source.lstrip()):
        return _clause(source)
    return None


def _clause(source: str) -> ast.AST | None:
    word = source.lstrip().split(":")[0].split()[0]
    opening = "try: pass" if word in ("except", "finally") else "if 0: pass"
    tree = _try(f"{opening}\n{source}")
    return None if tree is None else ast.increment_lineno(tree, -1)


def _try(source: str) -> ast.AST | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Reader(ast.NodeVisitor):
    """Collects from the nodes that begin on an added line."""

    def __init__(self, facts: Facts, lines: Sequence[Line], hunk: Hunk) -> None:
        self._facts = facts
        self._lines = lines
        self._asserted = 0
        self._scopes = [_enclosing(hunk, lines)]

    def _line(self, node: ast.AST) -> Line | None:
        """The added line on which a node begins, None if base has that line."""
        index = getattr(node, "lineno", 0) - 1
        if 0 <= index < len(self._lines) and self._lines[index].added:
            return self._lines[index]
        return None

    def _define(self, node: ast.AST, name: str, role: Role) -> None:
        line = self._line(node)
        if line is not None:
            self._facts.defined.append(Named(name, role, line.number))

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Define the function and its parameters; a nested function is local."""
        nested = self._scopes[-1] == "def"
        self._define(node, node.name, Role.LOCAL if nested else Role.FUNCTION)
        arguments = node.args
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        for argument in named:
            if argument.arg not in ("self", "cls"):
                self._define(argument, argument.arg, Role.LOCAL if nested else Role.PARAMETER)
        self._scopes.append("def")
        self.generic_visit(node)
        self._scopes.pop()

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Define the class."""
        self._define(node, node.name, Role.CLASS)
        self._scopes.append("class")
        self.generic_visit(node)
        self._scopes.pop()

    def visit_Name(self, node: ast.Name) -> None:
        """A stored name is a constant, an attribute or a local, by where it stands."""
        if isinstance(node.ctx, ast.Store):
            roles = {"class": Role.ATTRIBUTE, "": Role.CONSTANT}
            self._define(node, node.id, roles.get(self._scopes[-1], Role.LOCAL))
        elif (line := self._line(node)) is not None:
            self._facts.use(node.id, line.number)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """``self.x = ...`` defines, all else uses."""
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        if isinstance(node.ctx, ast.Store) and owner in ("self", "cls"):
            self._define(node, node.attr, Role.ATTRIBUTE)
        elif (line := self._line(node)) is not None:
            self._facts.use(node.attr, line.number)
            if owner not in ("self", "cls"):  # in a test that is the test's own
                self._facts.attributes.setdefault(node.attr, line.number)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Record the call; an asserting one makes the texts in it asserted."""
        name = _last(node.func)
        line = self._line(node)
        for keyword in node.keywords:
            if keyword.arg is not None and (at := self._line(keyword)) is not None:
                self._facts.keywords.setdefault(keyword.arg, at.number)
                self._facts.use(keyword.arg, at.number)
        if line is not None and name:
            starred = any(isinstance(each, ast.Starred) for each in node.args)
            keywords = frozenset(k.arg or "**" for k in node.keywords)
            if not starred:
                self._facts.calls.append(Call(name, len(node.args), keywords, line.number))
            if name in _PATCHERS:
                self._mock(node, name, line.number)
        asserting = bool(_ASSERTING.search(name))
        if asserting and line is not None:
            self._facts.assertions.append((line.number, line.text.strip()))
        spoken = node.args[2:] if name.startswith("assert") else []
        self.visit(node.func)
        for child in (*node.args, *node.keywords):
            if child in spoken and isinstance(child, ast.Constant):
                continue  # what is said when the assertion fails
            self._asserted += asserting
            self.visit(child)
            self._asserted -= asserting

    def _mock(self, node: ast.Call, name: str, line: int) -> None:
        """Record what ``patch("a.b.c")``, ``patch.object(x, "c")`` or ``setattr`` replaces."""
        for argument in node.args[: 1 if name in ("patch", "dict") else 2]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                target = argument.value
                dotted = target.replace(".", "").replace("_", "").isalnum()
                if dotted and ("." in target or name in ("object", "setattr")):
                    self._facts.mocked.setdefault(target, line)

    def visit_Expr(self, node: ast.Expr) -> None:
        """Pass over docstrings."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> None:
        """Texts in the tested expression are asserted."""
        if (line := self._line(node)) is not None:
            self._facts.assertions.append((line.number, line.text.strip()))
        self._asserted += 1
        self.generic_visit(node)
        self._asserted -= 1

    def visit_Constant(self, node: ast.Constant) -> None:
        """Record texts."""
        line = self._line(node)
        if line is not None and isinstance(node.value, str):
            self._facts.texts.append(Text(node.value, line.number, asserted=self._asserted > 0))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Record an f-string as a template, and the names in it."""
        line = self._line(node)
        if line is not None:
            parts = [
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            ]
            self._facts.texts.append(Text("".join(parts), line.number, asserted=self._asserted > 0))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def visit_Dict(self, node: ast.Dict) -> None:
        """Keys that are texts are names that others may look up."""
        for key in node.keys:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                self._define(key, key.value, Role.KEY)
        self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Record what is imported by name."""
        line = self._line(node)
        for alias in node.names:
            at = self._line(alias) or line
            if at is not None:
                self._facts.imported.setdefault(alias.name, at.number)
                self._facts.use(alias.name, at.number)
        if line is not None and node.module:
            for part in node.module.split("."):
                self._facts.use(part, line.number)

    def visit_Import(self, node: ast.Import) -> None:
        """Record the modules imported."""
        if (line := self._line(node)) is not None:
            for alias in node.names:
                self._facts.imported.setdefault(alias.name.split(".")[0], line.number)
                for part in alias.name.split("."):
                    self._facts.use(part, line.number)


def _last(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _enclosing(hunk: Hunk, lines: Sequence[Line]) -> str:
    """What the least indented line of a stretch stands in: ``class``, ``def`` or the module."""
    first = next((line for line in lines if line.text.strip()), None)
    if first is None:
        return ""
    margin = min(_indent(line.text) for line in lines if line.text.strip())
    if margin == 0:
        return ""
    before = [line.text for line in hunk.after if line.number < first.number]
    for text in [*reversed(before), hunk.heading]:
        match = _ENCLOSING.match(text)
        if match and _indent(text) < margin:
            return "class" if match[1] == "class" else "def"
    return "def"
