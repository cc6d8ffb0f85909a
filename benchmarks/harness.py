"""Run the official harness on our tasks, as its users do, from an environment that has it."""

from __future__ import annotations

import json
import shlex
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from swe_audit.model.candidate import Candidate
from swe_audit.model.task import Task


def row(task: Task, image: str) -> dict[str, object]:
    """Return the dataset row that makes the harness run a task on an image."""
    script = "\n".join(
        line
        for line in (task.eval_script or "").split("\n")
        if "SWEBENCH_TEST_EXIT_CODE" not in line  # their harness puts these in itself
    )
    return {
        "instance_id": task.instance_id,
        "repo": task.repo,
        "base_commit": task.base_commit,
        "version": task.version,
        "problem_statement": task.statement,
        "patch": task.gold_patch,
        "test_patch": task.test_patch,
        "FAIL_TO_PASS": list(task.fail_to_pass),
        "PASS_TO_PASS": list(task.pass_to_pass),
        "image": image,
        "log_parser": task.log_parser,
        "eval_type": task.eval_type.value,
        "eval_script": script,
    }


def prediction(candidate: Candidate) -> dict[str, object]:
    """Return the prediction that submits a candidate under its own name."""
    return {
        "instance_id": candidate.instance_id,
        "model_name_or_path": candidate.name,
        "model_patch": candidate.patch,
    }


def write_input(
    folder: Path, rows: Iterable[dict[str, object]], predictions: Iterable[dict[str, object]]
) -> None:
    """Write ``data.jsonl`` and ``preds.jsonl``."""
    for name, items in (("data.jsonl", rows), ("preds.jsonl", predictions)):
        (folder / name).write_text("".join(json.dumps(item) + "\n" for item in items))


def evaluate(python: str, folder: Path, run_id: str, timeout: float, workers: int = 1) -> float:
    """Evaluate the input in ``folder``; return the seconds it took.

    Reports land in ``logs/run_evaluation/<run_id>/<name>/<instance>/report.json`` there. The
    harness may fail afterwards, where it lists containers while others come and go; the program
    ends only where there is no report.
    """
    call = command(
        python, "eval", "data.jsonl", "-p", "preds.jsonl", "-j", str(workers),
        "-t", str(int(timeout)), "--run-id", run_id,
    )  # fmt: skip
    began = time.monotonic()
    done = subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began
    if not list(folder.glob(f"logs/run_evaluation/{run_id}/*/*/report.json")):
        raise SystemExit(f"{shlex.join(call)} failed:\n{(done.stdout + done.stderr)[-2000:]}")
    return seconds


def command(python: str, *words: str) -> list[str]:
    """Return a call of the console script beside that Python."""
    return [str(Path(python).with_name("swebench")), *words]


def timed(call: list[str], folder: Path) -> float:
    """Run a command in a folder and return its wall time; end the program where it fails."""
    began = time.monotonic()
    done = subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{shlex.join(call)} failed:\n{(done.stdout + done.stderr)[-2000:]}")
    return time.monotonic() - began
