"""How strongly a statement mentions a name (EVIDENCE 2.2)."""

from __future__ import annotations

import bisect
import functools
import re
from dataclasses import dataclass

from swe_audit.statements.intent import sentences_of
from swe_audit.statements.kinds import is_environment
from swe_audit.statements.layout import blocks, lines_of
from swe_audit.statements.nouns import BlockKind, Mention

_KIND = (
    r"(?:keyword|argument|arguments|arg|args|kwarg|kwargs|option|options|method|methods|parameter"
    r"|parameters|param|params|function|functions|class|classes|attribute|attributes|attr|setting"
    r"|settings|property|flag|field|variable|module|decorator|exception|command|directive|constant)"
)
_BEFORE = re.compile(
    rf"\b{_KIND}(?: (?:named|called|of|is))?[\s:]*(?:the |a )?['\"*]*$", re.IGNORECASE
)
_AFTER = re.compile(
    rf"^['\"*]*(?:\(\))?\s+(?:keyword |optional |boolean |new )?{_KIND}\b", re.IGNORECASE
)
_INLINE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)|<(code|tt)>(.*?)</\3>|\{\{\{(.+?)\}\}\}")
_URL = re.compile(r"\b(?:https?|ftp|file|git)://[^\s<>)\]]+|\bwww\.[^\s<>)\]]+")
_PATH = re.compile(
    r"(?:(?<![\w/])(?:~|\.{1,2}|\$\w+|[A-Za-z]:)?[/\\](?=[\w.])|(?<![\w/.<])[\w.-]+/(?=[\w.<-]+/|[\w.-]+\.\w))"
    r"[\w.<>$@+/\\-]*|\b[\w-]+\.(?:py|rst|txt|md|html|cfg|toml|ini|json|ya?ml|c|js|pyx)\b"
)
_HEADER = re.compile(r"Traceback \(most recent call last\)")
_FRAME = re.compile(r'^\s*File "[^"]*", line \d+')
_ERROR = re.compile(
    r"^[\w.]*(?:Error|Exception|Warning|Exit|Interrupt|Fault|DoesNotExist)\b(?::|\s*$)"
)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A statement with its stretches: what is code, and what only quotes. Offsets in ``text``."""

    text: str
    folded: str
    code: tuple[tuple[int, int], ...]
    quoted: tuple[tuple[int, int], ...]


def mention(statement: str, name: str) -> tuple[Mention, str]:
    """Return how strongly a statement mentions an identifier, and the line that does.

    The identifier is looked for as it is written, with hyphens for underscores (an option), and,
    as prose only, with spaces and in any case. In an output block or a code block it is named.
    """
    reading = _read(statement)
    best, where = Mention.NONE, -1
    for form, ceiling in _forms(name):
        if form.casefold() not in reading.folded:
            continue
        for match in _whole(form).finditer(reading.text):
            found = _at(reading, match, name, ceiling)
            if _RANK[found] > _RANK[best]:
                best, where = found, match.start()
            if best is Mention.NAMED:
                return best, _line(reading.text, where)
    return best, _line(reading.text, where) if where >= 0 else ""


_RANK = {each: rank for rank, each in enumerate(Mention)}


def _forms(name: str) -> tuple[tuple[str, Mention], ...]:
    """The ways of writing an identifier, each with the strongest mention that it can be."""
    words = name.strip("_").replace("_", " ")
    if " " in words:
        hyphens = words.replace(" ", "-")
        return ((name, Mention.NAMED), (hyphens, Mention.NAMED), (words, Mention.PROSE))
    return (
        ((name, Mention.NAMED),)
        if words == name
        else ((name, Mention.NAMED), (words, Mention.PROSE))
    )


@functools.lru_cache(maxsize=4096)
def _whole(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9_]){re.escape(form)}(?![A-Za-z0-9_])", re.IGNORECASE)


def _at(reading: _Reading, match: re.Match[str], name: str, ceiling: Mention) -> Mention:
    if _inside(reading.quoted, match.start()):
        return Mention.QUOTED
    exact = match[0] == name or (ceiling is Mention.NAMED and "-" in match[0])
    if ceiling is not Mention.NAMED or not exact:
        return Mention.PROSE
    if _inside(reading.code, match.start()):
        return Mention.NAMED
    before = reading.text[max(0, match.start() - 40) : match.start()].split("\n")[-1]
    after = reading.text[match.end() : match.end() + 40].split("\n")[0]
    if _is_compound(match[0]) or _is_used(before, after):
        return Mention.NAMED
    if _BEFORE.search(before) or _AFTER.match(after):
        return Mention.NAMED
    return Mention.PROSE


def _is_compound(name: str) -> bool:
    """Whether nobody writes a word like this in prose: snake_case, camelCase, a dunder."""
    return "_" in name or bool(re.search(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]", name))


def _is_used(before: str, after: str) -> bool:
    """Whether a word stands as code does: dotted, called, assigned, an option, alone in quotes."""
    if re.search(r"(?:[\w)\]]\.|--|@)$", before) or re.match(r"\.[A-Za-z_]|\(|=[^\s=]", after):
        return True
    return before[-1:] in ("'", '"') and after[:1] in ("'", '"')


def _inside(spans: tuple[tuple[int, int], ...], offset: int) -> bool:
    at = bisect.bisect_right(spans, (offset, 1 << 60)) - 1
    return at >= 0 and spans[at][0] <= offset < spans[at][1]


def _line(text: str, offset: int) -> str:
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return text[start : end if end >= 0 else len(text)].strip()


@functools.lru_cache(maxsize=256)
def _read(statement: str) -> _Reading:
    text = "\n".join(lines_of(statement))
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    code: list[tuple[int, int]] = []
    quoted = list(_tracebacks(text, starts))
    quoted.extend(_versions(text, starts))
    end = 0
    for block in blocks(statement):
        quoted.extend(_in_prose(text, end, starts[block.line - 1], code))
        span = (starts[block.line - 1], starts[block.last])
        hidden = block.kind is BlockKind.ENVIRONMENT or (
            block.kind is BlockKind.TRACEBACK and not _HEADER.search(block.text)
        )
        (quoted if hidden else code).append(span)
        quoted.extend((m.start(), m.end()) for m in _URL.finditer(text, *span))
        end = span[1]
    quoted.extend(_in_prose(text, end, len(text), code))
    return _Reading(text, text.casefold(), _merged(code), _merged(quoted))


def _in_prose(
    text: str, start: int, end: int, code: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Add the inline code of a stretch of prose to ``code``; return its addresses and paths."""
    if start >= end:
        return []
    code.extend((m.start(), m.end()) for m in _INLINE.finditer(text, start, end))
    return [(m.start(), m.end()) for rule in (_URL, _PATH) for m in rule.finditer(text, start, end)]


def _tracebacks(text: str, starts: list[int]) -> list[tuple[int, int]]:
    """The stretches of tracebacks, wherever they stand, with the line of the exception."""
    lines = text.split("\n")
    spans: list[tuple[int, int]] = []
    index = 0
    while index < len(lines):
        header = _HEADER.search(lines[index])
        if header is None and not _FRAME.match(lines[index]):
            index += 1
            continue
        pretty = header is not None and bool(lines[index][: header.start()].strip())
        end = index + 1
        while end < len(lines) and not _closes(lines, end, pretty=pretty):
            end += 1
        end = min(end + 1, len(lines))
        spans.append((starts[index], starts[end]))
        index = end
    return spans


def _closes(lines: list[str], index: int, *, pretty: bool) -> bool:
    line = lines[index]
    if line.lstrip().startswith(("```", "~~~", "}}}")):
        return True
    if pretty:
        return bool(_ERROR.match(line))
    deeper = line.startswith((" ", "> ")) or not line.strip() or bool(_FRAME.match(line))
    return not deeper and (bool(_ERROR.match(line)) or not _FRAME.match(lines[index - 1]))


def _versions(text: str, starts: list[int]) -> list[tuple[int, int]]:
    """The stretches of three and more lines that describe an environment, outside blocks too."""
    spans = []
    lines = text.split("\n")
    first = 0
    for index in range(len(lines) + 1):
        if index < len(lines) and lines[index].strip():
            continue
        if index - first >= 3 and is_environment("\n".join(lines[first:index])):
            spans.append((starts[first], starts[index]))
        first = index + 1
    return spans


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def names_function(statement: str, qualified: str) -> str:
    """Return the sentence of prose that names a function or a method, empty where none does.

    A method with a special name counts only with its class before it, and code in blocks does
    not count: an example uses many functions that the issue is not about.
    """
    parts = qualified.split(".")
    if not parts[-1]:
        return ""
    prose = _prose(statement)
    leaf = parts[-1]
    if leaf.startswith("__") or len(leaf) < 4:
        leaf = ".".join(parts[-2:]) if len(parts) > 1 else ""
    for match in _whole(leaf).finditer(prose) if leaf else ():
        if match[0] == leaf and mention(_line(prose, match.start()), leaf)[0] is Mention.NAMED:
            return _line(prose, match.start())
    return ""


def names_file(statement: str, path: str) -> str:
    """Return the sentence of prose that names a file, by its path, its name or as a module.

    A link to the file in a repository's web pages holds its path, and names it.
    """
    prose = _prose(statement)
    module = re.sub(r"(?:/__init__)?\.py$", "", path).replace("/", ".")
    name = path.rsplit("/", 1)[-1]
    for form in (path, module, *(() if name in _COMMON_FILES else (name,))):
        before = r"(?<!\w)" if form == path else r"(?<![\w/])"
        rule = rf"{before}{re.escape(form)}(?!\w)" if "." in form else ""
        if rule and (match := re.search(rule, prose)):
            return _line(prose, match.start())
    return ""


_COMMON_FILES = frozenset({"__init__.py", "models.py", "setup.py", "utils.py", "base.py"})


@functools.lru_cache(maxsize=64)
def _prose(statement: str) -> str:
    return "\n".join(sentences_of(statement))
