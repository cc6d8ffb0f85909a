"""Whole audits by the program's command line, on small tasks, and what their reports say alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import fakes

from swe_audit.journal import Journal
from swe_audit.journal.database import FILE_NAME
from swe_audit.model.trial import RunState

ROOT = Path(__file__).parents[2]
TEST = "test_a"
SCRIPT = f"""#!/bin/bash
echo '>>>>> Start Test Output'
sleep SECONDS
grep -q 'A = 2' /testbed/a.py && echo 'PASSED {TEST}' || echo 'FAILED {TEST} - assert'
echo '>>>>> End Test Output'
"""


def patch(line: str) -> str:
    return f"diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-A = 1\n+{line}\n"


def write_input(folder: Path, image: str, tasks: int, seconds: float = 0.3) -> None:
    """A dataset of small tasks on one image, and two submissions for each."""
    rows, submitted = [], []
    for number in range(tasks):
        name = f"tiny__tiny-{number}"
        rows.append(
            {
                "instance_id": name,
                "repo": "tiny/tiny",
                "base_commit": "0" * 40,
                "problem_statement": "A is 1",
                "patch": patch("A = 2"),
                "test_patch": fakes.TEST_PATCH,
                "FAIL_TO_PASS": [TEST],
                "PASS_TO_PASS": [],
                "image": image,
                "log_parser": "parse_log_pytest",
                "eval_script": SCRIPT.replace("SECONDS", str(seconds)),
            }
        )
        submitted += [
            {"instance_id": name, "model_name_or_path": "m", "model_patch": patch(line)}
            for line in ("A = 2  # two", "A = 3")
        ]
    for name, items in (("data.jsonl", rows), ("preds.jsonl", submitted)):
        text = "".join(json.dumps(item) + "\n" for item in items)
        (folder / name).write_text(text)


class Auditor:
    """The program's command line on the dataset in a folder, going on with the run in it."""

    def __init__(self, folder: Path, run: str, *options: str, **variables: str) -> None:
        self.run, self._options = run, options
        self.folder, self.out = folder, folder / run
        self._environment = {**os.environ, **variables}
        self._environment["PYTHONPATH"] = os.pathsep.join(
            filter(None, (variables.get("PYTHONPATH"), str(ROOT)))
        )

    def start(self) -> subprocess.Popen[str]:
        command = [
            *(sys.executable, "-m", "swe_audit", "run", "data.jsonl", "-p", "preds.jsonl"),
            *("-o", str(self.out), "--resume", *self._options),
        ]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self) -> None:
        process = self.start()
        _, said = process.communicate(timeout=500)
        assert process.returncode == 0, said

    def logs(self) -> int:
        return len(list(self.out.glob("logs/*/*.log.gz")))

    def recorded(self) -> set[str]:
        """The trials that the journal holds as completed."""
        if not (self.out / FILE_NAME).exists():
            return set()
        with Journal.open(self.out, writable=False) as journal:
            rows = [trial for name in journal.task_ids() for trial in journal.trials(name)]
        return {trial.id for trial in rows if trial.run.state is RunState.COMPLETED}

    def report(self) -> str:
        """The report, less what differs between two runs of one audit."""
        document = json.loads((self.out / "report.json").read_text())
        times = {"started", "finished", "seconds", "total_seconds", "id", "command"}

        def scrubbed(item, inside=""):
            if isinstance(item, dict):
                kept = {k: v for k, v in item.items() if k not in times or inside != "run"}
                kept = {k: v for k, v in kept.items() if "seconds" not in k}
                return {k: scrubbed(v, k) for k, v in kept.items()}
            return [scrubbed(one) for one in item] if isinstance(item, list) else item

        findings = (self.out / "findings.csv").read_text()
        return json.dumps(scrubbed(document), indent=1) + findings
