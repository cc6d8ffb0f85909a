"""The result of an audit: everything that a report shows, and nothing that it has to compute."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from swe_audit.model.candidate import Candidate, Dropped
from swe_audit.model.construction import Site, Survey
from swe_audit.model.decisions import Decision
from swe_audit.model.finding import Explanation, Finding
from swe_audit.model.observation import SoftRun
from swe_audit.model.outside import Opinion
from swe_audit.model.relaxation import Relaxed
from swe_audit.model.reproduction import Reproduced
from swe_audit.model.sample import Inference, SampleDesign
from swe_audit.model.scores import Scores
from swe_audit.model.tags import Tags
from swe_audit.model.task import Skipped, Task
from swe_audit.model.trial import Trial


class TaskStatus(str, Enum):
    """A task's status, the first that holds; they partition the tasks."""

    SKIPPED = "skipped"
    INCONCLUSIVE = "inconclusive"
    DEFECTIVE = "defective"
    SUSPECT = "suspect"
    CLEARED = "cleared"
    UNTESTED = "untested"


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionDetail:
    """Why one candidate was rejected: an explanation for each failing required test."""

    candidate: str
    trial: str
    explanations: tuple[Explanation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """How many submissions of a results matrix are said to solve a task, of those that tried."""

    solved: int
    of: int


class SiteOutcome(str, Enum):
    """What became of a free detail: see ``docs/evidence.md``.

    ``PINNED`` details are rejected, and their mirror resolves; ``INVALID`` ones are rejected for
    a reason that is ours to mend.
    """

    CLEARED = "cleared"
    PINNED = "pinned"
    INVALID = "invalid"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteResult:
    """A site with what became of it; ``reason`` says why it is invalid or undecided."""

    site: Site
    outcome: SiteOutcome
    candidate: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResult:
    """One audited task. ``task`` is None only for a task that was skipped unread.

    ``not_reproduced`` are the required tests that no gold repeat passes here. ``survey`` is what
    could be changed in gold, ``sites`` what became of it, None and empty where nothing was made.
    ``softened`` are the candidates that ran under softened tests, gold and no patch included.
    ``decisions`` are reviewers' on its findings, which already take them into account.
    ``relaxed`` are tests that admit a candidate which the task's own reject.
    ``reproduction`` is what the statement's examples show, None where they did not run;
    ``opinions`` are an outside judge's on rejected submissions.
    """

    instance_id: str
    status: TaskStatus
    reason: str = ""
    task: Task | None = None
    tags: Tags | None = None
    candidates: tuple[Candidate, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    trials: tuple[Trial, ...] = ()
    rejections: tuple[RejectionDetail, ...] = ()
    softened: tuple[SoftRun, ...] = ()
    findings: tuple[Finding, ...] = ()
    not_reproduced: tuple[str, ...] = ()
    survey: Survey | None = None
    sites: tuple[SiteResult, ...] = ()
    reported: Reported | None = None
    decisions: tuple[Decision, ...] = ()
    relaxed: tuple[Relaxed, ...] = ()
    reproduction: Reproduced | None = None
    opinions: tuple[Opinion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """k of n with an interval; ``low`` and ``high`` are None when n is 0."""

    k: int
    n: int
    low: float | None
    high: float | None
    level: float
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """How an audit was made. Times are ISO 8601 in UTC; ``versions`` is name and version.

    ``sample`` says how the tasks were chosen, None where all of them were taken;
    ``unanswered`` what commands from outside gave no answer to, and why; ``remaining`` how many
    trials are to come at least, where the time was over before.
    """

    id: str
    command: str
    seed: int
    dataset: str
    dataset_sha256: str
    engine: str
    isolation: str
    versions: tuple[tuple[str, str], ...]
    started: str
    finished: str
    notes: tuple[str, ...] = ()
    sample: SampleDesign | None = None
    unanswered: tuple[str, ...] = ()
    remaining: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """A whole audit: run, tasks in id order, and what was skipped before it began.

    Skipped tasks also appear in ``tasks`` with status ``skipped``, so that the tasks partition.
    ``inference`` is what a sample says of its whole set, None where there was no sample.
    ``scores`` are those of the submissions, None where none is known.
    ``decisions`` are all that lie beside the run, also on findings that it does not have.
    """

    run: RunInfo
    tasks: tuple[TaskResult, ...]
    skipped: tuple[Skipped, ...] = ()
    defect_rate: Rate
    defect_rate_bounds: tuple[float, float] | None = None
    inference: Inference | None = None
    scores: Scores | None = None
    decisions: tuple[Decision, ...] = ()
