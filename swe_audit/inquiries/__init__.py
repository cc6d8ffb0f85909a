"""What a task's results leave to be asked: controlled runs after its ordinary trials.

An inquirer looks at a judged task and at its trees, and makes the candidates that it wants run.
All are asked once the ordinary trials are done, and again whenever their own runs are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from swe_audit.alternatives.ground import Ground
from swe_audit.inquiries.ports import Inquirer
from swe_audit.inquiries.relaxed import relaxed
from swe_audit.inquiries.reproduction import reproduction
from swe_audit.inquiries.soft import soft
from swe_audit.model.audit import TaskResult
from swe_audit.model.candidate import Candidate, CandidateKind
from swe_audit.model.trial import Verdict
from swe_audit.statements import examples

INQUIRERS: Final[dict[str, Inquirer]] = {
    "soft": soft,
    "reproduction": reproduction,
    "relaxed": relaxed,
}
"""Asked in this order, each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquired:
    """A journal's note that a task's results leave nothing more to be asked, and who asked.

    A program that has other inquirers asks again.
    """

    by: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every inquirer of this program has asked."""
        return set(INQUIRERS) <= set(self.by)


def may_ask(result: TaskResult) -> bool:
    """Whether any inquirer could want something; known without the task's trees.

    All of them ask about rejected alternatives, and one whether gold does what the statement shows.
    """
    alternatives = {c.name for c in result.candidates if c.kind is CandidateKind.ALTERNATIVE}
    if any(t.candidate in alternatives and t.verdict is Verdict.UNRESOLVED for t in result.trials):
        return True
    task = result.task
    return task is not None and any(step.wanted for step in examples(task.statement))


def inquiries(result: TaskResult, ground: Ground) -> tuple[Candidate, ...]:
    """Return the candidates that some inquirer wants and that the task does not have yet."""
    known = {candidate.name for candidate in result.candidates}
    made: dict[str, Candidate] = {}
    for ask in INQUIRERS.values():
        for candidate in ask(result, ground):
            if candidate.name not in known:
                made.setdefault(candidate.name, candidate)
    return tuple(made.values())


__all__ = ["INQUIRERS", "Inquired", "Inquirer", "inquiries", "may_ask"]
