"""Which submissions may serve as evidence, as a contradiction or as part of a consensus.

EVIDENCE 1.5 and 3: what edits the tests' own support code may have bent the tests, and what
breaks tests that the benchmark does not grade is no example of a correct patch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchedFile, PatchSet

from swe_audit.model.candidate import Candidate
from swe_audit.model.paths import is_test_path
from swe_audit.model.task import Task
from swe_audit.model.trial import TestStatus, Trial

_COLLECTION = frozenset({"conftest.py", "pytest.ini", ".pytest.ini", "tox.ini", "sitecustomize.py"})
_SHARED = frozenset({"setup.cfg", "pyproject.toml", "setup.py"})
_ABOUT_TESTS = re.compile(r"pytest|testpaths|addopts|python_(?:files|classes|functions)|test_suite")
_TEST_FILE = re.compile(r"(?:test_.*|.*_tests?|tests?)\.py\Z")
_PASSED = frozenset({TestStatus.PASSED, TestStatus.XFAIL})


def support_edits(task: Task, candidate: Candidate) -> tuple[str, ...]:
    """Return the files by which a patch may bend the tests, in its order.

    Conftest, plug-ins, the settings of collection, and files that the tests use and that were
    there before. Files that the test patch overwrites do not count, nor do new or other tests.
    """
    graded = {file.path for file in _files(task.test_patch)}
    return tuple(
        file.path for file in _files(candidate.patch) if file.path not in graded and _bends(file)
    )


def breaks_ungraded(task: Task, trials: Iterable[Trial], golds: Iterable[Trial]) -> tuple[str, ...]:
    """Return the tests, required or not, that gold always passes and some of these trials fail.

    A test that ran for gold and did not run here counts only where it is required: patches may
    rename parametrised cases that nobody grades.
    """
    steady: frozenset[str] | None = None
    for gold in golds:
        passed = frozenset(test for test, status in gold.statuses if status in _PASSED)
        steady = passed if steady is None else steady & passed
    failing = {
        test
        for trial in trials
        for test, status in trial.statuses
        if status in (TestStatus.FAILED, TestStatus.ERROR)
    }
    failing |= {test for trial in trials for test in trial.outcome.failed}
    return tuple(sorted(failing & (steady or frozenset()) - set(task.fail_to_pass)))


def _bends(file: PatchedFile) -> bool:
    name = PurePosixPath(file.path).name
    if name in _COLLECTION:
        return True
    if name in _SHARED:
        return any(
            _ABOUT_TESTS.search(line.value) for hunk in file for line in hunk if line.is_added
        )
    tested = is_test_path(file.path) and not _TEST_FILE.match(name)
    return tested and not file.is_added_file


def _files(patch: str) -> list[PatchedFile]:
    try:
        return list(PatchSet(patch))
    except UnidiffParseError:
        return []
