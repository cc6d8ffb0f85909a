"""Trials as rows of a task's page, with the command that repeats each and the end of its log."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from swe_audit.model.audit import TaskResult
from swe_audit.model.candidate import CandidateKind
from swe_audit.model.trial import RunState, Trial, Verdict
from swe_audit.report import words
from swe_audit.report.logs import Logs, Tail
from swe_audit.report.parts import Parts
from swe_audit.report.summary import is_rejection

MAX_TAILS = 4
"""Logs shown in part on one page; every trial links its whole log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialView:
    """A trial as a row, with the command that repeats it.

    ``role`` says what a control shows. A trial that completed without tests is not ``graded``.
    """

    id: str
    anchor: str
    candidate: str
    role: str
    attempt: int
    state: str
    state_meaning: str
    completed: bool
    graded: bool
    verdict: str
    official_verdict: str
    differs: bool
    seconds: str
    total_seconds: str
    image: str
    isolation: str
    log: str
    notes: tuple[str, ...]
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TailView:
    """The end of one trial's log; ``part`` is the address of the whole, "" where this is all."""

    trial: TrialView
    tail: Tail
    part: str


def trial_views(
    result: TaskResult, anchors: Mapping[str, str], run: str, logs: Logs, folder: Path
) -> tuple[TrialView, ...]:
    """Give every trial of a task; ``folder`` is where the page will lie."""
    roles = {one.name: words.CONTROL[one.control] for one in result.candidates if one.control}
    return tuple(_trial(trial, roles, anchors, run, logs, folder) for trial in result.trials)


def _trial(
    trial: Trial,
    roles: Mapping[str, str],
    anchors: Mapping[str, str],
    run: str,
    logs: Logs,
    folder: Path,
) -> TrialView:
    return TrialView(
        id=trial.id,
        anchor=anchors[trial.id],
        candidate=trial.candidate,
        role=roles.get(trial.candidate, ""),
        attempt=trial.attempt,
        state=words.name(trial.state.value),
        state_meaning=words.STATE[trial.state],
        completed=trial.state is RunState.COMPLETED,
        graded=trial.state is not RunState.COMPLETED or trial.verdict is not Verdict.INCONCLUSIVE,
        verdict=trial.verdict.value,
        official_verdict=trial.official_verdict.value,
        differs=trial.verdict is not trial.official_verdict,
        seconds=words.duration(trial.seconds),
        total_seconds=words.duration(trial.total_seconds),
        image=trial.image,
        isolation=trial.isolation,
        log=logs.href(trial.log, folder),
        notes=tuple(words.sentence(one) for one in (trial.detail, *trial.notes) if one.strip()),
        command=reproduce_command(run, trial.id),
    )


def reproduce_command(run: str, trial: str) -> str:
    """Write the command that repeats a trial, on one line whatever the ids hold."""
    # A line feed inside quotes would still end a pasted command.
    return " ".join(f"swe-audit reproduce {shlex.quote(run)} {shlex.quote(trial)}".splitlines())


def tail_views(
    result: TaskResult, trials: tuple[TrialView, ...], logs: Logs, parts: Parts
) -> tuple[TailView, ...]:
    """Show the logs that matter: one rejecting trial each, or why the controls did not come out.

    Those of candidates that findings rest on come first.
    """
    backed = {name for one in result.findings for name in one.candidates}
    kinds = {one.name: one.kind for one in result.candidates}
    named = {one.trial for one in result.rejections}
    wanted: dict[str, int] = {}
    for nth, trial in enumerate(result.trials):
        kind = kinds.get(trial.candidate)
        rejecting = kind is CandidateKind.ALTERNATIVE and is_rejection(trial)
        if trial.id in named:
            wanted[trial.candidate] = nth
        elif rejecting or (kind is CandidateKind.GOLD and trial.verdict is not Verdict.RESOLVED):
            wanted.setdefault(trial.candidate, nth)
    first = sorted(wanted, key=lambda name: name not in backed)
    chosen = [wanted[name] for name in first[:MAX_TAILS]]
    return tuple(_tail(trials[nth], result.trials[nth].log, nth, logs, parts) for nth in chosen)


def _tail(trial: TrialView, log: str, nth: int, logs: Logs, parts: Parts) -> TailView:
    tail = logs.tail(log)
    return TailView(
        trial=trial, tail=tail, part=parts.log(tail.packed, f"Log of {trial.id}", nth + 1)
    )
