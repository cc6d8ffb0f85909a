"""Whatever a candidate prints, an explanation comes back, and soon."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swe_audit.judging.explain import explain
from swe_audit.model.task import Task

FAILED = ("tests/test_a.py::C::test_x[a", "test_y (m.C)", "test_z", "What it does.")
RULE, THIN = "=" * 70, "-" * 70
LINES = [
    "____ C.test_x[a b] ____",
    "____ ERROR collecting tests/test_a.py ____",
    "____ a/b.py:test_z ____",
    "____ a/b.py ____",
    "_ _ _ _ _",
    "=== FAILURES ===",
    "=== 1 failed in 0.1s ===",
    "ImportError while loading conftest '/testbed/conftest.py'.",
    "INTERNALERROR> Traceback (most recent call last):",
    "INTERNALERROR>",
    "Traceback (most recent call last):",
    '  File "/testbed/tests/test_a.py", line 3, in test_x',
    '  File "/testbed/tests/test_a.py", line 99999999999999999999999',
    "    self.assertEqual(1, [",
    ">       assert x == 'a b c'",
    "E       AssertionError: assert 'x' == 'y'",
    "E   ImportError: cannot import name 'q'",
    "E",
    "E ",
    "tests/test_a.py:3: AssertionError",
    "tests/test_a.py:3: in test_x",
    "AssertionError: 'a' != 'b'",
    "TypeError: f() got an unexpected keyword argument 'k'",
    "AttributeError: 'X' object has no attribute 'y'",
    "ModuleNotFoundError: No module named 'm.n'",
    "During handling of the above exception, another exception occurred:",
    RULE,
    THIN,
    "FAIL: test_y (m.C)",
    "ERROR: m (unittest.loader._FailedTest)",
    "ERROR: setUpClass (m.C)",
    "What it does.",
    "FAILED tests/test_a.py::C::test_x[a b] - x",
    "test_y (m.C) ... test_z (m.C) ... ok",
    "Fatal Python error: Aborted",
    ">>>>> Start Test Output",
    ">>>>> End Test Output",
    "",
]
PATCH = """\
diff --git a/tests/test_a.py b/tests/test_a.py
--- a/tests/test_a.py
+++ b/tests/test_a.py
@@ -1,3 +1,5 @@
 import a
+with raises(
+    E):
+    self.assertEqual(1, [
 x
"""


def task(parser: str, patch: str = PATCH) -> Task:
    return Task(
        instance_id="a__b-1",
        repo="a/b",
        base_commit="0" * 40,
        statement="",
        gold_patch=patch,
        test_patch=patch,
        fail_to_pass=FAILED,
        pass_to_pass=(),
        log_parser=parser,
    )


PARSERS = ["parse_log_pytest", "parse_log_django", "parse_log_sympy", "parse_log_of_nobody"]
logs = st.lists(
    st.one_of(st.sampled_from(LINES), st.sampled_from(LINES), st.text(max_size=30)), max_size=25
).map("\n".join)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PARSERS), logs, st.one_of(st.just(PATCH), logs))
def test_every_failing_test_gets_one_explanation_from_any_log(
    parser: str, log: str, patch: str
) -> None:
    found = explain(task(parser, patch), log, FAILED)
    assert tuple(each.test for each in found) == FAILED


HEAD = "____ C.test_x[a b] ____\n>       assert f() == 1\n"
HOSTILE = {
    "words": HEAD + "E   AttributeError: " + "a" * 1_000_000,
    "quotes": HEAD + "E   AssertionError: " + "\"'" * 500_000,
    "operators": HEAD + "E   AssertionError: assert " + "1 == " * 200_000,
    "brackets": HEAD + "E   AssertionError: " + "[" * 1_000_000 + " != " + "[" * 1_000_000,
    "signs": HEAD + "E   AssertionError: " + "-" * 1_000_000 + "1 != 2",
    "dots": "test_y (m.C) ... " * 100_000,
    "colons": HEAD + "a:1" * 300_000,
    "chain": "\n".join(["Traceback (most recent call last):", "During handling of the above"
                        " exception, another exception occurred:"] * 5_000),
    "headings": HEAD * 20_000,
    "rules": f"{RULE}\nFAIL: test_y (m.C)\n{THIN}\n" * 20_000,
    "emitted": HEAD + "E   Failed: " + "DID NOT WARN. matching ('" * 40_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("parser", PARSERS[:3])
def test_megabytes_of_hostile_output_are_explained_within_seconds(name: str, parser: str) -> None:
    started = time.perf_counter()
    explain(task(parser), HOSTILE[name], FAILED)
    assert time.perf_counter() - started < 10
