"""A failure as a log shows it: exception, message and frames; and how Python prints one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from swe_audit.model.finding import Cause
from swe_audit.model.task import PRO_WORKDIR, WORKDIR

CHAINED = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)
TRACEBACK = "Traceback (most recent call last):"

_FRAME = re.compile(r'\s*File "([^"]+)", line (\d{1,9})(?:, in (.+))?$')
_EXCEPTION = re.compile(r"([A-Za-z_][\w.]*)(?:: (.*))?$")
_MARKS = re.compile(r"[\s^~]+\Z")
# Names of exceptions that do not end in a telling word.
_TELLING = re.compile(r"(?:Error|Exception|Warning|Failed|Exit|Interrupt|Failure|Iteration)\w*\Z")


class Phase(str, Enum):
    """When a test failed."""

    COLLECT = "collect"
    SETUP = "setup"
    CALL = "call"
    SESSION = "session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame of a traceback; ``source`` is what the log prints of the statement.

    ``lead`` is the function's source before that statement, where the log prints it.
    """

    path: str
    line: int
    function: str = ""
    source: str = ""
    lead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a log tells of one failure, outermost frame first.

    ``title`` is the report's name for it, ``heading`` any other name (a docstring's first line).
    ``exception`` is the class name without its module, empty where none was raised.
    """

    title: str
    phase: Phase = Phase.CALL
    exception: str = ""
    message: str = ""
    frames: tuple[Frame, ...] = ()
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a log tells of a failure whose cause its own words give away: not Python's."""

    cause: Cause
    detail: str = ""
    exception: str = ""
    message: str = ""
    path: str | None = None
    line: int | None = None


def is_exception_line(line: str) -> tuple[str, str] | None:
    """Return class name (without module) and message of ``pkg.SomeError: text``, or None."""
    match = _EXCEPTION.match(line)
    if match is None:
        return None
    name = match.group(1).rpartition(".")[2]
    if not (_TELLING.search(name) or (match.group(2) is None and name[:1].isupper())):
        return None
    return name, match.group(2) or ""


def read_traceback(
    lines: Sequence[str], *, title: str, phase: Phase = Phase.CALL, heading: str = ""
) -> Failure | None:
    """Read the last exception of a printed chain, or None where there is no traceback.

    A traceback inside an exception's message (a subprocess's output) belongs to the message.
    """
    start = next((at for at, line in enumerate(lines) if line.strip() == TRACEBACK), None)
    if start is None:
        return None
    chain = [at for at in range(start, len(lines)) if lines[at].strip() in CHAINED]
    if chain:
        rest = lines[chain[-1] + 1 :]
        later = read_traceback(rest, title=title, phase=phase, heading=heading)
        if later is not None:
            return later
    frames, at = _frames(lines, start + 1)
    exception, message = _exception(lines[at:])
    return Failure(
        title=title,
        phase=phase,
        exception=exception,
        message=message,
        frames=frames,
        heading=heading,
    )


def _frames(lines: Sequence[str], at: int) -> tuple[tuple[Frame, ...], int]:
    """Read frames from ``at`` on; return them and the index of the exception's line."""
    frames: list[Frame] = []
    while at < len(lines):
        match = _FRAME.match(lines[at])
        if match is None:
            if lines[at].lstrip().startswith("[Previous line repeated"):
                at += 1
                continue
            break
        at += 1
        source = []
        while at < len(lines) and lines[at].startswith("    ") and not _FRAME.match(lines[at]):
            if not _MARKS.match(lines[at]):
                source.append(lines[at].strip())
            at += 1
        frames.append(
            Frame(
                path=in_tree(match.group(1)),
                line=int(match.group(2)),
                function=match.group(3) or "",
                source="\n".join(source),
            )
        )
    return tuple(frames), at


def _exception(lines: Sequence[str]) -> tuple[str, str]:
    if not lines:
        return "", ""
    match = _EXCEPTION.match(lines[0])
    if match is None:
        return "", "\n".join(lines).rstrip()
    message = [match.group(2) or "", *lines[1:]]
    return match.group(1).rpartition(".")[2], "\n".join(message).rstrip()


def in_tree(path: str) -> str:
    """Return a path relative to the repository, where it lies in one."""
    path = path.removeprefix(f"{WORKDIR}/").removeprefix(f"{PRO_WORKDIR}/")
    return path.removeprefix("./")


def same_file(path: str, wanted: str) -> bool:
    """Tell whether one of two paths is the other's tail, part by part."""
    ours, theirs = path.split("/"), wanted.split("/")
    shorter = min(len(ours), len(theirs))
    return bool(wanted and path) and ours[-shorter:] == theirs[-shorter:]
