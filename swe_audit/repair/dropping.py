"""Required tests to drop: the fewest that let the evidenced alternatives pass, graded again.

No container runs: which tests pass does not change, only which of them are required.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from swe_audit.model.candidate import Candidate
from swe_audit.model.finding import Finding
from swe_audit.model.task import Task
from swe_audit.model.trial import Trial, Verdict
from swe_audit.repair.history import History, failing, told
from swe_audit.repair.nouns import Comparison, Control, Proposal, RepairKind, Unmade
from swe_audit.statistics import counted


def propose(history: History, findings: Sequence[Finding]) -> Iterator[Proposal | Unmade]:
    """Yield lists without the tests that reject the evidenced alternatives, for all findings.

    Where that does not hold, one for each finding alone.
    """
    whole = _proposal(history, findings)
    if len(findings) < 2 or (isinstance(whole, Proposal) and whole.verified):
        yield whole
        return
    yield from (_proposal(history, [finding]) for finding in findings)


def _proposal(history: History, findings: Sequence[Finding]) -> Proposal | Unmade:
    ids = tuple(finding.id for finding in findings)
    alternatives = history.evidenced(findings)
    pinning = {
        test
        for candidate in alternatives
        for trial in history.trials(candidate)
        for test in failing(trial, history)
    }
    if not pinning:
        reason = "no completed run of ours says which tests reject the alternatives"
        return Unmade(kind=RepairKind.DROP_TESTS, findings=ids, reason=reason)
    changed = without(history.task, pinning)
    if not changed.fail_to_pass:
        reason = (
            "these are all the FAIL_TO_PASS tests: without them nothing is left to fail"
            if len(history.task.fail_to_pass) > 1
            else "this is the only FAIL_TO_PASS test"
        )
        return Unmade(kind=RepairKind.DROP_TESTS, findings=ids, reason=reason)
    gone = [test for test in history.task.required if test in pinning]
    return Proposal(
        kind=RepairKind.DROP_TESTS,
        findings=ids,
        summary=f"{counted(len(gone), 'test')} of {len(history.task.required)} no longer required",
        task=changed,
        controls=tuple(controls(history, changed, alternatives)),
        table=tuple(_table(history, changed, alternatives)),
        limits=limits(history),
    )


def without(task: Task, tests: set[str]) -> Task:
    """Return the task with some tests taken off both lists."""
    return replace(
        task,
        fail_to_pass=tuple(test for test in task.fail_to_pass if test not in tests),
        pass_to_pass=tuple(test for test in task.pass_to_pass if test not in tests),
    )


def limits(history: History) -> tuple[str, ...]:
    """Say what the controls could not see."""
    if history.wrong():
        return ()
    return ("no wrong patch was tried in this run, so none shows that the tests still reject one",)


def controls(history: History, task: Task, alternatives: Sequence[Candidate]) -> Iterator[Control]:
    """Grade the journaled runs under the changed lists, and say what each control sees."""
    golds, empties, wrong = history.golds(), history.empties(), history.wrong()
    yield _each(history, task, "gold passes in every attempt", golds, Verdict.RESOLVED)
    yield _each(history, task, "the empty patch still fails", empties, Verdict.UNRESOLVED)
    yield _each(history, task, "the evidenced alternatives pass", alternatives, Verdict.RESOLVED)
    if wrong:
        name = "every wrong patch that was rejected still is"
        yield _each(history, task, name, wrong, Verdict.UNRESOLVED)


def _each(
    history: History,
    task: Task,
    name: str,
    candidates: Sequence[Candidate],
    wanted: Verdict,
) -> Control:
    trials = [trial for one in candidates for trial in _again(history, task, one)]
    others = [trial for trial in trials if trial.verdict is not wanted]
    if not trials:
        return Control(name=name, held=False, text="there is no completed run of it")
    if others:
        seen = ", ".join(f"{trial.id} {told(trial)}" for trial in others[:3])
        return Control(name=name, held=False, text=seen)
    return Control(name=name, held=True, text=f"{counted(len(trials), 'run')} graded again")


def _again(history: History, task: Task, candidate: Candidate) -> list[Trial]:
    return [history.again(trial, task) for trial in history.trials(candidate)]


def _table(history: History, task: Task, alternatives: Sequence[Candidate]) -> Iterator[Comparison]:
    for one in (*history.golds(), *history.empties(), *alternatives, *history.wrong()):
        trials = history.trials(one)
        after = history.again(trials[0], task) if trials else None
        yield Comparison(
            candidate=one.name,
            kind=one.kind.value,
            before=told(trials[0] if trials else None),
            after=told(after),
        )
