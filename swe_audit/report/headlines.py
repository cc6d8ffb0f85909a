"""What stands above the fold besides the rate: how it was proven, and what it means."""

from __future__ import annotations

from collections import Counter

from swe_audit.model.audit import Audit, TaskStatus
from swe_audit.model.finding import Confidence, Defect
from swe_audit.report import words
from swe_audit.report.scores import ScoreRow


def proof_lines(audit: Audit) -> tuple[tuple[str, int, str], ...]:
    """Give defect, number of tasks and meaning for what proves tasks defective.

    Each defective task counts once, under its gravest proven defect.
    """
    gravest: Counter[Defect] = Counter()
    order = list(Defect)
    for result in audit.tasks:
        proven = [one.defect for one in result.findings if one.confidence is Confidence.PROVEN]
        if result.status is TaskStatus.DEFECTIVE and proven:
            gravest[min(proven, key=order.index)] += 1
    return tuple((one.value, gravest[one], words.DEFECT[one]) for one in Defect if gravest[one])


def effect_sentence(rows: tuple[ScoreRow, ...]) -> str:
    """Say what the defects mean for scores, or that nothing is known of it."""
    if not rows:
        return (
            "What this means for scores cannot be told: no results of submissions were given"
            " with this audit."
        )
    whole = rows[0]
    before, after = whole.told
    if not whole.defective:
        return (
            f"The average submission reported for these tasks solves {before} of them; no task"
            " found defective is among them."
        )
    if whole.after is None:
        return (
            f"The average submission reported for these tasks solves {before} of them, and every"
            " one of them is defective."
        )
    them = "it" if whole.defective == 1 else "them"
    return (
        f"The average submission reported for these tasks solves {before} of"
        f" {words.count(whole.tasks, 'task')}; {words.number(whole.defective)} of them"
        f" {'is' if whole.defective == 1 else 'are'} defective, and without {them} it solves"
        f" {after}."
    )
