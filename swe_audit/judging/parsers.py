"""Read test results out of a log, exactly as the benchmark's own parsers do.

The SWE-bench Python parsers, written anew: the same ids and statuses in the same order for every
log, in time linear in the log. Their quirks are kept on purpose, because required ids were
recorded with them: an id may be a docstring, half a line, or a truncated parameter. Statuses are
plain strings, since a parser may yield one that the benchmark has no word for (``ERROR:``); such
a test counts neither as passed nor as failed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from swe_audit.judging.foreign import foreign_parser
from swe_audit.judging.parsing import Parser, Statuses, UnreadableLogError
from swe_audit.judging.pro import parse_pro
from swe_audit.model.task import PRO_PARSER, Task
from swe_audit.model.trial import TestStatus

STATUS_WORDS = tuple(status.value for status in TestStatus)

_PASSED = TestStatus.PASSED.value
_FAILED = TestStatus.FAILED.value
_ERROR = TestStatus.ERROR.value
_SKIPPED = TestStatus.SKIPPED.value

_SKIP_COUNT = re.compile(r"\[\d+\]")
_COLOUR = re.compile(r"\[\d+m")
_CONTROL = str.maketrans("", "", "".join(map(chr, range(1, 32))))


def _summary_lines(log: str) -> Iterator[tuple[str, str]]:
    """Yield (status, id) of pytest's ``-rA`` summary, one per line that begins with a status."""
    for line in log.split("\n"):
        if not line.startswith(STATUS_WORDS):
            continue
        if line.startswith(_FAILED):
            line = line.replace(" - ", " ")
        words = line.split(maxsplit=2)
        if len(words) > 1 and not _counts_skips(words[0], words[1]):
            yield words[0], words[1]


def _counts_skips(status: str, name: str) -> bool:
    """Tell pytest's ``SKIPPED [3] path:line: reason``, which names no test."""
    return status == _SKIPPED and _SKIP_COUNT.fullmatch(name) is not None


def parse_pytest(log: str) -> Statuses:
    """Parse pytest's ``-rA`` summary; an id ends at the first blank, even inside a parameter."""
    return {name: status for status, name in _summary_lines(log)}


def parse_pytest_options(log: str) -> Statuses:
    """Parse like ``parse_pytest``; a parameter that is an absolute path keeps its last part."""
    return {short_option(name): status for status, name in _summary_lines(log)}


def short_option(name: str) -> str:
    """Return an id whose parameter, if an absolute path, is cut to its last part."""
    opening, closing = name.find("["), name.rfind("]")
    if not 0 <= opening < closing:
        return name
    option = name[opening + 1 : closing]
    if option.startswith("/") and not option.startswith("//") and "*" not in option:
        option = "/" + option.rsplit("/", 1)[-1]
    return f"{name[:opening]}[{option}]"


def parse_pytest_v2(log: str) -> Statuses:
    """Parse pytest's summary, colours and control characters removed; ids may hold blanks.

    Lines that end with a status (``-v`` progress of old versions) count as well.
    """
    statuses: Statuses = {}
    for line in log.split("\n"):
        line = _COLOUR.sub("", line).translate(_CONTROL)
        if line.startswith(STATUS_WORDS):
            if line.startswith(_FAILED):
                line = line.split(" - ", 1)[0]
            words = line.split()
            if len(words) > 1 and not _counts_skips(words[0], words[1]):
                statuses[" ".join(words[1:])] = words[0]
        elif line.endswith(STATUS_WORDS):
            words = line.split()
            if len(words) > 1:
                statuses[" ".join(words[:-1])] = words[-1]
    return statuses


def parse_seaborn(log: str) -> Statuses:
    """Parse passes and failures only; an ``ERROR`` line is not seen by the benchmark here."""
    statuses: Statuses = {}
    for line in log.split("\n"):
        words = line.split(maxsplit=2)
        if len(words) < 2:
            continue
        if line.startswith(_FAILED):
            statuses[words[1]] = _FAILED
        elif f" {_PASSED} " in line:
            if words[1] == _PASSED:
                statuses[words[0]] = _PASSED
        elif line.startswith(_PASSED):
            statuses[words[1]] = _PASSED
    return statuses


def parse_matplotlib(log: str) -> Statuses:
    """Parse like ``parse_pytest``, with the mouse buttons' names as the numbers they once were."""
    return parse_pytest(log.replace("MouseButton.LEFT", "1").replace("MouseButton.RIGHT", "3"))


def parse_sympy(log: str) -> Statuses:
    """Parse ``bin/test --verbose``: ids are bare function names, failures also ``file.py:name``.

    The last test of a file carries the file's own ``[OK]`` on its line and is not seen.
    """
    statuses: Statuses = {}
    for line in log.split("\n"):
        # The heading of a traceback, "____ path.py:name ____", told by its first and last blank.
        inner = line[line.find(" ") + 1 : max(line.rfind(" "), 0)]
        if ".py:" in inner:
            statuses[inner] = _FAILED
    for line in log.split("\n"):
        line = line.strip()
        if line.startswith("test_"):
            for suffix, status in ((" E", _ERROR), (" F", _FAILED), (" ok", _PASSED)):
                if line.endswith(suffix):
                    statuses[line.split(maxsplit=1)[0]] = status
    return statuses


_DJANGO_VERSION_TEST = "--version is equivalent to version"
_DJANGO_PASSES = (" ... ok", " ... OK", " ...  OK")
_DJANGO_MIGRATION = "Applying sites.0002_alter_domain_unique...test_no_migrations"


def parse_django(log: str) -> Statuses:
    """Parse Django's ``--verbosity 2`` output.

    A test with a docstring goes by its first line, and by its bare method name where it fails.
    Raise ``UnreadableLogError`` for a bare ``FAIL:`` or ``ERROR:``, over which the benchmark's
    own parser stumbles (it then reports the patch as not resolved).
    """
    statuses: Statuses = {}
    started: str | None = None
    for line in log.split("\n"):
        line = line.strip()
        if _DJANGO_VERSION_TEST in line:
            statuses[_DJANGO_VERSION_TEST] = _PASSED
        if " ... " in line:
            started = line.partition(" ... ")[0]
        for suffix in _DJANGO_PASSES:
            if line.endswith(suffix):
                if line.startswith(_DJANGO_MIGRATION):
                    line = line.split("...", 1)[1].strip()
                statuses[line.rsplit(suffix, 1)[0]] = _PASSED
                break
        _django_failures(line, statuses)
        if line.startswith("ok") and started is not None:
            statuses[started] = _PASSED  # its own output stood between "..." and "ok"
    for interruption in (_interrupted_by_database, _interrupted_by_error, _interrupted_by_check):
        for name in interruption(log):
            statuses[name] = _PASSED
    return statuses


def _django_failures(line: str, statuses: Statuses) -> None:
    if " ... skipped" in line:
        statuses[line.partition(" ... skipped")[0]] = _SKIPPED
    for word, status in (("FAIL", _FAILED), ("ERROR", _ERROR)):
        if line.endswith(f" ... {word}"):
            statuses[line.partition(f" ... {word}")[0]] = status
        if line.startswith(f"{word}:"):
            words = line.split(maxsplit=2)
            if len(words) < 2:
                raise UnreadableLogError(f"the log has a bare '{word}:' line")
            statuses[words[1].strip()] = status


# Three messages of Django's that can stand between a test's "..." and its "ok". The blanks around
# the dots may be line ends, and each match goes on where the last one ended, as re.finditer does.
_DATABASE = re.compile(r"\s(?=\.\.\.\s(Testing against Django installed in ))")
_DATABASE_END = re.compile(r" silenced\)\.\nok$", re.MULTILINE)
_INTERNAL_ERROR = re.compile(r"\s(?=\.\.\.\s(Internal Server Error: /))")
_CHECK = re.compile(
    r"\s(?=\.\.\.\s(System check identified no issues \(0 silenced\)\nok$))", re.MULTILINE
)


def _interrupted_by_database(log: str) -> Iterator[str]:
    def end(start: int, _line_end: int) -> int:
        found = _DATABASE_END.search(log, start)
        return found.end() if found else -1

    return _interrupted(log, _DATABASE, end, endless=True)


def _interrupted_by_error(log: str) -> Iterator[str]:
    def end(start: int, line_end: int) -> int:
        stop = line_end if line_end < 0 or start <= line_end else log.find("\n", start)
        if stop <= start or log[stop - 1] != "/" or not log.startswith("ok", stop + 1):
            return -1
        after = stop + 3
        return after if after == len(log) or log[after] == "\n" else -1

    return _interrupted(log, _INTERNAL_ERROR, end)


def _interrupted_by_check(log: str) -> Iterator[str]:
    return _interrupted(log, _CHECK, lambda start, _line_end: start)


def _interrupted(
    log: str, head: re.Pattern[str], end: Callable[[int, int], int], *, endless: bool = False
) -> Iterator[str]:
    """Yield what stands before each ``head`` on its line, if ``end`` finds where it closes.

    ``end`` gets where the head ends and where its line ends (-1: nowhere), and returns -1 for no
    match. ``endless`` says that one failure means that no later head can match either.
    """
    resume, line_start, line_end = 0, 0, log.find("\n")
    for match in head.finditer(log):
        while 0 <= line_end < match.start():
            line_start, line_end = line_end + 1, log.find("\n", line_end + 1)
        if line_start < resume:
            continue
        close = end(match.end(1), line_end)
        if close >= 0:
            yield log[line_start : match.start()]
            resume = close
        elif endless:
            return


PARSERS: dict[str, Parser] = {
    "parse_log_pytest": parse_pytest,
    "parse_log_pytest_options": parse_pytest_options,
    "parse_log_pytest_v2": parse_pytest_v2,
    "parse_log_django": parse_django,
    "parse_log_sympy": parse_sympy,
    "parse_log_seaborn": parse_seaborn,
    "parse_log_matplotlib": parse_matplotlib,
    "parse_log_astroid": parse_pytest,
    "parse_log_flask": parse_pytest,
    "parse_log_marshmallow": parse_pytest,
    "parse_log_pvlib": parse_pytest,
    "parse_log_pyvista": parse_pytest,
    "parse_log_sqlfluff": parse_pytest,
    "parse_log_xarray": parse_pytest,
    "parse_log_pydicom": parse_pytest_options,
    "parse_log_requests": parse_pytest_options,
    "parse_log_pylint": parse_pytest_options,
    "parse_log_astropy": parse_pytest_v2,
    "parse_log_scikit": parse_pytest_v2,
    "parse_log_sphinx": parse_pytest_v2,
}
"""Parsers by the benchmark's own names."""


def parser_for(name: str, *, instance_id: str = "", version: str = "") -> Parser | None:
    """Return the parser of that name: ours, else the installed harness's, else None.

    A few of the harness's other parsers depend on the task, hence the id and the version. A task
    of SWE-bench Pro brings its own parser; ours reads what that one reported.
    """
    if name == PRO_PARSER:
        return parse_pro
    return PARSERS.get(name) or foreign_parser(name, instance_id=instance_id, version=version)


def parser_of(task: Task) -> Parser | None:
    """Return the parser that reads this task's logs, or None."""
    return parser_for(task.log_parser, instance_id=task.instance_id, version=task.version)
