"""Find each failing test's traceback in a pytest log, in its long, short and native styles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from swe_audit.judging.failures import (
    CHAINED,
    Failure,
    Frame,
    Phase,
    in_tree,
    is_exception_line,
    read_traceback,
    same_file,
)
from swe_audit.judging.parsers import short_option

_CAPTURED = re.compile(r"-+ Captured .+ -+\Z")
_SECTION = re.compile(r"=+ [^=].* =+\Z")
_PLACE = re.compile(r"([^\s:][^:]*):(\d{1,9}): ?(in .+|[A-Za-z_][\w.]*|)\Z")
_PHASES = (
    ("ERROR at setup of ", Phase.SETUP),
    ("ERROR at teardown of ", Phase.CALL),
    ("ERROR collecting ", Phase.COLLECT),
)
_CONFTEST = re.compile(r"(?:\w+Error|Failed|Exception) while loading conftest '([^']+)'")
_MARKS = re.compile(r"[\s^~]+\Z")


def pytest_failures(
    log: str, failed: Sequence[str], statuses: Mapping[str, str]
) -> dict[str, Failure]:
    """Map required ids to their failures, as far as the log tells.

    A test of a file that could not be collected gets that file's failure; if collection stopped
    the session, so do tests of other files.
    """
    known = {_title(test) for test in failed} | {
        _title(test) for test, word in statuses.items() if word in _BAD
    }
    blocks = list(_blocks(log, known))
    found = _of_tests(blocks, failed)
    unheard = [test for test in failed if test not in found and test not in statuses]
    stopped = "Interrupted: " in log or not statuses
    return found | _of_files(blocks, unheard, stopped=stopped)


def _of_tests(blocks: Iterable[Failure], tests: Iterable[str]) -> dict[str, Failure]:
    """Give tests the first failure under their name, before others one that touches their file."""
    titled: defaultdict[str, list[Failure]] = defaultdict(list)
    for block in blocks:
        for title in _spellings(block.title):
            titled[title].append(block)
    found: dict[str, Failure] = {}
    for test in tests:
        own = titled.get(_title(test), [])
        there = [block for block in own if _touches(block, _path(test))]
        if own:
            found[test] = (there or own)[0]
    return found


def _of_files(
    blocks: Iterable[Failure], tests: Iterable[str], *, stopped: bool
) -> dict[str, Failure]:
    """Give tests the failure to collect their file, or any where that stopped the session."""
    broken = [block for block in blocks if block.phase is Phase.COLLECT]
    found: dict[str, Failure] = {}
    for test in tests:
        mine = [each for each in broken if same_file(in_tree(each.title), _path(test))]
        if mine or (broken and stopped):
            found[test] = (mine or broken)[0]
    return found


_BAD = frozenset(("FAILED", "ERROR"))


def _path(test: str) -> str:
    return test.split("::", 1)[0]


def _title(test: str) -> str:
    """Return a test's name over its traceback: ``a.py::C::test[x]`` is ``C.test[x]`` there."""
    test = test.split(" - ", 1)[0]
    head, bracket, option = test.partition("[")
    parts = [part for part in head.split("::")[1:] if part != "()"]
    return ".".join(parts) + bracket + option


def _spellings(title: str) -> set[str]:
    """Return the names under which the benchmark may know a title; ids can end at a blank."""
    whole = title.replace("MouseButton.LEFT", "1").replace("MouseButton.RIGHT", "3")
    first = whole.split(" ", 1)[0]
    return {title, whole, first, short_option(whole), short_option(first)}


def _touches(block: Failure, path: str) -> bool:
    return any(same_file(frame.path, path) for frame in block.frames)


@dataclass(slots=True)
class _Block:
    title: str
    phase: Phase
    lines: list[str] = field(default_factory=list)


def _blocks(log: str, known: set[str]) -> Iterable[Failure]:
    """Yield the failure under each heading that names a known test, a file or a conftest.

    Captured output is left out: a test of pytest itself prints whole pytest sessions there.
    """
    block: _Block | None = None
    for line in log.split("\n"):
        heading = _heading(line, known)
        ends = heading is not None or _CAPTURED.match(line) or _SECTION.match(line)
        if ends and block is not None:
            yield _read(block)
            block = None
        if heading is not None:
            block = heading
        elif block is not None:
            block.lines.append(line)
    if block is not None:
        yield _read(block)


def _heading(line: str, known: set[str]) -> _Block | None:
    if line.startswith("_") and line.endswith("_"):
        title, phase = line.strip("_").strip(), Phase.CALL
        for prefix, when in _PHASES:
            if title.startswith(prefix):
                title, phase = title.removeprefix(prefix), when
        if phase is Phase.COLLECT or not known.isdisjoint(_spellings(title)):
            return _Block(title, phase)
    conftest = _CONFTEST.match(line)
    return _Block(conftest.group(1), Phase.COLLECT) if conftest else None


def _read(block: _Block) -> Failure:
    """Read the last exception of a block's chain."""
    lines = block.lines
    chain = [at for at, line in enumerate(lines) if line in CHAINED]
    last = lines[chain[-1] + 1 :] if chain else lines
    if not any(line.startswith("E ") for line in last):
        native = read_traceback(lines, title=block.title, phase=block.phase)
        if native is not None:
            return native
        last = lines
    exception, message = _exception(last)
    failure = Failure(
        title=block.title,
        phase=block.phase,
        exception=exception,
        message=message,
        frames=tuple(_frames(last)),
    )
    raised = _raised(last)
    return replace(failure, exception=raised) if raised and not exception else failure


def _exception(lines: Sequence[str]) -> tuple[str, str]:
    """Return class and message from the last run of ``E`` lines."""
    run: list[str] = []
    for at, line in enumerate(lines):
        if line == "E" or line.startswith("E "):
            if at == 0 or not lines[at - 1].startswith("E"):
                run = []
            run.append(line[1:])
    if not run:
        return "", ""
    indent = min((len(line) - len(line.lstrip()) for line in run if line.strip()), default=0)
    texts = [line[indent:].rstrip() for line in run]
    for at, text in enumerate(texts):
        if text.startswith("assert "):
            return "AssertionError", "\n".join(texts[at:])
        named = is_exception_line(text)
        if named is not None:
            return named[0], "\n".join([named[1], *texts[at + 1 :]]).rstrip()
    return "", "\n".join(texts)


def _raised(lines: Sequence[str]) -> str:
    """Return the class that the last place line names (``a.py:3: ValueError``)."""
    for line in reversed(lines):
        match = _PLACE.match(line)
        if match is not None:
            word = match.group(3)
            return "" if word.startswith("in ") else word.rpartition(".")[2]
    return ""


def _frames(lines: Sequence[str]) -> Iterable[Frame]:
    """Yield frames; long style prints source above the place line, short style below it."""
    above: list[str] = []
    for at, line in enumerate(lines):
        match = _PLACE.match(line)
        if match is None:
            above.append(line)
            continue
        path, number, word = in_tree(match.group(1)), int(match.group(2)), match.group(3)
        if word.startswith("in "):
            yield Frame(path=path, line=number, function=word[3:], source=_below(lines, at + 1))
        else:
            lead, source = _long_source(above)
            yield Frame(path=path, line=number, source=source, lead=lead)
        above = []


def _below(lines: Sequence[str], at: int) -> str:
    source = []
    while at < len(lines) and lines[at].startswith("    "):
        if not _MARKS.match(lines[at]):
            source.append(lines[at].strip())
        at += 1
    return "\n".join(source)


def _long_source(above: Sequence[str]) -> tuple[str, str]:
    """Split a long frame's text into the source before the failing statement and the statement."""
    marked = [at for at, line in enumerate(above) if line.startswith(">")]
    if not marked:
        return "", ""
    source = []
    for line in above[marked[-1] :]:
        if line == "E" or line.startswith("E ") or not line.strip():
            break
        if not _MARKS.match(line):
            source.append(line.removeprefix(">"))
    lead = [line for line in above[: marked[-1]] if line.startswith("    ")]
    # The mark stands where a blank stood, so that indentation can be compared.
    return "\n".join(lead), "\n".join([f" {source[0]}", *source[1:]]) if source else ""
