"""The audit on one screen: plan, run, journal, judge.

What is judged comes from the journal alone, so a finished run, a resumed run and a report made
later say the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from swe_audit.asking import ask_judge, unanswered
from swe_audit.concluding import judge_audit, judge_task, notes_of
from swe_audit.containers.ports import Images, Surroundings
from swe_audit.errors import InterruptedRunError
from swe_audit.executors.ports import Executor
from swe_audit.executors.watch import EngineWatch
from swe_audit.formats.harness_logs import HarnessLog
from swe_audit.gathering import Gathered
from swe_audit.inquiries import INQUIRERS, Inquired, inquiries, may_ask
from swe_audit.installing import preamble_digest
from swe_audit.journal import Journal
from swe_audit.listening import Listener
from swe_audit.model.audit import Audit, Reported, TaskResult
from swe_audit.model.candidate import Candidate
from swe_audit.model.construction import Survey
from swe_audit.model.outside import Written
from swe_audit.model.reinstall import Reinstall
from swe_audit.model.scores import Claims
from swe_audit.model.task import Dataset, Skipped, Task
from swe_audit.model.trial import Limits, TrialRun, TrialSpec
from swe_audit.opening import now
from swe_audit.ordering import (
    expected_seconds,
    longest_first,
    most_promising_first,
    shared,
    together,
)
from swe_audit.outside import Judge
from swe_audit.planning import Policy
from swe_audit.preparation import Asked, Preparation, Prepared
from swe_audit.readying import ImageQueue
from swe_audit.recalling import Addresses, Recall, RecallingExecutor, as_ran
from swe_audit.resuming import stale, works_of
from swe_audit.scheduling import Hooks, Scheduler, Work
from swe_audit.statistics import counted

WORTH_LOOKING = 4
"""From how many candidates on a look at a task's install, which takes that install and some
seconds, is repaid by those that need not run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machinery:
    """Where and how trials run; ``builders`` images are made ready side by side.

    ``prepare`` makes alternatives of a task's tree, ``judge`` is asked about rejected submissions;
    None where that is not wanted. ``isolation`` names how trials are kept apart, and ``caches``
    are other runs, whose trials count as ours. ``budget`` is how many seconds trials may take in
    all; it is spent where ``promise``, by task, is high for the time that it takes. ``frugal``
    runs tasks together that share what is below their images. ``reinstall`` looks at what an eval
    script's install does; without it every trial installs.
    """

    images: Images
    executor: Executor
    limits: Limits
    watch: EngineWatch
    builders: int = 2
    prepare: Preparation | None = None
    isolation: str = ""
    caches: Sequence[Journal] = ()
    judge: Judge | None = None
    promise: Callable[[str], float] | None = None
    budget: float | None = None
    frugal: bool = False
    reinstall: Callable[[Task, str, Limits], Reinstall] | None = None


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
    Where the budget ends it, that is judged, and ``run.remaining`` says how much is to come.
    Tasks that cannot run are skipped with a reason and never stop the others.
    """
    clock = Budget(machinery.budget)
    journal.set_rules(policy, machinery.limits)
    journal.set_skipped(dataset.skipped)
    addresses = Addresses(machinery.images, machinery.limits, machinery.isolation)
    recall = Recall(journals=machinery.caches, addresses=addresses, full=policy.full)
    asked = machinery.prepare.asked if machinery.prepare else None
    prepare = _remembering(journal, machinery.prepare)
    reads = prepare is not None and prepare.makes
    open_works = [
        work
        for work in works_of(dataset, gathered, journal, policy, logs, recall, asked)
        if _is_open(journal, work, policy, prepare)
    ]
    for work in open_works:
        work.reads = reads
    _keep_gathered(journal, gathered, reported or {}, claims or {})
    results: dict[str, TaskResult] = {}

    def settle(work: Work) -> None:
        machinery.images.release(work.task)
        result = judge_task(journal, journal.task(work.task.instance_id), policy)
        results[result.instance_id] = result
        listener.settled(result)

    def skip(work: Work, skipped: Skipped) -> None:
        journal.skip(skipped)
        settle(work)

    hooks = Hooks(
        record=partial(_keep, journal, addresses),
        ready=partial(_same_image, journal, addresses),
        prepared=partial(_take_prepared, journal, asked),
        grown=partial(_keep_made, journal),
        inquire=partial(_inquire, journal, policy, prepare),
        finished=settle,
        skipped=skip,
    )
    queue = ImageQueue(
        machinery.images,
        machinery.builders,
        listener.said,
        machinery.watch,
        prepare or _nothing,
        _looking(machinery, policy, open_works),
    )
    try:
        executor = RecallingExecutor(machinery.executor, recall.find)
        scheduler = Scheduler(executor, policy, hooks, listener, lambda: stop() or clock.is_over())
        works = _in_order(open_works, machinery)
        machinery.images.expect(work.task for work in works)
        finished = scheduler.run(works, queue)
    except BaseException:
        machinery.executor.cancel()  # what could not be kept need not be waited for
        raise
    finally:
        queue.close()
        machinery.executor.close()
    _note_recalled(journal, recall)
    _note_installed(journal)
    _end(journal, scheduler.left, spent=not finished and not stop())
    if not finished and stop():
        raise InterruptedRunError(
            f"stopped; everything that ran is kept in {journal.folder}",
            hint="go on with the same command and --resume",
        )
    judged = partial(judge_task, policy=policy)
    for name in ask_judge(journal, machinery.judge, judged, machinery.executor.slots, stop):
        results.pop(name, None)
    return judge_audit(journal, known=results)


class Budget:
    """Tells when so many seconds are over, however a clock is set; None never is."""

    def __init__(self, seconds: float | None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds

    def is_over(self) -> bool:
        """Whether the time is up."""
        return self._end is not None and time.monotonic() >= self._end


def _in_order(works: Sequence[Work], machinery: Machinery) -> list[Work]:
    """Put tasks in the order in which they run: it decides when things are known, not what."""

    def seconds(work: Work) -> float:
        return expected_seconds(work.task, work.trials)

    promise = machinery.promise
    ordered = (
        longest_first(works, seconds)
        if promise is None
        else most_promising_first(works, lambda work: promise(work.task.instance_id), seconds)
    )
    return together(ordered, lambda work: shared(work.task)) if machinery.frugal else ordered


def _end(journal: Journal, left: int, *, spent: bool) -> None:
    info = journal.info()
    notes = info.notes
    if spent:
        notes = (*notes, f"the time (--budget) was over with {counted(left, 'trial')} to come")
    journal.set_info(replace(info, finished=now(), notes=notes, remaining=left))


def _note_recalled(journal: Journal, recall: Recall) -> None:
    if recall.found:
        folders = ", ".join(str(other.folder) for other in recall.journals)
        note = f"{counted(recall.found, 'trial')} not run again, for they had run in {folders}"
        info = journal.info()
        journal.set_info(replace(info, notes=(*info.notes, note)))


def _note_installed(journal: Journal) -> None:
    trials = [one for name in journal.task_ids() for one in journal.trials(name)]
    spared = sum(trial.run.without_install for trial in trials)
    if spared:
        note = f"{counted(spared, 'trial')} of {len(trials)} did not install the tree again"
        info = journal.info()
        journal.set_info(replace(info, notes=(*info.notes, note)))


def _nothing(_task: Task, _image: str) -> Prepared:
    """Make nothing of a task's tree."""
    return Prepared()


def _looking(
    machinery: Machinery, policy: Policy, works: Sequence[Work]
) -> Callable[[Task, str, Surroundings, Prepared], Reinstall | None]:
    """Return what looks at the installs of tasks with so many candidates that it pays.

    What was seen before in the same image is not looked at again.
    """
    known = {work.task.instance_id: work.reinstall for work in works}
    candidates = {work.task.instance_id: len(work.candidates) for work in works}

    def look(
        task: Task, image: str, surroundings: Surroundings, prepared: Prepared
    ) -> Reinstall | None:
        digest = preamble_digest(task.eval_script or "")
        if policy.full or not digest or machinery.reinstall is None:
            return None
        before = known.get(task.instance_id)
        if before and (before.image, before.preamble) == (surroundings.resolved, digest):
            return before
        if candidates[task.instance_id] + len(prepared.candidates) < WORTH_LOOKING:
            return None
        seen = machinery.reinstall(task, image, machinery.limits)
        seen = replace(seen, image=surroundings.resolved, preamble=digest)
        known[task.instance_id] = seen  # a task may come again for its trees
        return seen

    return look


def _take_prepared(journal: Journal, asked: Asked | None, work: Work, prepared: Prepared) -> None:
    """Keep what was made of a task's tree; what an earlier run made of it gives way."""
    if prepared.survey is None:
        return
    journal.attach(work.task.instance_id, prepared.survey)
    if asked is not None:
        journal.attach(work.task.instance_id, asked)
    if prepared.written is not None:
        journal.attach(work.task.instance_id, prepared.written)
    if prepared.problem:
        unanswered(journal, prepared.problem)
    work.survey, work.workshop = prepared.survey, prepared.workshop
    known = {candidate.name for candidate in work.candidates}
    new = tuple(candidate for candidate in prepared.candidates if candidate.name not in known)
    work.candidates += new
    journal.add_candidates(work.task.instance_id, new)


def _keep_gathered(
    journal: Journal,
    gathered: Mapping[str, Gathered],
    reported: Mapping[str, Reported],
    claims: Mapping[str, Claims],
) -> None:
    """Keep what is known beside the trials: what others submitted, reported and claim."""
    for instance_id, found in gathered.items():
        journal.attach(instance_id, found.submitted)
        for known in (reported, claims):
            if instance_id in known:
                journal.attach(instance_id, known[instance_id])


def _keep(journal: Journal, addresses: Addresses, spec: TrialSpec, run: TrialRun) -> None:
    journal.record(spec, run, addresses.of(as_ran(spec, run)))


def _keep_made(journal: Journal, work: Work, made: tuple[Candidate, ...]) -> None:
    journal.add_candidates(work.task.instance_id, made)


def _remembering(journal: Journal, prepare: Preparation | None) -> Preparation | None:
    """Let what an earlier run made of a task be known, without the journal: it has one thread."""
    if prepare is None:
        return None
    return replace(
        prepare, known=notes_of(journal, Survey).get, written=notes_of(journal, Written).get
    )


def _is_open(journal: Journal, work: Work, policy: Policy, prepare: Preparation | None) -> bool:
    """Whether anything of a task is left to run, to make or to ask."""
    if work.is_open(policy):
        return True
    if prepare is None:
        return False
    asked = journal.attached(work.task.instance_id, Inquired)
    unread = prepare.makes and work.survey is None
    return unread or asked is None or not asked.complete or prepare.wants_writing(work.task)


def _inquire(
    journal: Journal, policy: Policy, prepare: Preparation | None, work: Work
) -> tuple[Candidate, ...] | None:
    """Ask what a task's results leave open, or for its trees; note where that is nothing more.

    What is asked follows from the journal and the trees, as a report follows from the journal.
    """
    made: tuple[Candidate, ...] = ()
    if prepare is not None and (work.workshop is not None or not work.reads):
        result = judge_task(journal, journal.task(work.task.instance_id), policy)
        if work.workshop is not None:
            made = inquiries(result, work.workshop.ground)
        elif may_ask(result):
            return None
    if not made:
        journal.attach(work.task.instance_id, Inquired(by=tuple(INQUIRERS)))
    return made


def _same_image(journal: Journal, addresses: Addresses, work: Work) -> None:
    """Forget trials of another image: a candidate is compared with gold on one image only."""
    if work.reinstall is not None:
        journal.attach(work.task.instance_id, work.reinstall)
    if work.surroundings is not None:
        addresses.know(work.task, work.surroundings)
    record = journal.task(work.task.instance_id)
    others = set(stale(journal, record, addresses))
    if others:
        journal.forget(others)
        work.trials = [trial for trial in work.trials if trial.id not in others]
