"""Judge a trial: its state, the benchmark's verdict, and the verdict that findings rest on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from swe_audit.judging.early import ENOUGH, failures, statuses_so_far
from swe_audit.judging.grading import (
    ParsedLog,
    Problem,
    grade,
    has_forged_marks,
    read_log,
    with_plain_line_ends,
)
from swe_audit.judging.parsers import parser_of
from swe_audit.judging.required import merged, shadowed
from swe_audit.model.candidate import Control
from swe_audit.model.task import Task
from swe_audit.model.trial import Outcome, RunState, TestStatus, Trial, TrialRun, TrialSpec, Verdict

# How the harness counts what it does not grade. The other states are of our own making (its
# containers have no limits), so what it would have said is not known.
_OFFICIALLY_UNRESOLVED = frozenset((RunState.PATCH_REJECTED, RunState.TIMED_OUT))

# Signs of a runner that failed for all to see, though no test bears the blame.
_OPEN_FAILURE = re.compile(
    r"^(?:Traceback \(most recent call last\)|.*Fatal Python error"
    r"|(?:.*: line \d+:\s+\d+ )?(?:Segmentation fault|Killed|Aborted)\b"
    r"|INTERNALERROR>|FAIL Required test coverage|ERROR\b|FAILED\b"
    r"|=+ .*\b[1-9]\d* (?:failed|errors?)\b)",
    re.MULTILINE,
)


def judge(
    run: TrialRun,
    spec: TrialSpec,
    *,
    gold_has_results: bool,
    not_reproduced: frozenset[str] = frozenset(),
    log_path: str = "",
) -> Trial:
    """Turn what came back from a container into a judged trial.

    ``gold_has_results`` says whether gold's log had results on the same image; for gold itself
    pass False. Where it had, a log without results is the candidate's doing: ``COMPLETED`` and
    unresolved. Where it had not, or no parser is known, the trial is ``UNPARSED``. A log that
    would resolve the task, were it not for the test command's exit code, is ``TAMPERED`` if
    nothing in it owns up to a failure: its results were made, not run. So is one that resolves
    by marks which the eval script did not print. Benign contradictions (a
    crash half-way, an error line that the parser does not read) lack results or show a failure,
    and count as completed. None of this alters ``official_verdict``.

    A trial that was ``CUT`` is unresolved as long as its log shows why, and has the outcome of the
    tests that it names. Any other state but ``COMPLETED`` is inconclusive, has no outcome, and
    keeps no statuses.
    ``not_reproduced`` are the tests to leave out of ``verdict``, see ``ignorable``. A reproduction
    runs no tests: where it completed there is no verdict of it either.
    """
    if run.state is RunState.COMPLETED and spec.candidate.control is Control.REPRODUCTION:
        return replace(_unread(run, spec, log_path), state=RunState.COMPLETED, detail="")
    parser = parser_of(spec.task)
    if run.state is RunState.CUT:
        return _cut(run, spec, log_path)
    if run.state is not RunState.COMPLETED or parser is None:
        return _unread(run, spec, log_path)
    parsed = _as_required(read_log(run.log, parser), dict(spec.candidate.renamed_tests))
    state = _state(parsed, run.log, spec.task, gold_has_results)
    outcome, resolved = grade(parsed, spec.task)
    if state is not RunState.COMPLETED:
        outcome = Outcome()
    trial = Trial(
        id=spec.id,
        instance_id=spec.task.instance_id,
        candidate=spec.candidate.name,
        attempt=spec.attempt,
        state=state,
        verdict=Verdict.INCONCLUSIVE,
        official_verdict=Verdict.RESOLVED if resolved else Verdict.UNRESOLVED,
        outcome=outcome,
        statuses=_known(parsed),
        seconds=run.seconds,
        total_seconds=run.total_seconds,
        image=run.image,
        isolation=run.isolation,
        log=log_path,
        detail=_detail(parsed, state, run),
        notes=_notes(parsed, run.log, spec.task),
    )
    return judged_again(trial, not_reproduced)


def judged_again(trial: Trial, not_reproduced: frozenset[str]) -> Trial:
    """Return the trial with ``verdict`` made anew, these tests left out.

    For gold's own trials, which have to be judged before it is known what gold reproduces.
    A completed trial whose log had no results stays unresolved, whatever is left out.
    """
    if trial.state is not RunState.COMPLETED or _ran_no_tests(trial):
        return trial
    counted = [test for test in trial.outcome.failed if test not in not_reproduced]
    nothing_read = trial.official_verdict is Verdict.UNRESOLVED and not trial.outcome.failed
    without_results = bool(trial.outcome.failed) and not trial.statuses
    rejected = bool(counted) or nothing_read or without_results
    return replace(trial, verdict=Verdict.UNRESOLVED if rejected else Verdict.RESOLVED)


def _ran_no_tests(trial: Trial) -> bool:
    """Whether a trial ran the statement's code instead of tests, of which there is no verdict."""
    return trial.official_verdict is Verdict.INCONCLUSIVE


def has_results(trial: Trial) -> bool:
    """Tell whether gold's trial, judged with ``gold_has_results=False``, had results."""
    return trial.state is RunState.COMPLETED


def _cut(run: TrialRun, spec: TrialSpec, log_path: str) -> Trial:
    """Judge a trial that was ended once its verdict was known."""
    task = spec.task
    statuses = statuses_so_far(task, run.log)
    failed = frozenset(failures(task, statuses, task.required))
    passing = {TestStatus.PASSED.value, TestStatus.XFAIL.value}
    passed = {test for test in task.required if statuses.get(test) in passing}
    known = len(failed) >= ENOUGH
    verdict = Verdict.UNRESOLVED if known else Verdict.INCONCLUSIVE
    outcome = Outcome(
        passed_f2p=tuple(test for test in task.fail_to_pass if test in passed),
        failed_f2p=tuple(test for test in task.fail_to_pass if test in failed),
        passed_p2p=tuple(test for test in task.pass_to_pass if test in passed),
        failed_p2p=tuple(test for test in task.pass_to_pass if test in failed),
    )
    return replace(
        _unread(run, spec, log_path),
        verdict=verdict,
        official_verdict=verdict,
        outcome=outcome,
        statuses=_known(ParsedLog(statuses=statuses, found=True)),
    )


def _unread(run: TrialRun, spec: TrialSpec, log_path: str) -> Trial:
    """Judge a trial whose log says nothing: our side ended it, or nobody can read it."""
    completed = run.state is RunState.COMPLETED
    official = run.state in _OFFICIALLY_UNRESOLVED
    return Trial(
        id=spec.id,
        instance_id=spec.task.instance_id,
        candidate=spec.candidate.name,
        attempt=spec.attempt,
        state=RunState.UNPARSED if completed else run.state,
        verdict=Verdict.INCONCLUSIVE,
        official_verdict=Verdict.UNRESOLVED if official else Verdict.INCONCLUSIVE,
        outcome=Outcome(),
        seconds=run.seconds,
        total_seconds=run.total_seconds,
        image=run.image,
        isolation=run.isolation,
        log=log_path,
        detail=f"no log parser named {spec.task.log_parser!r}" if completed else run.detail,
    )


def _state(parsed: ParsedLog, log: str, task: Task, gold_has_results: bool) -> RunState:
    if parsed.found:
        forged = gold_has_results and has_forged_marks(log) and grade(parsed, task)[1]
        return RunState.TAMPERED if forged else RunState.COMPLETED
    if not gold_has_results:
        return RunState.UNPARSED
    if parsed.problem is Problem.CONTRADICTED:
        as_told = replace(parsed, statuses=parsed.reported, found=True)
        if grade(as_told, task)[1] and not _OPEN_FAILURE.search(with_plain_line_ends(log)):
            return RunState.TAMPERED
    return RunState.COMPLETED


def _detail(parsed: ParsedLog, state: RunState, run: TrialRun) -> str:
    if state is RunState.TAMPERED and parsed.found:
        return "the results were altered: the log holds forged marks of the test output"
    return parsed.detail or parsed.problem.value or run.detail


def _as_required(parsed: ParsedLog, renamed: Mapping[str, str]) -> ParsedLog:
    """Give tests whose ids a mirror changed the ids that the task requires."""
    if not renamed:
        return parsed
    return replace(
        parsed,
        statuses={renamed.get(test, test): word for test, word in parsed.statuses.items()},
        reported={renamed.get(test, test): word for test, word in parsed.reported.items()},
    )


def _known(parsed: ParsedLog) -> tuple[tuple[str, TestStatus], ...]:
    words = {status.value: status for status in TestStatus}
    return tuple((test, words[word]) for test, word in parsed.statuses.items() if word in words)


def _notes(parsed: ParsedLog, log: str, task: Task) -> tuple[str, ...]:
    if not parsed.found:
        return ()
    words = {status.value for status in TestStatus}
    odd = [test for test in task.required if parsed.statuses.get(test, "PASSED") not in words]
    return (
        *(
            f"shadowed: {test} by {other}"
            for test, other in shadowed(task, parsed.statuses, log).items()
        ),
        *(
            f"merged: {test} stands for {len(cases)} cases"
            for test, cases in merged(task, parsed.statuses).items()
        ),
        *(f"uncounted: {test} has the status {parsed.statuses[test]}" for test in odd),
    )
