"""Where code that a statement gives goes in the base tree, and the file with it in place.

Only files that gold changes are looked at: an example in a statement often has the name of
something elsewhere, and gold says which part of the tree the task is about. A place must be the
only one that fits; where two fit, nothing is replaced.
"""

from __future__ import annotations

import ast
import difflib
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from swe_audit.alternatives.ground import Ground
from swe_audit.alternatives.syntax import (
    Definition,
    functions_of,
    indented,
    margin_of,
    parse,
    same_code,
)
from swe_audit.model.paths import is_source_path

_LIKE = 0.6
"""How similar a replaced statement must be at least (difflib's ratio), 1 for the same text."""
_AHEAD = 0.08
"""By how much the best place must be ahead of the next."""

_ASSIGNED = (ast.Assign, ast.AugAssign)
_REPLACED = (*_ASSIGNED, ast.If, ast.Return, ast.For, ast.Raise)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A Python file of the base tree that gold changes.

    ``touched`` are the numbers of the lines that it removes, from 1, and of those after which it
    adds some.
    """

    path: str
    text: str
    touched: frozenset[int] = frozenset()

    @property
    def lines(self) -> list[str]:
        """Its lines without their ends."""
        return self.text.split("\n")

    def with_lines(self, first: int, end: int, new: Sequence[str]) -> str:
        """Return the text with lines ``first`` to ``end`` (0-based, exclusive) replaced."""
        lines = self.lines
        return "\n".join([*lines[:first], *new, *lines[end:]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """One file with something replaced, and where: ``line`` is the first replaced, from 1."""

    path: str
    line: int
    before: str
    text: str
    what: str


def sources_of(ground: Ground) -> tuple[Source, ...]:
    """Return the Python sources of the base tree that gold changes."""
    found = []
    for path in sorted({*ground.added, *ground.removed}):
        text = ground.base.read(path) if path.endswith(".py") and is_source_path(path) else None
        if text is not None and parse(text) is not None:
            touched = _touched(ground.task.gold_patch, path)
            found.append(Source(path=path, text=text, touched=touched))
    return tuple(found)


def _touched(patch: str, path: str) -> frozenset[int]:
    try:
        files = [file for file in PatchSet(patch) if file.path == path]
    except UnidiffParseError:
        return frozenset()
    lines: set[int] = set()
    for hunk in (hunk for file in files for hunk in file):
        last = hunk.source_start
        for line in hunk:
            if line.source_line_no is not None:
                last = line.source_line_no
            if not line.is_context:
                lines.add(last)
    return frozenset(lines)


def replaced_run(source: Source, old: str, new: str) -> Replacement | None:
    """Replace lines that stand in the file as given, spacing apart, if they do so once."""
    wanted = [line.strip() for line in old.strip().split("\n")]
    lines = [line.strip() for line in source.lines]
    at = [i for i in range(len(lines)) if lines[i : i + len(wanted)] == wanted]
    if len(at) != 1 or not any(len(line) > 4 for line in wanted):
        return None
    first = at[0]
    margin = margin_of(source.lines[first])
    text = source.with_lines(first, first + len(wanted), indented(new, margin))
    before = "\n".join(source.lines[first : first + len(wanted)])
    return Replacement(path=source.path, line=first + 1, before=before, text=text, what="lines")


def replaced_string(source: Source, new: str) -> Replacement | None:
    """Replace a line that is a string literal alone by one that is very like it."""
    literal = new.strip()
    if "\n" in literal or not re.match(r"^[rbuRBU]{0,2}['\"].*['\"],?$", literal):
        return None
    scored = [
        (_ratio(line.strip(), literal), index)
        for index, line in enumerate(source.lines)
        if re.match(r"^\s*[rbuRBU]{0,2}['\"].*['\"],?$", line)
    ]
    index = _best(scored, 0.75)
    if index is None or source.lines[index].strip() == literal:
        return None
    line = source.lines[index]
    text = source.with_lines(index, index + 1, [margin_of(line) + literal])
    return Replacement(path=source.path, line=index + 1, before=line, text=text, what="string")


def replaced_header(source: Source, new: str) -> Replacement | None:
    """Replace the first line of a compound statement by one of the same kind, very like it."""
    header = new.strip()
    word = re.match(r"(?:if|elif|for|while|with|except)\b(?=.*:$)", header)
    if "\n" in header or word is None:
        return None
    scored = [
        (_ratio(line.strip(), header), index)
        for index, line in enumerate(source.lines)
        if re.match(rf"\s*{word[0]}\b.*:$", line)
    ]
    index = _best(scored, _LIKE)
    if index is None or source.lines[index].strip() == header:
        return None
    line = source.lines[index]
    text = source.with_lines(index, index + 1, [margin_of(line) + header])
    return Replacement(path=source.path, line=index + 1, before=line, text=text, what="condition")


def replaced_statement(source: Source, new: str) -> Replacement | None:
    """Replace one statement by another of the same kind; an assignment has the same target."""
    given = parse(textwrap.dedent(new).strip("\n"))
    tree = parse(source.text)
    if given is None or tree is None or len(given.body) != 1:
        return None
    wanted = given.body[0]
    if not isinstance(wanted, _REPLACED):
        return None
    groups = _of_same_role(source, tree, wanted)
    chosen = groups.get(_most_alike(tuple(groups), wanted), [])
    if len(chosen) > 1 and not all(_is_touched(source, node) for node in chosen):
        return None
    return _everywhere(source, chosen, new)


def _of_same_role(source: Source, tree: ast.Module, wanted: ast.stmt) -> dict[str, list[ast.stmt]]:
    """Return statements by their text; of assignments those that gold touches, if there are any."""
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.stmt) and _same_role(n, wanted)]
    if isinstance(wanted, _ASSIGNED):
        nodes = [node for node in nodes if _is_touched(source, node)] or nodes
    groups: dict[str, list[ast.stmt]] = {}
    for node in nodes:
        groups.setdefault(ast.unparse(node), []).append(node)
    return groups


def _most_alike(texts: Sequence[str], wanted: ast.stmt) -> str:
    """Choose what a statement is to replace: an assignment the only one; '' for nothing."""
    said = ast.unparse(wanted)
    best = _best([(_ratio(text, said), index) for index, text in enumerate(texts)], _LIKE)
    if isinstance(wanted, _ASSIGNED) and len(texts) == 1:
        best = 0
    return "" if best is None or texts[best] == said else texts[best]


def replaced_definition(
    source: Source, new: Definition, code: str, inside: str
) -> Replacement | None:
    """Replace the one function of a name; ``inside`` names its class where that is known."""
    tree = parse(source.text)
    if tree is None:
        return None
    method = bool(new.args.args) and new.args.args[0].arg in ("self", "cls")
    found = [
        (owner, node)
        for owner, node in functions_of(tree)
        if node.name == new.name and (owner == inside if inside else method == bool(owner))
    ]
    if len(found) > 1:
        found = [each for each in found if _is_touched(source, each[1])]
    if len(found) != 1 or same_code(found[0][1], new):
        return None
    node = found[0][1]
    first = new.decorator_list[0].lineno if new.decorator_list else new.lineno
    text = "\n".join(code.split("\n")[first - 1 : new.end_lineno])
    kept = node.decorator_list and new.decorator_list
    start = min(each.lineno for each in node.decorator_list) if kept else node.lineno
    return _with_lines(source, start, node.end_lineno or start, text, "function")


def added_method(source: Source, new: Definition, code: str, inside: str) -> Replacement | None:
    """Add a method at the end of the class that is to have it and does not yet."""
    tree = parse(source.text)
    classes = [
        node
        for node in ast.walk(tree or ast.Module(body=[], type_ignores=[]))
        if isinstance(node, ast.ClassDef) and node.name == inside
    ]
    if len(classes) != 1 or any(getattr(n, "name", "") == new.name for n in classes[0].body):
        return None
    last = classes[0].body[-1]
    margin = margin_of(source.lines[classes[0].body[0].lineno - 1])
    first = new.decorator_list[0].lineno if new.decorator_list else new.lineno
    body = "\n".join(code.split("\n")[first - 1 : new.end_lineno])
    end = last.end_lineno or last.lineno
    text = source.with_lines(end, end, ["", *indented(body, margin)])
    return Replacement(path=source.path, line=end + 1, before="", text=text, what="new method")


def _same_role(node: ast.AST, wanted: ast.stmt) -> bool:
    if type(node) is not type(wanted):
        return False
    if isinstance(wanted, ast.Assign) and isinstance(node, ast.Assign):
        return [ast.unparse(t) for t in node.targets] == [ast.unparse(t) for t in wanted.targets]
    if isinstance(wanted, ast.AugAssign) and isinstance(node, ast.AugAssign):
        return ast.unparse(node.target) == ast.unparse(wanted.target)
    return True


def _is_touched(source: Source, node: ast.stmt) -> bool:
    """Whether gold removes a line of a statement, or adds one to it."""
    return any(line in source.touched for line in range(node.lineno, (node.end_lineno or 0) + 1))


def _everywhere(source: Source, nodes: Sequence[ast.stmt], new: str) -> Replacement | None:
    """Replace each of some equal statements, from the last to the first."""
    current = source
    done: Replacement | None = None
    for node in sorted(nodes, key=lambda each: -each.lineno):
        done = _with_lines(current, node.lineno, node.end_lineno or node.lineno, new, "statement")
        if done is None:
            return None
        current = Source(path=source.path, text=done.text)
    return done


def _with_lines(source: Source, start: int, end: int, new: str, what: str) -> Replacement | None:
    margin = margin_of(source.lines[start - 1])
    before = "\n".join(source.lines[start - 1 : end])
    if source.lines[start - 1].strip().startswith("elif"):
        return None
    text = source.with_lines(start - 1, end, indented(new, margin))
    return Replacement(path=source.path, line=start, before=before, text=text, what=what)


def _best(scored: list[tuple[float, int]], floor: float) -> int | None:
    """The index of the best place, None where it is not like enough or not ahead of the next."""
    ranked = sorted(scored, reverse=True)
    if not ranked or ranked[0][0] < floor:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _AHEAD:
        return None
    return ranked[0][1]


def _ratio(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
