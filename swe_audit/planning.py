"""Decide what to run next, from what has been judged so far, and nothing else.

Rounds: gold's attempt r comes first, alone; then the candidates of round r. In round 1 these are
empty and every alternative, later only those that surprised, so that between two attempts of a
rejected candidate there is always one of gold (EVIDENCE 1.2). As the plan follows from results
alone, going on after an interruption is the same function on a longer list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from swe_audit.model.candidate import Candidate, CandidateKind
from swe_audit.model.task import Task
from swe_audit.model.trial import RunState, Trial, TrialSpec, Verdict

DEFAULT_REPEATS = 3
UNFINISHED = frozenset({RunState.ENGINE_ERROR, RunState.INTERRUPTED})
"""States of our own making: such a trial is run again when the audit is resumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How often gold, and whatever surprises, is run."""

    repeats: int = DEFAULT_REPEATS


def next_trials(
    task: Task, candidates: Sequence[Candidate], done: Sequence[Trial], policy: Policy
) -> list[TrialSpec]:
    """Return the trials that can run now, side by side; an empty list means that all is done.

    ``done`` carries verdicts as judged with what is known now. Where no attempt of gold shows
    that the tests can pass, gold and empty are finished, to tell broken from flaky, and nothing
    else is tried.
    """
    have = {(trial.candidate, trial.attempt) for trial in done}
    for attempt in range(1, policy.repeats + 1):
        leaders = [c for c in candidates if c.kind is CandidateKind.GOLD]
        followers = _followers(task, candidates, done, attempt)
        for group in (leaders, followers):
            missing = [
                TrialSpec(task=task, candidate=candidate, attempt=attempt)
                for candidate in group
                if (candidate.name, attempt) not in have
            ]
            if missing:
                return missing
    return []


def least_remaining(
    task: Task, candidates: Sequence[Candidate], done: Sequence[Trial], policy: Policy
) -> int:
    """Return how many trials are still to come if nothing more surprises."""
    have = {(trial.candidate, trial.attempt) for trial in done}
    golds = [c for c in candidates if c.kind is CandidateKind.GOLD]
    hopeful = not any(trial.candidate == gold.name for trial in done for gold in golds)
    wanted = {(gold.name, attempt) for gold in golds for attempt in range(1, policy.repeats + 1)}
    for attempt in range(1, policy.repeats + 1):
        for candidate in _followers(task, candidates, done, attempt, hopeful=hopeful):
            wanted.add((candidate.name, attempt))
    return len(wanted - have)


def surprising(kind: CandidateKind, verdict: Verdict) -> bool:
    """Whether a verdict contradicts what the candidate is claimed to be."""
    if kind in (CandidateKind.GOLD, CandidateKind.ALTERNATIVE):
        return verdict is Verdict.UNRESOLVED
    return verdict is Verdict.RESOLVED


def gold_is_usable(task: Task, golds: Sequence[Trial]) -> bool:
    """Whether some attempt of gold shows that the tests can tell right from wrong here.

    In an environment that we rebuilt one F2P test that passes is enough; in the task's own,
    gold has to resolve.
    """
    return any(
        trial.state is RunState.COMPLETED
        and bool(trial.outcome.passed_f2p)
        and (task.rebuilt or trial.verdict is Verdict.RESOLVED)
        for trial in golds
    )


def _followers(
    task: Task,
    candidates: Sequence[Candidate],
    done: Sequence[Trial],
    attempt: int,
    *,
    hopeful: bool = False,
) -> list[Candidate]:
    kinds = {candidate.name: candidate.kind for candidate in candidates}
    golds = [t for t in done if kinds.get(t.candidate) is CandidateKind.GOLD]
    usable = hopeful or gold_is_usable(task, golds)
    surprised = {t.candidate for t in done if surprising(kinds[t.candidate], t.verdict)}
    return [
        candidate
        for candidate in candidates
        if candidate.kind is not CandidateKind.GOLD
        and (usable or candidate.kind is CandidateKind.EMPTY)
        and (attempt == 1 or candidate.name in surprised)
    ]
