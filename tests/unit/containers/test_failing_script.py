"""Tests are made to fail, whatever they look like, and nothing else of them changes."""

from __future__ import annotations

import subprocess
import sys

from swe_audit.containers.failing_script import SCRIPT, made_to_fail

TESTS = '''"""Doc."""
from __future__ import annotations
import unittest


def helper():
    return 1


def test_plain(): pass


def test_function():
    """Its doc."""
    assert helper() == 1


def test_return():
    if helper():
        return 5
    return None


class Case(unittest.TestCase):
    def test_method(self):
        """What unittest prints."""
        self.assertEqual(helper(), 1, """
  text at the margin
""")

    def setUp(self):
        self.one = 1'''


def altered(tmp_path, text, name="tests.py"):
    (tmp_path / name).write_text(text)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-", str(tmp_path / name)],
        input=SCRIPT,
        capture_output=True,
        text=True,
        check=True,
    )
    space: dict = {"__name__": "tests"}
    result = (tmp_path / name).read_text()
    return done.stdout, result, space


def outcome(call):
    try:
        call()
    except AssertionError:
        return "failed"
    return "passed"


def test_every_test_fails_and_keeps_its_docstring(tmp_path):
    printed, text, space = altered(tmp_path, TESTS)
    assert printed == ""
    exec(compile(text, "tests.py", "exec"), space)
    case = space["Case"]("test_method")
    assert outcome(space["test_function"]) == "failed"
    assert outcome(case.test_method) == "failed"
    assert case.shortDescription() == "What unittest prints."
    assert space["test_function"].__doc__ == "Its doc."


def test_what_cannot_be_changed_passes_as_before(tmp_path):
    _, text, space = altered(tmp_path, TESTS)
    exec(compile(text, "tests.py", "exec"), space)
    assert outcome(space["test_plain"]) == "passed"
    assert outcome(space["test_return"]) == "passed"
    assert space["helper"]() == 1


def test_a_replaced_assertion_lets_the_test_pass(tmp_path):
    _, text, space = altered(tmp_path, TESTS)
    exec(compile(text, "tests.py", "exec"), space)
    case = space["Case"]("test_method")
    case.assertEqual = lambda *args, **more: None
    assert outcome(case.test_method) == "passed"


def test_a_file_that_is_no_python_is_left_and_named(tmp_path):
    printed, text, _ = altered(tmp_path, "def test_a(:\n")
    assert text == "def test_a(:\n"
    assert "not made to fail" in printed
    assert "SyntaxError" in printed


def test_the_call_stands_just_before_the_tests():
    script = made_to_fail("a\n: '>>>>> Start'\npytest\n", ">>>>> Start", ["t x.py"], "/s")
    lines = script.split("\n")
    assert lines[0] == "a"
    assert "'t x.py'" in lines[1]
    assert lines[1].endswith("rm -f /s")
    assert lines[2:] == [": '>>>>> Start'", "pytest", ""]
    assert made_to_fail("pytest", ">>>>> Start", [], "/s") == "pytest"
