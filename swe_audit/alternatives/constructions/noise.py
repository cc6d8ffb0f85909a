"""NOISE: gold without its documentation, comments and formatting, a control that tests must accept.

What tests might read stays: docstrings with examples, those of classes and decorated functions,
all of them where anything near looks at docstrings, and documents that a test names.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from swe_audit.alternatives.constructions.templates import lines_of, span_of
from swe_audit.alternatives.ground import Ground
from swe_audit.model.construction import ConstructionKind, Edit, LicenceCheck, Refused, Site
from swe_audit.model.paths import is_docs_path

_PRAGMA = re.compile(
    r"#\s*(?:type\s*:|noqa|pragma|pylint|mypy|pyright|flake8|isort|fmt|yapf|nosec|doctest|!|:|-\*-)"
    r"|coding[:=]",
    re.IGNORECASE,
)
_READS_DOCSTRINGS = re.compile(r"__doc__|getdoc|docstring|numpydoc|docopt")


def noise(ground: Ground) -> Iterator[Site | Refused]:
    """Yield one site at most: everything in gold that no correct test can see, taken back."""
    edits: list[Edit] = []
    told: list[str] = []
    for path in sorted(ground.added):
        gold = ground.gold.read(path)
        if is_docs_path(path) and not _named_by_tests(ground, path):
            edits.extend(between(path, gold or "", ground.base.read(path) or ""))
            told.append(f"{path} as it was")
        elif path.endswith(".py") and gold is not None:
            plain = _plain(ground, path, gold)
            if plain != gold:
                edits.extend(between(path, gold, plain))
                told.append(f"{path} without its comments, docstrings and formatting")
    if not edits:
        return
    yield Site(
        kind=ConstructionKind.NOISE,
        symbol="comments and documentation",
        detail="",
        replacement="",
        scope="",
        path=edits[0].path,
        line=(ground.gold.read(edits[0].path) or "").count("\n", 0, edits[0].start) + 1,
        edits=tuple(edits),
        checks=(LicenceCheck(rule="control", text="; ".join(told)),),
    )


def between(path: str, old: str, new: str) -> list[Edit]:
    """Return the edits, line by line, that make one text of another."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    offsets = [0]
    for line in before:
        offsets.append(offsets[-1] + len(line))
    return [
        Edit(path=path, start=offsets[i1], end=offsets[i2], text="".join(after[j1:j2]))
        for tag, i1, i2, j1, j2 in _differences(before, after)
        if tag != "equal"
    ]


def _differences(before: list[str], after: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    # Blank lines and the like are so many that to match each with each takes minutes.
    return SequenceMatcher(None, before, after, autojunk=True).get_opcodes()


def _named_by_tests(ground: Ground, path: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    return any(name in (ground.tests.read(test) or "") for test in ground.test_paths)


def _plain(ground: Ground, path: str, gold: str) -> str:
    """Return a module of gold with only those of its changes that mean something."""
    base = ground.base.read(path)
    text = gold if base is None else _unformatted(base, gold)
    text = _without_comments(base or "", text)
    if not _docstrings_are_read(ground, text):
        text = _without_docstrings(base or "", text)
    return text


def _meaning(text: str) -> str | None:
    """Return what two texts have in common that mean the same; None for what does not parse."""
    try:
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return None


def _unformatted(base: str, gold: str) -> str:
    """Take back, last first, each change of lines without which the module means the same."""
    wanted = None
    before, after = base.splitlines(keepends=True), gold.splitlines(keepends=True)
    for tag, i1, i2, j1, j2 in reversed(_differences(before, after)):
        old, new = "".join(before[i1:i2]), "".join(after[j1:j2])
        # To parse a large module for each change takes long; most changes are plainly code.
        if tag == "equal" or _PRAGMA.search(old + new) or _bare(old) != _bare(new):
            continue
        wanted = wanted or _meaning(gold)
        if wanted is None:
            return gold
        tried = [*after[:j1], *before[i1:i2], *after[j2:]]
        if _meaning("".join(tried)) == wanted:
            after = tried
    return "".join(after)


def _bare(code: str) -> str:
    """Return code without what may be formatting: comments, white space, quotes, brackets."""
    return re.sub(r"#.*|[\s\\()\"',]", "", code)


def _new_lines(base: str, text: str) -> frozenset[int]:
    before, after = base.splitlines(keepends=True), text.splitlines(keepends=True)
    return frozenset(
        line + 1
        for tag, _, _, j1, j2 in _differences(before, after)
        if tag != "equal"
        for line in range(j1, j2)
    )


def _without_comments(base: str, text: str) -> str:
    """Drop the comments of new lines, a line that holds nothing else with them."""
    new = _new_lines(base, text)
    lines = text.splitlines(keepends=True)
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return text
    kept = list(lines)
    for token in tokens:
        row, column = token.start
        if token.type != tokenize.COMMENT or row not in new or _PRAGMA.search(token.string):
            continue
        before = lines[row - 1][:column]
        end = lines[row - 1][column + len(token.string) :]
        kept[row - 1] = before.rstrip() + end if before.strip() else ""
    plain = "".join(kept)
    if plain == text:
        return text
    meaning = _meaning(plain)
    return plain if meaning is not None and meaning == _meaning(text) else text


def _docstrings_are_read(ground: Ground, text: str) -> bool:
    return (
        _READS_DOCSTRINGS.search(text) is not None
        or any("docstring" in path for path in ground.base.files)
        or any(
            _READS_DOCSTRINGS.search(ground.tests.read(path) or "") for path in ground.test_paths
        )
    )


def _without_docstrings(base: str, text: str) -> str:
    """Drop the docstrings of functions that are new, and take back changes of older ones."""
    new = _new_lines(base, text)
    rows = text.splitlines()
    if not any('"' in rows[line - 1] or "'" in rows[line - 1] for line in new):
        return text
    try:
        module, old = ast.parse(text), ast.parse(base)
    except (SyntaxError, ValueError, RecursionError):
        return text
    before = dict(_functions(old))
    lines, old_lines = lines_of(text), lines_of(base)
    changes: list[tuple[int, int, str]] = []
    for name, function in _functions(module):
        said = function.body[0]
        if not _is_docstring(said) or (said.lineno not in new and said.end_lineno not in new):
            continue
        start, end = span_of(said, lines, text)
        older = before.get(name)
        if older is not None and _is_docstring(older.body[0]):
            first, last = span_of(older.body[0], old_lines, base)
            replacement = base[first:last]
            if ">>>" not in replacement + text[start:end]:
                changes.append((start, end, replacement))
        elif len(function.body) > 1 and ">>>" not in text[start:end] and older is None:
            line_start = lines[said.lineno]
            line_end = text.find("\n", end) + 1 or len(text)
            if not text[line_start:start].strip() and not text[end:line_end].strip():
                changes.append((line_start, line_end, ""))
    for start, end, replacement in sorted(changes, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def _functions(module: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield the functions without decorators, by qualified name."""
    waiting: list[tuple[str, ast.AST]] = [("", module)]
    while waiting:
        prefix, node = waiting.pop()
        for child in ast.iter_child_nodes(node):
            name = prefix
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = f"{prefix}.{child.name}"
            if (
                isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
                and not child.decorator_list
            ):
                yield name, child
            waiting.append((name, child))


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
