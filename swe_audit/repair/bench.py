"""Runs candidates under a changed task and says what each control of a repair sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from swe_audit.alternatives.mirroring import with_test_patch
from swe_audit.model.candidate import Candidate
from swe_audit.model.task import Task
from swe_audit.model.trial import RunState, TestStatus, Trial, TrialRun, TrialSpec, Verdict
from swe_audit.repair.history import History, told
from swe_audit.repair.nouns import Comparison, Control
from swe_audit.statistics import counted

Run = Callable[[TrialSpec], TrialRun]

GOLD_ATTEMPTS = 3
_STOPPED = "not run, for an earlier control did not hold"
_SILENT = "the statement is silent"


class Bench:
    """The runs of one changed task; each is made once and can be graded under other lists."""

    def __init__(self, history: History, task: Task, run: Run) -> None:
        self.history = history
        self.task = task
        self._run = run
        self._runs: dict[tuple[str, int], tuple[TrialSpec, TrialRun]] = {}

    def trial(self, candidate: Candidate, attempt: int = 1, task: Task | None = None) -> Trial:
        """Run a candidate, unless that was done, and grade it under a task's lists."""
        key = (candidate.name, attempt)
        if key not in self._runs:
            spec = TrialSpec(task=self.task, candidate=candidate, attempt=attempt)
            self._runs[key] = spec, self._run(spec)
        spec, run = self._runs[key]
        graded = (
            spec if task is None else TrialSpec(task=task, candidate=candidate, attempt=attempt)
        )
        return self.history.graded(run, graded)

    def ran(self, candidate: Candidate) -> bool:
        """Whether a candidate was run here."""
        return (candidate.name, 1) in self._runs


def with_tests(task: Task, test_patch: str) -> Task | None:
    """Return the task with another test patch, None where its script does not hold its own."""
    script = with_test_patch(task, test_patch)
    return None if script is None else replace(task, test_patch=test_patch, eval_script=script)


def gold_passes(bench: Bench, task: Task) -> Control:
    """Say whether gold resolves in every attempt."""
    name = f"gold passes in {GOLD_ATTEMPTS} attempts of {GOLD_ATTEMPTS}"
    for attempt in range(1, GOLD_ATTEMPTS + 1):
        trial = bench.trial(bench.history.golds()[0], attempt, task)
        if trial.verdict is not Verdict.RESOLVED:
            return Control(name=name, held=False, text=f"attempt {attempt}: {_failures(trial)}")
    return Control(name=name, held=True, text=f"{GOLD_ATTEMPTS} runs")


def same_tests_run(bench: Bench) -> Control:
    """Say whether every test that ran with gold still runs, and none is newly skipped."""
    name = "every test that ran still runs, none newly skipped"
    gold = bench.history.golds()[0]
    before = dict(bench.history.trials(gold)[0].statuses)
    after = dict(bench.trial(gold).statuses)
    gone = [test for test in before if test not in after]
    skipped = [
        test
        for test, status in after.items()
        if status is TestStatus.SKIPPED and before.get(test) is not TestStatus.SKIPPED
    ]
    if gone or skipped:
        text = "; ".join(
            f"{counted(len(tests), 'test')} {what}: {tests[0]}"
            for tests, what in ((gone, "gone"), (skipped, "skipped"))
            if tests
        )
        return Control(name=name, held=False, text=text)
    return Control(name=name, held=True, text=counted(len(after), "test"))


def empty_fails(bench: Bench, tests: Sequence[str]) -> Control:
    """Say whether the empty patch fails every one of some tests, as it did before."""
    name = "the empty patch still fails"
    trial = bench.trial(bench.history.empties()[0])
    passing = [test for test in tests if test not in trial.outcome.failed]
    if trial.state is not RunState.COMPLETED or passing or not tests:
        text = f"it passes {passing[0]}" if passing else told(trial)
        return Control(name=name, held=False, text=text)
    return Control(name=name, held=True, text=f"{counted(len(tests), 'FAIL_TO_PASS test')}")


def alternatives_pass(bench: Bench, alternatives: Sequence[Candidate], task: Task) -> Control:
    """Say whether every evidenced alternative resolves."""
    return _all(bench, "the evidenced alternatives pass", alternatives, task, Verdict.RESOLVED)


def wrong_stay_rejected(bench: Bench, task: Task) -> Control:
    """Say whether every wrong patch that was rejected still is."""
    name = "every wrong patch that was rejected still is"
    return _all(bench, name, bench.history.wrong(), task, Verdict.UNRESOLVED)


def nonsense_fails(bench: Bench, garbage: Candidate | None, spoken: str) -> Control:
    """Say whether gold with nonsense in the detail fails, where the statement speaks about it."""
    name = "gold with nonsense in the detail fails where the statement speaks about it"
    said = " ".join(spoken.split())
    if garbage is None:
        text = f"none can be made of gold, and the statement says: {said}" if said else _SILENT
        return Control(name=name, held=not said, text=text)
    trial = bench.trial(garbage)
    if trial.verdict is Verdict.UNRESOLVED:
        return Control(name=name, held=True, text=told(trial))
    if trial.verdict is Verdict.INCONCLUSIVE:
        return Control(name=name, held=False, text=told(trial))
    text = f"it is accepted, and the statement says: {said}" if said else _SILENT
    return Control(name=name, held=not said, text=text)


def with_true_lists(bench: Bench) -> Task:
    """Return the task in which a FAIL_TO_PASS test that the empty patch now passes is kept only."""
    trial = bench.trial(bench.history.empties()[0])
    passing = set(trial.outcome.passed_f2p) if trial.state is RunState.COMPLETED else set()
    if not passing:
        return bench.task
    kept = tuple(test for test in bench.task.fail_to_pass if test in passing)
    return replace(
        bench.task,
        fail_to_pass=tuple(test for test in bench.task.fail_to_pass if test not in passing),
        pass_to_pass=(*kept, *bench.task.pass_to_pass),
    )


def in_turn(checks: Sequence[Callable[[], Control]]) -> Iterator[Control]:
    """Ask one control after another until one does not hold: each costs containers."""
    for check in checks:
        control = check()
        yield control
        if not control.held:
            return


def table(
    bench: Bench, alternatives: Sequence[Candidate], task: Task | None = None
) -> tuple[Comparison, ...]:
    """Return every candidate that ran here, before the change and after it."""
    history = bench.history
    everyone = (*history.golds(), *history.empties(), *alternatives, *history.wrong())
    rows = []
    for one in everyone:
        before = history.trials(one)
        rows.append(
            Comparison(
                candidate=one.name,
                kind=one.kind.value,
                before=told(before[0] if before else None),
                after=told(bench.trial(one, task=task)) if bench.ran(one) else _STOPPED,
            )
        )
    return tuple(rows)


def _all(
    bench: Bench, name: str, candidates: Sequence[Candidate], task: Task, wanted: Verdict
) -> Control:
    for candidate in candidates:
        trial = bench.trial(candidate, task=task)
        if trial.verdict is not wanted:
            return Control(name=name, held=False, text=f"{candidate.name} {_failures(trial)}")
    return Control(name=name, held=True, text=counted(len(candidates), "patch", "patches"))


def _failures(trial: Trial) -> str:
    first = f", first {trial.outcome.failed[0]}" if trial.outcome.failed else ""
    return f"{told(trial)}{first}"
