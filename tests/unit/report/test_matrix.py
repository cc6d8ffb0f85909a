from __future__ import annotations

from dataclasses import replace

from swe_audit.model.audit import TaskResult
from swe_audit.model.trial import RunState
from swe_audit.report.matrix import GROUP_FROM, MAX_LISTED, Matrix, matrix
from tests.unit.report import audits


def laid_out(result: TaskResult) -> Matrix:
    made = matrix(result)
    assert made is not None
    return made


def outcomes(made: Matrix, test: str) -> list[tuple[str, str]]:
    row = next(one for one in made.rows if test in one.tests)
    return [(cell.outcome, cell.label) for cell in row.cells]


def test_each_candidate_that_ran_is_a_column_controls_first() -> None:
    made = laid_out(audits.narrow())
    assert [column.name for column in made.columns] == [
        "gold",
        "empty",
        "closed-ledger-name",
        "openhands-1a2b3c4d",
        "agentless-99aa17bc",
    ]


def test_a_cell_says_what_the_completed_trials_said() -> None:
    made = laid_out(audits.narrow())
    assert outcomes(made, audits.F2P[1]) == [
        ("pass", "pass"),
        ("fail", "fail"),
        ("fail", "missing"),
        ("fail", "fail"),
        ("none", "no result"),
    ]


def test_a_candidate_that_disagrees_with_itself_is_mixed() -> None:
    made = laid_out(audits.flaky())
    test = audits.flaky().findings[0].tests[0]
    assert outcomes(made, test)[0] == ("mixed", "2 of 3 pass")


def test_tests_that_behave_alike_share_a_row() -> None:
    made = laid_out(audits.narrow())
    shared = [row for row in made.rows if row.total > 1]
    assert [(row.group, row.total) for row in shared] == [("PASS_TO_PASS", 9)]


def test_tests_on_which_all_agree_are_set_aside_and_counted() -> None:
    made = laid_out(audits.narrow())
    assert made.agreed_total == 5
    assert sum(row.total for row in made.rows) + made.agreed_total == 17


def test_a_test_that_gold_does_not_reproduce_is_marked() -> None:
    made = laid_out(audits.inconclusive())
    marked = [row for row in made.rows if row.not_reproduced]
    assert [row.tests for row in marked] == [audits.F2P[:1]]


def test_thousands_of_tests_stay_a_page() -> None:
    of = audits.task("big", pass_to_pass=audits.passing(20_000))
    result = replace(
        audits.narrow(),
        task=of,
        trials=(*audits.controls(of), audits.trial(of, "closed-ledger-name", failed=of.required)),
    )
    made = laid_out(result)
    assert len(made.rows) <= 2 + GROUP_FROM
    big = next(row for row in made.rows if row.total == 20_000)
    assert len(big.tests) == MAX_LISTED
    assert big.hidden == 20_000 - MAX_LISTED


def test_without_trials_or_required_tests_there_is_no_matrix() -> None:
    assert matrix(audits.skipped()) is None
    assert matrix(replace(audits.narrow(), trials=())) is None
    bare = audits.task("x", fail_to_pass=(), pass_to_pass=())
    assert matrix(replace(audits.narrow(), task=bare)) is None


def test_a_candidate_of_which_nothing_completed_has_no_result() -> None:
    of = audits.task("x")
    result = replace(
        audits.narrow(), task=of, trials=(audits.trial(of, "gold", state=RunState.TIMED_OUT),)
    )
    made = laid_out(result)
    assert all(cell.outcome == "none" for row in made.rows for cell in row.cells)
    assert made.agreed_total == 14
