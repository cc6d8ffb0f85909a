"""What a softened run's records come to: causes per assertion, collateral, and when it is void."""

from __future__ import annotations

import json
from dataclasses import replace

import fakes
import pytest

from swe_audit.judging.clusters import beyond_empty, clusters, manner, rejecting
from swe_audit.judging.softened import Seen, compared, disagreement, soft_run
from swe_audit.model.candidate import Candidate, CandidateKind, Control, Provenance
from swe_audit.model.finding import Cause, Determinant, Explanation
from swe_audit.model.observation import Observation, SoftRun, Speaker
from swe_audit.model.trial import (
    Outcome,
    RunState,
    TestStatus,
    Trial,
    Verdict,
)
from swe_audit.softening.records import mark_of, read_records

TASK = fakes.make_task(statement="`total` adds prices; an empty cart is an error")
PATH = "tests/test_cart.py"
SOFT = Candidate(
    instance_id=TASK.instance_id,
    name="soft-other",
    kind=CandidateKind.CONTROL,
    provenance=Provenance.INQUIRY,
    patch="",
    control=Control.SOFT,
    subject="other",
    test_patch="softened",
    script="true",
)
MARK = mark_of("softened")


def trial(name: str, **statuses: TestStatus) -> Trial:
    ids = {"total": fakes.F2P, "empty": fakes.P2P}
    known = tuple((ids.get(key, key), status) for key, status in statuses.items())
    failed = tuple(t for t, s in known if s is TestStatus.FAILED and t == fakes.F2P)
    return Trial(
        id=f"{TASK.instance_id}/{name}/1",
        instance_id=TASK.instance_id,
        candidate=name,
        attempt=1,
        state=RunState.COMPLETED,
        verdict=Verdict.UNRESOLVED if failed else Verdict.RESOLVED,
        official_verdict=Verdict.UNRESOLVED if failed else Verdict.RESOLVED,
        outcome=Outcome(failed_f2p=failed),
        statuses=known,
    )


HARD = trial("other", total=TestStatus.FAILED, empty=TestStatus.PASSED)


def written(*entries: dict[str, object]) -> str:
    return "noise\n" + "".join(f"{MARK}{json.dumps(entry)}\n" for entry in entries)


def source(line: int, text: str) -> dict[str, object]:
    return {"k": "source", "p": PATH, "l": line, "s": text}


def told_of(*assertions: list[object], ended: object = None) -> dict[str, object]:
    names = [fakes.F2P, "test_total"]
    return {"k": "test", "p": PATH, "l": 3, "t": names, "a": list(assertions), "e": ended, "n": 1}


def observed(*entries: dict[str, object], **known: object) -> SoftRun:
    soft = replace(HARD, candidate="soft-other", id=f"{TASK.instance_id}/soft-other/1")
    return soft_run(TASK, SOFT, soft, written(*entries), Seen(trials=(HARD,), **known))  # type: ignore[arg-type]


def failing(line: int, values: list[str], kind: str = "AssertionError", text: str = "") -> list:
    return [line, 1, False, values, kind, text, "/testbed/tests/test_cart.py"]


@pytest.mark.parametrize(
    ("code", "values", "kind", "message", "cause", "detail"),
    [
        ("assert total([1]) == 3", ["1", "3"], "AssertionError", "", Cause.VALUE, "3"),
        (
            "assert names() == ['b', 'a']",
            ["['a', 'b']", "['b', 'a']"],
            "AssertionError",
            "",
            Cause.ORDER_OR_FORMAT,
            "['b', 'a']",
        ),
        (
            "assert str(e) == 'the cart is empty now'",
            ["'the cart has nothing'", "'the cart is empty now'"],
            "AssertionError",
            "assert v(..) _File object at",
            Cause.MESSAGE_TEXT,
            "the cart is empty now",
        ),
        (
            "self.assertEqual(total([1]), 3)",
            ["1", "3"],
            "AssertionError",
            "1 != 3",
            Cause.VALUE,
            "3",
        ),
        (
            "assert total([1], tax=2) == 3",
            [],
            "TypeError",
            "total() got an unexpected keyword argument 'tax'",
            Cause.SIGNATURE,
            "tax",
        ),
        (
            "with pytest.raises(EmptyCartError):\n    total([])",
            [],
            "ValueError",
            "no",
            Cause.EXCEPTION_TYPE,
            "EmptyCartError",
        ),
        (
            "with pytest.raises(ValueError, match='no prices'):\n    total([])",
            [],
            "AssertionError",
            "Regex pattern did not match.\n  Expected regex: 'no prices'\n  Actual message: 'x'",
            Cause.MESSAGE_TEXT,
            "no prices",
        ),
    ],
)
def test_each_assertion_has_a_cause_of_its_own(
    code: str, values: list[str], kind: str, message: str, cause: Cause, detail: str
) -> None:
    passing = [9, 1, True, ["1", "1"], "", "", ""]
    run = observed(
        source(5, code),
        source(9, "assert 1 == 1"),
        told_of(failing(5, values, kind, message), passing),
    )
    assert run.void == ""
    (one,) = [seen for seen in run.observations if not seen.passed]
    assert (one.test, one.path, one.line, one.source) == (fakes.F2P, PATH, 5, code)
    assert (one.cause, one.detail) == (cause, detail)
    assert one.speaker is Speaker.ASSERTION
    assert run.collateral == ()


def test_what_is_expected_and_what_was_seen_stand_apart() -> None:
    run = observed(
        source(5, "assert 3 == total([1])"),
        source(6, "self.assertEqual(total([2]), 2)"),
        told_of(failing(5, ["3", "1"]), [6, 1, True, ["2", "2"], "", "", ""]),
    )
    assert [(seen.expected, seen.observed) for seen in run.observations] == [("3", "1"), ("2", "2")]


@pytest.mark.parametrize(
    ("code", "values", "sides"),
    [
        ("assert_identical(total(), expected)", ["<a\nb>", "<c\nd>"], ("<c\nd>", "<a\nb>")),
        ("self.assertIn('x', names())", ["'x'", "['y']"], ("'x'", "['y']")),
        ("assert 'x' in names()", ["'x'", "['y']"], ("'x'", "['y']")),
        ("self.assertTrue(total(), 'why')", ["0", "'why'"], ("", "0, 'why'")),
        ("assert valid(one, two)", ["1", "2"], ("", "1, 2")),
        ("run.assert_called_once_with([])", ["[]"], ("", "")),
    ],
)
def test_sides_follow_the_source(code: str, values: list[str], sides: tuple[str, str]) -> None:
    run = observed(source(5, code), told_of([5, 1, True, values, "", "", ""]))
    assert [(one.expected, one.observed) for one in run.observations] == [sides]


def test_a_detail_that_the_statement_names_is_determined_by_it() -> None:
    task = replace(TASK, statement="Add the keyword argument `tax`", hints="or `fee`")
    text = "total() got an unexpected keyword argument '%s'"
    entries = (
        source(5, "total(tax=1)"),
        told_of(
            failing(5, [], "TypeError", text % "tax"), failing(6, [], "TypeError", text % "fee")
        ),
        source(6, "total(fee=1)"),
    )
    soft = replace(HARD, candidate="soft-other")
    run = soft_run(task, SOFT, soft, written(*entries), Seen(trials=(HARD,)))
    assert [seen.determined_by for seen in run.observations] == [
        (Determinant.STATEMENT,),
        (Determinant.HINT,),
    ]


def test_an_error_in_a_statement_speaks_and_is_no_assertion() -> None:
    ended = [
        7,
        "NameError",
        "name 'grand' is not defined",
        "/testbed/tests/test_cart.py",
        "grand()",
    ]
    (one,) = observed(told_of(ended=ended)).observations
    assert (one.speaker, one.line, one.source) == (Speaker.STATEMENT, 7, "grand()")
    assert (one.cause, one.detail) == (Cause.MISSING_NAME, "grand")


def test_only_tests_that_use_a_missing_name_are_no_collateral() -> None:
    why = Explanation(test=fakes.F2P, cause=Cause.MISSING_NAME, detail="grand")
    hard = replace(HARD, outcome=Outcome(failed_f2p=(fakes.F2P,), failed_p2p=(fakes.P2P,)))
    names = {"test_total:3": ["grand", "sum"], "test_empty:9": ["len"]}
    log = written({"k": "unfinished", "p": PATH, "names": names})
    soft = replace(hard, candidate="soft-other")
    run = soft_run(
        TASK, SOFT, soft, log, Seen(trials=(hard,), failed=hard.outcome.failed, explanations=(why,))
    )
    assert run.failed == (fakes.F2P, fakes.P2P)
    assert run.collateral == (fakes.P2P,)


@pytest.mark.parametrize(
    ("soft", "why"),
    [
        ({"total": TestStatus.FAILED, "empty": TestStatus.PASSED}, ""),
        ({"total": TestStatus.ERROR, "empty": TestStatus.PASSED}, ""),
        (
            {"total": TestStatus.PASSED, "empty": TestStatus.PASSED},
            "is PASSED softened, and FAILED",
        ),
        ({"total": TestStatus.FAILED, "empty": TestStatus.SKIPPED}, "is SKIPPED softened"),
        ({"total": TestStatus.FAILED}, "is not run softened"),
        (
            {"total": TestStatus.FAILED, "empty": TestStatus.PASSED, "x": TestStatus.PASSED},
            "was not there: x",
        ),
    ],
)
def test_a_run_whose_tests_come_out_otherwise_is_void(
    soft: dict[str, TestStatus], why: str
) -> None:
    told = disagreement(trial("soft-other", **soft), [HARD])
    assert why in told
    assert bool(told) == bool(why)


def test_a_test_that_is_flaky_as_it_is_voids_nothing() -> None:
    other = trial("other", total=TestStatus.PASSED, empty=TestStatus.PASSED)
    soft = trial("soft-other", total=TestStatus.PASSED, empty=TestStatus.PASSED)
    assert disagreement(soft, [HARD]) != ""
    assert disagreement(soft, [HARD, other]) == ""


def test_a_run_that_did_not_complete_is_void() -> None:
    soft = replace(HARD, state=RunState.TIMED_OUT)
    assert "timed_out" in disagreement(soft, [HARD])
    assert "no run" in disagreement(HARD, [replace(HARD, state=RunState.TIMED_OUT)])


def test_lines_that_are_no_records_are_left_out() -> None:
    log = f"{MARK}{{\n{MARK}[1]\n{MARK}" + json.dumps({"k": "test", "p": 1}) + "\n"
    log += f"{MARK}" + json.dumps(told_of([1, 2])) + "\nMARK{}\n"
    records = read_records(log, MARK)
    assert [test.recorded for test in records.tests] == [()]
    assert read_records(log, "<other> ").tests == ()


def seen(line: int, *, passed: bool, value: str = "", kind: str = "AssertionError") -> Observation:
    return Observation(
        test="t", path=PATH, line=line, source=f"assert {line}", passed=passed, observed=value,
        exception="" if passed else kind,
    )  # fmt: skip


def ran(subject: str, *observations: Observation, void: str = "") -> SoftRun:
    return SoftRun(subject=subject, trial=f"{subject}/1", observations=observations, void=void)


GOLD = ran("gold", seen(1, passed=True), seen(2, passed=True), seen(3, passed=False))


def test_who_fails_the_same_assertions_in_the_same_way_is_one_cluster() -> None:
    one = ran("a", seen(1, passed=False, value="<A at 0x7f00000001>"), seen(2, passed=False))
    alike = ran("b", seen(1, passed=False, value="<A at 0x7f00000002>"), seen(2, passed=True))
    assert manner(seen(1, passed=False, value="'/tmp/a1'")) == manner(
        seen(1, passed=False, value="'/tmp/b2'")
    )
    other = ran("c", seen(1, passed=False, value="4"))
    gone = ran("d", seen(1, passed=False, value="4"), void="no")
    found = clusters([GOLD, one, alike, other, gone], GOLD)
    told = [(each.candidates, [f.line for f in each.failed]) for each in found]
    assert told == [(("a", "b"), [1]), (("a",), [2]), (("c",), [1])]


def test_what_gold_fails_too_is_no_cause() -> None:
    assert rejecting(ran("a", seen(3, passed=False)), GOLD) == ()


def test_what_no_patch_passes_too_is_no_evidence() -> None:
    empty = ran("empty", seen(1, passed=True), seen(2, passed=False))
    candidate = ran("a", seen(1, passed=True), seen(2, passed=True), seen(3, passed=False))
    assert [one.line for one in beyond_empty(candidate, empty)] == [2]


def test_where_golds_run_is_void_so_are_all() -> None:
    gold = ran("gold", void="it differs")
    found = compared(TASK, {CandidateKind.GOLD: gold}, [gold, ran("a", seen(1, passed=True))])
    assert [run.void for run in found] == ["it differs", "gold: it differs"]
    assert found[1].observations == ()


def test_an_assertion_of_the_base_tests_that_holds_without_a_patch_determines() -> None:
    # The test patch of the fakes adds lines 2 to 4.
    controls = {
        CandidateKind.GOLD: ran("gold", seen(1, passed=True), seen(3, passed=True)),
        CandidateKind.EMPTY: ran("empty", seen(1, passed=True), seen(3, passed=True)),
    }
    one = ran("a", seen(1, passed=False), seen(3, passed=False), seen(9, passed=False))
    (found,) = compared(TASK, controls, [one])
    assert [each.determined_by for each in found.observations] == [
        (Determinant.BASE_TESTS,),
        (),
        (),
    ]
