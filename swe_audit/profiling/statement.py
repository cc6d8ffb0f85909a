"""What solvers are given to read: length, code, links that hold the answer, leaked lines."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from enum import Enum

from swe_audit.model.profile import Leak, LinkRow, StatementHealth
from swe_audit.model.task import Task
from swe_audit.profiling.overlap import tokens_of
from swe_audit.profiling.patch_lines import patch_lines
from swe_audit.profiling.spreads import spread
from swe_audit.statements import BlockKind, blocks

_URL = re.compile(r"https?://[^\s<>\"'`)\]}]+")
_FORGE = re.compile(
    r"https?://(?:www\.)?github\.com/([^/]+/[^/]+)/(pull|commit|compare|issues|blob|tree)/([^/#?]+)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(\d+)$")
_EXAMPLES = 5
_LEAST_TOKENS = 3
_LEAST_LETTERS = 10
_COMMENT = re.compile(r"^(?:#|//|/\*|\*|\"\"\"|''')")


class LinkKind(str, Enum):
    """What a link leads to, the most telling first."""

    THE_FIX = "the fix itself"
    A_CHANGE = "a change of the repository"
    A_THREAD = "a thread of the repository"
    CODE = "code of the repository"
    ELSEWHERE = "elsewhere"


_FORGE_KINDS = {
    "pull": LinkKind.A_CHANGE,
    "commit": LinkKind.A_CHANGE,
    "compare": LinkKind.A_CHANGE,
    "issues": LinkKind.A_THREAD,
    "blob": LinkKind.CODE,
    "tree": LinkKind.CODE,
}


def statement_health(tasks: Sequence[Task]) -> StatementHealth:
    """Return the figures over all statements; what solvers see is all of ``Task.statement``."""
    kinds = [Counter(block.kind for block in blocks(task.statement)) for task in tasks]
    code = [found[BlockKind.CODE] for found in kinds]
    return StatementHealth(
        words=spread([len(task.statement.split()) for task in tasks]),
        code_blocks=spread(code),
        without_code=sum(not count for count in code),
        blocks=tuple((kind.value, sum(kind in found for found in kinds)) for kind in BlockKind),
        links=_links(tasks),
        leaks=(
            _leak("statement", tasks, lambda task: task.statement),
            _leak("hints", [task for task in tasks if task.hints.strip()], lambda t: t.hints),
        ),
    )


def link_kind(task: Task, url: str) -> LinkKind:
    """Say what a link leads to, by its address alone.

    The fix itself is the pull request whose number the instance id ends with.
    """
    match = _FORGE.match(url)
    if match is None or match[1].lower() != task.repo.lower():
        return LinkKind.ELSEWHERE
    number = _NUMBER.search(task.instance_id)
    if match[2].lower() == "pull" and number and match[3] == number[1]:
        return LinkKind.THE_FIX
    return _FORGE_KINDS[match[2].lower()]


def _links(tasks: Sequence[Task]) -> tuple[LinkRow, ...]:
    found: dict[LinkKind, list[tuple[str, str]]] = defaultdict(list)
    for task in tasks:
        # A stop or comma after a link belongs to the sentence.
        links = (url.rstrip(".,;:_*") for url in _URL.findall(task.statement))
        for url in dict.fromkeys(links):
            found[link_kind(task, url)].append((task.instance_id, url))
    return tuple(
        LinkRow(
            kind=kind.value,
            tasks=len({instance_id for instance_id, _ in found[kind]}),
            links=len(found[kind]),
            examples=tuple(found[kind][:_EXAMPLES]),
        )
        for kind in LinkKind
    )


def telling_lines(task: Task) -> frozenset[str]:
    """Return the lines that the reference adds and that would give it away, spacing aside.

    Comments, lines too short to say anything, and lines that stood there before are left out.
    """
    gold = patch_lines(task.gold_patch)
    before = {_plain(line) for text in gold.before for line in text.split("\n")}
    lines = {_plain(line) for run in gold.added for line in run}
    return frozenset(
        line
        for line in lines - before
        if len(line) >= _LEAST_LETTERS
        and len(tokens_of(line)) >= _LEAST_TOKENS
        and not _COMMENT.match(line)
    )


def _leak(where: str, tasks: Sequence[Task], text_of: Callable[[Task], str]) -> Leak:
    measured = 0
    whole: list[str] = []
    part: list[str] = []
    for task in tasks:
        lines = telling_lines(task)
        if not lines:
            continue
        measured += 1
        text = _plain(text_of(task))
        there = sum(line in text for line in lines)
        if there == len(lines):
            whole.append(task.instance_id)
        elif there:
            part.append(task.instance_id)
    return Leak(
        where=where,
        measured=measured,
        whole=len(whole),
        part=len(part),
        examples=tuple([*whole, *part][:_EXAMPLES]),
    )


def _plain(text: str) -> str:
    return " ".join(text.split())
