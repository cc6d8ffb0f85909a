"""Take over what a benchmark's harness has run already, as first attempts of submissions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from swe_audit.alternatives.predictions import candidate_name
from swe_audit.formats.harness_logs import HarnessLog
from swe_audit.judging.grading import read_log
from swe_audit.judging.parsers import parser_of
from swe_audit.model.candidate import Candidate, Provenance
from swe_audit.model.task import Task
from swe_audit.model.trial import HARNESS, RunState, TrialRun, TrialSpec


def imported(
    task: Task,
    candidates: Iterable[Candidate],
    logs: Collection[HarnessLog],
    known: Collection[tuple[str, int]],
) -> Iterator[tuple[TrialSpec, TrialRun]]:
    """Yield a first attempt for each submission whose very patch has a whole, readable log.

    ``known`` are candidates and attempts that have run; those stay. Gold, empty and whatever is
    claimed to be correct are always run by us.
    """
    parser = parser_of(task)
    by_patch: dict[str, HarnessLog] = {}
    for log in logs:
        if log.instance_id == task.instance_id and parser is not None:
            by_patch.setdefault(candidate_name(log.patch), log)
    for candidate in candidates:
        found = by_patch.get(candidate.name)
        submission = candidate.provenance is Provenance.PREDICTION
        if found is None or not submission or (candidate.name, 1) in known or parser is None:
            continue
        if read_log(found.output, parser).found:
            run = TrialRun(
                state=RunState.COMPLETED,
                log=found.output,
                detail=f"imported from {found.folder}",
                isolation=HARNESS,
            )
            yield TrialSpec(task=task, candidate=candidate, attempt=1), run
