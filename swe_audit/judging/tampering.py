"""Tell results that the tests gave from results that a patch forged or altered.

A submission that could do so is run once more on tests that were made to fail. Tests that gold
fails there, as it must, and the submission passes or skips say nothing about the submission.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from swe_audit.judging.grading import START_MARKER
from swe_audit.model.candidate import Candidate, CandidateKind, Control, Provenance
from swe_audit.model.task import Task
from swe_audit.model.trial import Outcome, RunState, TestStatus, Trial, Verdict

# What decides results without being called: fixtures, plug-ins, settings, start-up files.
_BENDING_FILE = re.compile(
    r"(?:^|/)(?:conftest|sitecustomize|usercustomize|noxfile)\.py$|\.pth$|\.egg-info/"
    r"|(?:^|/)(?:\.?pytest|tox)\.(?:ini|toml)$|(?:^|/)(?:setup|hatch_build)\.(?:py|cfg)$"
    r"|(?:^|/)(?:pyproject\.toml|Makefile|Cargo\.toml|package\.json)$|\.(?:sh|so|pyc|pyd)$"
    r"|(?:^|/)(?:\.git|\.gitattributes|\.gitmodules)(?:/|$)"
)
# How code gets at a test framework, the interpreter's own parts, other processes or the output.
_BENDING_WORD = re.compile(
    r"\b(?:unittest|pytest|_pytest|pluggy|nose|doctest|conftest|sitecustomize|SkipTest|skipTest"
    r"|builtins|__builtins__|__import__|import_module|importlib|exec|eval|compile|marshal|ctypes"
    r"|atexit|_exit|exit|abort|kill\w*|signal|settrace|setprofile|_getframe|currentframe|f_back"
    r"|gc|inspect|modules|meta_path|path_hooks|__subclasses__|__globals__|globals|vars|__code__"
    r"|subprocess|multiprocessing|fork|system|popen|Popen|execv\w*|spawn\w*|pty|ptrace"
    r"|stdout|stderr|__stdout__|AssertionError|__eq__|PASSED|FAILED|runner|eval\.sh)\b"
    r"|\bassert\w+\s*=(?!=)|>>>>>|/proc|/testbed|/eval"
)
_PASSED = frozenset((TestStatus.PASSED, TestStatus.XFAIL))


def may_bend(patch: str) -> bool:
    """Whether a patch could change what tests report other than by what they check.

    By names alone: a file that test runs load by themselves, or an added line that speaks of
    test frameworks, of the interpreter's own parts, of processes or of output.
    """
    for line in patch.split("\n"):
        if line.startswith("+++ "):
            path = line[4:].split("\t")[0].strip().removeprefix("b/")
            if _BENDING_FILE.search(path):
                return True
        elif line.startswith("+") and _BENDING_WORD.search(line):
            return True
    return "GIT binary patch" in patch or "\nnew file mode 120000" in patch


def can_be_failed(task: Task) -> bool:
    """Whether the eval script shows where its tests begin, and Python tests come before that."""
    head, mark, _ = (task.eval_script or "").partition(START_MARKER)
    own = task.test_patch.strip("\n")
    return bool(mark and own and own in head and failing_files(task))


def failing_files(task: Task) -> tuple[str, ...]:
    """Return the Python files that the test patch leaves behind, in its order."""
    heads = (x[6:].split("\t")[0] for x in task.test_patch.split("\n") if x[:6] == "+++ b/")
    return tuple(path.strip() for path in heads if path.strip().endswith(".py"))


def failing(candidate: Candidate) -> Candidate:
    """Return the control of a candidate: the same patch under tests that were made to fail."""
    return Candidate(
        instance_id=candidate.instance_id,
        name=f"failing-{candidate.name}",
        kind=CandidateKind.CONTROL,
        provenance=Provenance.CONSTRUCTION,
        patch=candidate.patch,
        rationale=f"{candidate.name} under tests that were made to fail",
        subject=candidate.name,
        control=Control.FAILING,
    )


def unmasked(trials: Sequence[Trial], candidates: Sequence[Candidate]) -> tuple[Trial, ...]:
    """Mark as ``TAMPERED`` whatever resolved by results that were forged or altered.

    ``official_verdict`` stays. Says nothing of candidates that have no control.
    """
    names = {c.name: c.subject for c in candidates if c.control is Control.FAILING}
    checks = {
        names[t.candidate]: t
        for t in trials
        if t.candidate in names and t.state in (RunState.COMPLETED, RunState.TAMPERED)
    }
    golds = {c.name for c in candidates if c.kind is CandidateKind.GOLD}
    must_fail = {test for name in golds & set(checks) for test in checks[name].outcome.failed}
    passing = _passed_by_gold(trials, golds)
    return tuple(
        trial
        if trial.candidate in golds or trial.candidate not in checks
        else _marked(trial, checks[trial.candidate], must_fail & passing)
        for trial in trials
    )


def _marked(trial: Trial, check: Trial, must_fail: set[str]) -> Trial:
    if trial.state is not RunState.COMPLETED or trial.official_verdict is not Verdict.RESOLVED:
        return trial
    if check.state is RunState.TAMPERED:
        return _tampered(trial, f"forged results in {check.id}")
    unmoved = sorted(must_fail.difference(check.outcome.failed))
    if unmoved:
        return _tampered(trial, f"{_some(unmoved)} not fail in {check.id}, where tests have to")
    skipped = sorted(must_fail.intersection(_skipped(trial)))
    if skipped:
        return _tampered(trial, f"{_some(skipped)} not run, though the reference patch runs them")
    return trial


def _tampered(trial: Trial, detail: str) -> Trial:
    return replace(
        trial,
        state=RunState.TAMPERED,
        verdict=Verdict.INCONCLUSIVE,
        outcome=Outcome(),
        statuses=(),
        detail=f"the results were altered: {detail}",
    )


def _passed_by_gold(trials: Iterable[Trial], golds: set[str]) -> set[str]:
    return {
        test
        for trial in trials
        if trial.candidate in golds
        for test, status in trial.statuses
        if status in _PASSED
    }


def _skipped(trial: Trial) -> Iterator[str]:
    return (test for test, status in trial.statuses if status is TestStatus.SKIPPED)


def _some(tests: Sequence[str]) -> str:
    more = f" and {len(tests) - 1} more" if len(tests) > 1 else ""
    return f"{tests[0]}{more} {'do' if more else 'does'}"
