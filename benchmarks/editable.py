"""Measure what it saves not to install a tree again, and check that no result changes.

The benchmark's own eval scripts install the tree before the tests, with the line that installed
it in the image. Each task gets its environment's install in that place. What the install reads and
changes is looked at once in the task's image, as in an audit; then gold, no patch and each
submission run with the install and without it, in pairs whose order alternates. A pair whose run
state, verdict or status of any test differs is counted. Where the rule does not leave the install
out, that is counted with its reason, and the candidate does not run.

    python benchmarks/editable.py [--task-repo DIR -p FILE] [-i ID ...] [--pairs 2] [--out FILE]

Without ``--task-repo`` it takes the bundled tasks, with the curated alternatives in the place of
submissions. Exit code 1 where any pair differs, or where nothing could be left out.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from swe_audit.assessment import judge_one
from swe_audit.containers.ports import Engine
from swe_audit.containers.runner_script import eval_script
from swe_audit.engines import ImageOptions, docker_engine
from swe_audit.formats import load, load_predictions
from swe_audit.gathering import gather
from swe_audit.installing import may_leave_out, split_at_install
from swe_audit.model.candidate import Candidate, CandidateKind
from swe_audit.model.reinstall import Reinstall
from swe_audit.model.task import Dataset, Task
from swe_audit.model.trial import Limits, RunState, Trial, TrialSpec

ROOT = Path(__file__).resolve().parents[1]
KINDS = (CandidateKind.GOLD, CandidateKind.EMPTY, CandidateKind.ALTERNATIVE)


def main() -> int:
    options = arguments()
    dataset = load(options.task_repo, options.instance)
    submitted = load_predictions([options.predictions]) if options.predictions else []
    gathered, _ = gather(dataset, submitted, None, options.alternatives)
    engine = docker_engine("editable", image_options(options), None)
    try:
        tasks = [
            measured(task, gathered[task.instance_id].candidates, engine, options)
            for task in installing(dataset)
        ]
    finally:
        engine.isolation.close()
    document = summary(tasks)
    text = json.dumps(document, indent=2) + "\n"
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    else:
        print(text)
    print(document["in_words"])
    return 0 if document["pairs"] and not document["differences"] else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--task-repo", type=Path, default=ROOT)
    parser.add_argument("-i", "--instance", action="append", default=[])
    parser.add_argument("-p", "--predictions", type=Path)
    parser.add_argument(
        "--pairs", type=int, default=2, help="how often each candidate runs each way"
    )
    parser.add_argument("--candidates", type=int, default=8, help="at most so many of a task")
    parser.add_argument("--ca-bundle", type=Path, default=os.environ.get("PIP_CERT"))
    parser.add_argument("--interpreters", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    options.alternatives = ["predictions"] if options.predictions else ["curated"]
    return options


def image_options(options: argparse.Namespace) -> ImageOptions:
    bundle = Path(options.ca_bundle) if options.ca_bundle else None
    return ImageOptions(ca_bundle=bundle, interpreters=options.interpreters)


def installing(dataset: Dataset) -> Iterator[Task]:
    """Yield tasks with their environment's install where the benchmark's own scripts have it."""
    for task in dataset.tasks:
        environment, script = task.environment, task.eval_script or ""
        start = f"cd {task.workdir}\n"
        if environment is None or not environment.install or start not in script:
            continue
        changed = script.replace(start, f"{start}{environment.install}\n", 1)
        if split_at_install(changed):
            yield replace(task, eval_script=changed)


def measured(
    task: Task, candidates: tuple[Candidate, ...], engine: Engine, options: argparse.Namespace
) -> dict[str, Any]:
    image = engine.images.ensure(task, lambda line: print(line, file=sys.stderr))
    began = time.monotonic()
    seen = engine.isolation.reinstall(task, image, Limits())
    looked = time.monotonic() - began
    tried = [one for one in candidates if one.kind in KINDS][: options.candidates]
    golds: list[Trial] = []
    pairs, kept = [], Counter[str]()
    for number, candidate in enumerate(tried):
        whole = TrialSpec(task=task, candidate=candidate, attempt=2)
        if not may_leave_out(whole, eval_script(task, {}), seen):
            kept[why_kept(seen)] += 1
            continue
        short = replace(whole, without_install=True)
        for attempt in range(options.pairs):
            order = (whole, short) if (number + attempt) % 2 == 0 else (short, whole)
            ran = {spec.without_install: run(spec, image, engine, golds, tried) for spec in order}
            pairs.append(pair(candidate, ran[False], ran[True]))
            if candidate.kind is CandidateKind.GOLD and not golds:
                golds.append(ran[False])
        print(f"{task.instance_id} {candidate.name}: {pairs[-1]}", file=sys.stderr)
    return {
        "instance_id": task.instance_id,
        "install": (split_at_install(task.eval_script or "") or ("", "", ""))[1],
        "files_read": len(seen.read),
        "problem": seen.problem,
        "looked_seconds": round(looked, 2),
        "installs_kept": dict(kept),
        "pairs": pairs,
    }


def why_kept(seen: Reinstall) -> str:
    return (
        seen.problem
        or "the patch does more than change lines of files that the install does not open"
    )


def run(
    spec: TrialSpec, image: str, engine: Engine, golds: list[Trial], candidates: list[Candidate]
) -> Trial:
    result = engine.isolation.run(spec, image, Limits(), threading.Event())
    if result.state in (RunState.ENGINE_ERROR, RunState.INTERRUPTED):
        raise SystemExit(f"{spec.id}: {result.state.value}: {result.detail}")
    return judge_one(result, spec, golds, candidates)


def pair(candidate: Candidate, whole: Trial, short: Trial) -> dict[str, Any]:
    """Compare two trials of one candidate; ``differs`` names what is not the same."""
    same = {
        "state": whole.state is short.state,
        "verdict": whole.verdict is short.verdict,
        "official_verdict": whole.official_verdict is short.official_verdict,
        "outcome": whole.outcome == short.outcome,
        "statuses": dict(whole.statuses) == dict(short.statuses),
    }
    return {
        "candidate": candidate.name,
        "verdict": whole.verdict.value,
        "tests": len(whole.statuses),
        "differs": [name for name, equal in same.items() if not equal],
        "with_install": round(whole.total_seconds, 3),
        "without": round(short.total_seconds, 3),
    }


def summary(tasks: list[dict[str, Any]]) -> dict[str, Any]:
    pairs = [one for task in tasks for one in task["pairs"]]
    saved = [one["with_install"] - one["without"] for one in pairs]
    ratios = [one["without"] / one["with_install"] for one in pairs]
    differing = [one for one in pairs if one["differs"]]
    kept: Counter[str] = Counter()
    for task in tasks:
        kept.update(task["installs_kept"])
    words = "nothing could be left out"
    if pairs:
        words = (
            f"{len(pairs)} pairs on {len({t['instance_id'] for t in tasks if t['pairs']})} tasks,"
            f" {len(differing)} differ; {statistics.median(saved):.2f} s saved a trial"
            f" (median), {statistics.median(ratios):.2f} of the time"
        )
    return {
        "schema_version": 1,
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0],
        "in_words": words,
        "pairs": len(pairs),
        "tests_compared": sum(one["tests"] for one in pairs),
        "differences": len(differing),
        "saved_seconds": spread(saved),
        "ratio": spread(ratios),
        "looked_seconds": spread([task["looked_seconds"] for task in tasks]),
        "installs_kept": dict(kept),
        "tasks": tasks,
    }


def spread(values: list[float]) -> dict[str, float]:
    if not values:
        return {"n": 0}
    ordered = sorted(values)
    quarter = len(ordered) // 4
    return {
        "n": len(ordered),
        "least": round(ordered[0], 3),
        "quarter": round(ordered[quarter], 3),
        "median": round(statistics.median(ordered), 3),
        "three_quarters": round(ordered[-1 - quarter], 3),
        "most": round(ordered[-1], 3),
    }


if __name__ == "__main__":
    sys.exit(main())
