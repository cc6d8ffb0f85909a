"""What a check looks at: one task with everything that was run and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from swe_audit.alternatives.grouping import Search
from swe_audit.model.audit import Reported
from swe_audit.model.candidate import SUBMITTED, Candidate, CandidateKind
from swe_audit.model.construction import Survey
from swe_audit.model.finding import Explanation, Finding
from swe_audit.model.observation import SoftRun
from swe_audit.model.outside import Opinion
from swe_audit.model.relaxation import Relaxed
from swe_audit.model.reproduction import Reproduced
from swe_audit.model.task import Task
from swe_audit.model.trial import HARNESS, RunState, Trial, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why one trial of an alternative was rejected.

    ``grounding`` are the failing tests that may ground a finding: those that gold reproduces and
    whose result was not swallowed by another test's line.
    """

    grounding: tuple[str, ...]
    explanations: tuple[Explanation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One task, judged: candidates in their order, trials by candidate and attempt.

    ``rejections`` maps the id of a rejected alternative's trial to its reasons. ``repeats`` is
    how often gold, and what surprises, is run. ``softened`` maps a candidate to its run under
    softened tests. ``survey`` holds the free details of gold and ``search`` which of them are
    pinned; ``reported`` what others say of the task; ``relaxed`` the relaxed tests that admit
    what these reject; ``reproduction`` what the statement's own code shows; ``opinions`` what an
    outside judge says of rejected submissions.
    """

    task: Task
    candidates: tuple[Candidate, ...]
    trials: tuple[Trial, ...]
    repeats: int
    missing: frozenset[str] = frozenset()
    rejections: Mapping[str, Rejection] = field(default_factory=dict)
    softened: Mapping[str, SoftRun] = field(default_factory=dict)
    survey: Survey | None = None
    search: Search | None = None
    reported: Reported | None = None
    relaxed: tuple[Relaxed, ...] = ()
    reproduction: Reproduced | None = None
    opinions: tuple[Opinion, ...] = ()

    def of_kind(self, kind: CandidateKind) -> tuple[Candidate, ...]:
        """The candidates of one kind."""
        return tuple(candidate for candidate in self.candidates if candidate.kind is kind)

    def trials_of(self, kind: CandidateKind) -> tuple[Trial, ...]:
        """Every trial of the candidates of one kind."""
        return tuple(t for c in self.of_kind(kind) for t in self.attempts(c))

    def attempts(self, candidate: Candidate) -> tuple[Trial, ...]:
        """A candidate's trials, first attempt first."""
        return tuple(trial for trial in self.trials if trial.candidate == candidate.name)

    def completed(self, candidate: Candidate) -> tuple[Trial, ...]:
        """A candidate's trials that say something about it: completed runs of ours."""
        return tuple(
            trial
            for trial in self.attempts(candidate)
            if trial.state is RunState.COMPLETED and trial.isolation != HARNESS
        )

    @property
    def gold_always_resolves(self) -> bool:
        """Whether every planned attempt of gold completed and resolved."""
        golds = self.trials_of(CandidateKind.GOLD)
        return len(golds) >= self.repeats and all(t.verdict is Verdict.RESOLVED for t in golds)


def submissions(case: Case) -> list[Candidate]:
    """Return the candidates that somebody submitted."""
    return [c for c in case.candidates if c.provenance in SUBMITTED]


class Check(Protocol):
    """Looks for one defect."""

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield what the case shows of this defect; nothing where runs do not back it."""
        ...
