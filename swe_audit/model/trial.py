"""One candidate, one attempt, one container: what was run and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from swe_audit.model.candidate import Candidate
from swe_audit.model.task import Task

HARNESS = "harness"
"""The isolation of a trial that the benchmark's harness ran: shown, and never evidence."""

NOT_INSTALLED_AGAIN = "the tree was not installed again; --full does so"
"""The end of the detail of a trial whose eval script's install was left out."""


class RunState(str, Enum):
    """Did the machinery work? Every state but ``COMPLETED`` and ``CUT`` is inconclusive.

    ``CUT`` is a mutant whose tests were ended once two required ones had failed: unresolved, and
    nothing is said of tests that did not run.
    """

    COMPLETED = "completed"
    CUT = "cut"
    PATCH_REJECTED = "patch_rejected"
    TIMED_OUT = "timed_out"
    UNPARSED = "unparsed"
    OUT_OF_MEMORY = "out_of_memory"
    OUTPUT_EXCEEDED = "output_exceeded"
    DISK_EXCEEDED = "disk_exceeded"
    TAMPERED = "tampered"
    INTERRUPTED = "interrupted"
    ENGINE_ERROR = "engine_error"


class Verdict(str, Enum):
    """What the tests say of a candidate."""

    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"
    INCONCLUSIVE = "inconclusive"


class TestStatus(str, Enum):
    """A test's outcome in the benchmark's own words."""

    __test__ = False  # not a test class, whatever pytest thinks of its name

    PASSED = "PASSED"
    FAILED = "FAILED"
    ERROR = "ERROR"
    SKIPPED = "SKIPPED"
    XFAIL = "XFAIL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one trial's container may use: seconds, bytes, processors, processes."""

    timeout: float = 1800.0
    memory: int = 4 * 1024**3
    cpus: float = 1.0
    pids: int = 1024
    output: int = 64 * 1024**2
    disk: int = 4 * 1024**3
    network: str = "none"

    def claimed_by(self, task: Task) -> Limits:
        """Return the limits of a task's trials: what it claims takes the place of the run's."""
        claim = task.resources
        return replace(self, cpus=claim.cpus or self.cpus, memory=claim.memory or self.memory)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSpec:
    """What to run: a task, a candidate, and which attempt this is (from 1).

    ``decisive`` are tests of which two that fail decide the verdict, so that the rest need not
    run; empty for a trial that runs in full. ``without_install`` leaves the eval script's install
    out, where it is known to change nothing.
    """

    task: Task
    candidate: Candidate
    attempt: int
    decisive: frozenset[str] = frozenset()
    without_install: bool = False

    @property
    def id(self) -> str:
        """Stable between runs: ``<instance>/<candidate>/<attempt>``."""
        return f"{self.task.instance_id}/{self.candidate.name}/{self.attempt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRun:
    """What came back from a container, before anybody judged it.

    ``state`` is what the runner could see (never ``UNPARSED`` or ``TAMPERED``, which judging
    decides). ``log`` is the eval script's output, exactly as the harness would have stored it;
    ``apply_log`` what the patch commands printed. ``seconds`` is the eval script alone,
    ``total_seconds`` with the container's life around it. ``exit_code`` is the eval script's, and
    ``without_install`` says that its install was left out.
    """

    state: RunState
    log: str
    apply_log: str = ""
    detail: str = ""
    seconds: float = 0.0
    total_seconds: float = 0.0
    exit_code: int | None = None
    image: str = ""
    isolation: str = ""
    without_install: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Which required tests passed and failed, split as the benchmark splits them."""

    passed_f2p: tuple[str, ...] = ()
    failed_f2p: tuple[str, ...] = ()
    passed_p2p: tuple[str, ...] = ()
    failed_p2p: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[str, ...]:
        """Failing required tests, F2P first, in the task's order."""
        return self.failed_f2p + self.failed_p2p


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A judged trial: what the journal and the report keep of it.

    ``official_verdict`` is the benchmark's rule over all required tests. ``verdict`` is the same
    rule less the tests that gold does not reproduce here; findings rest on it. ``log`` is the
    log's path relative to the run's folder. ``statuses`` maps every parsed test to its status.
    """

    id: str
    instance_id: str
    candidate: str
    attempt: int
    state: RunState
    verdict: Verdict
    official_verdict: Verdict
    outcome: Outcome
    statuses: tuple[tuple[str, TestStatus], ...] = ()
    seconds: float = 0.0
    total_seconds: float = 0.0
    image: str = ""
    isolation: str = ""
    log: str = ""
    detail: str = ""
    notes: tuple[str, ...] = ()
