"""The texts that a file holds, as runs in which a message can be looked for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from swe_audit.alternatives.constructions.alignment import GAP
from swe_audit.alternatives.constructions.templates import (
    Run,
    Style,
    Template,
    lines_of,
    plain_run,
    span_of,
    template_of,
)


def readings(path: str, text: str) -> Iterator[tuple[Run, ...]]:
    """Yield the texts of a file, each in every way it may be meant, the plainest first.

    A Python file's are its string literals; they may be text, a template or a pattern. Any other
    file, or one that does not parse, is one text.
    """
    if path.endswith(".py"):
        try:
            module = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            module = None
        if module is not None:
            for template in _literals(module, text):
                yield _meanings(template)
            return
    yield (plain_run(text),)


def _literals(module: ast.Module, text: str) -> Iterator[Template]:
    lines = lines_of(text)
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str)
        ):
            start, end = span_of(node, lines, text)
            template = template_of(text[start:end], start, Style.NAMED)
            if template is not None and template.runs:
                yield template
        else:
            # What stands first is read first, so that the result does not depend on the tree.
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def _meanings(template: Template) -> tuple[Run, ...]:
    flat = _flat(template)
    meanings = [flat]
    if re.search(r"[\\*+?\[(^$]", flat.text):
        meanings.append(_as_pattern(flat))
    if len(template.runs) > 1:
        meanings.extend(template.runs)
    return tuple(meanings)


def _flat(template: Template) -> Run:
    """Return a template as one run in which each hole is a gap."""
    text = ""
    starts: list[int] = []
    ends: list[int] = []
    for part in template.parts:
        if isinstance(part, Run):
            text += part.text
            starts.extend(part.starts)
            ends.extend(part.ends)
        else:
            here = ends[-1] if ends else template.runs[0].starts[0]
            text += GAP
            starts.append(here)
            ends.append(here)
    return Run(text=text, starts=tuple(starts), ends=tuple(ends))


_REGEX = re.compile(
    r"""
    (?P<wild>(?:\.|\\[dDwWsS]|\[[^\]]*\]|\((?!\?P?<?[=!])[^()]*\))(?:[*+?]|\{\d*,?\d*\})\??
      |\\[dDwWsSbBAZ]|\[[^\]]+\]|\(\?[^()]*\))
    |\\(?P<escaped>.)
    |(?P<edge>[\^$])
    |(?P<plain>.)
    """,
    re.VERBOSE | re.DOTALL,
)


def _as_pattern(run: Run) -> Run:
    """Read a text as a regular expression: escapes resolved, wild parts as gaps."""
    text = ""
    starts: list[int] = []
    ends: list[int] = []
    for found in _REGEX.finditer(run.text):
        kind = found.lastgroup
        if kind == "edge":
            continue
        text += GAP if kind == "wild" else found.group(kind or 0)
        starts.append(run.starts[found.start()])
        ends.append(run.ends[found.end() - 1])
    return Run(text=text, starts=tuple(starts), ends=tuple(ends))
