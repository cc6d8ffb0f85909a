"""Read added code of any language by its tokens.

One expression per family of languages finds comments, texts and identifiers. A general lexer
would know more; it reads a megabyte in a second, which is the whole time that a screen may take.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from swe_audit.screening.changes import FileChange, Line
from swe_audit.screening.facts import Call, Facts, Named, Role, Text

_HASHED = frozenset({"python", "ruby", "shell"})
_SLASHES = r"(?P<comment>//[^\n]*|/\*.*?(?:\*/|$)|^\s*\*(?:\s[^\n]*|/)?$)"
_HASH = r"(?P<comment>\#[^\n]*)"
_REST = (
    r"|(?P<text>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)"
    r"|(?P<word>[A-Za-z_$][A-Za-z0-9_$]*)"
)
_SLASHED = re.compile(_SLASHES + _REST, re.MULTILINE)
_HASHING = re.compile(_HASH + _REST, re.MULTILINE)
_ASSERTING = re.compile(
    r"\b(?:assert\w*|expect|require|should|toBe\w*|toEqual|toMatch\w*|toThrow\w*|raises|"
    r"Errorf|Fatalf|DeepEqual|o\()",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"^\s*(?:it|test|describe|context|o|o\.spec|t\.Run)(?:\.\w+)?\(|(?:Errorf|Fatalf|Logf)\("
)
_DEFINING = {
    "func": Role.FUNCTION,
    "function": Role.FUNCTION,
    "def": Role.FUNCTION,
    "fn": Role.FUNCTION,
    "class": Role.CLASS,
    "interface": Role.CLASS,
    "struct": Role.CLASS,
    "enum": Role.CLASS,
    "trait": Role.CLASS,
    "type": Role.CLASS,
    "const": Role.CONSTANT,
    "let": Role.LOCAL,
    "var": Role.LOCAL,
}
_OPENING = re.compile(
    r"\s*(?:(?:export|default|public|private|protected|static|async|abstract|final|declare|pub)\s+)*\w+"
)
_METHOD = re.compile(r"\bfunc\s*\([^)]*\)\s*([A-Za-z_]\w*)")
_MEMBER = re.compile(
    r"^\s*(?:(?:public|private|protected|static|async|export|readonly|abstract|override|get|set)\s+)*"
    r"([A-Za-z_$][\w$]*)\s*(?:<[^>]*>)?\([^;]*\)\s*(?::\s*[^={]+)?\{\s*$"
)
_FIELD = re.compile(r"^\s+([A-Za-z_$][\w$]*)\??\s*:\s*[\w<>\[\]|{}\"' .]+[;,]?\s*$")
_GO_FIELD = re.compile(r"^\s+([A-Za-z_]\w*)\s+[*\[\]\w.]+(?:\s+`[^`]*`)?\s*$")
_EXPORTED = re.compile(
    r"\bexport\s+(?:default\s+)?(?:async\s+)?(?:const|let|function|class|enum|type|interface)\s+"
    r"([A-Za-z_$][\w$]*)"
)
_KEYWORD = re.compile(r"\b([A-Za-z_]\w*)=(?!=)")
_CALL = re.compile(r"([A-Za-z_$][\w$]*)\((.*)\)")
_CONTROL = frozenset(
    {"if", "for", "while", "switch", "catch", "return", "function", "func", "else"}
)


def read_other(change: FileChange) -> Facts:
    """Return what the added lines of a file in any language say."""
    facts = Facts()
    read_lines(list(change.added()), change.language, facts)
    return facts


def read_lines(lines: Iterable[Line], language: str | None, facts: Facts) -> None:
    """Add to ``facts`` what some lines say, each read on its own."""
    pattern = _HASHING if language in _HASHED else _SLASHED
    for line in lines:
        asserting = bool(_ASSERTING.search(line.text)) and not _SAYING.search(line.text)
        if asserting:
            facts.assertions.append((line.number, line.text.strip()))
        before, defining = "", False
        bare: list[str] = []
        for match in pattern.finditer(line.text):
            if match.lastgroup == "text":
                text = match[0][1:-1]
                facts.texts.append(Text(text, line.number, asserted=asserting))
            elif match.lastgroup == "word":
                word = match[0]
                role = _DEFINING.get(before) if defining else None
                if role is not None and word not in _DEFINING:
                    margin = line.text[:1].isspace()
                    local = role is Role.CONSTANT and margin
                    facts.defined.append(Named(word, Role.LOCAL if local else role, line.number))
                else:
                    facts.use(word, line.number)
                if match.start() and line.text[match.start() - 1] == ".":
                    facts.attributes.setdefault(word, line.number)
                defining = bool(_OPENING.fullmatch(line.text, 0, match.end()))
                before = word
                bare.append(word)
        if bare:
            _members(line, language, facts)
            _called(line, facts)


def _members(line: Line, language: str | None, facts: Facts) -> None:
    """Find the definitions that have no word before them, and the calls."""
    text = line.text
    if match := _METHOD.search(text):
        facts.defined.append(Named(match[1], Role.FUNCTION, line.number))
    if match := _EXPORTED.search(text):
        facts.defined.append(Named(match[1], Role.CONSTANT, line.number))
    if language in ("javascript", "typescript"):
        for pattern, role in ((_MEMBER, Role.FUNCTION), (_FIELD, Role.ATTRIBUTE)):
            if (match := pattern.match(text)) and match[1] not in _CONTROL:
                facts.defined.append(Named(match[1], role, line.number))
    elif language == "go" and (match := _GO_FIELD.match(text)) and match[1] not in _CONTROL:
        facts.defined.append(Named(match[1], Role.ATTRIBUTE, line.number))
    elif language == "python":
        for name in _KEYWORD.findall(text):
            facts.keywords.setdefault(name, line.number)
            facts.loose.append(Named(name, Role.PARAMETER, line.number))


def _called(line: Line, facts: Facts) -> None:
    """Record the first call of a line, if its brackets close there."""
    match = _CALL.search(line.text)
    if match is not None and match[1] not in _CONTROL:
        positional = _count(match[2])
        if positional is not None:
            facts.calls.append(Call(match[1], positional, frozenset(), line.number))


def _count(arguments: str) -> int | None:
    """Count the arguments between brackets, None where brackets inside do not close."""
    depth = count = 0
    quote = ""
    for character in arguments:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"`":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
            if depth < 0:
                return None
        elif character == "," and depth == 0:
            count += 1
    return None if depth or quote else count + bool(arguments.strip())
