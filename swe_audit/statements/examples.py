"""The code examples of a statement as steps to run, each with what the statement prints for it.

Sessions with doctest or IPython prompts give their output line by line; plain code has none, but
a block after it or a comment beside it may. What an author prints is the fault unless the words
around it say that it is wanted.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from swe_audit.statements.kinds import parsed
from swe_audit.statements.layout import blocks, lines_of
from swe_audit.statements.nouns import Block, BlockKind

_PROMPT = re.compile(r"^\s*(?P<mark>>>> ?|In ?\[\d*\]: ?)(?P<code>.*)$")
_PROMPTS = re.compile(r"^\s*(?:>>> |In ?\[\d*\]: ?)", re.MULTILINE)
_MORE = re.compile(r"^\s*(?:\.{3,}: ?|\.\.\. ?)(?P<code>.*)$")
_OUT = re.compile(r"^\s*Out ?\[\d*\]: ?")
_TRACEBACK = re.compile(r"Traceback \(most recent call last\)|^-{20,}$")
_RAISED = re.compile(r"^[\w.]*(?:Error|Exception|Warning|Exit|Interrupt|DoesNotExist)\b(?::.*)?$")
_WANTED = re.compile(
    r"\b(?:expected|desired|correct|proper|right|wanted)"
    r" (?:output|results?|behaviou?r|values?|answer|repr|response|message|return)\b"
    r"|\bwhat (?:did|do|would) (?:you|i|we) expect\b"
    r"|\bshould(?: \w+){0,3} (?:be|print|return|give|show|output|look|produce|raise|read|yield)\b"
    r"|\b(?:would|should|'d) expect\b[^.]*:\s*$|\bexpected(?: is| this)?:?\s*$"
    r"|^\W*(?:expected|desired)\b\W*$|\bafter (?:the )?(?:fix|patch|change)\b",
    re.IGNORECASE,
)
_ACTUAL = re.compile(
    r"\bactual\b|\bcurrent(?:ly)?\b|\b(?:i|we|you|it|this|which|that|but) (?:now )?"
    r"(?:get|gives?|got|returns?|prints?|outputs?|shows?|produces?|yields?|raises?)\b"
    r"|\bwrong(?:ly)?\b|\bbug(?:gy)?\b|\bfails?\b|\bobserved\b|\bunexpected(?:ly)?\b"
    r"|\bincorrect(?:ly)?\b|\bnot (?:what|expected)\b|\bbroken\b|n't\b|\bshould not\b"
    r"|\breproduce\b|\bhappens\b|\bbefore\b",
    re.IGNORECASE,
)
_FINE_ALREADY = re.compile(
    r"\b(?:as (?:expected|intended)|(?:returns?|gives?|get(?: back)?|shows?) the expected \w+)\b",
    re.IGNORECASE,
)
_TAKEN_BACK = re.compile(r"^(?:however|but|this is not|instead|unfortunately|yet)\b", re.IGNORECASE)
_TITLE = re.compile(r"^\s*(?:#{1,6}\s+\S.*|\*\*[^*]+\*\*:?|[A-Z][\w ]{2,40}:?|=+.*=+)\s*$")
_NOTE = re.compile(
    r"#\s*(?:should (?:be|return|print|give|output)"
    r"|expect(?:ed|s)?(?: (?:output|result|value))?(?: is)?)\s*:?\s*(?P<said>\S.*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One statement of an example. ``wanted`` is what it should print, where that is said.

    ``printed`` is what the statement shows for it, ``line`` its line in the statement, from 1.
    """

    source: str
    line: int
    printed: str = ""
    wanted: str = ""


def examples(statement: str) -> tuple[Step, ...]:
    """Return the steps of all examples in their order; none for a statement without code to run.

    Code that no Python 3 reads, and definitions that continue the project's own, give no step of
    use: running them shows nothing.
    """
    steps: list[Step] = []
    lines = lines_of(statement)
    for block in blocks(statement):
        runs = block.kind is BlockKind.CODE or _PROMPTS.search(block.text)
        found = list(_steps(block, lines)) if runs else []
        if found:
            steps += found
        elif steps and block.kind in (BlockKind.OUTPUT, BlockKind.TRACEBACK):
            steps[-1] = _with_output(steps[-1], block, lines)
    return tuple(steps)


def _steps(block: Block, lines: Sequence[str]) -> Iterator[Step]:
    if _PROMPTS.search(block.text):
        is_wanted = _is_wanted(block, lines)
        for step in _session(block):
            yield replace(step, wanted=step.printed) if is_wanted else step
        return
    module = parsed(block.text)
    if module is None:
        return
    rows = block.text.split("\n")
    for node in module.body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        source = "\n".join(rows[first - 1 : node.end_lineno])
        note = _NOTE.search(rows[(node.end_lineno or 1) - 1])
        wanted = note["said"].strip() if note and isinstance(node, ast.Expr) else ""
        yield Step(source=source, line=block.line + first - 1, wanted=wanted)


def _session(block: Block) -> Iterator[Step]:
    """Read prompts and what follows each; the text before the first prompt is left out."""
    current: list[str] = []
    output: list[str] = []
    line = 0
    for number, row in enumerate(block.text.split("\n")):
        prompt, more = _PROMPT.match(row), _MORE.match(row)
        if prompt:
            if current:
                yield _step(current, output, line)
            current, output, line = [prompt["code"]], [], block.line + number
        elif current and more and not output:
            current.append(more["code"])
        elif current:
            output.append(row)
    if current:
        yield _step(current, output, line)


def _step(code: list[str], output: list[str], line: int) -> Step:
    return Step(source="\n".join(code).rstrip(), line=line, printed=_shown("\n".join(output)))


def _shown(text: str) -> str:
    """Return printed text as the value or output it is: a traceback is its last line alone."""
    rows = [_OUT.sub("", row).rstrip() for row in text.strip("\n").split("\n")]
    if any(_TRACEBACK.search(row) for row in rows):
        raised = [row.strip() for row in rows if _RAISED.match(row.strip())]
        return raised[-1] if raised else ""
    return "\n".join(rows).strip("\n")


def _with_output(step: Step, block: Block, lines: Sequence[str]) -> Step:
    """Take a block that is no code as what the last step prints, or should print."""
    shown = _shown(block.text)
    if _is_wanted(block, lines):
        return replace(step, wanted=step.wanted or shown)
    return replace(step, printed=step.printed or shown)


def _is_wanted(block: Block, lines: Sequence[str]) -> bool:
    """Whether the sentence before a block, or the title above it, says that it should be so."""
    following = next((row.strip() for row in lines[block.last :] if row.strip()), "")
    if _TAKEN_BACK.match(following):
        return False
    for text in (block.lead, _title_above(block, lines)):
        text = _FINE_ALREADY.sub("", text)
        wanted = list(_WANTED.finditer(text))
        actual = list(_ACTUAL.finditer(text))
        if wanted and actual:
            # "I get 2 but the result should be:" speaks of what comes last.
            return wanted[-1].start() > actual[-1].start()
        if wanted or actual:
            return bool(wanted)
    return False


def _title_above(block: Block, lines: Sequence[str]) -> str:
    """The nearest heading-like line above a block, empty where prose comes first."""
    for index in range(block.line - 2, -1, -1):
        if _TITLE.match(lines[index]):
            return lines[index].strip()
    return ""
