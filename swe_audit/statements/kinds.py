"""What a block of a statement is, from its text and the language it is marked with."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings

from swe_audit.statements.nouns import BlockKind

_OUTPUTS = frozenset(
    {"text", "txt", "plain", "output", "none", "log", "html", "xml", "sql", "json"}
)
_TRACEBACKS = frozenset({"pytb", "traceback", "py3tb"})
_DIFFS = frozenset({"diff", "patch", "udiff"})
_HEADER = re.compile(r"Traceback \(most recent call last\)")
_FRAME = re.compile(r'^\s*File ".*", line \d+', re.MULTILINE)
_PYTEST = re.compile(r"^E  +\S|^_{5,} .* _{5,}$|^={5,} (?:FAILURES|ERRORS) ={5,}$", re.MULTILINE)
_HUNK = re.compile(r"^@@ .*@@|^diff --git |^\+\+\+ \S", re.MULTILINE)
_VERSION = re.compile(
    r"^\s*(?:[-*] )?[\w.][\w .()/-]*?\s*(?:==|:|=|\s)\s*[v(]?"
    r"(?:\d+(?:\.[\w+-]+)+|None|installed)\b[^()]*$"
    r"|^\s*(?:[A-Z]{3,}[A-Z ]*VERSIONS|[Pp]ython(?: dependencies)?\s*:|(?:OS|system|platform"
    r"|commit|machine|byteorder|executable|processor)\s*:)"
    r"|^(?:Linux|Windows|Darwin|macOS)-\d",
    re.MULTILINE,
)
_CODE = re.compile(
    r"^\s*(?:>>> |\$ \S|(?:async )?def \w|class \w+\s*[:(]|import \w|from [\w.]+ import"
    r"|@\w[\w.]*(?:\(|$)|return\b|[\w.\[\]'\"]+\s*[+|-]?= ?\S|[\w.]+\(.*\)\s*(?:#.*)?$|In \[\d+\]:"
    r"|(?:func|const|let|var|function|type|export|interface) \w)",
    re.MULTILINE,
)


def kind_of(text: str, language: str) -> BlockKind:
    """Return the kind of a block; one that shows code and then what it prints is code."""
    marked = language.casefold()
    if marked in _DIFFS or _is_diff(text):
        return BlockKind.DIFF
    if marked in _TRACEBACKS or _is_traceback(text):
        return BlockKind.TRACEBACK
    if marked in _OUTPUTS:
        return BlockKind.OUTPUT
    if is_environment(text):
        return BlockKind.ENVIRONMENT
    if marked or _CODE.search(text) or parses(text) or _is_header(text):
        return BlockKind.CODE
    return BlockKind.OUTPUT


def parses(text: str) -> bool:
    """Whether a text is Python that says something; a bare word or sentence is none."""
    tree = parsed(textwrap.dedent(text))
    if tree is None or not tree.body:
        return False
    trivial = (ast.Name, ast.Constant, ast.Attribute, ast.Tuple)
    return not all(isinstance(s, ast.Expr) and isinstance(s.value, trivial) for s in tree.body)


def parsed(text: str) -> ast.Module | None:
    """Parse Python, None where it is none; odd escapes in it warn nobody."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _is_header(text: str) -> bool:
    """Whether a text is the first line of a compound statement, without its body."""
    line = text.strip()
    if "\n" in line or not re.match(r"(?:if|elif|for|while|with|class|def|except) .*:$", line):
        return False
    before = "if x: pass\n" if line.startswith("elif") else ""
    before = "try: pass\n" if line.startswith("except") else before
    return parsed(f"{before}{line} pass") is not None


def is_environment(text: str) -> bool:
    """Whether most lines of a text give a version or describe a machine."""
    lines = [line for line in text.splitlines() if line.strip(" -=")]
    if not lines:
        return False
    versions = sum(1 for line in lines if _VERSION.search(line))
    return versions >= 2 and versions * 3 >= len(lines) * 2


def _is_diff(text: str) -> bool:
    if _HUNK.search(text):
        return True
    lines = [line for line in text.splitlines() if line.strip()]
    signed = sum(1 for line in lines if re.match(r"[+-](?![+-]{2,})\s*[\w'\"@#.\[({]", line))
    removes = any(line.startswith("-") for line in lines)
    adds = any(line.startswith("+") for line in lines)
    return removes and adds and signed >= 2


def _is_traceback(text: str) -> bool:
    header = _HEADER.search(text)
    if header is not None:
        before = text[: header.start()].strip(" -\n")
        return len(before.splitlines()) <= 1
    return bool(_FRAME.match(text)) or len(_PYTEST.findall(text)) >= 2
