"""The cross-check itself: it notices differences, and borrows parsers that we have not written."""

from __future__ import annotations

import warnings

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pytest.importorskip(
        "swebench.harness.grading", reason="the official harness (extra swebench) is not installed"
    )
    from swe_audit.judging.swebench_grader import compare_log, cross_check, require_swebench

from swe_audit.judging.parsers import PARSERS, parser_for
from swe_audit.judging.parsing import UnreadableLogError
from swe_audit.model.task import Task

pytestmark = pytest.mark.filterwarnings("ignore")

LOG = ">>>>> Start Test Output\nPASSED a\nFAILED b - x\n>>>>> End Test Output\n"


def task(parser: str) -> Task:
    return Task(
        instance_id="a__b-1",
        repo="a/b",
        base_commit="0" * 40,
        statement="",
        gold_patch="",
        test_patch="",
        fail_to_pass=("a",),
        pass_to_pass=("b",),
        log_parser=parser,
    )


def test_agreement_is_silence() -> None:
    require_swebench()
    assert cross_check(task("parse_log_pytest"), LOG) is None


def test_a_parser_that_reads_otherwise_is_noticed() -> None:
    found = compare_log(
        task("parse_log_pytest"), LOG, parser=lambda _log: {"a": "PASSED", "b": "PASSED"}
    )
    assert found[0].startswith("parse_log_pytest reads [('b', 'PASSED')")
    assert any(each.startswith("resolved: ours True, theirs False") for each in found)


def test_another_order_is_noticed() -> None:
    found = compare_log(
        task("parse_log_pytest"), LOG, parser=lambda _log: {"b": "FAILED", "a": "PASSED"}
    )
    assert found == ["parse_log_pytest reads another order differently"]


def test_every_python_parser_of_the_harness_is_ours() -> None:
    from swebench.harness.log_parsers import python

    names = {name for name in vars(python) if name.startswith("parse_log_")}
    assert names == set(PARSERS)


def test_a_parser_of_another_language_is_borrowed() -> None:
    parse = parser_for("parse_log_gotest")
    assert parse is not None
    assert parse("--- PASS: TestA (0.00s)\n--- FAIL: TestB (0.00s)\n") == {
        "TestA": "PASSED",
        "TestB": "FAILED",
    }
    assert compare_log(task("parse_log_gotest"), LOG) == []


def test_a_borrowed_parser_that_fails_makes_the_log_unreadable() -> None:
    parse = parser_for("parse_log_calypso", version="of nobody")
    assert parse is not None
    parse = parser_for("parse_log_jekyll", instance_id="none")
    assert parse is not None
    with pytest.raises(UnreadableLogError, match="parse_log_jekyll fails on this log"):
        parse("x")
