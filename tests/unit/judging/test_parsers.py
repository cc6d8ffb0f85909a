"""What each parser reads; that it equals the benchmark's is proven in tests/parity."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from swe_audit.judging import parsers
from swe_audit.judging.parsing import UnreadableLogError


def test_the_results_of_a_real_pytest_run_are_read(tmp_path: Path) -> None:
    tmp_path.joinpath("test_a.py").write_text(
        "import pytest\n"
        "def test_good(): pass\n"
        "def test_bad(): assert 1 == 2, 'a - b'\n"
        "@pytest.fixture\n"
        "def boom(): raise ValueError\n"
        "def test_boom(boom): pass\n"
        "@pytest.mark.skip(reason='no')\n"
        "def test_not(): pass\n"
        "@pytest.mark.xfail\n"
        "def test_sad(): assert 0\n"
        "@pytest.mark.parametrize('p', ['/usr/lib', 'a b'])\n"
        "def test_p(p): pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "test_a.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    expected = {
        "test_a.py::test_good": "PASSED",
        "test_a.py::test_bad": "FAILED",
        "test_a.py::test_boom": "ERROR",
        "test_a.py::test_sad": "XFAIL",
    }
    plain = {"test_a.py::test_p[/usr/lib]": "PASSED", "test_a.py::test_p[a": "PASSED"}
    assert parsers.parse_pytest(done.stdout) == expected | plain
    shortened = {"test_a.py::test_p[/lib]": "PASSED", "test_a.py::test_p[a": "PASSED"}
    assert parsers.parse_pytest_options(done.stdout) == expected | shortened
    whole = {"test_a.py::test_p[/usr/lib]": "PASSED", "test_a.py::test_p[a b]": "PASSED"}
    whole |= {"test_a.py::test_boom - ValueError": "ERROR"}  # only failures lose their message
    del expected["test_a.py::test_boom"]
    assert parsers.parse_pytest_v2(done.stdout).items() >= (expected | whole).items()


def test_a_real_verbose_unittest_run_is_read_as_django_prints_it(tmp_path: Path) -> None:
    tmp_path.joinpath("test_u.py").write_text(
        "import unittest\n"
        "class C(unittest.TestCase):\n"
        "    def test_a(self): pass\n"
        "    def test_b(self):\n"
        "        'What it does.'\n"
        "    def test_c(self): self.fail('x')\n"
        "    def test_d(self): raise KeyError\n"
        "    def test_e(self): self.skipTest('why')\n"
        "    def test_f(self): print('noise')\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "unittest", "-v", "test_u"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    read = parsers.parse_django(done.stdout)
    by_method = {name.split(" ")[0]: status for name, status in read.items()}
    assert by_method["test_a"] == "PASSED"
    assert read["What it does."] == "PASSED"
    assert read["test_c"] == "FAILED"
    assert read["test_d"] == "ERROR"
    assert by_method["test_e"] == "SKIPPED"


@pytest.mark.parametrize(
    "message",
    [
        "Testing against Django installed in '/x'\nSystem check identified 3 issues (3 silenced).",
        "Internal Server Error: /a/b/",
        "System check identified no issues (0 silenced)",
    ],
)
def test_a_django_test_interrupted_by_a_message_has_passed(message: str) -> None:
    log = f"test_0 (a.B) ... FAIL\n  test_x (a.B) ... {message}\nok\ntest_y (a.B) ... ok"
    assert parsers.parse_django(log)["  test_x (a.B)"] == "PASSED"


def test_a_bare_failure_heading_stops_the_django_parser_as_it_stops_the_benchmarks() -> None:
    with pytest.raises(UnreadableLogError, match="bare 'ERROR:' line"):
        parsers.parse_django("test_a (b.C) ... ok\n  ERROR:  \n")


def test_sympy_failures_are_named_by_line_and_by_heading() -> None:
    log = (
        "sympy/core/tests/test_x.py[4]\n"
        "test_a ok\ntest_b F\ntest_c E\ntest_d f\ntest_e ok     [FAIL]\n"
        "____ sympy/core/tests/test_x.py:test_b ____\n"
    )
    assert parsers.parse_sympy(log) == {
        "sympy/core/tests/test_x.py:test_b": "FAILED",
        "test_a": "PASSED",
        "test_b": "FAILED",
        "test_c": "ERROR",
    }


def test_seaborn_reads_no_error_lines_and_progress_lines_as_passes() -> None:
    log = "ERROR t.py::a - x\nFAILED t.py::b - y\nt.py::c PASSED [ 1%]\nPASSED t.py::d\n"
    assert parsers.parse_seaborn(log) == {
        "t.py::b": "FAILED",
        "t.py::c": "PASSED",
        "t.py::d": "PASSED",
    }


def test_matplotlib_knows_mouse_buttons_by_number() -> None:
    assert parsers.parse_matplotlib("PASSED t.py::a[MouseButton.LEFT-MouseButton.RIGHT]") == {
        "t.py::a[1-3]": "PASSED"
    }


def test_a_count_of_skips_is_no_test_but_a_percentage_is() -> None:
    log = "SKIPPED [2] a.py:3: no\nPASSED [100%]\n"
    assert parsers.parse_pytest(log) == {"[100%]": "PASSED"}


def test_an_unknown_parser_is_none() -> None:
    assert parsers.parser_for("parse_log_of_nobody") is None
    assert parsers.parser_for("parse_log_flask") is parsers.parse_pytest


HOSTILE = {
    "underscores": "_" * 2_000_000,
    "headings": "____ a.py:b ____" * 100_000,
    "dots": " ... " * 400_000,
    "database": "\n".join([" ... Testing against Django installed in "] * 40_000),
    "one line of errors": " ... Internal Server Error: /" * 60_000,
    "brackets": "PASSED " + "[" * 1_000_000 + "\nPASSED [" + "]" * 1_000_000,
    "colours": "\x1b[1" * 500_000,
    "blanks": "FAILED" + " - " * 500_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("parser", sorted({each.__name__ for each in parsers.PARSERS.values()}))
def test_a_hostile_log_of_megabytes_takes_no_more_than_seconds(parser: str, text: str) -> None:
    started = time.perf_counter()
    getattr(parsers, parser)(text)
    assert time.perf_counter() - started < 5
