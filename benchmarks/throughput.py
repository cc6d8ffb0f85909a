"""Measure how near a whole audit comes to the speed of the bare tests.

Copies of one task with several submissions each are audited with real containers, twice: with the
task's own quick tests, and with tests that take some seconds more. The bare test command is timed
as in ``overhead.py``, in a container that runs already. Looks into images and the report's making
are part of the audit's time.

(a) Quick tests: what does a trial add to its bare test, all workers at work? Bar: 0.35 s.
(b) Tests of 5 s or more: how does the wall time compare with the sum of the bare times over the
    workers? Bar: at most 1.15 times.

    python benchmarks/throughput.py --task-repo . -i ID [--tasks 20] [--candidates 10] [--workers 2]

Run it on a machine that does nothing else. Exit code 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from overhead import START, Bench, built_image, chosen_task

from swe_audit.api import audit
from swe_audit.engines import ImageOptions, docker_engine
from swe_audit.model.candidate import Candidate, CandidateKind, Prediction, Provenance
from swe_audit.model.task import Dataset, Task
from swe_audit.model.trial import Limits, RunState, TrialSpec

ADDED, TIMES = 0.35, 1.15


def main() -> int:
    options = arguments()
    task = chosen_task(options.task_repo, options.instance)
    image = built_image(task)
    quick = measured(task, image, options)
    slow = measured(padded(task, options.pad), image, options)
    added = quick["wall"] * options.workers / quick["trials"] - quick["bare"]
    times = slow["wall"] * options.workers / slow["trials"] / slow["bare"]
    document = {
        "schema_version": 1,
        "processors": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "workers": options.workers,
        "quick": {**quick, "added": added, "bar": ADDED, "bar_met": added <= ADDED},
        "slow": {**slow, "times": times, "bar": TIMES, "bar_met": times <= TIMES},
    }
    text = json.dumps(document, indent=2) + "\n"
    if options.out:
        Path(options.out).write_text(text)
    else:
        print(text)
    print(
        f"{added:.2f} s added to a test of {quick['bare']:.2f} s (bar {ADDED});"
        f" {times:.2f} times the bare time of tests of {slow['bare']:.1f} s (bar {TIMES})"
    )
    return 0 if added <= ADDED and times <= TIMES else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--task-repo", required=True, help="what swe_audit.formats.load reads")
    parser.add_argument("-i", "--instance", required=True, help="the task")
    parser.add_argument("--tasks", type=int, default=20)
    parser.add_argument("--candidates", type=int, default=10)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--pad", type=float, default=5.0, help="seconds added to the slow tests")
    parser.add_argument("--bare", type=int, default=7, help="how often the bare test is timed")
    parser.add_argument("--out", help="where to write the JSON (default: stdout)")
    return parser.parse_args()


def padded(task: Task, seconds: float) -> Task:
    """The task with tests that begin by sleeping: they take longer and use no processor."""
    lines = (task.eval_script or "").split("\n")
    first = next(number for number, line in enumerate(lines) if START in line)
    script = "\n".join([*lines[: first + 1], f"sleep {seconds}", *lines[first + 1 :]])
    return replace(task, eval_script=script)


def submitted(task: Task, number: int) -> Prediction:
    """Gold with a note beside it, so that no two are one."""
    note = f"note_{number}.txt"
    extra = (
        f"diff --git a/{note} b/{note}\nnew file mode 100644\n--- /dev/null\n+++ b/{note}\n"
        f"@@ -0,0 +1 @@\n+{number}\n"
    )
    return Prediction(
        instance_id=task.instance_id,
        model_name_or_path=f"model-{number}",
        model_patch=task.gold_patch.rstrip("\n") + "\n" + extra,
    )


def measured(task: Task, image: str, options: argparse.Namespace) -> dict[str, float]:
    gold = Candidate(
        instance_id=task.instance_id,
        name="gold",
        kind=CandidateKind.GOLD,
        provenance=Provenance.BENCHMARK,
        patch=task.gold_patch,
    )
    spec = TrialSpec(task=task, candidate=gold, attempt=1)
    with tempfile.TemporaryDirectory(prefix="swe-audit-throughput-") as folder:
        engine = docker_engine("throughput", ImageOptions(), None, options.workers)
        bench = Bench(engine.isolation, spec, image, Limits())
        bare = statistics.median(bench.bare()["test"] for _ in range(options.bare))
        copies = [
            replace(task, instance_id=f"{task.instance_id}{number:03}")
            for number in range(options.tasks)
        ]
        began = time.monotonic()
        result = audit(
            Dataset(source="copies", sha256="0" * 64, tasks=tuple(copies)),
            Path(folder) / "run",
            predictions=[submitted(one, n) for one in copies for n in range(options.candidates)],
            alternatives=["predictions"],
            workers=options.workers,
            engine=engine,
        )
        wall = time.monotonic() - began
    trials = [trial for one in result.tasks for trial in one.trials]
    lost = [trial.id for trial in trials if trial.state is not RunState.COMPLETED]
    if lost:
        raise SystemExit(f"{len(lost)} trials did not complete: {', '.join(lost[:5])}")
    return {"trials": len(trials), "wall": wall, "bare": bare}


if __name__ == "__main__":
    sys.exit(main())
