"""A rejection of a bundled task, told assertion by assertion from real softened runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TASK = "swe-audit__toolz-31"
pytestmark = pytest.mark.timeout(1500)


@pytest.fixture(scope="module")
def task(client, tmp_path_factory):
    """Audit one task with its curated alternatives."""
    out = tmp_path_factory.mktemp("soft") / "run"
    certificates = os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE")
    trust = ["--ca-bundle", certificates] if certificates else []
    command = [sys.executable, "-m", "swe_audit", "run", ".", "-i", TASK, "-j", "2", "--json"]
    done = subprocess.run(
        [*command, "--alternatives", "curated", "-o", str(out), *trust],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=1400,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    (found,) = json.loads(done.stdout)["tasks"]
    return found


def test_every_softened_run_comes_out_as_without_softening(task):
    runs = {run["candidate"]: run for run in task["softened"]}
    assert set(runs) >= {"gold", "empty", "counts", "first-seen-order"}
    assert [run["void"] for run in runs.values()] == [None] * len(runs)
    assert all(seen["passed"] for seen in runs["gold"]["assertions"])


def test_one_assertion_of_many_rejects_and_says_what_it_saw(task):
    (run,) = [run for run in task["softened"] if run["candidate"] == "counts"]
    here = [seen for seen in run["assertions"] if seen["test"] in run["tests"]]
    assert len(here) > 3
    (failed,) = [seen for seen in here if not seen["passed"]]
    assert failed["source"] == "assert tuple(toolz.duplicates(iter('abba'))) == ('b', 'a')"
    assert (failed["expected"], failed["observed"]) == ("('b', 'a')", "('a', 'b')")
    assert failed["cause"] == "order_or_format"
    assert run["collateral"] == []


def test_no_patch_at_all_fails_the_others_too(task):
    (run,) = [run for run in task["softened"] if run["candidate"] == "empty"]
    failed = [seen for seen in run["assertions"] if not seen["passed"]]
    assert len(failed) > 3
    assert {seen["exception"] for seen in failed} == {"AttributeError"}


def test_a_finding_names_the_assertion_that_rejects(task):
    (finding,) = [f for f in task["findings"] if "counts" in f["candidates"]]
    lines = {item["line"] for item in finding["evidence"] if item["kind"] == "assertion"}
    (run,) = [run for run in task["softened"] if run["candidate"] == "counts"]
    assert {seen["line"] for seen in run["assertions"] if not seen["passed"]} <= lines
