"""A small project whose tests really run: trees in, outcomes and explanations out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import fakes

from swe_audit.alternatives.ground import Ground
from swe_audit.formats.trees import difference
from swe_audit.judging.explain import explain
from swe_audit.model.finding import Explanation
from swe_audit.model.relaxation import Pin
from swe_audit.model.tree import Tree
from swe_audit.relaxation.climbing import Level, climb
from swe_audit.relaxation.pins import pins_of
from swe_audit.workshop import edited, ground_of

SOURCE, TESTS = "shop/cart.py", "tests/test_cart.py"


def ground(
    base: str, gold: str, tests: str, statement: str = "Prices.", base_tests: str = ""
) -> Ground:
    """A task of one source file and one test file."""
    files = {"shop/__init__.py": b"", SOURCE: base.encode()}
    if base_tests:
        files[TESTS] = base_tests.encode()
    tree = Tree(files)
    task = replace(
        fakes.make_task(),
        repo="shop/shop",
        statement=statement,
        gold_patch=difference(tree, tree.with_files({SOURCE: gold}), [SOURCE]),
        test_patch=difference(tree, tree.with_files({TESTS: tests}), [TESTS]),
        log_parser="parse_log_pytest",
    )
    return ground_of(task, tree)


def run_all(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, dict[str, bool]]]:
    """Run pairs of source and tests for real, in one process; give each one's log and results.

    A log is the whole process's, with this pair's packages called as they were.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for at, (source, tests) in enumerate(pairs):
            for path, text in {SOURCE: source, TESTS: tests, "shop/__init__.py": ""}.items():
                mine = root / _numbered(path, at)
                mine.parent.mkdir(exist_ok=True)
                mine.write_text(_numbered(text, at))
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-rA",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
        ]
        done = subprocess.run(
            [*command, *(_numbered(TESTS, n) for n in range(len(pairs)))],
            cwd=root,
            env={**os.environ, "PYTHONPATH": folder, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    found = []
    for at in range(len(pairs)):
        log = done.stdout.replace(f"shop{at}_", "shop").replace(f"tests{at}_", "tests")
        log = log.replace(f"test_cart{at}_", "test_cart")
        results = {}
        for line in log.splitlines():
            word, _, rest = line.partition(" ")
            if word in ("PASSED", "FAILED", "ERROR") and rest.startswith(TESTS):
                results[rest.split(" - ")[0]] = word == "PASSED"
        found.append((log, results))
    return found


def _numbered(text: str, at: int) -> str:
    for word in ("shop", "tests/", "test_cart"):
        stem = word.rstrip("/")
        text = re.sub(rf"\b{stem}(?=[./ ]|$)", f"{stem}{at}_", text)
    return text


def run(source: str, tests: str) -> tuple[str, dict[str, bool]]:
    """Run the tests on a source for real; return the log and whether each test passed."""
    return run_all([(source, tests)])[0]


def rejected(trees: Ground, source: str) -> tuple[Explanation, ...]:
    """Run a candidate's source under the task's tests; return why each test failed."""
    tests = trees.tests.read(TESTS) or ""
    log, results = run(source, tests)
    failed = [test for test, passed in results.items() if not passed]
    if failed == [TESTS]:  # the module cannot be imported, so none of its tests has a result
        failed = [f"{TESTS}::{name}" for name in re.findall(r"def (test_\w+)", tests)]
    assert failed, log
    return explain(trees.task, log, failed)


def ladder(trees: Ground, source: str) -> tuple[tuple[Pin, ...], tuple[Level, ...], str]:
    """Return the pins of a candidate, its levels, and why there are none."""
    pins = pins_of(rejected(trees, source))
    levels, stuck = climb(trees, "x", "", pins)
    return pins, levels, "; ".join(each.reason for each in stuck)


def relaxed(trees: Ground, level: Level) -> str:
    """The test file at a level."""
    return edited(trees.tests, level.edits).read(TESTS) or ""


def accepted(pairs: Sequence[tuple[str, str]]) -> list[bool]:
    """Whether every test passes, for each pair of source and tests; there has to be one."""
    found = run_all(pairs)
    assert all(results for _, results in found), found
    return [all(results.values()) for _, results in found]


def admitting(trees: Ground, levels: tuple[Level, ...], source: str) -> Level | None:
    """The first level that admits a candidate, as the climb of an audit finds it."""
    seen = accepted([(source, relaxed(trees, each)) for each in levels])
    return next((each for each, admits in zip(levels, seen, strict=True) if admits), None)
