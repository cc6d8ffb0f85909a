"""What a way of relaxing makes of one pin: edits of test files, or why there are none."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from swe_audit.alternatives.constructions.templates import lines_of, span_of
from swe_audit.alternatives.ground import Ground
from swe_audit.model.construction import Edit
from swe_audit.model.relaxation import Pin, Step

Statement = ast.stmt
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """The edits of test files that free one pin by one step.

    ``imports`` is path and statement of what these need at a module's top. ``choice`` is the
    sentence of the statement that allows another value or input as well. Of an input ``piece`` is
    what is pinned, and ``nonsense`` the edits that put garbage there.
    """

    step: Step
    edits: tuple[Edit, ...]
    imports: frozenset[tuple[str, str]] = frozenset()
    choice: str = ""
    piece: str = ""
    nonsense: tuple[Edit, ...] = ()


class NotRelaxableError(Exception):
    """A pin cannot be freed in some way; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A failing assertion in its test file: the innermost statement, and what is around it.

    ``around`` are the blocks and functions that hold it, the innermost first.
    """

    path: str
    text: str
    module: ast.Module
    statement: Statement
    around: tuple[ast.AST, ...]

    @classmethod
    def of(cls, ground: Ground, pin: Pin) -> Place:
        """Find a pin's assertion in the tests; raise ``NotRelaxableError`` where there is none."""
        text = ground.tests.read(pin.path) if pin.path.endswith(".py") else None
        if text is None:
            raise NotRelaxableError(f"no Python file of the tests holds the assertion: {pin.path}")
        try:
            module = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError) as error:
            raise NotRelaxableError(f"{pin.path} cannot be parsed") from error
        chain = _chain(module, pin.line)
        statement = next((node for node in chain if isinstance(node, ast.stmt)), None)
        if statement is None:
            raise NotRelaxableError(f"{pin.path}:{pin.line} is no statement")
        at = chain.index(statement)
        return cls(
            path=pin.path,
            text=text,
            module=module,
            statement=statement,
            around=tuple(chain[at + 1 :]),
        )

    def source(self, node: ast.expr | ast.stmt) -> str:
        """Return a node's text."""
        start, end = self.span(node)
        return self.text[start:end]

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return where a node begins and ends in the file."""
        return span_of(node, lines_of(self.text), self.text)

    def replaced(self, node: ast.expr | ast.stmt, text: str) -> Edit:
        """Return the edit that puts another text in a node's place."""
        start, end = self.span(node)
        return Edit(path=self.path, start=start, end=end, text=text)

    def function(self) -> Function | None:
        """Return the innermost function around the assertion."""
        return next((node for node in self.around if isinstance(node, Function)), None)

    def compared(self) -> tuple[ast.expr, ast.expr] | None:
        """Return the two sides of an assertion of equality, in the order of the text."""
        match self.statement:
            case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
                return left, right
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name), args=[left, right])):
                return (left, right) if name in EQUALITIES else None
        return None


EQUALITIES = frozenset(
    {
        "assertEqual",
        "assertEquals",
        "assertListEqual",
        "assertTupleEqual",
        "assertSequenceEqual",
        "assertMultiLineEqual",
    }
)
"""unittest's names for equality."""


def _chain(module: ast.Module, line: int) -> list[ast.AST]:
    """Return the nodes that cover a line and hold statements, the innermost first."""
    chain: list[ast.AST] = [module]
    node: ast.AST = module
    while True:
        inner = next(
            (
                child
                for child in ast.iter_child_nodes(node)
                if isinstance(child, ast.stmt | ast.ExceptHandler)
                and child.lineno <= line <= (child.end_lineno or child.lineno)
            ),
            None,
        )
        if inner is None:
            return chain[::-1]
        chain.append(inner)
        node = inner


def imports_edit(path: str, text: str, statements: frozenset[str]) -> tuple[Edit, ...]:
    """Return the edit that puts import statements at a module's top, where it lacks their names."""
    body = ast.parse(text).body
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.asname or alias.name for node in imports for alias in node.names}
    later = [n for n in imports if not (isinstance(n, ast.ImportFrom) and n.module == "__future__")]
    lines = [f"{each}\n" for each in sorted(statements) if each.split()[-1] not in names]
    if not lines:
        return ()
    place = lines_of(text)[later[0].lineno] if later else _after_head(body, text)
    return (Edit(path=path, start=place, end=place, text="".join(lines)),)


def _after_head(body: list[ast.stmt], text: str) -> int:
    """Return where a module without imports can have one: behind its documentation."""
    head = body[0] if body else None
    if isinstance(head, ast.Expr) and isinstance(head.value, ast.Constant):
        lines = lines_of(text)
        after = (head.end_lineno or head.lineno) + 1
        return lines[after] if after < len(lines) else len(text)
    return 0
