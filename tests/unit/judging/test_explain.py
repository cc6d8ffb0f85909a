"""Causes read from real outputs: every log here is made by running the runner."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from swe_audit.judging.explain import explain
from swe_audit.model.finding import Cause, Explanation
from swe_audit.model.task import Task

PROJECT = '''\
"""The code under test, as a candidate left it."""
import warnings


class Thing:
    def __repr__(self):
        return "<Thing>"


def same(value):
    return value


def raises_key():
    raise KeyError("inner text")


def needs_one(value):
    return value


def nothing():
    return None


def warns(kind=UserWarning):
    warnings.warn("the actual warning text", kind)


def broken():
    return undefined_in_the_candidate


def forwards(**options):
    return needs_one(1, **options)
'''

PYTEST = """\
import unittest
import warnings
from unittest import mock

import pytest

import proj


@pytest.fixture
def failing():
    raise RuntimeError("in the fixture")


class TestThing:
    @pytest.mark.parametrize("value", ["a b", 1])
    def test_keyword(self, value):
        proj.needs_one(
            value,
            flavour=value,
        )


def test_forwarded():
    proj.forwards(colour=1)


def test_arity():
    proj.needs_one(1, 2)


def test_match():
    with pytest.raises(KeyError, match="the wanted text"):
        proj.raises_key()


def test_class():
    with pytest.raises(ValueError):
        if True:
            proj.raises_key()


def test_no_raise():
    with pytest.raises(ValueError):
        proj.nothing()


def test_attribute():
    proj.Thing().label


def test_module_attribute():
    proj.absent_function(1)


def test_none():
    proj.nothing().upper()


def test_name_in_candidate():
    proj.broken()


def test_message():
    assert proj.same("the value was bad") == "the value must be good"


def test_long_message():
    wanted = "the beginning " + "of a long text " * 40 + "with this end"
    assert proj.same(wanted[:-3] + "END") == wanted


def test_word():
    assert proj.same("red") == "blue"


def test_number():
    assert 42 == proj.same(41)


def test_order():
    assert proj.same([3, 1, 2]) == [1, 2, 3]


def test_layout():
    assert proj.same("f( x )") == "f(x )"


def test_nested_message():
    assert {"f": ["This is not the text"]} == {"f": ["This would be the text"]}


def test_in_text():
    with pytest.raises(KeyError) as info:
        proj.raises_key()
    assert "a wanted part" in str(info.value)


def test_mock():
    double = mock.Mock()
    double.call(1)
    double.call.assert_called_once_with(2)


def test_patch():
    with mock.patch("proj._hidden"):
        proj.nothing()


def test_warn_text():
    with pytest.warns(UserWarning, match="wanted warning"):
        proj.warns()


def test_warn_class():
    with pytest.warns(UserWarning):
        proj.warns(DeprecationWarning)


def test_no_warning():
    with pytest.warns(UserWarning):
        proj.nothing()


def test_fixture(failing):
    pass


def test_no_fixture(absent_fixture):
    pass


def test_cause():
    try:
        proj.raises_key()
    except KeyError as error:
        raise OSError("second\\nline") from error


def test_noise():
    print("=== FAILURES ===\\n____ test_word ____\\nE   ValueError: not this")
    assert proj.same(0)


def test_skipped():
    pytest.skip("not here")


class TestCase(unittest.TestCase):
    def test_regex(self):
        with self.assertRaisesRegex(KeyError, r"wanted \\w+ text"):
            proj.raises_key()
"""

UNITTEST = '''\
import contextlib
import unittest

import proj


class Base(unittest.TestCase):
    @contextlib.contextmanager
    def assertRaisesMessage(self, kind, text):
        with self.assertRaises(kind) as caught:
            yield
        self.assertIn(text, str(caught.exception))


class Things(Base):
    def test_keyword(self):
        proj.needs_one(flavour=1)

    def test_docs(self):
        """What the test is about."""
        self.assertEqual(
            proj.same([1, 2]),
            [2, 1],
        )

    def test_message(self):
        with self.assertRaisesMessage(KeyError, "the wanted text"):
            proj.raises_key()

    def test_class(self):
        with self.assertRaisesMessage(
            ValueError,
            "any",
        ):
            proj.raises_key()

    def test_no_raise(self):
        with self.assertRaises(ValueError):
            proj.nothing()

    def test_text(self):
        self.assertEqual(proj.same("The text is this."), "The text is that.")

    def test_long_text(self):
        text = "line one of it\\n" * 60
        self.assertEqual(proj.same(text + "end one"), text + "end two")

    def test_sub(self):
        for value in (1, 2):
            with self.subTest(value=value):
                self.assertEqual(value, 1)

    def test_mock(self):
        from unittest import mock

        double = mock.Mock()
        double.act.assert_called_with(3)

    def test_fine(self):
        pass


class Setup(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        proj.absent_registry

    def test_one(self):
        pass
'''

IMPORTS = "from proj import absent_name\n\n\ndef test_imported():\n    pass\n"


def patch_of(files: dict[str, str]) -> str:
    parts = []
    for path, text in files.items():
        lines = text.splitlines()
        body = "".join(f"+{line}\n" for line in lines)
        parts.append(
            f"diff --git a/{path} b/{path}\n--- /dev/null\n+++ b/{path}\n"
            f"@@ -0,0 +1,{len(lines)} @@\n{body}"
        )
    return "".join(parts)


class Runner:
    """A project, its tests, and the explanations of a run."""

    def __init__(self, folder: Path, tests: dict[str, str], *, patched: bool = True) -> None:
        self.folder, self.tests, self.patched = folder, tests, patched
        for path, text in {"proj/__init__.py": PROJECT, **tests}.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            env={
                **os.environ,
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONPATH": str(self.folder),
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            },
        )
        return (
            f"+ : '>>>>> Start Test Output'\n{done.stdout}\n+ : '>>>>> End Test Output'\n"
            f">>>>> Test Exit Code: {done.returncode}\n"
        )

    def pytest(self, *arguments: str) -> str:
        return self.run("-m", "pytest", "-rA", "-p", "no:cacheprovider", "--rootdir=.", *arguments)

    def task(self, parser: str) -> Task:
        return Task(
            instance_id="a__proj-1",
            repo="a/proj",
            base_commit="0" * 40,
            statement="",
            gold_patch=patch_of({"proj/__init__.py": "x\n"}),
            test_patch=patch_of(self.tests) if self.patched else "",
            fail_to_pass=(),
            pass_to_pass=(),
            log_parser=parser,
        )

    def explain(
        self, log: str, *failed: str, parser: str = "parse_log_pytest"
    ) -> list[Explanation]:
        found = explain(self.task(parser), log, failed)
        assert [each.test for each in found] == list(failed)
        return list(found)


@pytest.fixture(scope="module")
def logs_by_style(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    runner = Runner(tmp_path_factory.mktemp("styles"), {"tests/test_it.py": PYTEST})

    @cache
    def run(style: str) -> str:
        return runner.pytest(f"--tb={style}", "tests")

    return run


@pytest.fixture(scope="module", params=["long", "short", "native", "unpatched"])
def by_pytest(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    logs_by_style: Callable[[str], str],
) -> Callable[[str], Explanation]:
    patched = request.param != "unpatched"
    tests = {"tests/test_it.py": PYTEST}
    runner = Runner(tmp_path_factory.mktemp(request.param), tests, patched=patched)
    log = logs_by_style(request.param if patched else "long")
    return lambda test: runner.explain(log, f"tests/test_it.py::{test}")[0]


@pytest.mark.parametrize(
    ("test", "cause", "detail"),
    [
        ("TestThing::test_keyword[a", Cause.SIGNATURE, "flavour"),
        ("TestThing::test_keyword[1]", Cause.SIGNATURE, "flavour"),
        ("test_forwarded", Cause.SIGNATURE, "colour"),
        ("test_arity", Cause.SIGNATURE, "needs_one"),
        ("test_match", Cause.MESSAGE_TEXT, "the wanted text"),
        ("test_class", Cause.EXCEPTION_TYPE, "ValueError"),
        ("test_no_raise", Cause.VALUE, "ValueError"),
        ("test_attribute", Cause.MISSING_NAME, "label"),
        ("test_module_attribute", Cause.MISSING_NAME, "absent_function"),
        ("test_none", Cause.VALUE, ""),
        ("test_name_in_candidate", Cause.CRASH, ""),
        ("test_message", Cause.MESSAGE_TEXT, "the value must be good"),
        ("test_word", Cause.VALUE, "blue"),
        ("test_number", Cause.VALUE, "42"),
        ("test_order", Cause.ORDER_OR_FORMAT, "[1, 2, 3]"),
        ("test_layout", Cause.ORDER_OR_FORMAT, "f(x )"),
        ("test_nested_message", Cause.MESSAGE_TEXT, "This would be the text"),
        ("test_in_text", Cause.MESSAGE_TEXT, "a wanted part"),
        ("test_mock", Cause.STRUCTURE, "call(2)"),
        ("test_patch", Cause.MISSING_NAME, "_hidden"),
        ("test_warn_text", Cause.MESSAGE_TEXT, "wanted warning"),
        ("test_warn_class", Cause.EXCEPTION_TYPE, "UserWarning"),
        ("test_no_warning", Cause.VALUE, "UserWarning"),
        ("test_no_fixture", Cause.MISSING_NAME, "absent_fixture"),
        ("test_fixture", Cause.CRASH, ""),
        ("test_cause", Cause.CRASH, ""),
        ("test_noise", Cause.VALUE, ""),
        ("test_skipped", Cause.NOT_COLLECTED, ""),
        ("TestCase::test_regex", Cause.MESSAGE_TEXT, r"wanted \w+ text"),
    ],
)
def test_pytest_failures_are_told_apart_in_every_style_of_traceback(
    by_pytest: Callable[[str], Explanation],
    test: str,
    cause: Cause,
    detail: str,
    request: pytest.FixtureRequest,
) -> None:
    found = by_pytest(test)
    assert (found.cause, found.detail) == (cause, detail), found


def test_an_explanation_places_the_assertion_in_the_test_file(
    by_pytest: Callable[[str], Explanation],
) -> None:
    found = by_pytest("TestThing::test_keyword[1]")
    lines = PYTEST.splitlines()
    assert found.path == "tests/test_it.py"
    assert found.line is not None
    assert lines[found.line - 1] == "        proj.needs_one("
    assert found.assertion.startswith("proj.needs_one(")
    assert (found.exception, found.message) == (
        "TypeError",
        "needs_one() got an unexpected keyword argument 'flavour'",
    )


def test_the_last_exception_of_a_chain_counts_with_its_whole_message(
    by_pytest: Callable[[str], Explanation],
) -> None:
    found = by_pytest("test_cause")
    assert (found.exception, found.message) == ("OSError", "second\nline")


def test_the_whole_statement_comes_from_the_patch_where_the_log_is_short(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"tests/test_it.py": PYTEST})
    log = runner.pytest("--tb=short", "-k", "test_keyword and 1", "tests")
    found = runner.explain(log, "tests/test_it.py::TestThing::test_keyword[1]")[0]
    assert found.assertion == "proj.needs_one(\n    value,\n    flavour=value,\n)"


def test_a_file_that_cannot_be_imported_takes_all_its_tests_and_the_session(
    tmp_path: Path,
) -> None:
    runner = Runner(tmp_path, {"tests/test_imp.py": IMPORTS, "tests/test_it.py": PYTEST})
    log = runner.pytest("tests")
    found = runner.explain(log, "tests/test_imp.py::test_imported", "tests/test_it.py::test_word")
    assert [(each.cause, each.detail) for each in found] == [
        (Cause.MISSING_NAME, "absent_name")
    ] * 2
    assert (found[0].path, found[0].line) == ("tests/test_imp.py", 1)
    assert found[0].exception == "ImportError"


UNCOLLECTED = {
    "import proj.absent_module": (Cause.MISSING_NAME, "proj.absent_module"),
    "import a_library_nobody_has": (Cause.MISSING_DEPENDENCY, "a_library_nobody_has"),
    "import proj\nproj.registry['x'] = 1": (Cause.MISSING_NAME, "registry"),
    "absent_global": (Cause.MISSING_NAME, "absent_global"),
    "def broken(:": (Cause.NOT_COLLECTED, ""),
    "import proj\nproj.raises_key()": (Cause.NOT_COLLECTED, ""),
}


def test_what_kept_each_file_from_being_collected_is_named(tmp_path: Path) -> None:
    tests = {
        f"tests/test_{number}.py": f"{source}\n\n\ndef test_a():\n    pass\n"
        for number, source in enumerate(UNCOLLECTED)
    }
    runner = Runner(tmp_path, tests)
    found = runner.explain(runner.pytest("tests"), *(f"{path}::test_a" for path in tests))
    assert [(each.cause, each.detail) for each in found] == list(UNCOLLECTED.values())


def test_a_conftest_that_cannot_be_imported_takes_the_session(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"tests/conftest.py": IMPORTS, "tests/test_it.py": PYTEST})
    found = runner.explain(runner.pytest("tests"), "tests/test_it.py::test_word")[0]
    assert (found.cause, found.detail) == (Cause.MISSING_NAME, "absent_name"), found


def test_an_import_that_the_candidate_broke_itself_is_no_missing_name(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"tests/test_imp.py": "import proj\n\ndef test_a():\n    pass\n"})
    tmp_path.joinpath("proj/__init__.py").write_text("from proj.other import gone\n")
    tmp_path.joinpath("proj/other.py").write_text("")
    found = runner.explain(runner.pytest("tests"), "tests/test_imp.py::test_a")[0]
    assert (found.cause, found.detail, found.exception) == (
        Cause.NOT_COLLECTED,
        "",
        "ImportError",
    )


def test_a_test_that_does_not_exist_is_not_collected(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"tests/test_it.py": PYTEST})
    asked = "tests/test_it.py::test_of_nobody"
    gone = runner.explain(runner.pytest(asked), asked)[0]
    assert gone.cause is Cause.NOT_COLLECTED
    assert "not found" in gone.message
    there = runner.explain(runner.pytest("-k", "test_word", "tests"), asked)[0]
    assert (there.cause, there.message) == (Cause.NOT_COLLECTED, "no result")


def test_a_session_that_dies_is_a_crash(tmp_path: Path) -> None:
    source = "import faulthandler, os\n\ndef test_a():\n    faulthandler._sigsegv()\n"
    runner = Runner(tmp_path, {"tests/test_die.py": source})
    found = runner.explain(runner.pytest("tests"), "tests/test_die.py::test_a")[0]
    assert (found.cause, found.message) == (
        Cause.CRASH,
        "Fatal Python error: Segmentation fault",
    )


def test_same_named_tests_of_two_files_keep_their_own_causes(tmp_path: Path) -> None:
    runner = Runner(
        tmp_path,
        {
            "tests/test_a.py": "def test_x():\n    assert 1 == 2\n",
            "tests/test_b.py": "import proj\n\ndef test_x():\n    proj.gone\n",
        },
    )
    found = runner.explain(
        runner.pytest("tests"), "tests/test_b.py::test_x", "tests/test_a.py::test_x"
    )
    assert [(each.cause, each.detail) for each in found] == [
        (Cause.MISSING_NAME, "gone"),
        (Cause.VALUE, "2"),
    ]


@pytest.fixture(scope="module")
def by_unittest(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Explanation]:
    runner = Runner(
        tmp_path_factory.mktemp("unittest"),
        {"tests/test_u.py": UNITTEST, "tests/test_imp.py": IMPORTS, "tests/__init__.py": ""},
    )
    log = runner.run("-m", "unittest", "-v", "tests.test_u", "tests.test_imp")
    return lambda test: runner.explain(log, test, parser="parse_log_django")[0]


@pytest.mark.parametrize(
    ("test", "cause", "detail"),
    [
        ("test_keyword (tests.test_u.Things)", Cause.SIGNATURE, "flavour"),
        ("test_keyword (tests.test_u.Things.test_keyword)", Cause.SIGNATURE, "flavour"),
        ("What the test is about.", Cause.ORDER_OR_FORMAT, "[2, 1]"),
        ("test_message (tests.test_u.Things)", Cause.MESSAGE_TEXT, "the wanted text"),
        ("test_class (tests.test_u.Things)", Cause.EXCEPTION_TYPE, "ValueError"),
        ("test_no_raise (tests.test_u.Things)", Cause.VALUE, "ValueError"),
        ("test_text (tests.test_u.Things)", Cause.MESSAGE_TEXT, "The text is that."),
        ("test_sub (tests.test_u.Things)", Cause.VALUE, "1"),
        ("test_mock (tests.test_u.Things)", Cause.STRUCTURE, "act(3)"),
        ("test_one (tests.test_u.Setup)", Cause.MISSING_NAME, "absent_registry"),
        ("test_imported (tests.test_imp.Any)", Cause.MISSING_NAME, "absent_name"),
    ],
)
def test_unittest_failures_are_told_apart(
    by_unittest: Callable[[str], Explanation], test: str, cause: Cause, detail: str
) -> None:
    found = by_unittest(test)
    assert (found.cause, found.detail) == (cause, detail), found


def test_a_text_that_unittest_shortened_is_rebuilt_or_left_out(
    by_unittest: Callable[[str], Explanation],
) -> None:
    found = by_unittest("test_long_text (tests.test_u.Things)")
    assert found.cause is Cause.MESSAGE_TEXT
    assert "chars]" not in found.detail


def test_a_multi_line_assertion_of_unittest_is_shown_whole(
    by_unittest: Callable[[str], Explanation],
) -> None:
    found = by_unittest("What the test is about.")
    assert found.assertion == "self.assertEqual(\n    proj.same([1, 2]),\n    [2, 1],\n)"
    assert found.path is not None
    assert found.path.endswith("tests/test_u.py")


def test_a_test_that_stands_on_anothers_line_is_said_to(tmp_path: Path) -> None:
    # Before 3.11 a failing subtest printed no status, so that the next test came on its line.
    body = (
        "test_a (m.C) ... test_b (m.C) ... ok\n\n" + "=" * 70 + "\nFAIL: test_a (m.C) (v=1)\n"
        + "-" * 70 + "\nTraceback (most recent call last):\n"
        '  File "/testbed/m.py", line 3, in test_a\n    self.assertEqual(v, 2)\n'
        "AssertionError: 1 != 2\n\n" + "-" * 70 + "\nRan 2 tests in 0.054s\n"
    )  # fmt: skip
    log = f">>>>> Start Test Output\n{body}\n>>>>> End Test Output\n"
    task = replace(
        Runner(tmp_path, {}).task("parse_log_django"),
        fail_to_pass=("test_a (m.C)", "test_b (m.C)"),
    )
    first, second = explain(task, log, task.fail_to_pass)
    assert (first.cause, first.detail, first.path) == (Cause.VALUE, "2", "m.py")
    assert second.cause is Cause.NOT_COLLECTED
    assert second.message.endswith("it stands on the line of test_a (m.C)")


def test_a_runner_that_dies_before_its_tests_is_a_crash(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"tests/test_u.py": UNITTEST})
    tmp_path.joinpath("runtests.py").write_text("import proj\nproj.raises_key()\n")
    log = runner.run("runtests.py")
    found = runner.explain(log, "test_text (tests.test_u.Things)", parser="parse_log_django")[0]
    assert (found.cause, found.exception, found.message) == (
        Cause.CRASH,
        "KeyError",
        "'inner text'",
    )
    assert found.path is None


SYMPY = Path(__file__).parents[2] / "golden" / "judging" / "sympy.log"


@pytest.mark.parametrize(
    ("test", "cause", "detail"),
    [
        ("test_val", Cause.VALUE, "3"),
        ("test_key", Cause.MISSING_NAME, "frobnicate"),
        ("test_raises", Cause.VALUE, "ValueError"),
        ("test_raises2", Cause.EXCEPTION_TYPE, "ValueError"),
        ("test_str", Cause.MESSAGE_TEXT, "one is one"),
        ("test_last", Cause.VALUE, "[2, 1]"),
        ("test_imp", Cause.MISSING_NAME, "nothing_here"),
    ],
)
def test_failures_in_a_recorded_run_of_sympys_runner_are_told_apart(
    tmp_path: Path, test: str, cause: Cause, detail: str
) -> None:
    runner = Runner(tmp_path, {"sympy/core/tests/test_mine2.py": "x\n"})
    log = f">>>>> Start Test Output\n{SYMPY.read_text()}\n>>>>> End Test Output\n"
    found = runner.explain(log, test, parser="parse_log_sympy")[0]
    assert (found.cause, found.detail) == (cause, detail), found
    assert found.path is not None
    assert found.path.startswith("sympy/core/tests/test_mine")
