"""Put a run's tasks into its journal, and see what is left to do: what ran before stays.

What ran may stand in the same journal, in another run's, or in the benchmark's own logs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial

from swe_audit.assessment import Attempt
from swe_audit.formats.harness_logs import HarnessLog
from swe_audit.formats.rows import why_unrunnable
from swe_audit.gathering import Gathered
from swe_audit.importing import imported
from swe_audit.journal import Journal, TaskRecord
from swe_audit.judging.parsers import parser_of
from swe_audit.model.construction import Survey
from swe_audit.model.reinstall import Reinstall
from swe_audit.model.task import Dataset, Skipped, SkipReason, Task
from swe_audit.model.trial import RunState, TrialSpec
from swe_audit.planning import UNFINISHED, Policy
from swe_audit.preparation import Asked
from swe_audit.recalling import Addresses, Recall, as_ran
from swe_audit.scheduling import Work


def works_of(
    dataset: Dataset,
    gathered: Mapping[str, Gathered],
    journal: Journal,
    policy: Policy,
    logs: Collection[HarnessLog],
    recall: Recall,
    asked: Asked | None,
) -> Iterable[Work]:
    """Put every task into the journal and yield those that can run, with what ran before."""
    for position, task in enumerate(dataset.tasks):
        theirs = gathered[task.instance_id]
        recall.adopt(journal, position, task, asked)
        journal.put_task(position, task, theirs.candidates, theirs.dropped)
        unrunnable = _why_not(task)
        if unrunnable is not None:
            journal.skip(unrunnable)
            continue
        record = journal.task(task.instance_id)
        journal.forget(list(stale(journal, record, recall.addresses, full=policy.full)))
        ran = {(trial.candidate, trial.attempt) for trial in journal.trials(task.instance_id)}
        for spec, run in imported(task, record.candidates, logs, ran):
            journal.record(spec, run)
        before = journal.attached(task.instance_id, Asked)
        as_before = before is None or asked is None or before == asked
        work = Work(
            task=task,
            candidates=record.candidates,
            survey=journal.attached(task.instance_id, Survey) if as_before else None,
            reinstall=journal.attached(task.instance_id, Reinstall)
            or recall.install_of(task.instance_id),
        )
        for attempt in _in_order(journal, record):
            work.take(attempt.spec, attempt.read())
        _recall_all(journal, recall, policy, work)
        yield work


def stale(
    journal: Journal, record: TaskRecord, addresses: Addresses, *, full: bool = False
) -> Iterator[str]:
    """Name the trials that have to run again: unfinished ones, and those of other circumstances.

    With ``full`` those that were cut short, or did not install the tree again, as well. A trial
    without an address is of an older version, or the harness's; it stays.
    """
    candidates = {candidate.name: candidate for candidate in record.candidates}
    for trial in journal.trials(record.task.instance_id):
        candidate = candidates.get(trial.candidate)
        if trial.run.state in UNFINISHED or (full and trial.run.state is RunState.CUT):
            yield trial.id
        elif trial.address.key and candidate is not None:
            spec = TrialSpec(
                task=record.task,
                candidate=candidate,
                attempt=trial.attempt,
                without_install=trial.run.without_install and not full,
            )
            if not trial.address.may_equal(addresses.of(spec)):
                yield trial.id


def _recall_all(journal: Journal, recall: Recall, policy: Policy, work: Work) -> None:
    """Take over from other runs whatever can run now, until nothing that can is known."""
    while recall.journals:
        known = [(spec, run) for spec in work.next(policy) if (run := recall.find(spec))]
        for spec, run in known:
            journal.record(spec, run, recall.addresses.of(as_ran(spec, run)))
            work.take(spec, run)
        if not known:
            return


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


def attempts_of(journal: Journal, record: TaskRecord) -> Iterator[Attempt]:
    """Yield a task's trials as they were run; a log is read only when it is asked for."""
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
        attempts_of(journal, record), key=lambda a: (a.spec.attempt, place[a.spec.candidate.name])
    )
