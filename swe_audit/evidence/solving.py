"""What a matrix of results says of a finding: a task that most solve pins nothing unknowable.

EVIDENCE 2.8. Such a finding is at most suspect, and shows how many solve the task.
"""

from __future__ import annotations

from swe_audit.model.audit import Reported
from swe_audit.model.finding import Evidence

HALF, HARDLY = 0.5, 0.05


def solve_rate(reported: Reported | None) -> float | None:
    """Return the share of submissions that are said to solve a task, None where nobody tried."""
    return reported.solved / reported.of if reported is not None and reported.of else None


def solved_by_most(reported: Reported | None) -> bool:
    """Whether half or more of those who tried a task are said to solve it."""
    rate = solve_rate(reported)
    return rate is not None and rate >= HALF


def told(reported: Reported | None) -> tuple[Evidence, ...]:
    """Return the matrix's word as evidence that stands beside a finding, empty without one."""
    if reported is None or not reported.of:
        return ()
    text = f"{reported.solved} of {reported.of} reported submissions solve the task"
    return (Evidence(kind="reported", text=text),)
