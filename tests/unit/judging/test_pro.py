"""SWE-bench Pro's rule, against the rule as its harness writes it."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from swe_audit.judging.grading import grade, read_log
from swe_audit.judging.pro import MARK, parse_pro
from swe_audit.model.task import PRO_PARSER, Task

NAMES = st.sampled_from(["TestA", "a.js | does it", "a.js | does it  (twice)", "t[1", "x\ny", "ü"])
TESTS = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES, "status": st.sampled_from(["PASSED", "FAILED", "SKIPPED", "ERROR", "?"])}
    ),
    max_size=8,
)


@given(TESTS, st.sets(NAMES, min_size=1), st.sets(NAMES))
def test_a_task_is_resolved_exactly_where_the_benchmarks_harness_says_so(
    tests: list[dict[str, str]], f2p: set[str], p2p: set[str]
) -> None:
    report = {"tests": tests}
    log = f"{MARK}w0rd\nnoise\nw0rd {json.dumps(report)}\n"
    task = Task(
        instance_id="a",
        repo="a/b",
        base_commit="",
        statement="",
        gold_patch="",
        test_patch="",
        fail_to_pass=tuple(f2p),
        pass_to_pass=tuple(p2p),
        log_parser=PRO_PARSER,
    )
    passed = {x["name"] for x in report["tests"] if x["status"] == "PASSED"}
    outcome, resolved = grade(read_log(log, parse_pro), task)
    assert resolved is ((f2p | p2p) <= passed)
    assert set(outcome.failed) == (f2p | p2p) - passed
