"""Judge one task from its runs: verdicts, reasons of rejections, findings, status. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from swe_audit.checks import Case, Rejection, findings_of
from swe_audit.checks.constructed import site_results
from swe_audit.checks.status import status_of
from swe_audit.evidence.determined import with_surveyed
from swe_audit.evidence.relaxed import relaxations
from swe_audit.evidence.reproduction import Run, against_of, reproduced
from swe_audit.judging.reproduction import ignorable, not_reproduced
from swe_audit.judging.required import shadowed
from swe_audit.judging.softened import Seen, compared, soft_run
from swe_audit.judging.tampering import unmasked
from swe_audit.judging.verdicts import has_results, judge, judged_again
from swe_audit.model.audit import RejectionDetail, Reported, TaskResult, TaskStatus
from swe_audit.model.candidate import INQUIRIES, Candidate, CandidateKind, Control, Dropped
from swe_audit.model.construction import Survey
from swe_audit.model.finding import Cause, Explanation
from swe_audit.model.observation import SoftRun
from swe_audit.model.outside import Opinion
from swe_audit.model.reproduction import Reproduced
from swe_audit.model.tags import Tags
from swe_audit.model.task import Skipped, Task
from swe_audit.model.trial import TestStatus, Trial, TrialRun, TrialSpec, Verdict
from swe_audit.planning import (
    Policy,
    group_search,
    least_remaining,
    next_constructions,
    next_trials,
)

_EXPLAINED = (CandidateKind.ALTERNATIVE, CandidateKind.INCORRECT, CandidateKind.CONTROL)
"""Whose rejections are explained: alternatives', and those that ``wide`` and the mirrors need."""

_WORDED = frozenset({Cause.MISSING_NAME, Cause.SIGNATURE, Cause.MESSAGE_TEXT, Cause.EXCEPTION_TYPE})
"""Causes whose detail is how something is put, and not what it is."""

Explain = Callable[[Task, str, Sequence[str]], tuple[Explanation, ...]]
"""From a task, a log and failing required tests to the reason of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A trial as it was run; ``read`` gives its log, which may be large, when it is needed."""

    spec: TrialSpec
    log_path: str
    read: Callable[[], TrialRun]


def assess(
    task: Task,
    candidates: Sequence[Candidate],
    dropped: Sequence[Dropped],
    attempts: Iterable[Attempt],
    *,
    policy: Policy,
    explain: Explain,
    tags: Tags | None = None,
    survey: Survey | None = None,
    reported: Reported | None = None,
    opinions: Sequence[Opinion] = (),
) -> TaskResult:
    """Judge a task; the same runs give the same result, in whatever order they ended."""
    place = {candidate.name: position for position, candidate in enumerate(candidates)}
    ordered = sorted(
        (attempt for attempt in attempts if attempt.spec.candidate.name in place),
        key=lambda attempt: (place[attempt.spec.candidate.name], attempt.spec.attempt),
    )
    trials, missing, rejections = _judged(task, ordered, explain)
    trials = unmasked(trials, candidates)
    softened = with_surveyed(_softened(task, ordered, trials, rejections, missing), survey)
    shown = _reproduced(task, candidates, ordered, trials, rejections)
    case = Case(
        task=task,
        candidates=tuple(candidates),
        trials=trials,
        repeats=policy.repeats,
        missing=missing,
        rejections=rejections,
        softened={run.subject: run for run in softened},
        survey=survey,
        reported=reported,
        relaxed=relaxations(task, candidates, trials, against_of(shown)),
        search=group_search(candidates, trials, survey) if survey else None,
        reproduction=shown,
        opinions=_still_true(opinions, candidates),
    )
    findings = findings_of(case)
    unfinished = bool(
        next_constructions(task, candidates, trials, survey)
        or next_trials(task, candidates, trials, policy, survey)
    )
    least = least_remaining(task, candidates, trials, policy, survey) if unfinished else 0
    remaining = max(1, least) if unfinished else 0
    status, reason = status_of(case, findings, remaining=remaining)
    return TaskResult(
        instance_id=task.instance_id,
        status=status,
        reason=reason,
        task=task,
        tags=tags,
        candidates=tuple(candidates),
        dropped=tuple(dropped),
        trials=trials,
        rejections=_details(trials, _of_gold(task, ordered, trials, explain) | rejections),
        softened=softened,
        findings=findings,
        not_reproduced=tuple(test for test in task.required if test in missing),
        survey=survey,
        sites=site_results(case),
        reported=reported,
        relaxed=case.relaxed,
        reproduction=case.reproduction,
        opinions=case.opinions,
    )


def skipped_result(
    skipped: Skipped, task: Task | None = None, tags: Tags | None = None
) -> TaskResult:
    """Return the result of a task that never ran."""
    reason = f"{skipped.reason.value}: {skipped.detail}" if skipped.detail else skipped.reason.value
    return TaskResult(
        instance_id=skipped.instance_id,
        status=TaskStatus.SKIPPED,
        reason=reason,
        task=task,
        tags=tags,
    )


def judged_with(
    trials: Sequence[Trial], task: Task, candidates: Sequence[Candidate]
) -> list[Trial]:
    """Bring verdicts up to date with what gold is known to reproduce by now."""
    golds = _gold_trials(trials, candidates)
    ignored = ignorable(task, not_reproduced(task, golds))
    again = [judged_again(trial, ignored) for trial in trials]
    return list(unmasked(again, candidates))


def judge_one(
    run: TrialRun, spec: TrialSpec, done: Sequence[Trial], candidates: Sequence[Candidate]
) -> Trial:
    """Judge a trial that just ended, with what the task's earlier trials show."""
    golds = _gold_trials(done, candidates)
    is_gold = spec.candidate.kind is CandidateKind.GOLD
    return judge(
        run,
        spec,
        gold_has_results=not is_gold and any(has_results(gold) for gold in golds),
        not_reproduced=ignorable(spec.task, not_reproduced(spec.task, golds)),
    )


def _gold_trials(trials: Sequence[Trial], candidates: Sequence[Candidate]) -> list[Trial]:
    names = {c.name for c in candidates if c.kind is CandidateKind.GOLD}
    return [trial for trial in trials if trial.candidate in names]


def _judged(
    task: Task, attempts: Sequence[Attempt], explain: Explain
) -> tuple[tuple[Trial, ...], frozenset[str], dict[str, Rejection]]:
    """Judge gold first, for the others' verdicts rest on what it reproduces."""
    golds = [a for a in attempts if a.spec.candidate.kind is CandidateKind.GOLD]
    judged = {
        a.spec.id: judge(a.read(), a.spec, gold_has_results=False, log_path=a.log_path)
        for a in golds
    }
    readable = any(has_results(trial) for trial in judged.values())
    missing = not_reproduced(task, judged.values())
    ignored = ignorable(task, missing)
    judged = {key: judged_again(trial, ignored) for key, trial in judged.items()}
    rejections: dict[str, Rejection] = {}
    for attempt in attempts:
        spec = attempt.spec
        if spec.id in judged:
            continue
        run = attempt.read()
        trial = judge(
            run,
            spec,
            gold_has_results=readable,
            not_reproduced=ignored,
            log_path=attempt.log_path,
        )
        judged[spec.id] = trial
        kind, control = spec.candidate.kind, spec.candidate.control
        explained = kind in _EXPLAINED and control not in (*INQUIRIES, Control.FAILING)
        if explained and trial.verdict is Verdict.UNRESOLVED:
            rejections[spec.id] = _rejection(task, trial, run.log, missing, explain)
    shared: dict[tuple[str, TestStatus], tuple[str, TestStatus]] = {}
    trials = tuple(_sharing(judged[attempt.spec.id], shared) for attempt in attempts)
    return trials, missing, rejections


def _of_gold(
    task: Task, attempts: Sequence[Attempt], trials: Sequence[Trial], explain: Explain
) -> dict[str, Rejection]:
    """Explain why gold fails its own tests: a reader wants to know, no check rests on it."""
    for attempt, trial in zip(attempts, trials, strict=True):
        gold = attempt.spec.candidate.kind is CandidateKind.GOLD
        if gold and trial.verdict is Verdict.UNRESOLVED:
            reasons = explain(task, attempt.read().log, trial.outcome.failed)
            return {trial.id: Rejection(grounding=(), explanations=reasons)}
    return {}


def _softened(
    task: Task,
    attempts: Sequence[Attempt],
    trials: Sequence[Trial],
    rejections: Mapping[str, Rejection],
    missing: frozenset[str],
) -> tuple[SoftRun, ...]:
    """Read the softened runs; where gold's own differs from gold, none of them shows anything."""
    found = []
    by_id = {trial.id: trial for trial in trials}
    for attempt in attempts:
        candidate = attempt.spec.candidate
        if candidate.control is Control.SOFT:
            hard = [trial for trial in trials if trial.candidate == candidate.subject]
            why = next((rejections[trial.id] for trial in hard if trial.id in rejections), None)
            seen = Seen(
                trials=tuple(hard),
                failed=why.grounding if why else _failing(hard, missing),
                explanations=why.explanations if why else (),
            )
            trial = by_id[attempt.spec.id]
            found.append(soft_run(task, candidate, trial, attempt.read().log, seen))
    kinds = {a.spec.candidate.name: a.spec.candidate.kind for a in attempts}
    return compared(task, {kinds[run.subject]: run for run in found}, found)


def _still_true(
    opinions: Iterable[Opinion], candidates: Iterable[Candidate]
) -> tuple[Opinion, ...]:
    """Leave out opinions on candidates that are not there any more."""
    names = {candidate.name for candidate in candidates}
    return tuple(opinion for opinion in opinions if opinion.candidate in names)


def _reproduced(
    task: Task,
    candidates: Sequence[Candidate],
    attempts: Sequence[Attempt],
    trials: Sequence[Trial],
    rejections: Mapping[str, Rejection],
) -> Reproduced | None:
    """Read what the statement's own code showed, beside the details of each rejection."""
    runs = [
        Run(subject=each.spec.candidate.subject, trial=each.spec.id, log=each.read().log)
        for each in attempts
        if each.spec.candidate.control is Control.REPRODUCTION
    ]
    names = {candidate.kind: candidate.name for candidate in candidates}
    if not runs or CandidateKind.GOLD not in names or CandidateKind.EMPTY not in names:
        return None
    details = {
        trial.candidate: tuple(
            each.detail for each in rejections[trial.id].explanations if each.cause in _WORDED
        )
        for trial in trials
        if trial.id in rejections
    }
    return reproduced(
        task,
        runs,
        gold=names[CandidateKind.GOLD],
        empty=names[CandidateKind.EMPTY],
        details=details,
    )


def _failing(trials: Sequence[Trial], missing: frozenset[str]) -> tuple[str, ...]:
    first = trials[0].outcome.failed if trials else ()
    return tuple(test for test in first if test not in missing)


def _rejection(
    task: Task, trial: Trial, log: str, missing: frozenset[str], explain: Explain
) -> Rejection:
    swallowed = shadowed(task, dict(trial.statuses), log)
    failed = tuple(test for test in trial.outcome.failed if test not in missing)
    return Rejection(
        grounding=tuple(test for test in failed if test not in swallowed),
        explanations=explain(task, log, failed),
    )


def _details(
    trials: Sequence[Trial], rejections: dict[str, Rejection]
) -> tuple[RejectionDetail, ...]:
    seen: set[str] = set()
    details: list[RejectionDetail] = []
    for trial in trials:
        if trial.id in rejections and trial.candidate not in seen:
            seen.add(trial.candidate)
            details.append(
                RejectionDetail(
                    candidate=trial.candidate,
                    trial=trial.id,
                    explanations=rejections[trial.id].explanations,
                )
            )
    return tuple(details)


def _sharing(trial: Trial, shared: dict[tuple[str, TestStatus], tuple[str, TestStatus]]) -> Trial:
    """Let trials of one task share their equal (test, status) pairs: there are many."""
    pairs = tuple(shared.setdefault(pair, pair) for pair in trial.statuses)
    return replace(trial, statuses=pairs)
