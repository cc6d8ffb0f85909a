"""The texts that a file holds, as runs in which a message can be looked for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from swe_audit.alternatives.constructions.alignment import GAP
from swe_audit.alternatives.constructions.languages.syntax import is_readable
from swe_audit.alternatives.constructions.languages.texts import literals_of
from swe_audit.alternatives.constructions.messages import dotted
from swe_audit.alternatives.constructions.templates import (
    Run,
    Style,
    Template,
    lines_of,
    plain_run,
    span_of,
    template_of,
)
from swe_audit.alternatives.licence.syntax import parse

_SEARCHES = re.compile(
    r"raises|warns|deprecated|assert(?:Not)?(?:In|Regex|Contains)|match|search|findall|count",
    re.IGNORECASE,
)
_EXPECTATION = re.compile(
    r"(?:^|_)(?:match|msg|message|err|error|warning|pattern|expected|hint)s?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text in every way it may be meant, the plainest first: text, pattern, its pieces.

    ``searched`` says that it is looked for in another text, so that it may be part of that only.
    """

    meanings: tuple[Run, ...]
    searched: bool = False


@lru_cache(maxsize=64)
def readings(path: str, text: str) -> tuple[Reading, ...]:
    """Return the texts of a file: the string literals of code that can be read.

    Any other file, or one that does not parse, is one text.
    """
    if is_readable(path):
        found = literals_of(path, text)
        return tuple(Reading(meanings=_meanings(each), searched=sought) for each, sought in found)
    module = parse(text) if path.endswith(".py") else None
    if module is None:
        return (Reading(meanings=(plain_run(text),)),)
    return tuple(
        Reading(meanings=_meanings(template), searched=searched)
        for template, searched in _literals(module, text)
    )


def _literals(module: ast.Module, text: str) -> Iterator[tuple[Template, bool]]:
    lines = lines_of(text)
    waiting: list[tuple[ast.AST, bool]] = [(module, False)]
    while waiting:
        node, searched = waiting.pop()
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str)
        ):
            start, end = span_of(node, lines, text)
            template = template_of(text[start:end], start, Style.NAMED)
            if template is not None and template.runs:
                yield template, searched
        else:
            inner = _searches(node) or (searched and not isinstance(node, ast.stmt))
            # What stands first is read first, so that the result does not depend on the tree.
            children = reversed(list(ast.iter_child_nodes(node)))
            waiting.extend((each, inner) for each in children)


def _searches(node: ast.AST) -> bool:
    """Whether the texts right inside a node are looked for in other texts."""
    if isinstance(node, ast.Call):
        return _SEARCHES.search(dotted(node.func).rsplit(".", 1)[-1]) is not None
    if isinstance(node, ast.keyword):
        return node.arg == "match"
    if isinstance(node, ast.Compare):
        return isinstance(node.ops[0], ast.In | ast.NotIn)
    if isinstance(node, ast.Assign):
        return any(_EXPECTATION.search(dotted(target)) for target in node.targets)
    return False


def _meanings(template: Template) -> tuple[Run, ...]:
    flat = _flat(template)
    meanings = [flat]
    if re.search(r"[\\*+?\[(^$]", flat.text):
        meanings.append(_as_pattern(flat))
    if "*" in flat.text:
        meanings.append(_as_glob(flat))
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


def _as_glob(run: Run) -> Run:
    """Read a text as a shell pattern, as tests of output do: stars as gaps."""
    return Run(text=run.text.replace("*", GAP), starts=run.starts, ends=run.ends)
