"""Decide what to run next, from what has been judged so far, and nothing else.

Rounds: gold's attempt r comes first, alone; then the candidates of round r. In round 1 these are
empty and every alternative, later only those that surprised, so that between two attempts of a
rejected candidate there is always one of gold (EVIDENCE 1.2). Constructions are combined, and
taken apart again where the combination is rejected (see ``grouping``): only the smallest
rejected groups are repeated, and tried once more with mirrored tests. As the plan follows from
results alone, going on after an interruption is the same function on a longer list.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from swe_audit.alternatives.carrying import carries
from swe_audit.alternatives.grouping import Answer, Group, Search, search
from swe_audit.alternatives.mirroring import with_test_patch
from swe_audit.judging.tampering import can_be_failed, failing, may_bend
from swe_audit.model.candidate import SUBMITTED, Candidate, CandidateKind, Control
from swe_audit.model.construction import Site, Survey
from swe_audit.model.task import Task
from swe_audit.model.trial import HARNESS, RunState, Trial, TrialSpec, Verdict

DEFAULT_REPEATS = 3
UNFINISHED = frozenset({RunState.ENGINE_ERROR, RunState.INTERRUPTED})
"""States of our own making: such a trial is run again when the audit is resumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How often gold, and whatever surprises, is run.

    With ``full`` no mutant's tests are cut short, and every eval script installs the tree.
    """

    repeats: int = DEFAULT_REPEATS
    full: bool = False


def next_trials(
    task: Task,
    candidates: Sequence[Candidate],
    done: Sequence[Trial],
    policy: Policy,
    survey: Survey | None = None,
) -> list[TrialSpec]:
    """Return the trials that can run now, side by side; an empty list means that all is done.

    ``done`` carries verdicts as judged with what is known now. Where no attempt of gold shows
    that the tests can pass, gold and empty are finished, to tell broken from flaky, and nothing
    else is tried.
    """
    have = {(trial.candidate, trial.attempt) for trial in done}
    again = _worth_repeating(candidates, done, survey)
    for attempt in range(1, policy.repeats + 1):
        leaders = [c for c in candidates if c.kind is CandidateKind.GOLD]
        followers = _followers(task, candidates, done, attempt, again)
        for group in (leaders, followers):
            missing = [
                TrialSpec(task=task, candidate=candidate, attempt=attempt)
                for candidate in group
                if (candidate.name, attempt) not in have
            ]
            if missing:
                return missing
    return _one_more(task, candidates, done, policy, again)


def _one_more(
    task: Task,
    candidates: Sequence[Candidate],
    done: Sequence[Trial],
    policy: Policy,
    again: frozenset[str],
) -> list[TrialSpec]:
    """Plan a last round for candidates whose first attempt was imported: it is none of ours."""
    attempt = policy.repeats + 1
    owed = again & {trial.candidate for trial in done if trial.isolation == HARNESS}
    have = {(trial.candidate, trial.attempt) for trial in done}
    golds = [c for c in candidates if c.kind is CandidateKind.GOLD]
    for group in (golds, [c for c in candidates if c.name in owed]):
        missing = [c for c in group if owed and (c.name, attempt) not in have]
        if missing:
            return [TrialSpec(task=task, candidate=c, attempt=attempt) for c in missing]
    return []


def least_remaining(
    task: Task,
    candidates: Sequence[Candidate],
    done: Sequence[Trial],
    policy: Policy,
    survey: Survey | None = None,
) -> int:
    """Return how many trials are still to come if nothing more surprises."""
    have = {(trial.candidate, trial.attempt) for trial in done}
    golds = [c for c in candidates if c.kind is CandidateKind.GOLD]
    hopeful = not any(trial.candidate == gold.name for trial in done for gold in golds)
    wanted = {(gold.name, attempt) for gold in golds for attempt in range(1, policy.repeats + 1)}
    again = _worth_repeating(candidates, done, survey)
    for attempt in range(1, policy.repeats + 1):
        for candidate in _followers(task, candidates, done, attempt, again, hopeful=hopeful):
            wanted.add((candidate.name, attempt))
    owed = again & {trial.candidate for trial in done if trial.isolation == HARNESS}
    if owed:
        wanted |= {(name, policy.repeats + 1) for name in (*owed, *(gold.name for gold in golds))}
    return len(wanted - have)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A construction to make: gold with a group's details changed, or a control of it."""

    group: Group
    control: Control | None = None


def next_constructions(
    task: Task, candidates: Sequence[Candidate], done: Sequence[Trial], survey: Survey | None
) -> tuple[Wanted, ...]:
    """Return the constructions that have to be made before anything more can be planned.

    Nothing, while those that were made have not run, and where gold shows that tests cannot tell.
    """
    golds = {c.name for c in candidates if c.kind is CandidateKind.GOLD}
    if survey is None or not gold_is_usable(task, [t for t in done if t.candidate in golds]):
        return ()
    found = group_search(candidates, done, survey)
    have = {(frozenset(c.sites), c.control) for c in candidates if c.sites}
    wanted = [Wanted(group=group) for group in found.wanted]
    for group in found.culprits:
        if needs_mirror(task, survey, group):
            wanted += [
                Wanted(group=group, control=control)
                for control in (Control.MIRROR, Control.MIRROR_EMPTY)
            ]
    return tuple(one for one in wanted if (one.group, one.control) not in have)


def next_checks(
    task: Task, candidates: Sequence[Candidate], done: Sequence[Trial]
) -> tuple[Candidate, ...]:
    """Return the controls to make for submissions that resolved and could have bent the tests.

    Gold's own control comes with the first: only tests that gold fails there can tell. Nothing
    for a task whose tests cannot be made to fail, as where they come with the image.
    """
    resolved = {t.candidate for t in done if t.official_verdict is Verdict.RESOLVED}
    suspects = [
        c
        for c in candidates
        if c.provenance in SUBMITTED and c.name in resolved and may_bend(c.patch)
    ]
    if not suspects or not can_be_failed(task):
        return ()
    have = {c.name for c in candidates}
    golds = [c for c in candidates if c.kind is CandidateKind.GOLD]
    made = [failing(c) for c in (*golds, *suspects)]
    return tuple(c for c in made if c.name not in have)


def group_search(candidates: Sequence[Candidate], done: Sequence[Trial], survey: Survey) -> Search:
    """Return how far the search for pinned details is, from the first attempt of each group."""
    answers: dict[Group, Answer] = {}
    first = {trial.candidate: trial for trial in done if trial.attempt == 1}
    for candidate in candidates:
        trial = first.get(candidate.name)
        if candidate.sites and candidate.control is None and trial is not None:
            answers[frozenset(candidate.sites)] = _ANSWERS[trial.verdict]
    suspects = {site.id for site in survey.sites if site.mirror}
    return search(survey.layers, suspects, answers.get)


def needs_mirror(task: Task, survey: Survey, group: Group) -> bool:
    """Whether a rejected group can be tried with its details changed in the tests as well."""
    mirrored = any(site.mirror for site in survey.sites if site.id in group)
    return mirrored and with_test_patch(task, task.test_patch) is not None


_ANSWERS = {
    Verdict.RESOLVED: Answer.ACCEPTED,
    Verdict.UNRESOLVED: Answer.REJECTED,
    Verdict.INCONCLUSIVE: Answer.UNDECIDED,
}


def surprising(kind: CandidateKind, verdict: Verdict) -> bool:
    """Whether a verdict contradicts what a candidate is claimed to be; controls claim nothing."""
    if kind in (CandidateKind.GOLD, CandidateKind.ALTERNATIVE):
        return verdict is Verdict.UNRESOLVED
    if kind is CandidateKind.CONTROL:
        return False
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


def _worth_repeating(
    candidates: Sequence[Candidate], done: Sequence[Trial], survey: Survey | None
) -> frozenset[str]:
    """Name the candidates whose first attempt calls for more of them.

    Those that surprised, of the constructions only the smallest rejected groups; and, where a
    detail is pinned, the submissions that resolve without it, which contradict the pin.
    """
    surprised = _surprising(candidates, done)
    if survey is None:
        return surprised
    culprits = set(group_search(candidates, done, survey).culprits)
    combined = {c.name for c in candidates if c.sites and frozenset(c.sites) not in culprits}
    pinned = {site_id for group in culprits for site_id in group}
    sites = [site for site in survey.sites if site.id in pinned]
    return (surprised - combined) | _resolving_without(sites, candidates, done)


def _surprising(candidates: Sequence[Candidate], done: Sequence[Trial]) -> frozenset[str]:
    """Name those with a verdict that nobody expected.

    Gold less one unit that fails some of the new tests only is among them, for that is what a
    test beyond the statement looks like.
    """
    kinds = {candidate.name: candidate.kind for candidate in candidates}
    anyway = _gold_fails(done, {c.name for c in candidates if c.kind is CandidateKind.GOLD})
    dropped = {
        c.name for c in candidates if any(item.kind == "dropped" for item in c.evidence_items)
    }
    return frozenset(
        t.candidate
        for t in done
        if surprising(kinds[t.candidate], t.verdict)
        or (t.candidate in dropped and _fails_some_of_f2p(t, anyway))
    )


def _resolving_without(
    sites: Sequence[Site], candidates: Sequence[Candidate], done: Sequence[Trial]
) -> frozenset[str]:
    """Name the submissions that resolve and lack the detail of one of ``sites``."""
    resolving = {t.candidate for t in done if t.verdict is Verdict.RESOLVED}
    return frozenset(
        c.name
        for c in candidates
        if c.provenance in SUBMITTED
        and c.name in resolving
        and any(not carries(c, site) for site in sites)
    )


def _gold_fails(done: Sequence[Trial], golds: Collection[str]) -> frozenset[str]:
    """Return the required tests that no completed attempt of gold passes."""
    runs = [t for t in done if t.candidate in golds and t.state is RunState.COMPLETED]
    failed = [frozenset(trial.outcome.failed) for trial in runs]
    return frozenset.intersection(*failed) if failed else frozenset()


def _fails_some_of_f2p(trial: Trial, anyway: frozenset[str]) -> bool:
    """Whether a trial fails some of the new tests and none that gold passes of the others."""
    outcome = trial.outcome
    new, old = set(outcome.failed_f2p) - anyway, set(outcome.failed_p2p) - anyway
    return bool(new and outcome.passed_f2p) and not old


def _followers(
    task: Task,
    candidates: Sequence[Candidate],
    done: Sequence[Trial],
    attempt: int,
    again: Collection[str],
    *,
    hopeful: bool = False,
) -> list[Candidate]:
    golds = {c.name for c in candidates if c.kind is CandidateKind.GOLD}
    usable = hopeful or gold_is_usable(task, [t for t in done if t.candidate in golds])
    return [
        candidate
        for candidate in candidates
        if candidate.kind is not CandidateKind.GOLD
        and (usable or candidate.kind is CandidateKind.EMPTY)
        and (attempt == 1 or candidate.name in again)
    ]
