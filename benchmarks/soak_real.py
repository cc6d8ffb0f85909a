"""Audit real benchmark tasks end to end and write down what came of it.

Needs the development data beside the checkout (`../shared`): rows, recipes, mirrors and submitted
patches. Imports every task that has a recipe, audits as many as asked for (cheapest tests first,
every project among them), and can be run again: what was imported, built and run stays.

    python benchmarks/soak_real.py --tasks 120 --workers 2
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared"
RESULTS = ROOT / "benchmarks" / "results"
ROWS = DATA / "data" / "verified_dev.jsonl.gz"
RECIPES = DATA / "data" / "verified_dev_recipes.jsonl"
PREDICTIONS = DATA / "data" / "verified_dev_predictions.jsonl.gz"
PER_PROJECT = 6


def swe_audit(*arguments: str | Path) -> int:
    """Run the program as a user would; return its exit code."""
    command = [sys.executable, "-m", "swe_audit", *map(str, arguments)]
    return subprocess.run(command, check=False, cwd=ROOT).returncode


def chosen(limit: int) -> list[str]:
    """Return task ids: some of every project, then whatever has the quickest tests."""
    recipes = [json.loads(line) for line in RECIPES.read_text().splitlines()]
    recipes.sort(key=lambda recipe: (recipe["seen"]["gold_seconds"], recipe["instance_id"]))
    of_project: Counter[str] = Counter()
    first, rest = [], []
    for recipe in recipes:
        project = recipe["instance_id"].partition("__")[0]
        of_project[project] += 1
        (first if of_project[project] <= PER_PROJECT else rest).append(recipe["instance_id"])
    return (first + rest)[:limit]


def figures(report: dict[str, Any]) -> dict[str, Any]:
    """Reduce a report to the figures that are published."""
    run, summary = report["run"], report["summary"]
    gold = [trial for trial in every_trial(report) if trial["kind"] == "gold"]
    tasks = {trial["instance_id"] for trial in gold}
    causes = Counter(
        explanation["cause"]
        for task in report["tasks"]
        for rejection in task.get("rejections", ())
        for explanation in rejection["explanations"]
    )
    return {
        "versions": run["versions"],
        "started": run["started"],
        "finished": run["finished"],
        "tasks": summary["tasks"],
        "by_status": summary["by_status"],
        "by_repository": dict(
            Counter(t["tags"]["repository"] for t in report["tasks"] if t["tags"]).most_common()
        ),
        "trials": summary["trials"],
        "by_run_state": summary["by_run_state"],
        "gold_tasks": len(tasks),
        "gold_resolved": len(always(gold, "verdict")),
        "gold_officially_resolved": len(always(gold, "official_verdict")),
        "not_resolved": {
            t["instance_id"]: t["reason"]
            for t in report["tasks"]
            if t["instance_id"] in tasks - always(gold, "verdict")
        },
        "rejections_without_evidence": summary["rejections_without_evidence"],
        "causes_of_failing_tests": dict(causes.most_common()),
        "trial_seconds": round(sum(trial["seconds"] for trial in every_trial(report))),
    }


def every_trial(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {**trial, "instance_id": task["instance_id"]}
        for task in report["tasks"]
        for trial in task["trials"]
    ]


def always(trials: list[dict[str, Any]], verdict: str) -> set[str]:
    """Return the tasks whose trials all resolve by that verdict."""
    not_resolved = {t["instance_id"] for t in trials if t[verdict] != "resolved"}
    return {t["instance_id"] for t in trials} - not_resolved


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", type=int, default=120, help="how many to audit")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--repo", type=Path, default=ROOT / "reports" / "real-tasks")
    parser.add_argument("--out", type=Path, default=ROOT / "reports" / "real")
    parser.add_argument("--interpreters", type=Path, default=Path.home() / ".pyenv" / "versions")
    parser.add_argument("--ca-bundle", type=Path)
    options = parser.parse_args()
    if not RECIPES.is_file():
        print(f"skipped: {RECIPES} is not there")
        return
    imported = swe_audit(
        "tasks", "import", ROWS, "--out", options.repo, "--recipes", RECIPES,
        "--mirrors", DATA / "mirrors",
    )  # fmt: skip
    if imported not in (0, 5):
        sys.exit(imported)
    wanted = chosen(options.tasks)
    code = swe_audit(
        "run", options.repo, *(word for name in wanted for word in ("-i", name)),
        "-p", PREDICTIONS, "-j", str(options.workers), "--interpreters", options.interpreters,
        *(("--ca-bundle", options.ca_bundle) if options.ca_bundle else ()),
        "--out", options.out, *(("--resume",) if options.out.exists() else ()),
    )  # fmt: skip
    report = options.out / "report.json"
    if not report.is_file():
        sys.exit(code)
    RESULTS.mkdir(parents=True, exist_ok=True)
    text = json.dumps(figures(json.loads(report.read_text())), indent=2)
    (RESULTS / "real.json").write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
