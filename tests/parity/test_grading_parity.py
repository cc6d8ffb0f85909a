"""Our parsers and our grading rule against the official harness, on logs that Hypothesis makes."""

from __future__ import annotations

import gzip
import json
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pytest.importorskip(
        "swebench.harness.grading", reason="the official harness (extra swebench) is not installed"
    )
    from swe_audit.judging.swebench_grader import compare_log

from swe_audit.judging.parsers import PARSERS
from swe_audit.model.task import EvalType, Task

pytestmark = pytest.mark.filterwarnings("ignore")

ROWS = Path(__file__).parents[3] / "shared" / "data" / "verified_dev.jsonl.gz"
BAD = [
    ">>>>> Patch Apply Failed",
    ">>>>> Reset Failed",
    ">>>>> Tests Errored",
    ">>>>> Tests Timed Out",
]
START, END, CODE = ">>>>> Start Test Output", ">>>>> End Test Output", ">>>>> Test Exit Code"

IDS = [
    "tests/test_a.py::test_one",
    "tests/test_a.py::TestB::test_two[a-b]",
    "tests/test_a.py::test_p[/usr/lib/x]",
    "tests/test_a.py::test_p[//usr]",
    "tests/test_a.py::test_p[/a/*]",
    "tests/test_a.py::test_q[a b]",
    "tests/test_a.py::test_q[a",
    "tests/test_a.py::test_q[a]x]",
    "tests/test_a.py::test_b[MouseButton.LEFT-2]",
    "tests/test_a.py::test_b[1-2]",
    "test_x (a.b.C)",
    "test_x (a.b.C.test_x)",
    "test_y (a.b.C)",
    "The docstring of a test.",
    "test_sym",
    "sympy/core/tests/test_x.py:test_sym",
    "[100%]",
    "[3]",
    "--version is equivalent to version",
    "Applying sites.0002_alter_domain_unique...test_no_migrations (a.b)",
]
WORDS = ["PASSED", "FAILED", "ERROR", "SKIPPED", "XFAIL", "XPASS"]
FRAGMENTS = [
    *WORDS, "FAIL:", "ERROR:", "FAIL", "ok", "OK", " ... ", " ...  OK", " ... ok", " ... FAIL",
    " ... ERROR", " ... skipped 'why'", " - ", " ", "  ", "\t", "_", "____", ".py:", " E", " F",
    " ok", "\x1b[31m", "\x1b[0m", "[31m", "[", "]", "/", "...", "\x0b", "\x1c", "\u2028", "\xa0",
    "Testing against Django installed in ", "/x silenced).", " silenced).",
    "Internal Server Error: /", "Internal Server Error: /a/b/",
    "System check identified no issues (0 silenced)", "5 passing", "0 passing", "007 passing",
    "3 specs, 0 failures", "Tests:  4", "Executed 3 of 3", "Executed 0 of 0", "# tests 2",
    "Test Suites: 1 failed, 2 total", "TOTAL: 1 SUCCESS", "x': ok", "\u0661 passing",
]  # fmt: skip
DJANGO_ENDINGS = [
    "{id} ... Testing against Django installed in '/x' with up to 2 processes\n"
    "System check identified no issues (0 silenced).\nok",
    "{id} ... Internal Server Error: /a/b/\nok",
    "{id} ... System check identified no issues (0 silenced)\nok",
    "{id} ... some output\nok",
    "{id} ... ok",
    "{id} ... FAIL",
    "{id} ... skipped 'no'",
    "FAIL: {id}",
    "ERROR: {id} [sub] (i=1)",
]

ids = st.sampled_from(IDS)
noise = st.text(alphabet=st.characters(codec="utf-8"), max_size=8)
line = st.one_of(
    st.builds("{} {}".format, st.sampled_from(WORDS), ids),
    st.builds("{} {} - {}".format, st.sampled_from(WORDS), ids, noise),
    st.builds("{} {}".format, ids, st.sampled_from(WORDS)),
    st.builds("{} {} [ 10%]".format, ids, st.sampled_from(WORDS)),
    st.builds(lambda ending, test: ending.format(id=test), st.sampled_from(DJANGO_ENDINGS), ids),
    st.builds("____ {} ____".format, ids),
    st.builds("{} {}".format, ids, st.sampled_from(["E", "F", "ok", "ok   [OK]", "F   [FAIL]"])),
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), ids, noise), max_size=6).map("".join),
    st.sampled_from(FRAGMENTS),
)
body = st.lists(
    st.tuples(line, st.sampled_from(["\n", "\n", "\n", "\n", "\r\n", "\r", " \n", ""])), max_size=14
).map(lambda pairs: "".join(text + end for text, end in pairs))
frame = st.sampled_from(
    [
        f"+ : '{START}'\n{{}}\n+ : '{END}'\n{CODE}: 0\n",
        f"+ : '{START}'\n{{}}\n+ : '{END}'\n+ echo '{CODE}: 1'\n{CODE}: 1\n",
        f"{START}\n{{}}{END}\n",
        f"{{}}{START}\n\n{END}\n",
        f"{{}}{END}\n{START}\n{{}}{START}{CODE}: -11",
        f"{START}\n{{}}",
        f"{BAD[0]}\n{START}\n{{}}\n{END}",
        f"{START}\n{{}}\n{END}\n{BAD[3]}",
        f"{START}\n{{}}\n{END}\n{CODE}: {'9' * 5000}",
        "{}",
    ]
)
log = st.builds(lambda shape, text: shape.replace("{}", text), frame, body)


def task(parser: str, f2p: tuple[str, ...], p2p: tuple[str, ...], kind: EvalType) -> Task:
    return Task(
        instance_id="a__b-1",
        repo="a/b",
        base_commit="0" * 40,
        statement="",
        gold_patch="",
        test_patch="",
        fail_to_pass=f2p,
        pass_to_pass=p2p,
        log_parser=parser,
        eval_type=kind,
    )


required = st.lists(st.one_of(ids, ids, noise), max_size=5, unique=True).map(tuple)
tasks = st.builds(
    task, st.sampled_from(sorted(PARSERS)), required, required, st.sampled_from(list(EvalType))
)
main_tasks = st.builds(
    task,
    st.sampled_from(["parse_log_django", "parse_log_sympy", "parse_log_pytest_options"]),
    required,
    required,
    st.just(EvalType.PASS_AND_FAIL),
)
slow = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


@slow
@given(tasks, log)
def test_every_parser_and_the_rule_agree_with_the_harness_on_any_log(t: Task, text: str) -> None:
    assert compare_log(t, text) == []


@slow
@given(main_tasks, log)
def test_the_parsers_with_regular_expressions_agree_on_any_log(t: Task, text: str) -> None:
    assert compare_log(t, text) == []


PLAIN = ["t.py::a", "t.py::b", "t.py::c[1]", "t.py::c[2]", "t.py::d"]
plain_required = st.lists(
    st.sampled_from([*PLAIN, "t.py::c[", "t.py::c"]), max_size=4, unique=True
).map(tuple)
results = st.dictionaries(st.sampled_from(PLAIN), st.sampled_from([*WORDS, "PASSED", "ERROR:"]))


@slow
@given(
    plain_required,
    plain_required,
    st.sampled_from(list(EvalType)),
    results,
    st.sampled_from([None, 0, 1, -9]),
)
def test_every_mixture_of_results_is_graded_as_the_harness_grades_it(
    f2p: tuple[str, ...],
    p2p: tuple[str, ...],
    kind: EvalType,
    statuses: dict[str, str],
    code: int | None,
) -> None:
    lines = "\n".join(f"{word} {name}" for name, word in statuses.items())
    end = "" if code is None else f"{CODE}: {code}\n"
    text = f"{START}\n{lines}\n{END}\n{end}"
    assert compare_log(task("parse_log_pytest", f2p, p2p, kind), text) == []


INTERRUPTIONS = [
    " ... Testing against Django installed in /x silenced).",
    " ... Internal Server Error: /a/",
    " ... System check identified no issues (0 silenced)",
    "\n... Internal Server Error: /a/",
    " ...\nInternal Server Error: /a/",
    "\n...\nTesting against Django installed in /x\n silenced).",
    " ... Testing against Django installed in ",
    " ... Internal Server Error: /a",
]
interrupted = st.lists(
    st.tuples(
        st.sampled_from(["", "test_a (m.C)", "ok", "x"]),
        st.lists(st.sampled_from(INTERRUPTIONS), min_size=1, max_size=2).map("".join),
        st.sampled_from(["\nok", "\nok", "\nok\n", "\n", "ok\n", "\nokay\n"]),
    ),
    max_size=6,
).map(lambda parts: "".join(part for each in parts for part in each))


@slow
@given(interrupted)
def test_every_mixture_of_djangos_interruptions_is_read_alike(text: str) -> None:
    t = task("parse_log_django", ("test_a (m.C)",), ("x",), EvalType.PASS_AND_FAIL)
    assert compare_log(t, f"{START}\n{text}{END}\n") == []


@pytest.mark.real
@pytest.mark.skipif(not ROWS.exists(), reason="the development data is not beside the checkout")
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_real_ids_in_damaged_logs_grade_as_the_harness_grades_them(data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(real_rows()))
    f2p, p2p = json.loads(row["FAIL_TO_PASS"]), json.loads(row["PASS_TO_PASS"])[:30]
    t = task(row["log_parser"], tuple(f2p), tuple(p2p), EvalType.PASS_AND_FAIL)
    text = "\n".join(one_line(data, test, row["log_parser"]) for test in f2p + p2p)
    code = data.draw(st.sampled_from([0, 0, 1]))
    text = f"+ : '{START}'\n{text}\n+ : '{END}'\n{CODE}: {code}\n"
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from([*FRAGMENTS, "\n"])) + text[at + 1 :]
    assert compare_log(t, text) == []


_rows: list[dict[str, str]] = []


def real_rows() -> list[dict[str, str]]:
    if not _rows:
        with gzip.open(ROWS, "rt") as lines:
            _rows.extend(json.loads(each) for each in lines)
    return _rows


def one_line(data: st.DataObject, test: str, parser: str) -> str:
    kind = data.draw(st.integers(0, 9))
    if parser == "parse_log_django":
        return f"{test} ... " + ("FAIL" if kind == 0 else "skipped 'x'" if kind == 1 else "ok")
    if parser == "parse_log_sympy":
        return f"{test} " + ("F" if kind == 0 else "E" if kind == 1 else "ok")
    case = test + ("1-2]" if test.count("[") > test.count("]") else "")
    return f"{'FAILED' if kind == 0 else 'SKIPPED' if kind == 1 else 'PASSED'} {case}"
