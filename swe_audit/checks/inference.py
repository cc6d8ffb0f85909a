"""Whether people evidently infer a detail (EVIDENCE 2.8): most that tried the task have it."""

from __future__ import annotations

from swe_audit.checks.case import Case
from swe_audit.evidence import solving
from swe_audit.model.finding import Evidence


def inferred(case: Case, carrying: int, families: int) -> tuple[bool, tuple[Evidence, ...]]:
    """Say whether half of the families that tried a task carry a detail, or half solve the task.

    A matrix of results that shows hardly any solved outweighs the families.
    """
    told = list(solving.told(case.reported))
    solved = solving.solve_rate(case.reported)
    if families:
        text = f"{carrying} of {families} independent families carry the detail"
        told.append(Evidence(kind="families", text=text))
    hardly_solved = solved is not None and solved < solving.HARDLY
    known = bool(families) and carrying >= solving.HALF * families and not hardly_solved
    return known or solving.solved_by_most(case.reported), tuple(told)
