"""What gold is made of: its changes, each with the names that it needs and introduces."""

from __future__ import annotations

import ast
import functools
import io
import re
import textwrap
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk, PatchSet

from swe_audit.alternatives.ground import Ground
from swe_audit.alternatives.mutants.idle import Idle, asks_for_platform, for_platform
from swe_audit.alternatives.syntax import FUNCTIONS, extent, parse
from swe_audit.model.paths import is_source_path

_COMPOUND = (ast.If, ast.For, ast.While, ast.With, ast.Try, *FUNCTIONS, ast.ClassDef)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A piece of gold's change in one file: lines ``first`` to ``end`` of gold, 1-based.

    ``end`` is exclusive, so that a pure removal has no lines. ``base`` are the lines that stand
    there without it. ``whole`` says that it is all of a run of changed lines rather than one
    statement of it. ``function`` is the qualified name of the innermost definition around it.
    ``binds`` are the names that it introduces and ``uses`` those that it needs. Units with the
    same ``tie`` only make sense together: they are pieces of one rewritten stretch. ``idle`` says
    why it never runs in the task's environment, where it does not.
    """

    path: str
    first: int
    end: int
    base: tuple[str, ...]
    text: str
    whole: bool
    function: str = ""
    binds: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    tie: str = ""
    returns: bool = False
    idle: Idle | None = None

    @property
    def key(self) -> tuple[str, int, int]:
        """Where it is, for order and identity."""
        return self.path, self.first, self.end


def units_of(ground: Ground, idle: Sequence[Idle] = ()) -> tuple[Unit, ...]:
    """Return the units of gold's change in Python sources that both trees hold.

    Runs of changed lines come first, then the single statements of those that hold several.
    What changes only comments, docstrings or annotations is left out. Units within the ``idle``
    stretches are marked.
    """
    runs: list[Unit] = []
    parts: list[Unit] = []
    for path, hunks in _hunks(ground):
        base, gold = ground.base.read(path), ground.gold.read(path)
        tree = parse(gold) if gold is not None else None
        if base is None or gold is None or tree is None or parse(base) is None:
            continue
        lines = gold.split("\n")
        for run in _runs(path, hunks, lines):
            runs.append(_named(run, tree, base))
            parts.extend(_named(part, tree, base) for part in _statements(tree, run, lines))
    known = {run.key for run in runs}
    units = (*runs, *(part for part in parts if part.key not in known))
    return tuple(replace(unit, idle=_idle(unit, idle)) for unit in units)


def without(ground: Ground, units: Sequence[Unit]) -> dict[str, str]:
    """Return the files of gold with some units undone, by path."""
    files: dict[str, str] = {}
    for path in sorted({unit.path for unit in units}):
        lines = (ground.gold.read(path) or "").split("\n")
        last = len(lines) + 1
        for unit in sorted((u for u in units if u.path == path), key=lambda u: u.key, reverse=True):
            end = min(unit.end, last)
            if unit.first >= last and unit.first != unit.end:
                continue
            lines[unit.first - 1 : end - 1] = unit.base
            last = unit.first
        files[path] = "\n".join(lines)
    return files


def dependents(unit: Unit, units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Return a unit with all that need a name which it introduces, directly or not."""
    group = [unit]
    for each in group:
        for other in units:
            tied = bool(each.binds & other.uses) or (each.tie != "" and each.tie == other.tie)
            if tied and other not in group and not is_within(other, group):
                group.append(other)
    return tuple(group)


def is_within(unit: Unit, group: Sequence[Unit]) -> bool:
    """Whether the lines of a unit are part of another's."""
    return any(
        unit.path == each.path and each.first <= unit.first and unit.end <= each.end
        for each in group
    )


def _hunks(ground: Ground) -> Iterator[tuple[str, Sequence[Hunk]]]:
    try:
        patch = PatchSet(ground.task.gold_patch)
    except UnidiffParseError:
        return
    for file in patch:
        path = file.path
        code = path.endswith(".py") and is_source_path(path) and path in ground.added
        if code and not (file.is_added_file or file.is_removed_file or file.is_rename):
            yield path, file


def _runs(path: str, hunks: Sequence[Hunk], lines: Sequence[str]) -> Iterator[Unit]:
    """The runs of changed lines; those of a hunk are tied if one alone is no whole statements."""
    for number, hunk in enumerate(hunks):
        found = list(_runs_of(path, hunk, lines))
        alone = all(_is_complete(run.text) and _is_complete("\n".join(run.base)) for run in found)
        yield from (found if alone else (replace(r, tie=f"{path}:{number}") for r in found))


def _is_complete(text: str) -> bool:
    """Whether lines are whole statements, or the first line of one that is no definition."""
    code = textwrap.dedent(text).strip("\n")
    if parse(code) is not None:
        return True
    header = re.match(r"(?:if|while|for|with) [^\n]*:\s*$", code)
    return header is not None and parse(f"{code} pass") is not None


def _runs_of(path: str, hunk: Hunk, lines: Sequence[str]) -> Iterator[Unit]:
    removed: list[str] = []
    added = 0
    line = hunk.target_start if hunk.target_length else hunk.target_start + 1
    for each in [*hunk, None]:
        if each is not None and each.is_removed:
            removed.append(each.value.rstrip("\r\n"))
            continue
        if each is not None and each.is_added:
            added += 1
            continue
        if removed or added:
            text = "\n".join(lines[line - 1 : line - 1 + added])
            yield Unit(
                path=path,
                first=line,
                end=line + added,
                base=tuple(removed),
                text=text or "\n".join(removed),
                whole=True,
            )
            line += added
            removed, added = [], 0
        if each is not None and each.is_context:
            line += 1


def _statements(tree: ast.Module, run: Unit, lines: Sequence[str]) -> Iterator[Unit]:
    """The statements that a run adds whole: its own, or those of the one that it consists of."""
    at = _nodes_at(tree, run)
    own = [node for node in at if isinstance(node, ast.stmt) and _inside(node, run)]
    top = [n for n in own if not any(n is not o and _holds(o, n) for o in own)]
    if len(top) == 1 and isinstance(top[0], _COMPOUND):
        top = [n for n in own if n is not top[0] and not _between(n, top[0], own)]
    elif len(top) < 2:
        return
    for node in top:
        if _is_docstring(node) or isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass)):
            continue
        first, end = extent(node)
        margin = lines[first - 1][: len(lines[first - 1]) - len(lines[first - 1].lstrip())]
        yield Unit(
            path=run.path,
            first=first,
            end=end,
            base=(f"{margin}pass",) if _is_alone(tree, node) else (),
            text="\n".join(lines[first - 1 : end - 1]),
            whole=False,
            returns=isinstance(node, ast.Return),
        )


def _between(node: ast.stmt, root: ast.stmt, own: Sequence[ast.stmt]) -> bool:
    return any(o is not root and o is not node and _holds(o, node) for o in own)


def _holds(outer: ast.stmt, inner: ast.stmt) -> bool:
    return any(node is inner for node in ast.walk(outer))


def _inside(node: ast.stmt, run: Unit) -> bool:
    first, end = extent(node)
    return run.first <= first and end <= run.end


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_alone(tree: ast.Module, node: ast.stmt) -> bool:
    for parent in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(parent, name, None)
            if isinstance(body, list) and any(each is node for each in body):
                return len(body) == 1
    return False


def _idle(unit: Unit, idle: Sequence[Idle]) -> Idle | None:
    for one in idle:
        if one.path == unit.path and one.first <= unit.first and unit.end <= one.end:
            return one
    removed = unit.first == unit.end and asks_for_platform(unit.text)
    return for_platform(unit.path, unit.first, unit.end) if removed else None


def _named(unit: Unit, tree: ast.Module, base: str) -> Unit:
    """Return a unit with the names that it introduces to its scope, and those that it needs."""
    scope = _scope(tree, unit)
    function = scope[-1][1] if scope else ""
    known = _words(base)
    local = _words(_segment(base, function)) if function else known
    binds: set[str] = set()
    uses: set[str] = set()
    for node in _nodes_at(tree, unit):
        name, bound = _binding(node)
        if not name:
            continue
        if not bound:
            uses.add(name)
        elif name not in (local if isinstance(node, ast.Name) else known):
            binds.add(name)
    return replace(unit, function=function, binds=frozenset(binds), uses=frozenset(uses))


def _nodes_at(tree: ast.AST, unit: Unit) -> Iterator[ast.AST]:
    """The nodes that begin on the lines of a unit."""
    for node in ast.iter_child_nodes(tree):
        first = getattr(node, "lineno", None)
        if first is None:
            yield from _nodes_at(node, unit)
            continue
        last = getattr(node, "end_lineno", first)
        for decorator in getattr(node, "decorator_list", ()):
            first = min(first, decorator.lineno)
        if last < unit.first or first >= unit.end:
            continue
        if unit.first <= getattr(node, "lineno", 0) < unit.end:
            yield node
        yield from _nodes_at(node, unit)


def _binding(node: ast.AST) -> tuple[str, bool]:
    """The name that a node has, and whether it introduces it rather than needs it."""
    if isinstance(node, ast.Name):
        return node.id, not isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.Attribute):
        return node.attr, not isinstance(node.ctx, ast.Load)
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return node.name, True
    if isinstance(node, ast.arg):
        return node.arg, True
    if isinstance(node, ast.alias):
        return (node.asname or node.name).split(".")[0], True
    if isinstance(node, ast.keyword):
        return node.arg or "", False
    return "", False


def _scope(tree: ast.Module, unit: Unit) -> list[tuple[ast.AST, str]]:
    """The definitions around a unit, outermost first, with their qualified names."""
    found: list[tuple[ast.AST, str]] = []
    body: list[ast.AST] = [tree]
    while body:
        node = body.pop()
        for child in ast.iter_child_nodes(node):
            last = getattr(child, "end_lineno", None)
            if last is None or not (
                child.lineno <= unit.first and unit.end <= last + 1  # type: ignore[attr-defined]
            ):
                continue
            if isinstance(child, (*FUNCTIONS, ast.ClassDef)):
                prefix = f"{found[-1][1]}." if found else ""
                found.append((child, prefix + child.name))
            body.append(child)
    return found


def _segment(base: str, qualified: str) -> str:
    """The text of a definition of base, empty where base has none of that name."""
    node: ast.AST | None = parse(base)
    for name in qualified.split("."):
        node = next(
            (
                child
                for child in ast.walk(node)
                if isinstance(child, (*FUNCTIONS, ast.ClassDef)) and child.name == name
            )
            if node is not None
            else iter(()),
            None,
        )
    return ast.get_source_segment(base, node) or "" if node is not None else ""


@functools.lru_cache(maxsize=256)
def _words(text: str) -> frozenset[str]:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return frozenset(re.findall(r"[A-Za-z_]\w*", text))
    return frozenset(token.string for token in tokens if token.type == tokenize.NAME)
