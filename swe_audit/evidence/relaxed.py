"""Relaxation: which relaxed tests admit a rejected candidate, and what their controls saw."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from swe_audit.model.candidate import Candidate, CandidateKind, Control
from swe_audit.model.relaxation import ControlSeen, Relaxation, Relaxed, Step
from swe_audit.model.task import Task
from swe_audit.model.trial import HARNESS, RunState, TestStatus, Trial, Verdict
from swe_audit.relaxation.names import GARBAGE, base_form_name, relaxed_name
from swe_audit.relaxation.reach import may_change
from swe_audit.statistics import counted

_WHOLE_TASK = frozenset({Step.OLD_OR_NEW, Step.SETUP})
"""Steps after which some tests of the relaxed ones may well pass without any patch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Runs:
    task: Task
    candidates: Sequence[Candidate]
    trials: Sequence[Trial]

    def of(self, name: str) -> tuple[Trial, ...]:
        """A candidate's completed trials of ours."""
        return tuple(
            trial
            for trial in self.trials
            if trial.candidate == name
            and trial.state is RunState.COMPLETED
            and trial.isolation != HARNESS
        )

    def first(self, name: str) -> Trial | None:
        """A candidate's first completed trial."""
        return next(iter(self.of(name)), None)

    def named(self, kind: CandidateKind) -> Iterator[str]:
        """The names of the candidates of a kind."""
        return (one.name for one in self.candidates if one.kind is kind)

    def rejects(self, name: str) -> bool:
        """Whether the task's own tests reject a candidate in every attempt."""
        trials = self.of(name) or tuple(
            t for t in self.trials if t.candidate == name and t.state is RunState.CUT
        )
        return bool(trials) and all(trial.verdict is Verdict.UNRESOLVED for trial in trials)


def relaxations(
    task: Task,
    candidates: Sequence[Candidate],
    trials: Sequence[Trial],
    against: Collection[str] = (),
) -> tuple[Relaxed, ...]:
    """Return the relaxed tests that admit the candidate they were made for, with their controls.

    ``against`` names alternatives with evidence against them, which count as wrong.
    """
    runs = _Runs(task=task, candidates=candidates, trials=trials)
    found = []
    for one in candidates:
        if one.control is not Control.RELAXED or one.relaxation is None:
            continue
        trial = runs.first(one.name)
        if trial is not None and trial.verdict is Verdict.RESOLVED:
            found.append(_relaxed(runs, one, one.relaxation, trial, against))
    return tuple(found)


def _relaxed(
    runs: _Runs,
    climber: Candidate,
    relaxation: Relaxation,
    trial: Trial,
    against: Collection[str],
) -> Relaxed:
    alternatives = [*runs.named(CandidateKind.ALTERNATIVE)]
    admitted = [climber.subject]
    for name in alternatives:
        again = runs.first(relaxed_name(relaxation, name))
        if name != climber.subject and again is not None and again.verdict is Verdict.RESOLVED:
            admitted.append(name)
    kept = [
        name
        for name in alternatives
        if runs.of(name) and all(t.verdict is Verdict.RESOLVED for t in runs.of(name))
    ]
    before = [
        (name, runs.first(base_form_name(relaxation, name)))
        for kind in (CandidateKind.GOLD, CandidateKind.EMPTY)
        for name in runs.named(kind)
    ]
    return Relaxed(
        relaxation=relaxation,
        candidate=climber.subject,
        trial=trial.id,
        controls=tuple(_controls(runs, relaxation, against)),
        admitted=tuple(name for name in admitted if name not in against),
        kept=tuple(kept),
        base_form=tuple((name, each.verdict.value) for name, each in before if each is not None),
    )


def _controls(
    runs: _Runs, relaxation: Relaxation, against: Collection[str]
) -> Iterator[ControlSeen]:
    for name in runs.named(CandidateKind.EMPTY):
        yield _empty(runs, relaxation, name)
    for name in runs.named(CandidateKind.GOLD):
        yield _gold(runs, relaxation, name)
        yield _same_tests(runs, relaxation, name)
    yield _garbage(runs, relaxation)
    yield _wrong(runs, relaxation, against)


def _empty(runs: _Runs, relaxation: Relaxation, name: str) -> ControlSeen:
    """No patch fails the relaxed tests; of a step that frees more, the task as a whole."""
    whole = bool(_WHOLE_TASK & set(relaxation.steps))
    what = "the task" if whole else "the relaxed tests"
    told = f"without any patch {what} still fail{'s' if whole else ''}"
    trial = runs.first(relaxed_name(relaxation, name))
    if trial is None:
        return ControlSeen(name=told, held=False, text="not run")
    if whole:
        held = trial.verdict is Verdict.UNRESOLVED
        text = counted(len(trial.outcome.failed), "failing test") if held else "it resolves"
        # Then the graded tests never check the statement, which is a finding of its own.
        if not held and Step.OLD_OR_NEW in relaxation.steps:
            text, held = "it resolves: the graded tests never check the statement", True
        return ControlSeen(name=told, held=held, text=text, trial=trial.id)
    tests = {test for pin in relaxation.pins for test in pin.tests}
    passing = [test for test in runs.task.required if test in tests - set(trial.outcome.failed)]
    text = f"it passes {passing[0]}" if passing else counted(len(tests), "test")
    return ControlSeen(name=told, held=not passing, text=text, trial=trial.id)


def _gold(runs: _Runs, relaxation: Relaxation, name: str) -> ControlSeen:
    told = "gold passes"
    trial = runs.first(relaxed_name(relaxation, name))
    if trial is None:
        return ControlSeen(name=told, held=False, text="not run")
    failed = trial.outcome.failed
    text = f"it fails {failed[0]}" if failed else trial.verdict.value
    held = trial.verdict is Verdict.RESOLVED
    return ControlSeen(name=told, held=held, text=text, trial=trial.id)


def _same_tests(runs: _Runs, relaxation: Relaxation, name: str) -> ControlSeen:
    """Every test that ran with gold still runs, and none is newly skipped."""
    told = "every test that ran still runs, none newly skipped"
    own, trial = runs.first(name), runs.first(relaxed_name(relaxation, name))
    if own is None or trial is None:
        return ControlSeen(name=told, held=False, text="not run")
    before, after = dict(own.statuses), dict(trial.statuses)
    gone = [test for test in before if test not in after]
    skipped = [
        test
        for test, status in after.items()
        if status is TestStatus.SKIPPED and before.get(test) is not TestStatus.SKIPPED
    ]
    text = counted(len(after), "test")
    if gone or skipped:
        text = f"gone: {gone[0]}" if gone else f"newly skipped: {skipped[0]}"
    return ControlSeen(name=told, held=not (gone or skipped), text=text, trial=trial.id)


def _garbage(runs: _Runs, relaxation: Relaxation) -> ControlSeen:
    """Gold with nonsense in the detail fails wherever the statement speaks about it."""
    told = "gold with nonsense in the detail fails where the statement speaks about it"
    spoken = " ".join(relaxation.spoken.split())
    trial = runs.first(relaxed_name(relaxation, GARBAGE))
    if relaxation.garbage is None or trial is None:
        why = "not run" if relaxation.garbage is not None else "gold writes the detail nowhere"
        if relaxation.garbage is not None:
            return ControlSeen(name=told, held=False, text=why)
        text = f"{why}, and the statement says: {spoken}" if spoken else f"{why}; nor does it"
        return ControlSeen(name=told, held=not spoken, text=text)
    if trial.verdict is Verdict.UNRESOLVED:
        return ControlSeen(name=told, held=True, text="it fails", trial=trial.id)
    text = f"it passes, and the statement says: {spoken}" if spoken else "the statement is silent"
    return ControlSeen(name=told, held=not spoken, text=text, trial=trial.id)


def _wrong(runs: _Runs, relaxation: Relaxation, against: Collection[str]) -> ControlSeen:
    """Every wrong patch that was rejected still is; most fail tests that did not change."""
    told = "every wrong patch that was rejected still is"
    names = [*runs.named(CandidateKind.INCORRECT), *against]
    wrong = [name for name in names if runs.rejects(name)]
    ran = 0
    for name in wrong:
        own = runs.of(name)[0]
        if not may_change(relaxation, own):
            continue
        trial = runs.first(relaxed_name(relaxation, name))
        if trial is None:
            return ControlSeen(name=told, held=False, text=f"{name} was not run")
        if trial.verdict is not Verdict.UNRESOLVED:
            return ControlSeen(name=told, held=False, text=f"{name} passes", trial=trial.id)
        ran += 1
    rest = len(wrong) - ran
    text = f"{counted(ran, 'patch', 'patches')} run, {rest} fail tests that did not change"
    return ControlSeen(name=told, held=True, text=text if wrong else "there is none")
