"""Where the blocks of a statement are: fences, indentation, Trac braces, sessions, bare code.

Statements that went through a converter have lost their fences (all of Django's have), so lines
that are Python where they stand count as a block too.
"""

from __future__ import annotations

import functools
import re
import textwrap
from dataclasses import dataclass, field

from swe_audit.statements.kinds import kind_of, parsed
from swe_audit.statements.nouns import Block

_FENCE = re.compile(r"^(?P<indent>[ \t>]*)(?P<mark>`{3,}|~{3,})\s*(?P<language>[\w+#.-]*)[^`]*$")
_BRACES = re.compile(r"^\s*\{\{\{(?:#!(?P<language>\w+))?\s*$")
_TAG = re.compile(r"^\s*<(pre|code)\b[^>]*>(?P<rest>.*)$", re.IGNORECASE)
_SESSION = re.compile(r"^\s*(?:>>> ?|In \[\d+\]: )")
_TRACEBACK = re.compile(r"^\s*(?:Traceback \(most recent call last\)|File \"[^\"]+\", line \d+)")
_DIFF = re.compile(r"^(?:diff --git |--- \S+.*$)")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s")
_COMMENT = re.compile(r"^(?P<fenced>```.*?^```)|^<!--.*?-->", re.MULTILINE | re.DOTALL)
_MODIFIED = re.compile(r"^[ \t]*\(last modified by .*\)[ \t]*$", re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`'\"(\[])")
_START = re.compile(
    r"""^(?:
        (?:async\ def|def|class|with|if|for|while|elif|else|try|except|finally)\b.*:\s*(?:\#.*)?$
      | from\ [\w.]+\ import\ \S | import\ \w | @\w[\w.]*(?:\(.*)?$
      | (?:return|raise|yield|assert|del)\ \S
      | [A-Za-z_][\w.]*(?:\[[^\]]*\])?(?:,\ ?\w+)*(?:\ ?:\ ?[\w\[\], ]+)?\ ?[-+|*]?=\ ?[^\s=]
      | [A-Za-z_][\w.]*\([^)]*$ | [A-Za-z_][\w.]*\(.*\)[\w.()\[\]'"]*\s*(?:\#.*)?$
    )""",
    re.VERBOSE,
)
_GOES_ON = re.compile(r"^(?:[)\]}]|['\"]|r['\"]|\#|\.\.\.|[-+] {2,}\S)")
_GOES_OVER = re.compile(r"^(?![#>-]).*[\w,)`]\s*$")
_SAID = re.compile(
    r"^(?!\w*(?:Error|Exception|Warning)\b)[A-Z][\w'(),-]*(?: [\w'\"`().,:;/*=-]+){4,}$"
)
_OPENING = "([{"
_STRAIGHT = str.maketrans({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})


@dataclass(slots=True)
class _Reader:
    """The lines of a statement and the blocks found so far."""

    lines: list[str]
    found: list[Block] = field(default_factory=list)

    def keep(self, first: int, end: int, after: int, language: str = "") -> int:
        """Record lines ``first`` to ``end`` (0-based, exclusive) as a block; return ``after``."""
        raw = "\n".join(self.lines[first:end])
        text = textwrap.dedent(raw).strip("\n")
        if text.strip():
            lead = self.lead(first)
            while not self.lines[first].strip():
                first += 1
            kind = kind_of(text, language)
            self.found.append(
                Block(
                    kind=kind, text=text, language=language, lead=lead, line=first + 1, last=after
                )
            )
        return after

    def lead(self, first: int) -> str:
        """The last sentence of the paragraph before a line; empty right after another block."""
        floor = self.found[-1].last if self.found else 0
        index = first - 1
        if index >= floor and opens(self.lines[index]):
            index -= 1
        while index >= floor and not self.lines[index].strip():
            index -= 1
        if index < floor:
            return ""
        sentence = self.lines[index].strip()
        # A line that begins small goes on from the one before; trackers break no lines.
        while index > floor and sentence[:1].islower() and _GOES_OVER.search(self.lines[index - 1]):
            index -= 1
            sentence = f"{self.lines[index].strip()} {sentence}"
        return _SENTENCE.split(sentence)[-1]


@functools.lru_cache(maxsize=256)
def blocks(statement: str) -> tuple[Block, ...]:
    """Return the blocks of a statement in their order."""
    reader = _Reader(lines_of(statement))
    index = 0
    while index < len(reader.lines):
        index = _block_at(reader, index) or index + 1
    return tuple(reader.found)


def lines_of(statement: str) -> list[str]:
    """Return a statement's lines: tabs as four spaces, straight quotes, form's hints blanked."""
    plain = statement.translate(_STRAIGHT).replace("\t", "    ").replace("\r", "")
    plain = _MODIFIED.sub("", plain)
    if "<!--" in plain:
        plain = _COMMENT.sub(lambda m: m[0] if m["fenced"] else "\n" * m[0].count("\n"), plain)
    return plain.split("\n")


def _block_at(reader: _Reader, index: int) -> int | None:
    """Record the block that begins at a line, if one does; return the line after it."""
    line = reader.lines[index]
    if not line.strip():
        return None
    if opens(line):
        return _enclosed(reader, index)
    if _SESSION.match(line):
        return reader.keep(index, end := _session_end(reader.lines, index), end, "pycon")
    if _TRACEBACK.match(line):
        return reader.keep(index, end := _traceback_end(reader.lines, index), end)
    if _DIFF.match(line) and any(each.startswith("@@") for each in reader.lines[index : index + 6]):
        return reader.keep(index, end := _diff_end(reader.lines, index), end, "diff")
    if line.startswith("    "):
        return _indented(reader, index)
    if _begins_code(reader.lines, index):
        return reader.keep(index, end := _bare_end(reader.lines, index), end)
    return None


def opens(line: str) -> bool:
    """Whether a line is a mark that a block begins with: a fence, braces, a tag."""
    return bool(_FENCE.match(line) or _BRACES.match(line) or _TAG.match(line))


def _enclosed(reader: _Reader, index: int) -> int | None:
    """Record a block between marks; one that nothing closes ends with the statement."""
    lines = reader.lines
    if match := _FENCE.match(lines[index]):
        closing = re.compile(rf"^[ \t>]*{re.escape(match['mark'])}+\s*$")
        language = match["language"]
    elif match := _BRACES.match(lines[index]):
        closing, language = re.compile(r"^\s*\}\}\}"), match["language"] or ""
    else:
        match = _TAG.match(lines[index])
        if match is None or f"</{match[1]}" in match["rest"]:
            return None
        closing, language = re.compile(rf"^.*</{match[1]}>", re.IGNORECASE), ""
    end = index + 1
    while end < len(lines) and not closing.match(lines[end]):
        end += 1
    return reader.keep(index + 1, end, min(end + 1, len(lines)), language)


def _indented(reader: _Reader, index: int) -> int | None:
    """Record an indented block; text that only continues a list item is none."""
    lines = reader.lines
    before = index - 1
    while before >= 0 and not lines[before].strip():
        before -= 1
    previous = lines[before] if before >= 0 else ""
    code = _begins_code(lines, index)
    if _ITEM.match(previous) or previous.startswith("    "):
        if not code:
            return None
    elif _ITEM.match(lines[index]) and not code:
        return None
    end = index
    while end < len(lines) and (lines[end].startswith("    ") or not lines[end].strip()):
        if opens(lines[end]):
            break
        end += 1
    while end < len(lines) and _GOES_ON.match(lines[end]) and lines[end][0] in ")]}-+":
        end += 1
        while end < len(lines) and lines[end].startswith("    "):
            end += 1
    while not lines[end - 1].strip():
        end -= 1
    return reader.keep(index, end, end)


def _begins_code(lines: list[str], index: int) -> bool:
    """Whether a line, with those that its brackets or colon open, is the beginning of Python."""
    line = lines[index].strip()
    if not _START.match(line):
        return False
    if line.endswith(":") or line.startswith("@"):
        return (
            parsed(f"{_compound(line)} pass" if line.endswith(":") else f"{line}\ndef f(): pass")
            is not None
        )
    for end in range(index + 1, min(index + 40, len(lines)) + 1):
        if parsed("\n".join([line, *lines[index + 1 : end]])) is not None:
            return True
        if end < len(lines) and not lines[end].strip():
            break
        if not any(mark in line for mark in _OPENING):
            break
    return False


def _compound(line: str) -> str:
    """A clause that goes with an earlier one, given that one, so that it can be parsed alone."""
    word = line.split(":")[0].split()[0]
    before = {"elif": "if x: pass\n", "else": "if x: pass\n"}
    if word in ("except", "finally"):
        return f"try: pass\n{line}"
    if word == "try":
        return f"{line} pass\nfinally:"
    return before.get(word, "") + line


def _bare_end(lines: list[str], index: int) -> int:
    """The line after bare code: it goes on while lines are indented, code or closing brackets."""
    end = index + 1
    depth = _depth(lines[index])
    while end < len(lines):
        line = lines[end]
        if not line.strip():
            ahead = end + 1
            while ahead < len(lines) and not lines[ahead].strip():
                ahead += 1
            if ahead - end > 2 or ahead == len(lines) or not _is_code(lines, ahead):
                break
            end = ahead
            continue
        if depth <= 0 and not _is_code(lines, end):
            break
        depth += _depth(line)
        end += 1
    return end


def _is_code(lines: list[str], index: int) -> bool:
    line = lines[index]
    if opens(line):
        return False
    return line.startswith("    ") or bool(_GOES_ON.match(line)) or _begins_code(lines, index)


def _depth(line: str) -> int:
    bare = re.sub(r"'[^']*'|\"[^\"]*\"|#.*", "", line)
    return sum(bare.count(each) for each in _OPENING) - sum(bare.count(each) for each in ")]}")


def _session_end(lines: list[str], index: int) -> int:
    """The line after a session: a blank line or a sentence ends it unless a prompt follows."""
    end = index
    while end < len(lines) and not opens(lines[end]):
        if _TRACEBACK.match(lines[end]):
            end = _traceback_end(lines, end)
            continue
        if not lines[end].strip():
            ahead = end + 1
            if ahead >= len(lines) or not _SESSION.match(lines[ahead]):
                break
        elif _SAID.match(lines[end]):
            break
        end += 1
    return end


def _traceback_end(lines: list[str], index: int) -> int:
    """The line after a traceback's exception: the first that is not deeper than its header."""
    margin = len(lines[index]) - len(lines[index].lstrip())
    end = index + 1
    while end < len(lines):
        line = lines[end]
        if line.strip() and len(line) - len(line.lstrip()) <= margin:
            frame = re.match(r'\s*File ".*", line \d+', line)
            if not frame:
                return end + 1
            end += 1
        end += 1
    return min(end, len(lines))


def _diff_end(lines: list[str], index: int) -> int:
    end = index
    while end < len(lines) and re.match(r"[-+ @\\]|diff |index |$", lines[end]):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return end
