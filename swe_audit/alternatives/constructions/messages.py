"""Where a module speaks to its user: errors, warnings, checks, log lines, output, help texts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from swe_audit.alternatives.constructions.templates import (
    Hole,
    Run,
    Style,
    Template,
    joined,
    lines_of,
    span_of,
    template_of,
)

Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One text that a module shows; ``speaker`` is the exception or function it is given to.

    ``symbol`` says what it is (``error message``, ``log line``), ``line`` where it begins and
    ``scope`` the function or class around it, empty at module level.
    """

    template: Template
    symbol: str
    speaker: str
    scope: str
    line: int


_RAISED = re.compile(r"(?:Error|Exception|Warning|Exit|Interrupt|Failure|Http404)$")
_CHECKS = frozenset({"Error", "Warning", "Critical", "Info", "Debug", "CheckMessage"})
_WARN = re.compile(r"^_?(?:warn\w*|issue_warning\w*|deprecat\w*)$")
_LOG = frozenset(
    {"debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log"}
)
_LOGGER = re.compile(r"log", re.IGNORECASE)
_STREAM = re.compile(r"^_?(?:stdout|stderr|out|err|tw|terminal\w*|reporter|console|output)$")
_WRITE = frozenset({"write", "writeln", "write_line", "line", "sep", "section", "writelines"})
_OUTPUT = frozenset({"print", "echo", "secho", "cprint"})
_GIVE_UP = frozenset({"fail", "skip", "skipTest", "xfail", "exit", "SkipTest"})
_SAID = frozenset({"message", "msg", "reason", "detail", "text", "help", "hint", "epilog"})
_LAZY = re.compile(r"^(?:_|__|N_|_l|l_|u?n?p?gettext(?:_lazy|_noop)?)$|^u?n?p?gettext")
_WRAPPERS = frozenset(
    {"dedent", "cleandoc", "force_str", "force_text", "mark_safe", "format_html", "fill", "str"}
)
_TABLE = re.compile(r"(?:^|_)(?:messages|msgs|errors)$", re.IGNORECASE)
_METHODS = frozenset({"format", "format_map", "strip", "rstrip", "lstrip", "capitalize"})


def messages_of(text: str, module: ast.Module | None = None) -> tuple[Message, ...]:
    """Return what a module's source says to its user, in the order of the text; () if it is odd."""
    if module is None:
        try:
            module = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            return ()
    reader = _Reader(text=text, lines=lines_of(text), module=module)
    reader.read(module, (), "")
    unique = {(each.line, each.template.parts): each for each in reverse_of(reader.found)}
    return tuple(sorted(unique.values(), key=lambda each: each.template.runs[0].starts[0]))


def reverse_of(found: list[Message]) -> Iterator[Message]:
    """Later finds first, so that of two readings of one text the first one stays."""
    return reversed([each for each in found if each.template.runs])


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` for names and attributes; calls and the like in between count as nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    return ""


@dataclass(slots=True, kw_only=True)
class _Reader:
    text: str
    lines: list[int]
    module: ast.Module
    found: list[Message] = field(default_factory=list)
    given: dict[int, dict[str, list[ast.expr]]] = field(default_factory=dict)

    def read(self, node: ast.AST, around: tuple[Scope, ...], speaker: str) -> None:
        """Walk the tree; ``speaker`` is the exception being raised, if one is."""
        for child in ast.iter_child_nodes(node):
            inner = around
            if isinstance(child, Scope):
                inner = (*around, child)
            if isinstance(child, ast.Raise) and isinstance(child.exc, ast.Call):
                self._call(child.exc, inner, raised=True)
            elif isinstance(child, ast.Call):
                self._call(child, inner, raised=False)
            elif isinstance(child, ast.Assert) and child.msg is not None:
                self._say(child.msg, "error message", "AssertionError", inner)
            elif isinstance(child, ast.Assign):
                self._table(child, inner)
            self.read(child, inner, speaker)

    def _call(self, call: ast.Call, around: tuple[Scope, ...], *, raised: bool) -> None:
        name = dotted(call.func)
        symbol, speaker, first = _role(name, call, around, raised=raised)
        if not symbol:
            return
        for argument in call.args[first : first + 1] if first else call.args:
            self._say(argument, symbol, speaker, around)
        for keyword in call.keywords:
            if keyword.arg in _SAID:
                self._say(
                    keyword.value, "hint" if keyword.arg == "hint" else symbol, speaker, around
                )

    def _table(self, assign: ast.Assign, around: tuple[Scope, ...]) -> None:
        """Read tables: ``error_messages = {"invalid": _("...")}``, ``msgs = {id: (text, ...)}``."""
        names = [dotted(target).rsplit(".", 1)[-1] for target in assign.targets]
        if not isinstance(assign.value, ast.Dict) or not any(map(_TABLE.search, names)):
            return
        for value in assign.value.values:
            said = value.elts[0] if isinstance(value, ast.Tuple) and value.elts else value
            self._say(said, "error message", names[0], around)

    def _say(
        self, value: ast.expr, symbol: str, speaker: str, around: tuple[Scope, ...], depth: int = 0
    ) -> None:
        style = Style.PERCENT if symbol == "log line" else Style.NAMED
        for parts in self._texts(value, style, around, depth):
            template = joined(parts)
            runs = template.runs
            if not runs or not any(run.text.strip() for run in runs):
                continue
            line = self.text.count("\n", 0, runs[0].starts[0]) + 1
            self.found.append(
                Message(
                    template=template,
                    symbol=symbol,
                    speaker=speaker,
                    scope=".".join(scope.name for scope in around),
                    line=line,
                )
            )

    def _texts(
        self, value: ast.expr, style: Style, around: tuple[Scope, ...], depth: int
    ) -> list[list[Run | Hole]]:
        """Return the texts that an expression may be; [] where it is none that we can read."""
        if depth > 4:
            return []
        if _is_text(value):
            start, end = span_of(value, self.lines, self.text)
            template = template_of(self.text[start:end], start, style)
            return [list(template.parts)] if template else []
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mod):
            return self._texts(value.left, Style.PERCENT, around, depth + 1)
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
            return self._sum(value, style, around, depth)
        if isinstance(value, ast.IfExp):
            return [
                text
                for side in (value.body, value.orelse)
                for text in self._texts(side, style, around, depth + 1)
            ]
        if isinstance(value, ast.Call):
            return self._wrapped(value, style, around, depth)
        if isinstance(value, ast.Name | ast.Attribute | ast.Subscript):
            return [
                text
                for given in self._assigned(value, around)
                for text in self._texts(given, style, around, depth + 1)
            ]
        return []

    def _sum(
        self, value: ast.BinOp, style: Style, around: tuple[Scope, ...], depth: int
    ) -> list[list[Run | Hole]]:
        """Return ``"a" + x + "b"`` as one text in which anything not literal is a hole."""
        if not any(_is_text(node) for node in ast.walk(value)):
            return []
        sides: list[list[Run | Hole]] = []
        for side in (value.left, value.right):
            texts = self._texts(side, style, around, depth + 1)
            sides.append(texts[0] if len(texts) == 1 else [Hole(source="{...}")])
        return [[*sides[0], *sides[1]]]

    def _wrapped(
        self, call: ast.Call, style: Style, around: tuple[Scope, ...], depth: int
    ) -> list[list[Run | Hole]]:
        name = dotted(call.func).rsplit(".", 1)[-1]
        if isinstance(call.func, ast.Attribute) and name in _METHODS:
            braces = Style.BRACES if name.startswith("format") else style
            return self._texts(call.func.value, braces, around, depth + 1)
        if _LAZY.match(name):
            arguments = call.args[1:] if name.lstrip("n").startswith("p") else call.args
        elif name in _WRAPPERS or ".style." in f".{dotted(call.func)}":
            arguments = call.args[:1]
            style = Style.BRACES if name == "format_html" else style
        else:
            return []
        return [text for each in arguments for text in self._texts(each, style, around, depth + 1)]

    def _assigned(self, value: ast.expr, around: tuple[Scope, ...]) -> Iterator[ast.expr]:
        """Yield what is assigned to a name in the function, class or module that it comes from."""
        name = dotted(value).rsplit(".", 1)[-1]
        owners: list[ast.AST] = [self.module]
        if isinstance(value, ast.Attribute):
            owners = [scope for scope in around if isinstance(scope, ast.ClassDef)] + owners
        elif around:
            owners = [around[-1], *owners]
        for owner in owners:
            if id(owner) not in self.given:
                self.given[id(owner)] = _assignments(owner)
            if name in self.given[id(owner)]:
                yield from self.given[id(owner)][name]
                return


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _assignments(owner: ast.AST) -> dict[str, list[ast.expr]]:
    """Return what is assigned to each name, or attribute of that name, in a scope.

    Of a module only what stands at its top counts.
    """
    given: dict[str, list[ast.expr]] = {}
    deep = isinstance(owner, Scope)
    for node in ast.walk(owner) if deep else ast.iter_child_nodes(owner):
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        if node.value is not None:
            for target in targets:
                given.setdefault(dotted(target).rsplit(".", 1)[-1], []).append(node.value)
    return given


def _role(
    name: str, call: ast.Call, around: tuple[Scope, ...], *, raised: bool
) -> tuple[str, str, int]:
    """Return what the texts of a call are, who says them, and which argument; '' for none.

    The argument's index counts where only one is text; 0 stands for all of them.
    """
    return _complaint(name, call, around, raised=raised) or _talk(name, call) or ("", "", 0)


def _complaint(
    name: str, call: ast.Call, around: tuple[Scope, ...], *, raised: bool
) -> tuple[str, str, int] | None:
    """Return the role of what says that something is wrong."""
    base, last, owner = _called(name)
    if last in _CHECKS and (owner in {"checks", "messages"} or _keywords(call) & {"id", "hint"}):
        return "check message", last, 0
    if (_WARN.match(last) and last != "warning") or name == "warnings.warn":
        return "warning", "warnings.warn", 0
    if last in _LOG and _LOGGER.search(owner):
        return "log line", last, 1 if last == "log" else 0
    if raised or (_RAISED.search(last) and last[:1].isupper()):
        return ("warning" if last.endswith("Warning") else "error message"), last, 0
    if last == "__init__" and "super()" in base and _is_exception(around):
        return "error message", next(s.name for s in around if isinstance(s, ast.ClassDef)), 0
    if last in _GIVE_UP and (owner in {"pytest", "outcomes", "self", "unittest"} or not base):
        return "error message", last, 0
    return None


def _talk(name: str, call: ast.Call) -> tuple[str, str, int] | None:
    """Return the role of what a program prints, and of what its command line says of itself."""
    base, last, owner = _called(name)
    if (last in _OUTPUT and not base) or (last in _WRITE and _STREAM.match(owner)):
        return "output", name, 0
    if last == "error" and re.search(r"parser|ap$", owner):
        return "output", "parser.error", 0
    if last in {"add_argument", "add_option", "addoption", "option", "add_parser"}:
        return "help text", last, len(call.args) + 1
    return None


def _called(name: str) -> tuple[str, str, str]:
    """Part ``a.b().c`` into ``a.b()``, ``c`` and the name of what ``c`` belongs to, ``b``."""
    base, _, last = name.rpartition(".")
    return base, last, base.rpartition(".")[2].removesuffix("()")


def _keywords(call: ast.Call) -> set[str]:
    return {keyword.arg for keyword in call.keywords if keyword.arg}


def _is_exception(around: tuple[Scope, ...]) -> bool:
    classes = [scope for scope in around if isinstance(scope, ast.ClassDef)]
    names = [dotted(base) for scope in classes[-1:] for base in scope.bases]
    return any(_RAISED.search(name) for name in [*names, *(c.name for c in classes[-1:])])
