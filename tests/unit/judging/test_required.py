"""Ids that another test's line swallowed, and ids that stand for several cases."""

from __future__ import annotations

from swe_audit.judging.parsers import parse_django
from swe_audit.judging.required import merged, shadowed
from swe_audit.model.task import Task


def task(*f2p: str) -> Task:
    return Task(
        instance_id="a__b-1",
        repo="a/b",
        base_commit="0" * 40,
        statement="",
        gold_patch="",
        test_patch="",
        fail_to_pass=f2p,
        pass_to_pass=(),
        log_parser="parse_log_django",
    )


def found(log: str, *required: str) -> dict[str, str]:
    return shadowed(task(*required), parse_django(log), log)


def test_a_test_on_anothers_line_is_shadowed_by_it() -> None:
    log = "test_a (m.C) ... test_b (m.C) ... \nok\nok\n"
    assert found(log, "test_a (m.C)", "test_b (m.C)") == {"test_b (m.C)": "test_a (m.C)"}


def test_output_between_the_two_does_not_hide_the_shadow() -> None:
    log = "test_a (m.C) ... some output test_b (m.C) ... ok"
    assert found(log, "test_b (m.C)") == {"test_b (m.C)": "test_a (m.C)"}


def test_a_test_whose_failure_is_reported_below_is_no_shadow() -> None:
    log = "test_a (m.C) ... test_b (m.C) ... ok\nFAIL: test_a (m.C) (value=1)\n"
    assert found(log, "test_a (m.C)", "test_b (m.C)") == {"test_b (m.C)": "test_a (m.C)"}


def test_docstring_ids_are_found_where_they_are_required() -> None:
    log = "What a does. ... What b does. ... ok"
    assert found(log, "What b does.", "What a does.") == {
        "What a does.": "What b does.",
        "What b does.": "What a does.",
    }


def test_an_odd_id_that_is_itself_required_is_not_missing() -> None:
    odd = "test_a (m.C) ... test_b (m.C)"
    assert found(f"{odd} ... ok", odd) == {}


def test_a_test_that_is_missing_for_another_reason_is_not_shadowed() -> None:
    assert found("test_a (m.C) ... its own output ... ok", "test_a (m.C)", "test_z (m.C)") == {}


def test_an_id_cut_short_stands_for_every_case_that_begins_so() -> None:
    statuses = {"t[a-1]": "PASSED", "t[a-2]": "FAILED", "t[b]": "PASSED", "u[c-1]": "PASSED"}
    assert merged(task("t[a", "t[b]", "u[c"), statuses) == {"t[a": ("t[a-1]", "t[a-2]")}
