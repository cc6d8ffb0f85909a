"""What is audited: a task, its environment, and the typed reason for leaving one out."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

FAIL_TO_PASS = "FAIL_TO_PASS"
PASS_TO_PASS = "PASS_TO_PASS"

WORKDIR = "/testbed"
"""Where the repository lies in every task image, by the benchmark's convention."""

PRO_WORKDIR = "/app"
"""The same by the convention of SWE-bench Pro."""

PRO_PARSER = "swebench_pro"
"""The ``log_parser`` of tasks that are run and graded as SWE-bench Pro does it."""


class EvalType(str, Enum):
    """How the benchmark grades: by passes and failures, or by reported failures alone."""

    PASS_AND_FAIL = "pass_and_fail"
    FAIL_ONLY = "fail_only"


class SkipReason(str, Enum):
    """Why a task never ran."""

    BAD_INPUT = "bad_input"
    DUPLICATE_ID = "duplicate_id"
    NO_FAIL_TO_PASS = "no_fail_to_pass"
    NO_TEST_COMMAND = "no_test_command"
    NO_LOG_PARSER = "no_log_parser"
    NO_IMAGE = "no_image"
    NO_INTERPRETER = "no_interpreter"
    NO_MACHINE = "no_machine"
    IMAGE_UNAVAILABLE = "image_unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Processors, and bytes of memory: what a task claims for each trial, or a machine has.

    None is a claim that is not made, or what nobody knows.
    """

    cpus: float | None = None
    memory: int | None = None


UNSTATED = Resources()
"""Nothing is claimed, or known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an environment's tree comes from; exactly one of the three is set.

    ``archive`` is a tar.gz of a bare, possibly shallow git folder that holds ``commit``;
    ``folder`` a plain tree; ``sdist`` a pinned source release (``name==version``). All paths are
    relative to the task's folder. Trees without git are committed with a fixed author and date,
    so that ``commit`` is the same wherever the image is built.
    """

    commit: str
    archive: str | None = None
    folder: str | None = None
    sdist: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The one description of a task's environment, from which its Dockerfile is made.

    ``python`` is a minor version such as ``3.9``. ``pip`` holds pinned requirements installed
    before the tree; ``build_requires`` what building the project needs, kept as wheels in the
    image so that a reinstall works without network; ``system`` extra Debian packages.
    ``pre_install`` runs in the tree and is committed; ``install`` runs in the tree afterwards
    and tracked files that it changed are restored. ``tools`` pins pip, setuptools and wheel.
    ``rebuilt`` says that this is our reconstruction of an environment the benchmark published
    as an image; there, a test that gold does not pass is ours to explain, not the task's.
    """

    python: str
    source: Source
    env: tuple[tuple[str, str], ...] = ()
    tools: tuple[str, ...] = ()
    pip: tuple[str, ...] = ()
    build_requires: tuple[str, ...] = ()
    system: tuple[str, ...] = ()
    pre_install: tuple[str, ...] = ()
    install: str = ""
    rebuilt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One benchmark instance, complete enough to screen and tag; to run, it needs more.

    ``statement`` is all that a solver sees (for SWE-bench Pro: statement, requirements and
    interface). ``eval_script`` is the benchmark's own, with the exit-code marker that its
    harness inserts; None when there is no test command. ``folder`` is the task's directory in a
    task repo (its Dockerfile's build context), None for a dataset row. ``year`` and
    ``difficulty`` are None where the data does not say. ``resources`` are what each of its trials
    claims, and gets as its limits.
    """

    instance_id: str
    repo: str
    base_commit: str
    statement: str
    gold_patch: str
    test_patch: str
    fail_to_pass: tuple[str, ...]
    pass_to_pass: tuple[str, ...]
    log_parser: str
    eval_type: EvalType = EvalType.PASS_AND_FAIL
    eval_script: str | None = None
    image: str | None = None
    folder: Path | None = None
    environment: Environment | None = None
    version: str = ""
    hints: str = ""
    created_at: str | None = None
    difficulty: str | None = None
    language: str | None = None
    test_assets: tuple[str, ...] = field(default=())
    resources: Resources = UNSTATED

    @property
    def is_pro(self) -> bool:
        """Whether SWE-bench Pro's rules apply: its own scripts, and only a reported pass counts."""
        return self.log_parser == PRO_PARSER

    @property
    def workdir(self) -> str:
        """Where the repository lies in the task's image."""
        return PRO_WORKDIR if self.is_pro else WORKDIR

    @property
    def required(self) -> tuple[str, ...]:
        """Every test id that the verdict rests on, F2P first."""
        return self.fail_to_pass + self.pass_to_pass

    @property
    def rebuilt(self) -> bool:
        """Whether the environment is our reconstruction rather than the task's own."""
        return self.environment is not None and self.environment.rebuilt


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A task, patch or row that was left out, with the typed reason."""

    instance_id: str
    reason: SkipReason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What a source held: tasks in its order, and what had to be left out.

    ``sha256`` identifies the content, over the sorted canonical rows.
    """

    source: str
    sha256: str
    tasks: tuple[Task, ...]
    skipped: tuple[Skipped, ...] = ()
