"""``leaky``: lines of the solution in what a solver is given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.checks import findings_of
from swe_audit.checks.case import Case
from swe_audit.checks.leaky import held_lines, leaky, telling_lines
from swe_audit.model.finding import Confidence, Determinant, Finding
from swe_audit.model.task import Task

LINES = (
    "days = [first + number for number in range(width)]",
    "width = (last - first) % DAYS_OF_A_WEEK + 1",
    "if width > DAYS_OF_A_WEEK: raise ValueError(last)",
    "return tuple(sorted(day % DAYS_OF_A_WEEK for day in days))",
)


def patch(lines: tuple[str, ...], path: str = "cron/fields.py") -> str:
    body = "".join(f"+    {line}\n" for line in lines)
    return (
        f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n"
        f"@@ -1,2 +1,{len(lines) + 1} @@\n def days_of(first, last):\n-    old = first\n{body}"
    )


def found(
    statement: str = "", hints: str = "", lines: tuple[str, ...] = LINES, **more: str
) -> list[Finding]:
    task = Task(
        instance_id="cron__cron-1",
        repo="cron/cron",
        base_commit="0" * 40,
        statement=statement,
        hints=hints,
        gold_patch=patch(lines, **more),
        test_patch="",
        fail_to_pass=("tests/test_fields.py::test_days",),
        pass_to_pass=(),
        log_parser="parse_log_pytest",
    )
    return list(leaky(Case(task=task, candidates=(), trials=(), repeats=3)))


def fenced(lines: tuple[str, ...]) -> str:
    return "I use this:\n\n```python\n" + "\n".join(lines) + "\n```\nand it works.\n"


def test_most_of_the_solution_in_the_statement_is_likely_and_never_more() -> None:
    [finding] = found(fenced(LINES))
    assert finding.confidence is Confidence.LIKELY
    assert finding.determined_by == (Determinant.STATEMENT,)
    assert finding.detail == LINES[3]
    assert [(e.path, e.line) for e in finding.evidence] == [
        ("cron/fields.py", number) for number in (2, 3, 4, 5)
    ]


def test_the_one_line_of_a_one_line_solution_is_only_suspect() -> None:
    [finding] = found(fenced(LINES[:1]), lines=LINES[:1])
    assert finding.confidence is Confidence.SUSPECT


def test_what_stands_in_the_hints_only_is_reported_apart() -> None:
    stated, hinted = found(fenced(LINES[:3]), fenced(LINES))
    assert hinted.determined_by == (Determinant.HINT,)
    assert hinted.confidence is Confidence.SUSPECT
    assert [line.text for line in hinted.evidence] == [LINES[3]]
    assert stated.id != hinted.id
    assert len(found(fenced(LINES), fenced(LINES))) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "The days are wrong.",
        fenced(LINES[:1]),
        "Traceback (most recent call last):\n"
        + "\n".join(f"    {x}" for x in LINES)
        + "\nValueError",
    ],
    ids=["nothing", "one line of four", "in a traceback"],
)
def test_what_tells_little_is_no_finding(statement: str) -> None:
    assert found(statement) == []


def test_spacing_quotes_and_wrapping_do_not_hide_a_line() -> None:
    line = 'names = lookup(table["days"], default="monday", missing="ignore")'
    wrapped = "names = lookup(\n        table['days'],\n        default='monday', missing='ignore')"
    assert found(wrapped, lines=(line,))


def test_a_line_that_only_begins_like_another_is_not_held() -> None:
    line = "field.remote_field.through"
    assert not found("if field.remote_field.through._meta.auto_created: pass", lines=(line,))
    assert found("use `field.remote_field.through`, then", lines=(line,))


@pytest.mark.parametrize(
    "line",
    [
        "# days = [first + number for number in range(width)]",
        "from calendar import monthrange, weekday",
        "return None",
        "Return the days that a range of weekdays holds, see `days`.",
        "old = first",
    ],
)
def test_a_line_that_says_little_or_was_there_is_not_looked_for(line: str) -> None:
    assert telling_lines(patch((line,))) == ()


def test_documentation_and_tests_are_no_solution() -> None:
    assert found(fenced(LINES), path="docs/days.md") == []
    assert found(fenced(LINES), path="tests/test_days.py") == []


def test_the_check_is_registered() -> None:
    task = Task(
        instance_id="cron__cron-1",
        repo="cron/cron",
        base_commit="0" * 40,
        statement=fenced(LINES),
        gold_patch=patch(LINES),
        test_patch="",
        fail_to_pass=("t",),
        pass_to_pass=(),
        log_parser="",
    )
    case = Case(task=task, candidates=(), trials=(), repeats=3)
    assert [f.defect.value for f in findings_of(case)] == ["leaky"]


@given(st.sets(st.sampled_from(LINES)), st.text(max_size=40))
def test_the_share_is_that_of_the_lines_that_stand_there(kept: set[str], noise: str) -> None:
    lines = telling_lines(patch(LINES))
    leak = held_lines(lines, fenced(tuple(kept)))
    assert {line.text.strip() for line in leak.lines} == kept
    assert 0 <= held_lines(lines, noise).share <= leak.share + 1
    assert (leak.share == 1) is (len(kept) == len(LINES))
