"""Judge what a journal holds: one trial, one task, the whole audit. Nothing runs here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from swe_audit.assessment import assess, skipped_result
from swe_audit.errors import InputError, UnknownIdError
from swe_audit.formats import decisions as decision_files
from swe_audit.gathering import written_alternatives
from swe_audit.inference import infer
from swe_audit.journal import Journal, TaskRecord
from swe_audit.judging.explain import explain
from swe_audit.model.audit import Audit, Reported, TaskResult, TaskStatus
from swe_audit.model.construction import Survey
from swe_audit.model.decisions import Decision
from swe_audit.model.outside import Opinions, Written
from swe_audit.model.scores import Claims, Submitted
from swe_audit.model.tags import Tags
from swe_audit.model.task import Skipped, Task
from swe_audit.model.trial import Trial, TrialSpec
from swe_audit.planning import Policy
from swe_audit.resuming import attempts_of
from swe_audit.reviewing import decided
from swe_audit.scores import scores_of
from swe_audit.statistics import rate
from swe_audit.tags import tag

T = TypeVar("T")


def judge_audit(
    journal: Journal,
    known: Mapping[str, TaskResult] | None = None,
    decisions: Sequence[Decision] | None = None,
) -> Audit:
    """Judge everything that a journal holds; the same journal gives the same audit.

    ``known`` are tasks judged a moment ago by ``judge_task``. ``decisions`` are what reviewers
    decided, by default what ``decisions.yaml`` beside the journal holds; raise ``InputError``
    where that is not what it should be.
    """
    if decisions is None:
        decisions = decision_files.read_decisions(journal.folder / decision_files.FILE_NAME)
    policy = journal.policy()
    known = known or {}
    skipped = journal.skipped()
    results, late = [], []
    for record in journal.tasks():
        result = known.get(record.task.instance_id) or judge_task(journal, record, policy)
        results.append(decided(result, decisions))
        if record.skip is not None:
            late.append(record.skip)
    unread = [skipped_result(item) for item in skipped]
    tasks = tuple(sorted([*results, *unread], key=lambda result: result.instance_id))
    return _audit(journal, tasks, (*skipped, *late), tuple(decisions))


def judge_task(journal: Journal, record: TaskRecord, policy: Policy) -> TaskResult:
    """Judge one task of a journal."""
    task, tags = record.task, _tags(record.task)
    if record.skip is not None:
        return skipped_result(record.skip, task, tags)
    name = task.instance_id
    opinions = journal.attached(name, Opinions)
    return assess(
        task,
        record.candidates,
        (*record.dropped, *written_alternatives(task, journal.attached(name, Written))[1]),
        attempts_of(journal, record),
        policy=policy,
        explain=explain,
        tags=tags,
        survey=journal.attached(name, Survey),
        reported=journal.attached(name, Reported),
        opinions=opinions.opinions if opinions else (),
    )


def find_trial(journal: Journal, trial_id: str) -> tuple[Trial, TrialSpec, TaskResult]:
    """Return a judged trial, what was run, and its task as judged.

    Raise ``UnknownIdError`` where the journal does not hold it.
    """
    instance_id = trial_id.split("/", 1)[0]
    if instance_id in journal.task_ids():
        record = journal.task(instance_id)
        result = judge_task(journal, record, journal.policy())
        specs = {attempt.spec.id: attempt.spec for attempt in attempts_of(journal, record)}
        for trial in result.trials:
            if trial.id == trial_id:
                return trial, specs[trial_id], result
        known = ", ".join(trial.id for trial in result.trials[:6])
        raise UnknownIdError(
            f"the run in {journal.folder} has no trial {trial_id}",
            hint=f"trials of this task: {known}" if known else "this task has no trials",
        )
    raise UnknownIdError(
        f"the run in {journal.folder} has no task {instance_id}",
        hint="a trial is INSTANCE/CANDIDATE/ATTEMPT, as the report shows it",
    )


def notes_of(journal: Journal, kind: type[T]) -> dict[str, T]:
    """Return the notes of a kind by task."""
    found = {name: journal.attached(name, kind) for name in journal.task_ids()}
    return {name: note for name, note in found.items() if note is not None}


def _tags(task: Task) -> Tags | None:
    try:
        return tag(task)
    except InputError:
        return None  # a gold patch that cannot be read has no size; the task itself says so


def _audit(
    journal: Journal,
    tasks: tuple[TaskResult, ...],
    skipped: tuple[Skipped, ...],
    decisions: tuple[Decision, ...],
) -> Audit:
    defective = sum(result.status is TaskStatus.DEFECTIVE for result in tasks)
    unknown = sum(
        result.status in (TaskStatus.SKIPPED, TaskStatus.INCONCLUSIVE) for result in tasks
    )
    total = len(tasks)
    run = journal.info()
    return Audit(
        run=run,
        tasks=tasks,
        skipped=skipped,
        defect_rate=rate(defective, total - unknown),
        defect_rate_bounds=((defective / total, (defective + unknown) / total) if total else None),
        inference=infer(run.sample, tasks) if run.sample is not None else None,
        scores=scores_of(tasks, notes_of(journal, Claims), notes_of(journal, Submitted), run.seed),
        decisions=decisions,
    )
