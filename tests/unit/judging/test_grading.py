"""The benchmark's rule, case by case."""

from __future__ import annotations

import time

import pytest

from swe_audit.judging.grading import END_MARKER, START_MARKER, Problem, grade, read_log, suite_ran
from swe_audit.judging.parsers import parse_django, parse_pytest
from swe_audit.model.task import EvalType, Task


def task(
    f2p: tuple[str, ...] = ("f",),
    p2p: tuple[str, ...] = ("p",),
    kind: EvalType = EvalType.PASS_AND_FAIL,
) -> Task:
    return Task(
        instance_id="a__b-1",
        repo="a/b",
        base_commit="0" * 40,
        statement="",
        gold_patch="",
        test_patch="",
        fail_to_pass=f2p,
        pass_to_pass=p2p,
        log_parser="parse_log_pytest",
        eval_type=kind,
    )


def log(body: str, code: int | None = 0) -> str:
    end = "" if code is None else f">>>>> Test Exit Code: {code}\n"
    return f"+ : '{START_MARKER}'\n{body}\n+ : '{END_MARKER}'\n{end}"


def resolved(body: str, t: Task, code: int | None = 0) -> bool:
    return grade(read_log(log(body, code), parse_pytest), t)[1]


def test_all_required_tests_passing_resolves() -> None:
    assert resolved("PASSED f\nXFAIL p", task())


@pytest.mark.parametrize("status", ["FAILED", "ERROR", "SKIPPED", ""])
def test_an_f2p_test_that_does_not_pass_leaves_the_task_unresolved(status: str) -> None:
    assert not resolved(f"{status} f\nPASSED p", task())


def test_a_skipped_p2p_test_is_maintained_and_a_failing_one_is_not() -> None:
    assert resolved("PASSED f\nSKIPPED p", task())
    assert not resolved("PASSED f\nFAILED p", task(), code=1)


def test_ignored_tests_do_not_count_but_stay_in_the_outcome() -> None:
    parsed = read_log(log("PASSED f\nFAILED p", 1), parse_pytest)
    outcome, fine = grade(parsed, task(), frozenset({"p"}))
    assert fine
    assert outcome.failed_p2p == ("p",)


def test_an_id_cut_short_passes_when_all_its_cases_agree() -> None:
    t = task(("t[a",), ())
    assert resolved("PASSED t[a-1]\nXFAIL t[a-2]", t)
    assert not resolved("PASSED t[a-1]\nFAILED t[a-2]", t, code=1)
    assert not resolved("PASSED u[a-1]", t)


def test_a_whole_id_is_never_matched_by_its_beginning() -> None:
    assert not resolved("PASSED t_more", task(("t",), ()))


def test_fail_only_counts_reported_failures_alone() -> None:
    t = task(kind=EvalType.FAIL_ONLY)
    assert resolved("ERROR f\nPASSED x", t, code=1)
    assert not resolved("FAILED f", t, code=1)
    assert resolved("3 passing", t)
    assert not resolved("0 passing", t)


def test_a_status_that_is_no_word_of_the_benchmarks_spoils_nothing() -> None:
    parsed = read_log(log("PASSED f\nERROR: p"), parse_pytest)
    outcome, fine = grade(parsed, task())
    assert fine
    assert "p" not in outcome.passed_p2p + outcome.failed


def test_a_failing_command_without_a_failing_test_gives_no_results() -> None:
    parsed = read_log(log("PASSED f\nPASSED p", 1), parse_pytest)
    assert parsed.problem is Problem.CONTRADICTED
    assert parsed.statuses == {}
    assert parsed.reported == {"f": "PASSED", "p": "PASSED"}
    assert not grade(parsed, task())[1]


def test_results_outside_the_markers_count_only_where_none_are_inside() -> None:
    outside = log("") + "PASSED f\nPASSED p\n"
    assert grade(read_log(outside, parse_pytest), task())[1]
    both = log("PASSED f") + "PASSED p\n"
    assert not grade(read_log(both, parse_pytest), task())[1]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (log("PASSED f") + ">>>>> Tests Timed Out", Problem.BAD_CODE),
        ("PASSED f\nPASSED p", Problem.NO_MARKERS),
        (log("collected 0 items", 5), Problem.NO_RESULTS),
        (log("PASSED f", None).replace("\n", "\n"), Problem.NONE),
    ],
)
def test_each_reason_for_taking_no_results_is_named(text: str, problem: Problem) -> None:
    assert read_log(text, parse_pytest).problem is problem


def test_a_log_that_breaks_the_benchmarks_parser_has_no_results() -> None:
    parsed = read_log(log("test_a (b.C) ... ok\nFAIL:"), parse_django)
    assert parsed.problem is Problem.UNREADABLE
    assert "bare 'FAIL:'" in parsed.detail


def test_carriage_returns_end_lines_as_they_do_for_the_harness() -> None:
    assert resolved("progress\rPASSED f\r\nPASSED p", task())


def test_a_suite_that_counted_to_zero_did_not_run() -> None:
    assert not suite_ran("0 passing\nExecuted 0 of 0\n00 specs, 0 failures")
    assert suite_ran("12 specs, 0 failures")


def test_megabytes_of_digits_are_read_in_linear_time() -> None:
    started = time.perf_counter()
    assert not suite_ran("1" * 2_000_000)
    assert time.perf_counter() - started < 5
