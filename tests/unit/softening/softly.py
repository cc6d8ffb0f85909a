"""Runs test files hard and softened, in processes of their own, and reads what was recorded."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from swe_audit.softening.recorder_script import FOLDER, MODULE, RECORDS, recorder
from swe_audit.softening.rewriting import soften

MARK = "<mark> "


@dataclass(frozen=True)
class Ran:
    """What a run said of each test, and what the recorder wrote."""

    statuses: dict[str, str]
    records: list[dict[str, Any]]
    output: str

    def assertions(self, name: str) -> list[tuple[int, int, bool]]:
        """Line, number and outcome of a test's assertions."""
        return [(line, nth, ok) for line, nth, ok, *_ in self.test(name)["a"]]

    def test(self, name: str) -> dict[str, Any]:
        found = [r for r in self.records if r["k"] == "test" and name in " ".join(r["t"])]
        assert len(found) == 1, (name, found)
        return found[0]


PYTEST = (sys.executable, "-m", "pytest", "-rA", "-q", "-p", "no:cacheprovider")
UNITTEST = (sys.executable, "-m", "unittest", "-v")


def run(folder: Path, text: str, command: tuple[str, ...] = PYTEST, *, soft: bool = True) -> Ran:
    """Run ``text`` as a test file with a runner; the recorder lies beside it."""
    home = folder / ("soft" if soft else "hard")
    tools = home / "recorder"
    tools.mkdir(parents=True)
    if soft:
        made = soften("tests/test_it.py", text)
        assert made is not None
        text = made.text.replace(repr(FOLDER), repr(str(tools)))
        (tools / f"{MODULE}.py").write_text(recorder(MARK, str(tools)))
    (home / "test_it.py").write_text(text)
    target = "test_it.py" if "pytest" in command else "test_it"
    done = subprocess.run(
        [*command, target],
        cwd=home,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    output = done.stdout + done.stderr
    file = tools / RECORDS
    lines = file.read_text().splitlines() if file.exists() else []
    records = [json.loads(line.removeprefix(MARK)) for line in lines]
    return Ran(_statuses(output), records, output)


def _statuses(output: str) -> dict[str, str]:
    found = {}
    for line in output.splitlines():
        summary = re.match(r"(PASSED|FAILED|ERROR|XFAIL|XPASS) (\S+)", line)
        verbose = re.match(r"(\w+ \(\S+\))(?: \(.*\))? ?\.\.\. (.+)", line)
        told = re.match(r"(FAIL|ERROR): (.+)", line)
        if summary:
            found[summary.group(2)] = summary.group(1)
        elif verbose:
            found[verbose.group(1)] = verbose.group(2)
        elif told:
            found[told.group(2)] = told.group(1)
    return found


def both(folder: Path, text: str, command: tuple[str, ...] = PYTEST) -> Ran:
    """Run hard and softened; the outcomes have to agree. Return the softened run."""
    hard, soft = run(folder, text, command, soft=False), run(folder, text, command)
    assert soft.statuses == hard.statuses, soft.output
    assert soft.statuses
    return soft
