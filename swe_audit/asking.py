"""Ask an outside judge about rejected submissions, when all trials are over; keep each answer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace

from swe_audit.errors import InterruptedRunError, OutsideCommandError
from swe_audit.evidence.opinion import Question, questions
from swe_audit.journal import Journal, TaskRecord
from swe_audit.model.audit import TaskResult
from swe_audit.model.outside import Opinion, Opinions
from swe_audit.outside import Judge


def ask_judge(
    journal: Journal,
    judge: Judge | None,
    judged: Callable[[Journal, TaskRecord], TaskResult],
    workers: int,
    stop: Callable[[], bool],
) -> frozenset[str]:
    """Ask what the judge has not said yet; return the tasks that it was asked about.

    Nobody is asked where there is no judge. What gets no answer is noted with the run. Raise
    ``InterruptedRunError`` after ``stop``; what was answered until then is kept.
    """
    asked: list[tuple[str, Question]] = []
    for record in journal.tasks() if judge is not None else ():
        if record.skip is None and judge is not None:
            name = record.task.instance_id
            said = {one.question for one in _opinions(journal, name).opinions}
            found = questions(judged(journal, record))
            asked += [(name, one) for one in found if judge.key(one) not in said]
    if judge is None or not asked:
        return frozenset()
    with ThreadPoolExecutor(workers, thread_name_prefix="judge") as threads:
        coming = {threads.submit(judge.rule, one, stop): name for name, one in asked}
        try:
            for future in as_completed(coming):
                _take(journal, coming[future], future)
        except InterruptedRunError:
            threads.shutdown(wait=True, cancel_futures=True)
            raise
    return frozenset(name for name, _ in asked)


def unanswered(journal: Journal, problem: str) -> None:
    """Note with the run that a command from outside gave no answer, and why."""
    info = journal.info()
    journal.set_info(replace(info, unanswered=(*info.unanswered, problem)))


def _take(journal: Journal, instance_id: str, future: Future[Opinion]) -> None:
    """Keep an opinion, in place of an earlier one on the same candidate."""
    try:
        new = future.result()
    except OutsideCommandError as error:
        unanswered(journal, f"{instance_id}: {error.message}")
        return
    others = [o for o in _opinions(journal, instance_id).opinions if o.candidate != new.candidate]
    kept = sorted((*others, new), key=lambda one: one.candidate)
    journal.attach(instance_id, Opinions(opinions=tuple(kept)))


def _opinions(journal: Journal, instance_id: str) -> Opinions:
    return journal.attached(instance_id, Opinions) or Opinions()
