"""Explain a rejection: why each failing required test failed, as far as the log tells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from swe_audit.judging.causes import Scene, cause_of
from swe_audit.judging.explain_go import go_failures
from swe_audit.judging.explain_javascript import javascript_failures
from swe_audit.judging.explain_pytest import pytest_failures
from swe_audit.judging.explain_session import session_failure
from swe_audit.judging.explain_sympy import sympy_failures
from swe_audit.judging.explain_unittest import unittest_failures
from swe_audit.judging.failures import Failure, Frame, Phase, Told, same_file
from swe_audit.judging.grading import read_log, with_plain_line_ends
from swe_audit.judging.parsers import parser_of
from swe_audit.judging.required import shadowed
from swe_audit.judging.sources import PatchedFiles, expectation, patched_files, statement
from swe_audit.model.finding import Cause, Explanation
from swe_audit.model.task import Task

_LONGEST = 4_000
_CUT = re.compile(r"\[\d+ chars\]")  # unittest left something out: not verbatim
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_JAVASCRIPT = re.compile(r"\.(?:[cm]?[jt]sx?)$")
_TEST_PART = re.compile(r"(?:^|_)tests?(?:$|_|\d)|^testing$|^conftest$|unittest_", re.IGNORECASE)
# Code that raises on a test's behalf.
_LIBRARY = re.compile(
    r"(?:^|/)(?:_pytest|_?pytest\.py|unittest|site-packages/mock|contextlib\.py|importlib|pluggy"
    r"|django/test|sympy/(?:testing|utilities/pytest)|asgiref|functools\.py)(?:/|\.py|$)"
    r"|^<frozen "
)


def explain(task: Task, run_log: str, failed: Sequence[str]) -> tuple[Explanation, ...]:
    """Return one explanation for each of the ``failed`` required tests, in their order.

    Reads pytest's long, short and native tracebacks, unittest's, Django's and sympy's. A test
    without a result gets the failure of its class, its module or the whole session; where the
    log shows none either, the cause is ``not_collected`` without a detail. The text that a
    candidate prints can mislead this; whoever needs certainty records causes inside the run.
    """
    log = _ESCAPES.sub("", with_plain_line_ends(run_log))
    parser = parser_of(task)
    statuses = read_log(run_log, parser).reported if parser else {}
    found = _failures(task, log, failed, statuses)
    session = session_failure(log) if len(found) < len(failed) else None
    files = patched_files(task.test_patch)
    modules = own_modules(task)
    shadows = shadowed(task, statuses, log) if len(found) < len(failed) else {}
    foreign = _foreign(files, log, failed, statuses)
    explanations = []
    for test in failed:
        told = foreign.get(test)
        if told is not None:
            explanations.append(_retold(test, told, files))
            continue
        own = found.get(test)
        if own is None and test not in statuses and test not in shadows:
            own = session
        if own is None:
            explanations.append(_silent(test, statuses.get(test), shadows.get(test)))
        else:
            explanations.append(_explained(test, own, files, modules))
    return tuple(explanations)


def _failures(
    task: Task, log: str, failed: Sequence[str], statuses: Mapping[str, str]
) -> dict[str, Failure]:
    """Read the log in the words of the task's runner; other runners are tried for the rest."""
    by_pytest = pytest_failures(log, failed, statuses) if "::" in "".join(failed) else {}
    by_unittest = unittest_failures(log, failed, statuses)
    if "sympy" not in task.log_parser:
        return {**by_unittest, **by_pytest}
    by_sympy = sympy_failures(log, failed, statuses, tuple(patched_files(task.test_patch)))
    return {**by_unittest, **by_pytest, **by_sympy}


def _foreign(
    files: PatchedFiles, log: str, failed: Sequence[str], statuses: Mapping[str, str]
) -> dict[str, Told]:
    """Read the log in the words of the languages that the test patch is written in."""
    found: dict[str, Told] = {}
    if any(path.endswith(".go") for path in files):
        found |= go_failures(log, failed, statuses)
    if any(_JAVASCRIPT.search(path) for path in files):
        found |= javascript_failures(log, failed, statuses)
    return found


def _retold(test: str, told: Told, files: PatchedFiles) -> Explanation:
    names = [name for name in files if told.path and same_file(told.path, name)]
    path = max(names, key=len, default=told.path)
    line = files.get(path or "", {}).get(told.line or 0, "")
    return Explanation(
        test=test,
        cause=told.cause,
        exception=told.exception,
        message=_shortened(told.message),
        assertion=_shortened(line.strip()),
        path=path,
        line=told.line,
        detail=_shortened(told.detail),
    )


def _silent(test: str, status: str | None, shadow: str | None) -> Explanation:
    message = "no result"
    if status is not None:
        message = f"the log reports it as {status} and says no more"
    elif shadow is not None:
        message = f"no result of its own: it stands on the line of {shadow}"
    return Explanation(test=test, cause=Cause.NOT_COLLECTED, message=message)


def _explained(
    test: str, failure: Failure, files: PatchedFiles, modules: frozenset[str]
) -> Explanation:
    frame = _test_frame(test, failure, files)
    own_code = _last_own_frame(failure)
    assertion = statement(files, frame) if frame else ""
    way = [each for each in reversed(failure.frames) if _is_tests_own(each, files)]
    expected = (expectation(files, each) for each in way)
    cause, detail = cause_of(
        Scene(
            failure=failure,
            assertion=assertion,
            around="\n".join(statement(files, each) for each in way),
            expectation=next((each for each in expected if each is not None), None),
            in_test=own_code is None or _is_test(own_code.path, files),
            own_modules=modules,
        )
    )
    return Explanation(
        test=test,
        cause=cause,
        exception=failure.exception,
        message=_shortened(failure.message.strip()),
        assertion=_shortened(assertion),
        path=_named(frame.path, test, files) if frame else None,
        line=frame.line if frame else None,
        detail="" if _CUT.search(detail) else _shortened(detail),
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} [...]"


def _test_frame(test: str, failure: Failure, files: PatchedFiles) -> Frame | None:
    """Return the innermost frame in the test's file, else in any test file, else the first.

    What ended a whole session has no place in a test, unless it is in the test's own file.
    """
    wanted = _file_of(test) or _file_of(failure.title)
    ours = [frame for frame in failure.frames if wanted and same_file(frame.path, wanted)]
    tests = [frame for frame in failure.frames if _is_tests_own(frame, files)]
    if failure.phase is Phase.SESSION:
        return ours[-1] if ours else None
    chosen = ours or tests or list(failure.frames[:1])
    return chosen[-1] if chosen else None


def _named(path: str, test: str, files: PatchedFiles) -> str:
    """Return a file's path as the test patch or the test's id writes it, relative to the tree."""
    names = [name for name in files if same_file(path, name)]
    if not names and "::" in test and same_file(path, _file_of(test)):
        names = [_file_of(test)]
    return max(names, key=len, default=path)


def _file_of(test: str) -> str:
    """Return the file that a test's name tells, '' for a docstring or a bare function."""
    head = test.split("::", 1)[0]
    if "::" in test or head.endswith(".py"):
        return head
    if ".py:" in test:
        return test.split(".py:", 1)[0] + ".py"
    dotted = re.search(r" \(([\w.]+)\)\Z", test)
    if dotted is None:
        return ""
    method = test.split(" ", 1)[0]
    if dotted.group(1).startswith("unittest.loader."):
        return method.replace(".", "/") + ".py"
    parts = dotted.group(1).removesuffix(f".{method}").split(".")
    return "/".join(parts[:-1]) + ".py" if len(parts) > 1 else ""


def _last_own_frame(failure: Failure) -> Frame | None:
    """Return the frame that raised, leaving out those that raise on a test's behalf."""
    return next(
        (frame for frame in reversed(failure.frames) if not _LIBRARY.search(frame.path)), None
    )


def _is_tests_own(frame: Frame, files: PatchedFiles) -> bool:
    return _is_test(frame.path, files) and not _LIBRARY.search(frame.path)


def is_test_code(path: str, files: PatchedFiles) -> bool:
    """Whether a file is a test, or asserts on a test's behalf."""
    return bool(_LIBRARY.search(path)) or _is_test(path, files)


def _is_test(path: str, files: PatchedFiles) -> bool:
    if any(same_file(path, name) for name in files):
        return True
    parts = path.removesuffix(".py").split("/")
    return any(_TEST_PART.search(part) for part in parts[-4:])


def own_modules(task: Task) -> frozenset[str]:
    """Return names under which the project's code can be imported, as its paths tell them."""
    paths = [*patched_files(task.gold_patch), *patched_files(task.test_patch)]
    parts = {part.removesuffix(".py") for path in paths for part in path.split("/")}
    return frozenset(parts | {part.replace("-", "_") for part in task.repo.lower().split("/")})
