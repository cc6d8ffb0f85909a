"""Compare the sandbox with the container engine, trial by trial.

    python benchmarks/sandbox.py [--task-repo DIR] [-i ID ...] [-p FILE] [--out FILE]

Runs the tasks with both isolations, the same patches and one attempt of each, and counts trials
whose state, verdict or failed tests differ. Tasks whose Python the machine lacks are skipped.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run, compare, print a line for each difference; exit 1 where there are any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--task-repo", type=Path, default=ROOT)
    parser.add_argument("-i", "--instance", action="append", default=[])
    parser.add_argument("-p", "--predictions", type=Path)
    parser.add_argument("--ca-bundle", default=os.environ.get("PIP_CERT", ""))
    parser.add_argument("--interpreters", type=Path)
    parser.add_argument("--timeout", type=int, default=1800)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="swe-audit-") as scratch:
        found = {
            kind: _audited(kind, arguments, Path(scratch) / kind)
            for kind in ("container", "sandbox")
        }
    figures = compare(found["container"], found["sandbox"])
    text = json.dumps(figures, indent=2) + "\n"
    if arguments.out is not None:
        arguments.out.write_text(text, encoding="utf-8")
    print(text, end="")
    return 1 if figures["differences"] else 0


def _audited(kind: str, arguments: argparse.Namespace, out: Path) -> dict[str, dict]:
    command = [sys.executable, "-m", "swe_audit", "run", str(arguments.task_repo)]
    command += ["--engine", kind, "--repeats", "1", "--timeout", str(arguments.timeout)]
    command += ["--json", "--quiet", "-o", str(out)]
    command += [word for one in arguments.instance for word in ("-i", one)]
    if arguments.predictions is not None:
        command += ["-p", str(arguments.predictions), "--alternatives", "predictions"]
    if arguments.ca_bundle:
        command += ["--ca-bundle", arguments.ca_bundle]
    if arguments.interpreters is not None:
        command += ["--interpreters", str(arguments.interpreters)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if not done.stdout:
        raise SystemExit(f"{kind}: no report (exit code {done.returncode})")
    return {task["instance_id"]: task for task in json.loads(done.stdout)["tasks"]}


def compare(container: dict[str, dict], sandbox: dict[str, dict]) -> dict[str, object]:
    """Count equal trials, and name the others with what each isolation says."""
    tasks, skipped, same, differences = 0, [], 0, []
    seconds = {"container": 0.0, "sandbox": 0.0}
    for name, theirs in sorted(sandbox.items()):
        if theirs["status"] == "skipped":
            skipped.append(f"{name}: {theirs['reason']}"[:200])
            continue
        tasks += 1
        ours = {trial["id"]: trial for trial in container[name]["trials"]}
        for trial in theirs["trials"]:
            before = ours.pop(trial["id"], None)
            if before is None or _gist(before) != _gist(trial):
                differences.append(
                    {
                        "trial": trial["id"],
                        "container": before and _gist(before),
                        "sandbox": _gist(trial),
                    }
                )
                continue
            same += 1
            seconds["container"] += before["total_seconds"]
            seconds["sandbox"] += trial["total_seconds"]
        differences += [{"trial": missing, "sandbox": None} for missing in ours]
    return {
        "tasks": tasks,
        "trials_equal": same,
        "differences": differences,
        "skipped": skipped,
        "seconds": {kind: round(value, 1) for kind, value in seconds.items()},
    }


def _gist(trial: dict) -> dict[str, object]:
    failed = trial["failed"]
    return {
        "state": trial["state"],
        "verdict": trial["verdict"],
        "official_verdict": trial["official_verdict"],
        "failed": sorted(failed["FAIL_TO_PASS"] + failed["PASS_TO_PASS"]),
    }


if __name__ == "__main__":
    sys.exit(main())
