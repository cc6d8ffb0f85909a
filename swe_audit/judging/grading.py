"""The benchmark's rule: from a log to results, and from results to resolved or not.

Written after ``swebench.harness.grading`` 5.0.2 and proven equal to it by tests/parity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from swe_audit.judging.parsing import Parser, UnreadableLogError
from swe_audit.judging.pro import parse_pro
from swe_audit.model.task import EvalType, Task
from swe_audit.model.trial import Outcome, TestStatus

START_MARKER = ">>>>> Start Test Output"
END_MARKER = ">>>>> End Test Output"
EXIT_CODE_MARKER = ">>>>> Test Exit Code"
BAD_CODES = (
    ">>>>> Patch Apply Failed",
    ">>>>> Reset Failed",
    ">>>>> Tests Errored",
    ">>>>> Tests Timed Out",
)

_EXIT_CODE = re.compile(re.escape(EXIT_CODE_MARKER) + r":\s*(-?\d+)")
_LINES_OF_A_MARK = 3
_PASSING = frozenset((TestStatus.PASSED.value, TestStatus.XFAIL.value))
_FAILING = frozenset((TestStatus.FAILED.value, TestStatus.ERROR.value))


class Problem(str, Enum):
    """Why the benchmark takes no results from a log."""

    NONE = ""
    BAD_CODE = "the log holds one of the harness's failure markers"
    NO_MARKERS = "the log lacks the start or the end marker of the test output"
    NO_RESULTS = "no test result could be read and nothing shows that the tests ran"
    CONTRADICTED = "the test command failed although the log reports no failing test"
    UNREADABLE = "the benchmark's own parser fails on this log"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedLog:
    """What a log says.

    ``statuses`` is what the benchmark grades, empty unless ``found``. ``reported`` is what the
    parser read, also where the benchmark then refuses the log. Values compare equal to
    ``TestStatus`` members, but may be words outside it. ``exit_code`` is the test command's, None
    where the log does not record it.
    """

    statuses: Mapping[str, str] = field(default_factory=dict)
    found: bool = False
    problem: Problem = Problem.NONE
    exit_code: int | None = None
    reported: Mapping[str, str] = field(default_factory=dict)
    detail: str = ""


def read_log(log: str, parser: Parser) -> ParsedLog:
    """Read a trial's log as the harness reads the file that it stored.

    A SWE-bench Pro task's own parser has read its log already; its report is all that counts.
    Results are taken from between the markers, and from the whole log where there are none. A log
    whose recorded exit code is not 0 and which reports no failing test describes no real run.
    """
    content = with_plain_line_ends(log)
    if parser is parse_pro:
        return _read_pro(content)
    if any(code in content for code in BAD_CODES):
        return ParsedLog(problem=Problem.BAD_CODE)
    if START_MARKER not in content or END_MARKER not in content:
        return ParsedLog(problem=Problem.NO_MARKERS)
    try:
        reported = parser(_between_markers(content)) or parser(content)
        exit_code = _exit_code(content)
    except UnreadableLogError as error:
        return ParsedLog(problem=Problem.UNREADABLE, detail=str(error))
    problem = Problem.NONE
    if not reported and not suite_ran(content):
        problem = Problem.NO_RESULTS
    elif exit_code and reported and _FAILING.isdisjoint(reported.values()):
        problem = Problem.CONTRADICTED
    found = problem is Problem.NONE
    return ParsedLog(
        statuses=reported if found else {},
        found=found,
        problem=problem,
        exit_code=exit_code,
        reported=reported,
    )


def _read_pro(content: str) -> ParsedLog:
    try:
        reported = parse_pro(content)
    except UnreadableLogError as error:
        return ParsedLog(problem=Problem.NO_RESULTS, detail=str(error))
    if not reported:
        return ParsedLog(problem=Problem.NO_RESULTS, detail="the task's parser found no test")
    return ParsedLog(statuses=reported, found=True, reported=reported)


def with_plain_line_ends(log: str) -> str:
    r"""Turn ``\r\n`` and ``\r`` into ``\n``, as reading a file in text mode does."""
    return log.replace("\r\n", "\n").replace("\r", "\n")


def has_forged_marks(log: str) -> bool:
    """Whether the marks of the test output are more than one eval script prints.

    Under ``set -x`` a script prints a mark once or, where it is an ``echo``, twice in a row. What
    ends early, begins again or ends with two exit codes was printed by the tests as well.
    """
    content = with_plain_line_ends(log)
    _, _, after = content.partition(END_MARKER)
    if START_MARKER in after or len(set(_EXIT_CODE.findall(content))) > 1:
        return True
    return after.rpartition(END_MARKER)[0].count("\n") > _LINES_OF_A_MARK


def _between_markers(content: str) -> str:
    return content.split(START_MARKER, 2)[1].split(END_MARKER, 1)[0]


def _exit_code(content: str) -> int | None:
    match = _EXIT_CODE.search(content)
    if match is None:
        return None
    try:
        return int(match.group(1))
    except ValueError as error:  # thousands of digits: the harness stumbles as well
        raise UnreadableLogError("the recorded exit code is no number") from error


# Signs, in other ecosystems' words, that a suite ran although no test could be named.
_RAN = re.compile(
    r"Executed [1-9]\d* of \d+"
    r"|TOTAL: [1-9]\d* (?:SUCCESS|FAILED)"
    r"|Tests:\s+[1-9]"
    r"|Test Suites:\s+(?:\d+ \w+, )*[1-9]\d* total"
    r"|^# tests [1-9]"
    r"|': ok$",
    re.MULTILINE,
)
# A number that is not zero; read whole, for its start cannot be told from inside in linear time.
_COUNTED = re.compile(r"(?<!\d)(\d+) (?:passing|specs?, \d+ failures?)")


def suite_ran(content: str) -> bool:
    """Tell whether some runner's summary shows at least one test."""
    return _RAN.search(content) is not None or any(
        any(digit in "123456789" for digit in match.group(1))
        for match in _COUNTED.finditer(content)
    )


def grade(
    parsed: ParsedLog, task: Task, ignoring: frozenset[str] = frozenset()
) -> tuple[Outcome, bool]:
    """Split the required tests and say whether the task is resolved.

    ``ignoring`` are required tests whose failure does not count; they stay in the outcome. A log
    without results passes nothing. A test whose status is no word of the benchmark's stands on
    neither side and, there as here, spoils nothing. A task without required tests resolves.
    """
    if not parsed.found:
        return Outcome(failed_f2p=task.fail_to_pass, failed_p2p=task.pass_to_pass), False
    judge = _fail_only if task.eval_type is EvalType.FAIL_ONLY else _pass_and_fail
    if task.is_pro:
        judge = _passed_alone
    passed_f2p, failed_f2p = judge(task.fail_to_pass, parsed.statuses, False)
    passed_p2p, failed_p2p = judge(task.pass_to_pass, parsed.statuses, True)
    outcome = Outcome(
        passed_f2p=passed_f2p, failed_f2p=failed_f2p, passed_p2p=passed_p2p, failed_p2p=failed_p2p
    )
    return outcome, all(test in ignoring for test in outcome.failed)


def _pass_and_fail(
    tests: Iterable[str], statuses: Mapping[str, str], skipping_is_fine: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A skipped P2P test is maintained; a skipped F2P test, or one not reported, has failed."""
    passed, failed = [], []
    for test in tests:
        key = reported_as(test, statuses)
        status = None if key is None else statuses[key]
        if status in _PASSING or (skipping_is_fine and status == TestStatus.SKIPPED.value):
            passed.append(test)
        elif status is None or status in _FAILING or status == TestStatus.SKIPPED.value:
            failed.append(test)
    return tuple(passed), tuple(failed)


def _fail_only(
    tests: Iterable[str], statuses: Mapping[str, str], _skipping_is_fine: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Only a reported failure counts; an error, a skip or silence passes."""
    split: tuple[list[str], list[str]] = ([], [])
    for test in tests:
        split[statuses.get(test) == TestStatus.FAILED.value].append(test)
    return tuple(split[0]), tuple(split[1])


def _passed_alone(
    tests: Iterable[str], statuses: Mapping[str, str], _skipping_is_fine: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """SWE-bench Pro: a test that is reported as passed has passed, any other has failed."""
    split: tuple[list[str], list[str]] = ([], [])
    for test in tests:
        split[statuses.get(test) != TestStatus.PASSED.value].append(test)
    return tuple(split[0]), tuple(split[1])


def cases_of(test: str, statuses: Mapping[str, str]) -> tuple[str, ...]:
    """Return the reported tests that a required id stands for; several if it was cut short.

    Some published ids end inside a parameter: ``[`` outnumbers ``]``.
    """
    if test in statuses:
        return (test,)
    if test.count("[") > test.count("]"):
        return tuple(key for key in statuses if key.startswith(test))
    return ()


def reported_as(test: str, statuses: Mapping[str, str]) -> str | None:
    """Return the reported test that decides a required id, None where there is none.

    The cases of an id that was cut short must agree on passing.
    """
    if test in statuses:
        return test
    cases = cases_of(test, statuses)
    if len({statuses[case] in _PASSING for case in cases}) == 1:
        return cases[0]
    return None
