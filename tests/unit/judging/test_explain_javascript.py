"""JavaScript failures, from node's test runner, Jest and Mocha."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.judging.explain import explain
from swe_audit.judging.explain_go import go_failures
from swe_audit.judging.explain_javascript import javascript_failures
from swe_audit.model.finding import Cause
from swe_audit.model.task import PRO_PARSER, Task

TEST = "test/box.test.js | box | has a lid"


def tap(error: str) -> str:
    return (
        "# file test/box.test.js\nTAP version 13\n# Subtest: box\n    # Subtest: has a lid\n"
        "    not ok 1 - has a lid\n      ---\n      location: '/app/test/box.test.js:3:3'\n"
        "      failureType: 'testCodeFailure'\n"
        + "".join(f"      {line}\n" for line in error.split("\n"))
        + "      stack: |-\n        lid (/app/src/box.js:4:1)\n"
        "        TestContext.<anonymous> (/app/test/box.test.js:5:7)\n      ...\n    1..1\n"
        "not ok 1 - box\n  ---\n  failureType: 'subtestsFailed'\n  error: '1 failed'\n  ...\n"
    )


COMPARED = """error: |-
  Expected values to be strictly deep-equal:
  + actual - expected

    Comparison {
  +   message: 'no lid here',
  -   message: 'the box has no lid',
      name: 'RangeError'
    }
code: 'ERR_ASSERTION'
name: 'AssertionError'"""


@pytest.mark.parametrize(
    ("error", "cause", "detail", "exception"),
    [
        (COMPARED, Cause.MESSAGE_TEXT, "the box has no lid", "AssertionError"),
        (
            "error: 'box.lid is not a function'\nname: 'TypeError'",
            Cause.MISSING_NAME,
            "lid",
            "TypeError",
        ),
        (
            "error: 'Lid is not a constructor'\nname: 'TypeError'",
            Cause.MISSING_NAME,
            "Lid",
            "TypeError",
        ),
        (
            "error: \"Cannot find module '../src/lid'\"\nname: 'Error'",
            Cause.MISSING_NAME,
            "lid",
            "Error",
        ),
        (
            "error: \"Cannot find module 'left-pad'\"\nname: 'Error'",
            Cause.MISSING_DEPENDENCY,
            "left-pad",
            "Error",
        ),
        (
            "error: |-\n  The input did not match the regular expression /no lid$/. Input:\n\n"
            "  'the box is shut'\nname: 'AssertionError'",
            Cause.MESSAGE_TEXT,
            "no lid$",
            "AssertionError",
        ),
        (
            "error: |-\n  Expected values to be strictly equal:\n\n  3 !== 4\n\n"
            "name: 'AssertionError'",
            Cause.VALUE,
            "4",
            "AssertionError",
        ),
        (
            "error: \"Cannot read properties of undefined (reading 'lid')\"\nname: 'TypeError'",
            Cause.CRASH,
            "",
            "TypeError",
        ),
    ],
)
def test_node_s_own_runner(error: str, cause: Cause, detail: str, exception: str) -> None:
    [told] = javascript_failures(tap(error), [TEST], {TEST: "FAILED"}).values()
    assert (told.cause, told.detail, told.exception) == (cause, detail, exception)
    assert (told.path, told.line) == ("test/box.test.js", 5)


JEST = """FAIL test/box-test.ts
  box
    ✕ has a lid (4 ms)

  ● box \u203a has a lid

    expect(received).toBe(expected) // Object.is equality

    Expected: "the box has no lid"
    Received: "no lid here at all"

      at Object.<anonymous> (test/box-test.ts:9:19)

Test Suites: 1 failed, 1 total
"""


def test_jest() -> None:
    test = "test/box-test.ts | box | has a lid"
    [told] = javascript_failures(JEST, [test], {}).values()
    assert (told.cause, told.detail) == (Cause.MESSAGE_TEXT, "the box has no lid")
    assert (told.path, told.line) == ("test/box-test.ts", 9)


def test_a_jest_file_that_does_not_compile_takes_its_tests_along() -> None:
    log = (
        "FAIL test/box-test.ts\n  ● Test suite failed to run\n\n    test/box-test.ts:3:10 - error "
        "TS2305: Module '\"../src/box\"' has no exported member 'lid'.\n\n"
    )
    [told] = javascript_failures(log, [TEST], {}).values()
    assert (told.cause, told.detail) == (Cause.MISSING_NAME, "lid")


def test_mocha_s_json() -> None:
    error = {"message": "expected 'x' to equal 'y'", "stack": "at Context (test/box.js:3:1)"}
    report = {"stats": {}, "failures": [{"fullTitle": "box has a lid", "err": error}]}
    log = "some output {\n" + json.dumps(report, indent=2) + "\n"
    [told] = javascript_failures(log, ["test/box.js | box has a lid"], {}).values()
    assert (told.cause, told.detail, told.line) == (Cause.VALUE, "y", 3)


def test_an_explanation_shows_the_line_of_the_test_patch() -> None:
    patch = (
        "--- a/test/box.test.js\n+++ b/test/box.test.js\n@@ -4 +4,2 @@\n x\n+assert(box.lid());\n"
    )
    task = Task(
        instance_id="a",
        repo="a/b",
        base_commit="",
        statement="",
        gold_patch="",
        test_patch=patch,
        fail_to_pass=(TEST,),
        pass_to_pass=(),
        log_parser=PRO_PARSER,
    )
    [told] = explain(task, tap("error: 'box.lid is not a function'"), [TEST])
    assert (told.cause, told.detail) == (Cause.MISSING_NAME, "lid")
    assert (told.assertion, told.path) == ("assert(box.lid());", "test/box.test.js")


@given(st.text(alphabet="not ok1-#:●\u203a'\"{}[]\n atest.js/()=+ expctdRv", max_size=400))
def test_no_log_is_too_odd(log: str) -> None:
    javascript_failures(log, [TEST], {})
    go_failures(log, ["TestBox"], {})
