"""Statements and expectations as the test patch tells them."""

from __future__ import annotations

from swe_audit.judging.failures import Frame
from swe_audit.judging.sources import expectation, lines_of, patched_files, statement

PATCH = """\
diff --git a/tests/test_a.py b/tests/test_a.py
--- a/tests/test_a.py
+++ b/tests/test_a.py
@@ -10,3 +10,12 @@ class C:
     def test_a(self):
-        old()
+        with self.assertRaisesMessage(
+            ValueError, "a ) text"
+        ):
+            for each in (1, 2):
+                call(
+                    each,
+                    [2],
+                )
+        after()
+
     def test_b(self):
"""
FILES = patched_files(PATCH)


def frame(line: int, source: str, path: str = "/testbed/tests/test_a.py", lead: str = "") -> Frame:
    return Frame(path=path, line=line, source=source, lead=lead)


def test_lines_are_numbered_as_they_stand_after_the_patch() -> None:
    lines = lines_of(FILES, "tests/test_a.py")
    assert lines[10] == "    def test_a(self):"
    assert lines[19] == "        after()"
    assert not lines_of(FILES, "tests/other_test_a.py")


def test_a_statement_is_whole_from_whichever_line_a_python_reports() -> None:
    whole = "call(\n    each,\n    [2],\n)"
    assert statement(FILES, frame(15, "call(")) == whole
    assert statement(FILES, frame(16, "each,")) == whole
    assert statement(FILES, frame(18, ")")) == whole


def test_a_line_that_the_patch_does_not_hold_stays_as_the_log_prints_it() -> None:
    assert statement(FILES, frame(15, "something_else(")) == "something_else("
    assert statement(FILES, frame(99, "    call()")) == "call()"


def test_what_a_block_is_expected_to_raise_is_found_through_other_blocks() -> None:
    found = expectation(FILES, frame(15, "call("))
    assert found is not None
    assert (found.call, found.expected) == ("assertRaisesMessage", "ValueError")
    assert '"a ) text"' in found.source


def test_nothing_is_expected_after_the_block() -> None:
    assert expectation(FILES, frame(19, "after()")) is None


def test_the_log_itself_may_show_the_block() -> None:
    lead = "    def test_c():\n        with pytest.raises((KeyError, ValueError)):"
    found = expectation({}, frame(3, "            call()", path="t.py", lead=lead))
    assert found is not None
    assert (found.call, found.expected) == ("raises", "KeyError")


def test_a_block_of_another_function_expects_nothing() -> None:
    lead = "    with raises(KeyError):\n        def inner():"
    assert expectation({}, frame(3, "            call()", path="t.py", lead=lead)) is None
