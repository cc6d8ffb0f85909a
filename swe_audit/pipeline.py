"""The audit on one screen: plan, run, journal, judge.

What is judged comes from the journal alone, so a finished run, a resumed run and a report made
later say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import partial
from typing import TypeVar

from swe_audit.assessment import Attempt, assess, skipped_result
from swe_audit.containers.ports import Images
from swe_audit.errors import InputError, InterruptedRunError, UnknownIdError
from swe_audit.executors.ports import Executor
from swe_audit.executors.watch import EngineWatch
from swe_audit.formats import decisions as decision_files
from swe_audit.formats.harness_logs import HarnessLog
from swe_audit.formats.rows import why_unrunnable
from swe_audit.gathering import Gathered
from swe_audit.importing import imported
from swe_audit.inference import infer
from swe_audit.journal import Journal, TaskRecord
from swe_audit.judging.explain import explain
from swe_audit.judging.parsers import parser_of
from swe_audit.listening import Listener
from swe_audit.model.audit import Audit, Reported, TaskResult, TaskStatus
from swe_audit.model.candidate import Candidate
from swe_audit.model.construction import Survey
from swe_audit.model.decisions import Decision
from swe_audit.model.scores import Claims, Submitted
from swe_audit.model.tags import Tags
from swe_audit.model.task import Dataset, Skipped, SkipReason, Task
from swe_audit.model.trial import Limits, Trial, TrialRun, TrialSpec
from swe_audit.planning import UNFINISHED, Policy
from swe_audit.preparation import Preparation, Prepared
from swe_audit.reviewing import decided
from swe_audit.scheduling import Hooks, ImageQueue, Scheduler, Work
from swe_audit.scores import scores_of
from swe_audit.statistics import rate
from swe_audit.tags import tag

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machinery:
    """Where and how trials run; ``builders`` images are made ready side by side.

    ``prepare`` makes alternatives of a task's tree; None where none are wanted.
    """

    images: Images
    executor: Executor
    limits: Limits
    watch: EngineWatch
    builders: int = 2
    prepare: Preparation | None = None


def run_audit(
    dataset: Dataset,
    gathered: Mapping[str, Gathered],
    machinery: Machinery,
    journal: Journal,
    policy: Policy,
    listener: Listener,
    stop: Callable[[], bool] = lambda: False,
    reported: Mapping[str, Reported] | None = None,
    claims: Mapping[str, Claims] | None = None,
    logs: Collection[HarnessLog] = (),
) -> Audit:
    """Run what the journal does not hold yet, then judge everything.

    Raise ``InterruptedRunError`` where ``stop`` said so; what ran until then is in the journal.
    Tasks that cannot run are skipped with a reason and never stop the others.
    """
    journal.set_rules(policy, machinery.limits)
    journal.set_skipped(dataset.skipped)
    works = list(_works(dataset, gathered, journal, logs))
    for instance_id, said in (reported or {}).items():
        if instance_id in gathered:
            journal.attach(instance_id, said)
    for instance_id, found in gathered.items():
        journal.attach(instance_id, found.submitted)
        if claims and instance_id in claims:
            journal.attach(instance_id, claims[instance_id])
    results: dict[str, TaskResult] = {}

    def settle(work: Work) -> None:
        result = judge_task(journal, journal.task(work.task.instance_id), policy)
        results[result.instance_id] = result
        listener.settled(result)

    def skip(work: Work, skipped: Skipped) -> None:
        journal.skip(skipped)
        settle(work)

    def record(spec: TrialSpec, run: TrialRun) -> None:
        journal.record(spec, run)

    def grown(work: Work, made: tuple[Candidate, ...]) -> None:
        journal.add_candidates(work.task.instance_id, made)

    prepare = machinery.prepare
    unprepared = prepare is not None
    open_works = [w for w in works if w.is_open(policy) or (unprepared and w.survey is None)]
    hooks = Hooks(
        record=record,
        ready=partial(_same_image, journal),
        prepared=partial(_take_prepared, journal),
        grown=grown,
        finished=settle,
        skipped=skip,
    )
    queue = ImageQueue(
        machinery.images,
        machinery.builders,
        listener.said,
        machinery.watch,
        *([replace(prepare, known=_known_survey(journal))] if prepare else []),
    )
    try:
        finished = Scheduler(machinery.executor, policy, hooks, listener, stop).run(
            open_works, queue
        )
    finally:
        queue.close()
        machinery.executor.close()
        journal.set_info(replace(journal.info(), finished=now()))
    if not finished:
        raise InterruptedRunError(
            f"stopped; everything that ran is kept in {journal.folder}",
            hint="go on with the same command and --resume",
        )
    return judge_audit(journal, known=results)


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
    results = [
        decided(
            known.get(record.task.instance_id) or judge_task(journal, record, policy), decisions
        )
        for record in journal.tasks()
    ]
    unread = [skipped_result(item) for item in skipped]
    late = [record.skip for record in journal.tasks() if record.skip is not None]
    tasks = tuple(sorted([*results, *unread], key=lambda result: result.instance_id))
    return _audit(journal, tasks, (*skipped, *late), tuple(decisions))


def judge_task(journal: Journal, record: TaskRecord, policy: Policy) -> TaskResult:
    """Judge one task of a journal."""
    task, tags = record.task, _tags(record.task)
    if record.skip is not None:
        return skipped_result(record.skip, task, tags)
    return assess(
        task,
        record.candidates,
        record.dropped,
        _attempts(journal, record),
        policy=policy,
        explain=explain,
        tags=tags,
        survey=journal.attached(task.instance_id, Survey),
        reported=journal.attached(task.instance_id, Reported),
    )


def find_trial(journal: Journal, trial_id: str) -> tuple[Trial, TrialSpec, TaskResult]:
    """Return a judged trial, what was run, and its task as judged.

    Raise ``UnknownIdError`` where the journal does not hold it.
    """
    instance_id = trial_id.split("/", 1)[0]
    if instance_id in journal.task_ids():
        record = journal.task(instance_id)
        result = judge_task(journal, record, journal.policy())
        specs = {attempt.spec.id: attempt.spec for attempt in _attempts(journal, record)}
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


def now() -> str:
    """Return this moment in UTC, ISO 8601, to the second."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _works(
    dataset: Dataset,
    gathered: Mapping[str, Gathered],
    journal: Journal,
    logs: Collection[HarnessLog],
) -> Iterable[Work]:
    """Put every task into the journal and yield those that can run, with what ran before."""
    for position, task in enumerate(dataset.tasks):
        theirs = gathered[task.instance_id]
        journal.put_task(position, task, theirs.candidates, theirs.dropped)
        unrunnable = _why_not(task)
        if unrunnable is not None:
            journal.skip(unrunnable)
            continue
        records = journal.trials(task.instance_id)
        journal.forget(record.id for record in records if record.run.state in UNFINISHED)
        record = journal.task(task.instance_id)
        ran = {(trial.candidate, trial.attempt) for trial in journal.trials(task.instance_id)}
        for spec, run in imported(task, record.candidates, logs, ran):
            journal.record(spec, run)
        work = Work(
            task=task,
            candidates=record.candidates,
            survey=journal.attached(task.instance_id, Survey),
        )
        for attempt in _in_order(journal, record):
            work.take(attempt.spec, attempt.read())
        yield work


def _known_survey(journal: Journal) -> Callable[[str], Survey | None]:
    """Read the surveys of an earlier run now: the journal belongs to one thread."""
    surveys = {name: journal.attached(name, Survey) for name in journal.task_ids()}
    return surveys.get


def _take_prepared(journal: Journal, work: Work, prepared: Prepared) -> None:
    """Keep what was made of a task's tree; what an earlier run made of it gives way."""
    if prepared.survey is None:
        return
    journal.attach(work.task.instance_id, prepared.survey)
    work.survey, work.workshop = prepared.survey, prepared.workshop
    known = {candidate.name for candidate in work.candidates}
    new = tuple(candidate for candidate in prepared.candidates if candidate.name not in known)
    work.candidates += new
    journal.add_candidates(work.task.instance_id, new)


def _why_not(task: Task) -> Skipped | None:
    skipped = why_unrunnable(task)
    if skipped is None and parser_of(task) is None:
        return Skipped(
            instance_id=task.instance_id,
            reason=SkipReason.NO_LOG_PARSER,
            detail=f"there is no log parser called {task.log_parser!r}; the extra"
            " `swe-audit[swebench]` brings more",
        )
    return skipped


def _same_image(journal: Journal, work: Work) -> None:
    """Forget trials of another image: a candidate is compared with gold on one image only."""
    others = {trial.id for trial in work.trials if trial.image and trial.image != work.image}
    if others:
        journal.forget(others)
        work.trials = [trial for trial in work.trials if trial.id not in others]


def _attempts(journal: Journal, record: TaskRecord) -> Iterable[Attempt]:
    candidates = {candidate.name: candidate for candidate in record.candidates}
    for trial in journal.trials(record.task.instance_id):
        if trial.candidate in candidates:
            yield Attempt(
                spec=TrialSpec(
                    task=record.task,
                    candidate=candidates[trial.candidate],
                    attempt=trial.attempt,
                ),
                log_path=trial.log_path,
                read=partial(journal.load, trial),
            )


def _in_order(journal: Journal, record: TaskRecord) -> list[Attempt]:
    """A task's trials as planned: attempt by attempt, gold first."""
    place = {candidate.name: position for position, candidate in enumerate(record.candidates)}
    return sorted(
        _attempts(journal, record), key=lambda a: (a.spec.attempt, place[a.spec.candidate.name])
    )


def _tags(task: Task) -> Tags | None:
    try:
        return tag(task)
    except InputError:
        return None  # a gold patch that cannot be read has no size; the task itself says so


def _notes(journal: Journal, kind: type[T]) -> dict[str, T]:
    """Return the notes of a kind by task."""
    found = {name: journal.attached(name, kind) for name in journal.task_ids()}
    return {name: note for name, note in found.items() if note is not None}


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
        scores=scores_of(tasks, _notes(journal, Claims), _notes(journal, Submitted), run.seed),
        decisions=decisions,
    )
