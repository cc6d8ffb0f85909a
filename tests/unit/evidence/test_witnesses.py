"""Which submissions may serve as evidence."""

from __future__ import annotations

from dataclasses import replace

import fakes
import pytest

from swe_audit.evidence.witnesses import breaks_ungraded, support_edits
from swe_audit.model.candidate import Candidate
from swe_audit.model.trial import Outcome, RunState, TestStatus, Trial, Verdict

TASK = fakes.make_task()


def editing(path: str, line: str = "x = 1", *, new: bool = False) -> Candidate:
    """A submission that changes the code and one other file."""
    old, span = ("/dev/null", "-0,0") if new else (f"a/{path}", "-1")
    removed = "" if new else "-old\n"
    head = f"diff --git a/{path} b/{path}\n--- {old}\n+++ b/{path}\n"
    patch = f"{head}@@ {span} +1 @@\n{removed}+{line}\n"
    return replace(fakes.curated(TASK, "some"), patch=fakes.GOLD_PATCH + patch)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("conftest.py", "x = 1"),
        ("shop/conftest.py", "x = 1"),
        ("pytest.ini", "x = 1"),
        ("tests/models.py", "x = 1"),
        ("setup.cfg", "addopts = -k not_total"),
        ("pyproject.toml", "[tool.pytest.ini_options]"),
    ],
)
def test_what_the_tests_rest_on_bends_them(path: str, line: str) -> None:
    assert support_edits(TASK, editing(path, line)) == (path,)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("shop/other.py", "x = 1"),
        ("tests/test_other.py", "x = 1"),
        ("tests/test_cart.py", "x = 1"),
        ("setup.cfg", "version = 2"),
        ("shop/test/client.py", "x = 1"),
    ],
)
def test_other_edits_bend_nothing(path: str, line: str) -> None:
    assert support_edits(TASK, editing(path, line)) == ()


def test_a_new_file_among_the_tests_is_used_by_none_of_them() -> None:
    assert support_edits(TASK, editing("tests/reproduce.py", new=True)) == ()
    assert support_edits(TASK, editing("tests/conftest.py", new=True)) == ("tests/conftest.py",)


def ran(failed: str = "", *, without: str = "") -> Trial:
    """A trial in which one of three tests fails or does not run; nobody grades the third."""
    tests = (fakes.F2P, fakes.P2P, "tests/test_cart.py::test_ungraded")
    statuses = tuple(
        (test, TestStatus.FAILED if test == failed else TestStatus.PASSED)
        for test in tests
        if test != without
    )
    return Trial(
        id="t",
        instance_id=TASK.instance_id,
        candidate="c",
        attempt=1,
        state=RunState.COMPLETED,
        verdict=Verdict.RESOLVED,
        official_verdict=Verdict.RESOLVED,
        outcome=Outcome(failed_p2p=(without,) if without in TASK.pass_to_pass else ()),
        statuses=statuses,
    )


def test_a_test_that_nobody_grades_counts_where_gold_passes_it() -> None:
    ungraded = "tests/test_cart.py::test_ungraded"
    assert breaks_ungraded(TASK, [ran(ungraded)], [ran(), ran()]) == (ungraded,)
    assert breaks_ungraded(TASK, [ran(ungraded)], [ran(), ran(ungraded)]) == ()
    assert breaks_ungraded(TASK, [ran(ungraded)], []) == ()


def test_the_new_tests_themselves_are_no_base_tests() -> None:
    assert breaks_ungraded(TASK, [ran(fakes.F2P)], [ran()]) == ()
    assert breaks_ungraded(TASK, [ran(fakes.P2P)], [ran()]) == (fakes.P2P,)


def test_a_test_that_did_not_run_counts_only_where_it_is_required() -> None:
    assert breaks_ungraded(TASK, [ran(without=fakes.P2P)], [ran()]) == (fakes.P2P,)
    assert breaks_ungraded(TASK, [ran(without="tests/test_cart.py::test_ungraded")], [ran()]) == ()
