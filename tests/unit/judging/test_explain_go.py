"""Go failures, from what the compiler and the tests print."""

from __future__ import annotations

import pytest

from swe_audit.judging.explain_go import go_failures
from swe_audit.model.finding import Cause


def unbuilt(error: str) -> str:
    return (
        "FAIL\tacme.invalid/box [build failed]\n=== RUN   TestOther\n--- PASS: TestOther (0.00s)\n"
        f"# acme.invalid/box [acme.invalid/box.test]\n{error}\n"
    )


@pytest.mark.parametrize(
    ("error", "cause", "detail"),
    [
        ("./box_test.go:7:5: undefined: NewBox", Cause.MISSING_NAME, "NewBox"),
        ("./box_test.go:7:9: undefined: box.Open", Cause.MISSING_NAME, "Open"),
        (
            "./box_test.go:7:9: b.Lid undefined (type *Box has no field or method Lid)",
            Cause.MISSING_NAME,
            "Lid",
        ),
        (
            "./box_test.go:7:9: unknown field 'Lid' in struct literal of type Box",
            Cause.MISSING_NAME,
            "Lid",
        ),
        (
            "./box_test.go:9:2: cannot use b (type Box) as type Lidded in assignment: "
            "Box does not implement Lidded (missing method Lid)",
            Cause.MISSING_NAME,
            "Lid",
        ),
        (
            "./box_test.go:7:9: not enough arguments in call to b.Open\n\thave ()\n\twant (string)",
            Cause.SIGNATURE,
            "Open",
        ),
        (
            "./box_test.go:7:9: assignment mismatch: 2 variables but b.Open returns 1 value",
            Cause.SIGNATURE,
            "Open",
        ),
        ("./box_test.go:7:9: syntax error: unexpected {", Cause.NOT_COLLECTED, ""),
    ],
)
def test_tests_of_a_package_that_was_not_built_fail_for_the_compilers_reason(
    error: str, cause: Cause, detail: str
) -> None:
    found = go_failures(unbuilt(error), ["TestBox"], {"TestOther": "PASSED"})
    told = found["TestBox"]
    assert (told.cause, told.detail, told.path) == (cause, detail, "box_test.go")


def test_a_telling_error_comes_before_others_of_the_package() -> None:
    two = "./a.go:1:1: syntax error: x\n./box_test.go:7:5: undefined: NewBox"
    assert go_failures(unbuilt(two), ["TestBox"], {})["TestBox"].detail == "NewBox"


def test_a_module_that_is_not_there_is_a_missing_dependency() -> None:
    log = "box_test.go:4:2: no required module provides package acme.invalid/lid; to add it:\n"
    told = go_failures(log, ["TestBox"], {})["TestBox"]
    assert (told.cause, told.detail) == (Cause.MISSING_DEPENDENCY, "acme.invalid/lid")


def report(said: str) -> str:
    return (
        "=== RUN   TestFine\n--- PASS: TestFine (0.00s)\n=== RUN   TestBox\n=== RUN   TestBox/lid\n"
        f"{said}\n--- FAIL: TestBox (0.00s)\n    --- FAIL: TestBox/lid (0.00s)\nFAIL\n"
    )


@pytest.mark.parametrize(
    ("said", "cause", "detail"),
    [
        ("    box_test.go:9: got 3, want 4", Cause.VALUE, "4"),
        ("    box_test.go:9: got [b a], want [a b]", Cause.ORDER_OR_FORMAT, "[a b]"),
        (
            '    box_test.go:9: got "the lid is off", want "the box has no lid on it"',
            Cause.MESSAGE_TEXT,
            "the box has no lid on it",
        ),
        ("    box_test.go:9: the lid is gone", Cause.VALUE, ""),
        (
            "    box_test.go:9: \n        \tError Trace:\tbox_test.go:9\n        \tError:      \t"
            'Not equal: \n        \t            \texpected: "the box has no lid"\n'
            '        \t            \tactual  : "no lid on the box"',
            Cause.MESSAGE_TEXT,
            "the box has no lid",
        ),
    ],
)
def test_a_test_that_fails_says_why(said: str, cause: Cause, detail: str) -> None:
    found = go_failures(report(said), ["TestBox", "TestBox/lid"], {"TestBox": "FAILED"})
    assert set(found) == {"TestBox", "TestBox/lid"}
    told = found["TestBox/lid"]
    assert (told.cause, told.detail, told.path, told.line) == (cause, detail, "box_test.go", 9)


def test_a_panic_takes_the_tests_that_come_after_it() -> None:
    log = "=== RUN   TestBox\npanic: runtime error: index out of range [3] with length 2\n"
    found = go_failures(log, ["TestBox", "TestLater"], {})
    assert {told.cause for told in found.values()} == {Cause.CRASH}
    assert found["TestLater"].message.startswith("runtime error: index")


def test_a_log_that_says_nothing_explains_nothing() -> None:
    assert go_failures("", ["TestBox"], {}) == {}
    assert go_failures("ok", ["TestBox"], {"TestBox": "FAILED"}) == {}
