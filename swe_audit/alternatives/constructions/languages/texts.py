"""The string literals of Go, JavaScript and TypeScript as templates, and who says them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from swe_audit.alternatives.constructions.languages.syntax import Code, is_go, read
from swe_audit.alternatives.constructions.messages import Message
from swe_audit.alternatives.constructions.templates import (
    Hole,
    Run,
    Template,
    divided,
    joined,
    scanned,
)

_VERB = re.compile(
    r"(?P<double>%%)|%[+\-# 0]*(?:\[\d+\])?(?:\d+|\*)?(?:\.(?:\d+|\*)?)?[vTtbcdoOqxXUeEfFgGspw]"
)
_PLACED = re.compile(r"(?P<double>%%)|%[sdifjoO]")
_ERRORS = re.compile(
    r"^(?:fmt|errors?|xerrors|pkgerrors|status|trace|eris|merry)\."
    r"(?:New|Errorf?|Wrapf?|WithMessagef?|BadParameter|NotFound|AccessDenied|AlreadyExists"
    r"|CompareFailed|LimitExceeded|ConnectionProblem|NotImplemented)$"
)
_LOGS = re.compile(
    r"(?:^|\.)(?:\w*[Ll]og\w*(?:\(\))?|slog|zap|klog|glog|console)\.(?:With\w*\(.*\)\.)*"
    r"(?:Debug|Info|Warn|Warning|Error|Fatal|Panic|Print|Trace|debug|info|warn|error|log|trace)"
    r"(?:f|ln|w|Context)?$"
)
_OUTPUT = re.compile(r"^(?:fmt\.(?:Print|Fprint)(?:f|ln)?|process\.std(?:out|err)\.write)$")
_RAISED = re.compile(r"(?:Error|Exception)$")
_SEARCHES = re.compile(
    r"Contains|Regexp|HasPrefix|HasSuffix|MatchString|toMatch|toThrow|toContain|match|includes"
    r"|throws|rejects|ErrorContains|stringContaining|have\.string"
)
_LITERALS = frozenset(
    {"interpreted_string_literal", "raw_string_literal", "string", "template_string", "regex"}
)


@lru_cache(maxsize=256)
def messages_of(path: str, text: str) -> tuple[Message, ...]:
    """Return what a file says to its user, in the order of the text; () where it is odd."""
    code = read(path, text)
    if code is None:
        return ()
    found = [
        Message(
            template=template,
            symbol=symbol,
            speaker=speaker,
            scope=code.scope(node),
            line=code.text.count("\n", 0, template.runs[0].starts[0]) + 1,
        )
        for node in code.walk()
        for symbol, speaker, said in _sayings(code, node)
        if (template := _template(code, said)) is not None and template.runs
    ]
    return tuple(sorted(found, key=lambda each: each.template.runs[0].starts[0]))


def literals_of(path: str, text: str) -> tuple[tuple[Template, bool], ...]:
    """Return a file's texts, and whether each is looked for in another text."""
    code = read(path, text)
    if code is None:
        return ()
    found = []
    for node in code.walk():
        if node.type in _LITERALS and not _inside_literal(node):
            template = _template(code, node)
            if template is not None and template.runs:
                found.append((template, _is_searched(code, node)))
    return tuple(found)


def _inside_literal(node: Any) -> bool:
    above = node.parent
    return above is not None and above.type in _LITERALS and above.type != "template_string"


def _sayings(code: Code, node: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield what a call or a constructor says: what it is, who says it, the node of the text."""
    if node.type == "call_expression":
        said = code.said(node.child_by_field_name("function"))
    elif node.type == "new_expression":
        said = code.said(node.child_by_field_name("constructor"))
    else:
        return
    symbol = _symbol(said)
    arguments = node.child_by_field_name("arguments")
    if not symbol or arguments is None:
        return
    for argument in arguments.named_children:
        if _is_textual(argument):
            yield symbol, said, argument
            return


def _symbol(said: str) -> str:
    if _ERRORS.search(said) or said == "panic":
        return "error message"
    if _LOGS.search(said):
        return "output" if said.startswith("console.") else "log line"
    if _OUTPUT.match(said):
        return "output"
    return "error message" if _RAISED.search(said) and "." not in said else ""


def _is_textual(node: Any) -> bool:
    if node.type in _LITERALS:
        return True
    return node.type == "binary_expression" and any(map(_is_textual, node.named_children))


def _template(code: Code, node: Any) -> Template | None:
    parts = list(_parts(code, node))
    return joined(parts) if any(isinstance(part, Run) for part in parts) else None


def _parts(code: Code, node: Any) -> Iterator[Run | Hole]:
    if node.type == "binary_expression":
        for side in (node.child_by_field_name("left"), node.child_by_field_name("right")):
            yield from _parts(code, side)
    elif node.type == "template_string":
        yield from _interpolated(code, node)
    elif node.type in _LITERALS:
        start, end = code.span(node)
        raw = node.type in ("raw_string_literal", "regex")
        inner = code.text[start + 1 : end - 1] if node.type != "regex" else _pattern(code, node)
        run = scanned(inner, start + 1, raw=raw)
        yield from divided(run, _VERB if is_go(code.path) else _PLACED)
    else:
        yield Hole(source="{" + code.said(node) + "}")


def _pattern(code: Code, node: Any) -> str:
    return code.said(node.child_by_field_name("pattern"))


def _interpolated(code: Code, node: Any) -> Iterator[Run | Hole]:
    """Yield the text between the substitutions of a template, which has no node of its own."""
    start, end = code.span(node)
    at = start + 1
    for child in node.named_children:
        if child.type != "template_substitution":
            continue
        place, after = code.span(child)
        yield scanned(code.text[at:place], at, raw=False)
        yield Hole(source=code.text[place:after])
        at = after
    yield scanned(code.text[at : end - 1], at, raw=False)


def _is_searched(code: Code, node: Any) -> bool:
    """Whether the text stands among the arguments of a call that looks for texts."""
    if node.type == "regex":
        return True
    above, steps = node.parent, 0
    while above is not None and steps < 5:
        if above.type == "call_expression":
            said = code.said(above.child_by_field_name("function"))
            return _SEARCHES.search(said[-60:]) is not None
        above, steps = above.parent, steps + 1
    return False
