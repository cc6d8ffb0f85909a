"""A dataset at a glance: everything that ``swe-audit profile`` and a report's page can show."""

from __future__ import annotations

from dataclasses import dataclass

from swe_audit.model.audit import Rate
from swe_audit.model.contamination import Contamination, Mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A quantity over ``n`` tasks; the four figures are None where n is 0.

    ``p90`` is the 90th percentile, interpolated.
    """

    n: int
    mean: float | None
    median: float | None
    p90: float | None
    largest: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DifficultyRow:
    """The tasks of one difficulty; ``estimated`` of them have no label of their own.

    Lines and files are the reference patch's, tests, documents and generated files left out.
    ``solved`` is the share of submissions that solve such a task, mean over the tasks, where
    results were given; ``defective`` the rate among tasks that an audit judged, where one was.
    """

    difficulty: str
    tasks: int
    estimated: int
    lines_added: Spread
    lines_changed: Spread
    files: Spread
    solved: Mean | None = None
    defective: Rate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossCell:
    """The tasks of one difficulty whose reference changes ``least`` to ``most`` lines."""

    difficulty: str
    least: int
    most: int | None
    tasks: int
    solved: Mean | None = None
    defective: Rate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryRow:
    """One repository; ``licence`` is an SPDX expression, None where we do not know it."""

    repository: str
    tasks: int
    share: float
    licence: str | None
    copyleft: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageRow:
    """One language; ``inferred`` of its tasks are told by the files that the reference changes."""

    language: str
    tasks: int
    inferred: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Licences:
    """Tasks by licence of their repository, most first; None stands for unknown."""

    by_licence: tuple[tuple[str | None, int], ...]
    copyleft: int
    permissive: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionScore:
    """How much of the tasks from before and from after a cut-off one submission solves."""

    submission: str
    before: Rate
    after: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class CutoffRow:
    """A model's training cut-off: tasks made before it may have been seen in training."""

    model: str
    cutoff: str
    before: int
    after: int
    unknown: int
    scores: tuple[SubmissionScore, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """When tasks were made; dates are ISO 8601 days, None where no task has one.

    ``before`` counts tasks from before the day ``before_date``, of those that have a date.
    """

    by_year: tuple[tuple[int, int], ...]
    dated: int
    unknown: int
    oldest: str | None
    newest: str | None
    before_date: str | None
    before: int | None
    cutoffs: tuple[CutoffRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """Links of one kind in statements: how many tasks have one, and examples by instance id."""

    kind: str
    tasks: int
    links: int
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """How many statements (or hints) hold all, or some, of the reference's telling new lines.

    ``examples`` are instance ids, those with all lines first.
    """

    where: str
    measured: int
    whole: int
    part: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementHealth:
    """What solvers are given to read; ``blocks`` counts tasks with a block of each kind."""

    words: Spread
    code_blocks: Spread
    without_code: int
    blocks: tuple[tuple[str, int], ...]
    links: tuple[LinkRow, ...]
    leaks: tuple[Leak, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadIds:
    """Required test ids that no log can show, or that stand for several tests, by reason."""

    reason: str
    ids: int
    tasks: int
    fail_to_pass: int
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingHealth:
    """How tasks are graded."""

    fail_to_pass: Spread
    pass_to_pass: Spread
    single: int
    no_pass_to_pass: int
    bad_ids: tuple[BadIds, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Reference patches: the program's own files, and the whole patch with documents."""

    lines_added: Spread
    lines_changed: Spread
    files: Spread
    whole_added: Spread
    whole_changed: Spread
    whole_files: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What could not be said, of how many tasks, and why in one sentence."""

    field: str
    tasks: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One dataset's health. ``n`` counts the tasks that could be read, ``unread`` the others.

    ``estimated`` counts tasks by the difficulty that their size suggests, whatever their label:
    datasets with and without labels compare by it.
    """

    source: str
    n: int
    unread: int
    difficulty: tuple[DifficultyRow, ...]
    estimated: tuple[tuple[str, int], ...]
    sizes: Sizes
    cross: tuple[CrossCell, ...]
    repositories: tuple[RepositoryRow, ...]
    top5_share: float | None
    gini: float | None
    languages: tuple[LanguageRow, ...]
    licences: Licences
    age: Age
    statement: StatementHealth
    tests: GradingHealth
    contamination: Contamination | None = None
    memorisation: Contamination | None = None
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRow:
    """One measure in both datasets; None where it cannot be said. ``unit`` is how to write it."""

    group: str
    measure: str
    unit: str
    first: float | None
    second: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two datasets side by side; ``shared`` counts instance ids that both hold."""

    first: str
    second: str
    shared: int
    rows: tuple[ComparisonRow, ...]
