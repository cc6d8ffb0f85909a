"""Softened tests, run for real: they record every assertion and come out as they did before."""

from __future__ import annotations

from pathlib import Path

import pytest
import softly

HEAD = '"""Doc."""\nfrom __future__ import annotations\nimport pytest, unittest, warnings\n'


def lines(text: str, *words: str) -> list[int]:
    """The line numbers of the lines that hold each word."""
    rows = text.split("\n")
    return [next(n for n, row in enumerate(rows, 1) if word in row) for word in words]


def test_a_test_goes_on_after_a_failed_assertion_and_still_fails(tmp_path: Path) -> None:
    text = f"""{HEAD}
def test_it():
    got = [1, 2]
    assert got == [1]
    assert len(got) == 2
    assert 3 in got, "three is missing"
"""
    ran = softly.both(tmp_path, text)
    first, second, third = lines(text, "== [1]", "len(got)", "3 in got")
    assert ran.assertions("test_it") == [(first, 1, False), (second, 1, True), (third, 1, False)]
    values = [one[3] for one in ran.test("test_it")["a"]]
    assert values == [["[1, 2]", "[1]"], ["2", "2"], ["3", "[1, 2]"]]
    assert "three is missing" in ran.test("test_it")["a"][2][5]
    sources = {r["l"]: r["s"] for r in ran.records if r["k"] == "source"}
    assert sources[third] == 'assert 3 in got, "three is missing"'


def test_each_case_of_a_parametrised_test_is_told_apart(tmp_path: Path) -> None:
    text = f"""{HEAD}
@pytest.mark.parametrize("n", [1, 2])
def test_it(n):
    assert n == 1
    assert n > 0
"""
    ran = softly.both(tmp_path, text)
    assert [ok for *_, ok in ran.assertions("test_it[1]")] == [True, True]
    assert [ok for *_, ok in ran.assertions("test_it[2]")] == [False, True]


def test_blocks_that_expect_an_exception_are_one_assertion(tmp_path: Path) -> None:
    text = f"""{HEAD}
def check(n):
    assert n == 1

def test_it():
    with pytest.raises(ValueError, match="foo"):
        raise ValueError("bar")
    with pytest.raises(KeyError):
        pass
    with pytest.raises(KeyError):
        raise IndexError("other")
    with pytest.raises(AssertionError):
        check(2)
    pytest.raises(ValueError, int, "1")
    with pytest.warns(UserWarning):
        warnings.warn("w")
        assert 1 == 2
"""
    ran = softly.both(tmp_path, text)
    told = [(ok, kind) for _, _, ok, _, kind, _, _ in ran.test("test_it")["a"]]
    assert told == [
        (False, "AssertionError"),
        (False, "Failed"),
        (False, "IndexError"),
        (True, ""),
        (False, "Failed"),
        (False, "AssertionError"),
        (True, ""),
    ]


UNITTESTS = f"""{HEAD}
class TestIt(unittest.TestCase):
    def setUp(self):
        self.one = 1

    def check(self, n):
        self.assertEqual(n, 1)

    def test_plain(self):
        self.assertEqual(
            self.one,
            2,
        )
        self.assertTrue(n for n in [1])
        with self.assertRaises(KeyError) as caught:
            pass
        self.check(self.one)
        self.check(3)
        self.fail("no more")

    def test_parts(self):
        for n in range(3):
            with self.subTest(n=n):
                self.assertEqual(n, 1)
                self.assertIn(n, [1])

    @unittest.expectedFailure
    def test_expected(self):
        self.assertEqual(1, 2)

    @unittest.skip("not now")
    def test_skipped(self):
        self.assertEqual(1, 2)

    def test_skips_itself(self):
        self.skipTest("now")
"""


@pytest.mark.parametrize("command", [softly.PYTEST, softly.UNITTEST], ids=["pytest", "unittest"])
def test_unittest_assertions_and_subtests_are_recorded(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    ran = softly.both(tmp_path, UNITTESTS, command)
    plain = [(ok, kind) for _, _, ok, _, kind, _, _ in ran.test("test_plain")["a"]]
    assert plain == [
        (False, "AssertionError"),
        (True, ""),
        (False, "AssertionError"),
        (True, ""),
        (False, "AssertionError"),
        (False, "AssertionError"),
    ]
    assert [ok for *_, ok in ran.assertions("test_parts")] == [False, False, True, True] + [
        False
    ] * 2
    assert ran.test("test_expected")["a"]
    assert ran.test("test_skips_itself")["e"][1] in ("SkipTest", "Skipped")


def test_an_error_outside_an_assertion_ends_the_test_and_is_told(tmp_path: Path) -> None:
    text = f"""{HEAD}
def test_it():
    assert 1 == 2
    value = missing_name(3)
    assert value
"""
    ran = softly.both(tmp_path, text)
    record = ran.test("test_it")
    assert len(record["a"]) == 1
    (at,) = lines(text, "missing_name")
    assert record["e"][:3] == [at, "NameError", "name 'missing_name' is not defined"]
    assert record["e"][4] == "value = missing_name(3)"


def test_fixtures_other_threads_and_handlers_stay_hard(tmp_path: Path) -> None:
    text = f"""{HEAD}
import threading

@pytest.fixture
def broken():
    assert 0

def test_setup(broken):
    assert 1

def test_thread():
    seen = []
    def work():
        try:
            inside()
        except AssertionError:
            seen.append(1)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [1]

def inside():
    assert 1 == 2

def test_handler():
    try:
        assert 1 == 2
    except AssertionError:
        handled = True
    assert handled
"""
    ran = softly.both(tmp_path, text)
    assert "test_setup" not in str(ran.records)
    assert [ok for *_, ok in ran.assertions("test_thread")] == [True]
    assert [ok for *_, ok in ran.assertions("test_handler")] == [True]


def test_marks_and_decorators_see_the_test_fail(tmp_path: Path) -> None:
    text = f"""{HEAD}
import functools

def inverted(function):
    @functools.wraps(function)
    def run(*args, **kwargs):
        try:
            function(*args, **kwargs)
        except AssertionError:
            return
        raise RuntimeError("it passed")
    return run

@inverted
def test_inverted():
    assert 1 == 2

@pytest.mark.xfail
def test_expected():
    assert 1 == 2

@pytest.mark.xfail(strict=True)
def test_unexpected():
    assert 1 == 1
"""
    ran = softly.both(tmp_path, text)
    assert "PASSED" in ran.statuses.values()


def test_a_value_that_cannot_be_shown_harms_nothing(tmp_path: Path) -> None:
    text = f"""{HEAD}
class Odd:
    def __repr__(self):
        raise ValueError("none")

def test_it():
    odd = Odd()
    assert odd == odd
    assert odd in [odd]
    assert "x" * 100_000 == "x" * 100_000
    for n in range(1000):
        assert n < 900
"""
    ran = softly.both(tmp_path, text)
    record = ran.test("test_it")
    assert "Odd" in record["a"][0][3][0]
    assert len(str(record)) < 100_000
    assert record["n"] == 1003
    assert sum(not one[2] for one in record["a"]) == 20


def test_values_are_shown_only_once_a_counting_block_has_ended(tmp_path: Path) -> None:
    text = f"""{HEAD}
import contextlib
shown = []

class Counted:
    def __repr__(self):
        shown.append(1)
        return "Counted()"

@contextlib.contextmanager
def assert_nothing_shown():
    before = len(shown)
    yield
    assert len(shown) == before

def test_it():
    with assert_nothing_shown():
        assert Counted() is not None
"""
    ran = softly.both(tmp_path, text)
    assert ran.test("test_it")["a"][0][3] == ["Counted()", "None"]


def test_a_module_that_cannot_be_imported_tells_which_tests_use_which_names(
    tmp_path: Path,
) -> None:
    text = f"""{HEAD}
from os import no_such_name

def test_uses():
    assert no_such_name(1) == 2

def test_does_not():
    assert len([]) == 0
"""
    ran = softly.run(tmp_path, text)
    (record,) = [r for r in ran.records if r["k"] == "unfinished"]
    names = {name.split(":")[0]: used for name, used in record["names"].items()}
    assert "no_such_name" in names["test_uses"]
    assert "no_such_name" not in names["test_does_not"]


def test_coroutines_are_recorded_too(tmp_path: Path) -> None:
    text = f"""{HEAD}
class TestIt(unittest.IsolatedAsyncioTestCase):
    async def test_it(self):
        self.assertEqual(1, 2)
        self.assertEqual(await self.two(), 2)

    async def two(self):
        return 2
"""
    ran = softly.both(tmp_path, text, softly.UNITTEST)
    assert [ok for *_, ok in ran.assertions("test_it")] == [False, True]
