"""Every repair of one task: each kind is tried on its findings, and verified or explained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from swe_audit.alternatives.ground import Ground
from swe_audit.model.finding import Finding
from swe_audit.repair import dropping, moving, relaxing, statement
from swe_audit.repair.bench import Run
from swe_audit.repair.history import History
from swe_audit.repair.nouns import Proposal, RepairKind, TaskRepair, Unmade

_ORDER = list(RepairKind)


def repair_task(
    history: History, ground: Ground | None = None, run: Run | None = None
) -> TaskRepair:
    """Return what was tried for a task's proven and likely findings.

    ``ground`` holds the task's trees, for the licence checks; changed tests are only proposed
    with it and with ``run``, which runs a trial.
    """
    findings = history.findings()
    made = list(_tried(history, findings, ground, run)) if findings else []
    proposals = [one for one in made if isinstance(one, Proposal)]
    return TaskRepair(
        task=history.task,
        findings=findings,
        proposals=tuple(sorted(proposals, key=lambda one: _ORDER.index(one.kind))),
        unmade=tuple(one for one in made if isinstance(one, Unmade)),
    )


def _tried(
    history: History, findings: Sequence[Finding], ground: Ground | None, run: Run | None
) -> Iterator[Proposal | Unmade]:
    yield from statement.propose(history, findings, ground)
    yield from dropping.propose(history, findings)
    if ground is not None and run is not None:
        yield from relaxing.propose(history, findings, ground, run)
        yield from moving.propose(history, findings, ground, run)
