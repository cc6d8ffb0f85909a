"""What each assertion says of a candidate, for the document and for a task's page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from swe_audit.model.audit import Audit, TaskResult
from swe_audit.model.candidate import CandidateKind
from swe_audit.model.observation import Observation, SoftRun, Speaker
from swe_audit.report import words
from swe_audit.report.id_lists import Tests, cut, place

MAX_ROWS = 20
"""Rows of one candidate's table at most; the rest is counted."""
LONGEST = 240
"""Characters of a value or of an assertion that a row shows at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One assertion, or several executions of it that came out alike; ``times`` counts them."""

    passed: bool
    place: str
    source: str
    expected: str
    observed: str
    why: str
    times: int
    empty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionsView:
    """A candidate's assertions in the tests that it fails, failed ones first.

    ``void`` says why there are none; ``passed`` counts the rows that passed, ``hidden`` those
    not shown.
    """

    trial: str
    void: str
    rows: tuple[Row, ...]
    failed: int
    passed: int
    hidden: int
    collateral: Tests


def softened_entry(result: TaskResult) -> list[dict[str, Any]]:
    """Give ``tasks[].softened``: runs under softened tests, gold's and no patch's included.

    Assertions are those of tests that some rejected candidate fails; others all pass with it.
    """
    telling = _telling(result)
    return [
        {
            "candidate": run.subject,
            "trial": run.trial,
            "void": run.void or None,
            "tests": list(run.failed),
            "collateral": list(run.collateral),
            "assertions": [_entry(seen) for seen in run.observations if seen.test in telling],
        }
        for run in result.softened
    ]


def softened_summary(audit: Audit) -> dict[str, int]:
    """Count the softened runs of an audit, the void ones, and the assertions that failed."""
    runs = [run for result in audit.tasks for run in result.softened]
    failed = sum(not seen.passed for run in runs for seen in run.observations)
    return {"runs": len(runs), "void": sum(bool(run.void) for run in runs), "failed": failed}


def assertions_view(result: TaskResult, candidate: str) -> AssertionsView | None:
    """Give what each assertion says of a candidate, None where no softened run tells."""
    run = next((run for run in result.softened if run.subject == candidate), None)
    if run is None:
        return None
    kinds = {one.name: one.kind for one in result.candidates}
    empty = [r for r in result.softened if kinds.get(r.subject) is CandidateKind.EMPTY]
    rows = _rows(run, empty[0] if empty else None)
    return AssertionsView(
        trial=run.trial,
        void=words.sentence(run.void),
        rows=rows[:MAX_ROWS],
        failed=sum(not row.passed for row in rows),
        passed=sum(row.passed for row in rows),
        hidden=max(0, len(rows) - MAX_ROWS),
        collateral=cut(run.collateral),
    )


def _rows(run: SoftRun, empty: SoftRun | None) -> tuple[Row, ...]:
    failing = {seen.test for seen in run.observations if not seen.passed}
    grouped: dict[tuple[object, ...], list[Observation]] = {}
    for seen in run.observations:
        if seen.test in failing:
            same = () if seen.passed else (seen.expected, seen.observed, seen.exception)
            grouped.setdefault((seen.passed, seen.path, seen.line, *same), []).append(seen)
    rows = [_row(alike, empty) for alike in grouped.values()]
    return tuple(sorted(rows, key=lambda row: row.passed))


def _row(alike: list[Observation], empty: SoftRun | None) -> Row:
    first = alike[0]
    why = ""
    if not first.passed:
        why = words.name(first.cause.value) if first.cause else ""
        if first.speaker is Speaker.STATEMENT:
            why = f"{why}; no assertion, but an error that ended the test"
        if first.determined_by:
            by = words.listing([words.DETERMINANT[one] for one in first.determined_by])
            why = f"{why}; determined by {by}"
    raised = f"{first.exception}: {first.message}" if first.message else first.exception
    return Row(
        passed=first.passed,
        place=place(first.path, first.line),
        source=_short(first.source),
        expected=_short(first.expected),
        observed=_short(first.observed if first.observed or first.passed else raised),
        why=why,
        times=len(alike),
        empty=_said(alike, empty),
    )


def _said(alike: Iterable[Observation], empty: SoftRun | None) -> str:
    """Say what the same assertion says of no patch at all."""
    if empty is None or empty.void:
        return ""
    places = {seen.place for seen in alike}
    said = {seen.passed for seen in empty.observations if seen.place in places}
    if not said:
        return "not reached"
    return "both" if len(said) > 1 else "passes" if True in said else "fails"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} [...]"


def _telling(result: TaskResult) -> frozenset[str]:
    kinds = {one.name: one.kind for one in result.candidates}
    controls = (CandidateKind.GOLD, CandidateKind.EMPTY)
    return frozenset(
        seen.test
        for run in result.softened
        if kinds.get(run.subject) not in controls
        for seen in run.observations
        if not seen.passed
    )


def _entry(seen: Observation) -> dict[str, Any]:
    return {
        "test": seen.test,
        "path": seen.path,
        "line": seen.line,
        "number": seen.number,
        "source": seen.source,
        "speaker": seen.speaker.value,
        "passed": seen.passed,
        "expected": seen.expected or None,
        "observed": seen.observed or None,
        "exception": seen.exception or None,
        "message": seen.message,
        "cause": seen.cause.value if seen.cause else None,
        "detail": seen.detail,
        "determined_by": [each.value for each in seen.determined_by],
    }
