"""The matrix of required tests by candidate; tests that behave alike share a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from swe_audit.model.audit import TaskResult
from swe_audit.model.candidate import Candidate, CandidateKind
from swe_audit.model.task import FAIL_TO_PASS, PASS_TO_PASS
from swe_audit.model.trial import RunState, TestStatus, Trial

GROUP_FROM = 6
"""As many tests with one pattern share a row; fewer stand by themselves."""

MAX_LISTED = 400
"""Test ids listed in one place at most; the rest is counted."""

_ORDER = (
    CandidateKind.GOLD,
    CandidateKind.EMPTY,
    CandidateKind.ALTERNATIVE,
    CandidateKind.INCORRECT,
    CandidateKind.CONTROL,
)
_FAILED_AS = {TestStatus.ERROR: "error", TestStatus.SKIPPED: "skipped", TestStatus.XFAIL: "xfail"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One test on one candidate: ``outcome`` is pass, fail, mixed or none (nothing completed)."""

    outcome: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One test, or several with one pattern. ``total`` counts them; ``tests`` may be cut."""

    group: str
    tests: tuple[str, ...]
    total: int
    cells: tuple[Cell, ...]
    not_reproduced: bool

    @property
    def hidden(self) -> int:
        """Ids that are counted but not listed."""
        return self.total - len(self.tests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Columns are candidates that ran; ``agreed`` is the row of P2P tests that all pass."""

    columns: tuple[Candidate, ...]
    rows: tuple[Row, ...]
    agreed: tuple[str, ...]
    agreed_total: int

    @property
    def places(self) -> frozenset[str]:
        """The tests that have a place of their own in it, to be linked to."""
        return frozenset(self.agreed).union(*(row.tests for row in self.rows))

    @property
    def agreed_hidden(self) -> int:
        """Ids that are counted but not listed."""
        return self.agreed_total - len(self.agreed)


_PASS = Cell(outcome="pass", label="pass")
_NONE = Cell(outcome="none", label="no result")


def matrix(result: TaskResult) -> Matrix | None:
    """Lay out a task's required tests; None where no trial or no required test is known."""
    if result.task is None or not result.trials or not result.task.required:
        return None
    ran = {trial.candidate for trial in result.trials}
    # Softened tests come out as they are, and a script of its own runs none.
    known = [one for one in result.candidates if one.name in ran and one.script is None]
    known.sort(key=lambda one: _ORDER.index(one.kind))
    if not known:
        return None
    columns = [_Column(one, result.trials) for one in known]
    unreproduced = frozenset(result.not_reproduced)
    rows: list[Row] = []
    agreed: list[str] = []
    for group, tests in (
        (FAIL_TO_PASS, result.task.fail_to_pass),
        (PASS_TO_PASS, result.task.pass_to_pass),
    ):
        patterns: dict[tuple[bool, tuple[Cell, ...]], list[str]] = {}
        for test in dict.fromkeys(tests):
            cells = tuple(column.cell(test) for column in columns)
            passes = all(cell.outcome in ("pass", "none") for cell in cells)
            if group == PASS_TO_PASS and passes and test not in unreproduced:
                agreed.append(test)
            else:
                patterns.setdefault((test in unreproduced, cells), []).append(test)
        for (lost, cells), alike in patterns.items():
            rows.extend(_rows(group, alike, cells, not_reproduced=lost))
    return Matrix(
        columns=tuple(known),
        rows=tuple(rows),
        agreed=tuple(agreed[:MAX_LISTED]),
        agreed_total=len(agreed),
    )


def _rows(
    group: str, tests: Sequence[str], cells: tuple[Cell, ...], *, not_reproduced: bool
) -> list[Row]:
    shared = [tests] if len(tests) >= GROUP_FROM else [[test] for test in tests]
    return [
        Row(
            group=group,
            tests=tuple(alike[:MAX_LISTED]),
            total=len(alike),
            cells=cells,
            not_reproduced=not_reproduced,
        )
        for alike in shared
    ]


class _Column:
    """One candidate's completed trials, ready to be asked about a test."""

    def __init__(self, candidate: Candidate, trials: Sequence[Trial]) -> None:
        completed = [
            trial
            for trial in trials
            if trial.candidate == candidate.name and trial.state is RunState.COMPLETED
        ]
        self._failed = [frozenset(trial.outcome.failed) for trial in completed]
        self._passed = [
            frozenset(trial.outcome.passed_f2p + trial.outcome.passed_p2p) for trial in completed
        ]
        self._ever_failed: frozenset[str] = frozenset().union(*self._failed)
        self._ever_passed: frozenset[str] = frozenset().union(*self._passed)
        self._statuses = dict(completed[0].statuses) if completed and self._failed[0] else {}

    def cell(self, test: str) -> Cell:
        if test not in self._ever_failed:
            return _PASS if test in self._ever_passed else _NONE
        failures = sum(test in failed for failed in self._failed)
        passes = sum(test in passed for passed in self._passed)
        if passes:
            return Cell(outcome="mixed", label=f"{passes} of {passes + failures} pass")
        if not self._statuses:
            return Cell(outcome="fail", label="fail")
        status = self._statuses.get(test)
        return Cell(
            outcome="fail", label="missing" if status is None else _FAILED_AS.get(status, "fail")
        )
