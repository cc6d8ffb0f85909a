"""Measure what an audit's trial costs beside the tests themselves.

Three questions, each answered on one task, one patch and one image, in one run:

(a) How much wall time does a trial add to the bare test command? A trial (container made, patch
    applied, eval script run, result read) against the test command alone in a freshly started,
    already running container of the same image with the same limits, patch and preparation done
    beforehand. Pairs, the order alternating. Timed inside the container, so that the bare side
    pays for nothing but its command. The difference to the whole eval script is given beside it,
    for the benchmark's own preparation (checkout, test patch) is part of every trial; so is
    ``outside_eval_script``, the trial less its own eval script, which does not suffer from tests
    whose duration varies.
    Bar: a median of at most 0.7 s.
(b) How much faster is a trial than `swebench eval` on the same dataset row, patch and image?
    Bar: at least 10 times, where the test command takes under 5 s.
(c) How much do two workers give over one, on the same number of trials?
    Bar: at least 1.6 times, on two processors.

    python benchmarks/overhead.py --task-repo TASKS -i ID [--image IMAGE] \\
        [--swebench-python PYTHON] [-n 15] [--out benchmarks/results/overhead.json]

Run it on a machine that does nothing else. The document holds every single figure; the last line
of stdout is the summary. Exit code 1 where a bar is missed or a trial did not complete.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import re
import statistics
import sys
import tarfile
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import harness

from swe_audit.containers.connection import connect as connect_to_build
from swe_audit.containers.docker_engine import connect, describe
from swe_audit.containers.images import DockerImages
from swe_audit.containers.trial import DockerIsolation
from swe_audit.formats import load
from swe_audit.model.candidate import Candidate, CandidateKind, Provenance
from swe_audit.model.trial import Limits, RunState, TrialRun, TrialSpec

ADDED_SECONDS = 0.7
TIMES_FASTER = 10.0
TWO_WORKERS = 1.6
SHORT_TEST = 5.0

START, END = ">>>>> Start Test Output", ">>>>> End Test Output"


def main() -> int:
    options = arguments()
    task = chosen_task(options.task_repo, options.instance)
    patch = Path(options.patch).read_text() if options.patch else task.gold_patch
    spec = TrialSpec(
        task=task,
        candidate=Candidate(
            instance_id=task.instance_id,
            name="benchmark",
            kind=CandidateKind.GOLD,
            provenance=Provenance.BENCHMARK,
            patch=patch,
        ),
        attempt=1,
    )
    image = options.image or built_image(task)
    limits = Limits(timeout=options.timeout)
    with DockerIsolation("overhead") as isolation:
        isolation.sweep()
        bench = Bench(isolation, spec, image, limits)
        bench.trial()  # the first of an image reads its files from disk
        document = {
            "schema_version": 1,
            "instance_id": task.instance_id,
            "image": image,
            "processors": os.cpu_count(),
            "load_before": os.getloadavg()[0],
            "python": platform.python_version(),
            "engine": engine_facts(),
            "bare": bench.against_bare(options.pairs),
        }
        if options.swebench_python:
            document["swebench"] = bench.against_swebench(
                options.swebench_python, options.swebench_runs, document["bare"]
            )
        if options.workers_trials:
            document["workers"] = bench.two_workers(options.workers_trials, options.workers_rounds)
    text = json.dumps(document, indent=2)
    if options.out:
        Path(options.out).parent.mkdir(parents=True, exist_ok=True)
        Path(options.out).write_text(text + "\n")
    else:
        print(text)
    parts = [document[name] for name in ("bare", "swebench", "workers") if name in document]
    print("; ".join(part["summary"] for part in parts))
    return 0 if all(part["bar_met"] is not False for part in parts) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--task-repo", required=True, help="what swe_audit.formats.load reads")
    parser.add_argument("-i", "--instance", required=True, help="the task")
    parser.add_argument("--image", help="local image (default: the task's own, built if need be)")
    parser.add_argument("--patch", help="file with the patch (default: gold)")
    parser.add_argument("-n", "--pairs", type=int, default=15, help="pairs for (a)")
    parser.add_argument("-t", "--timeout", type=float, default=600.0)
    parser.add_argument("--swebench-python", help="a Python that has swebench, for (b)")
    parser.add_argument("--swebench-runs", type=int, default=3, help="runs for (b)")
    parser.add_argument("--workers-trials", type=int, default=8, help="trials for (c); 0: not")
    parser.add_argument("--workers-rounds", type=int, default=3, help="rounds for (c)")
    parser.add_argument("--out", help="where to write the JSON (default: stdout)")
    return parser.parse_args()


def chosen_task(source: str, instance: str):
    for task in load(source).tasks:
        if task.instance_id == instance:
            return task
    raise SystemExit(f"no task {instance} in {source}")


def built_image(task) -> str:
    client = connect_to_build()
    try:
        return DockerImages(client).ensure(task, lambda line: print(line, file=sys.stderr))
    finally:
        client.close()


def engine_facts() -> dict[str, str]:
    client = connect()
    try:
        info = describe(client)
    finally:
        client.close()
    return {
        "name": info.name,
        "version": info.version,
        "storage_driver": info.storage_driver,
        "cgroup_version": info.cgroup_version,
    }


class Bench:
    """The measurements, all on one task, patch and image."""

    def __init__(
        self, isolation: DockerIsolation, spec: TrialSpec, image: str, limits: Limits
    ) -> None:
        self.isolation, self.spec, self.image, self.limits = isolation, spec, image, limits

    def trial(self) -> TrialRun:
        run = self.isolation.run(self.spec, self.image, self.limits, threading.Event())
        if run.state is not RunState.COMPLETED:
            raise SystemExit(f"the trial ended {run.state.value}: {run.detail}\n{run.log[-2000:]}")
        return run

    def against_bare(self, pairs: int) -> dict[str, object]:
        rows = []
        for number in range(pairs):
            if number % 2:
                bare, run = self.bare(), self.trial()
            else:
                run, bare = self.trial(), self.bare()
            rows.append(
                {
                    "trial": run.total_seconds,
                    "trial_eval_script": run.seconds,
                    "bare_test": bare["test"],
                    "bare_eval_script": bare["script"],
                }
            )
        added = [row["trial"] - row["bare_test"] for row in rows]
        engine = [row["trial"] - row["bare_eval_script"] for row in rows]
        outside = [row["trial"] - row["trial_eval_script"] for row in rows]
        median = statistics.median(added)
        return {
            "n": pairs,
            "pairs": rows,
            "bare_test": spread([row["bare_test"] for row in rows]),
            "trial": spread([row["trial"] for row in rows]),
            "added_to_test_command": spread(added),
            "added_to_eval_script": spread(engine),
            "outside_eval_script": spread(outside),
            "bar": ADDED_SECONDS,
            "bar_met": median <= ADDED_SECONDS,
            "summary": f"added to the bare test command: median {median:.2f} s "
            f"({min(added):.2f} to {max(added):.2f}, n={pairs}; bar {ADDED_SECONDS}), "
            f"to the eval script {statistics.median(engine):.2f} s",
        }

    def bare(self) -> dict[str, float]:
        """Time the test command, and the whole eval script, in a running container."""
        client = connect()
        name = f"swe-audit-bare-{os.getpid()}-{time.monotonic_ns()}"
        host = client.create_host_config(
            network_mode=self.limits.network,
            mem_limit=self.limits.memory,
            memswap_limit=self.limits.memory,
            nano_cpus=int(self.limits.cpus * 1e9),
            init=True,
        )
        client.create_container(
            self.image, name=name, entrypoint=["sleep", "infinity"], command=[], user="root",
            host_config=host,
        )  # fmt: skip
        try:
            client.put_archive(name, "/", self.bare_files())
            client.start(name)
            if self.spec.candidate.patch:
                call(client, name, ["git", "-C", "/testbed", "apply", "/bare.patch"])
            printed = call(client, name, ["/bin/bash", "/bare.sh"])
        finally:
            client.remove_container(name, force=True, v=True)
            client.close()
        times = re.search(r"^bare-times (\S+) (\S+) (\S+) (\S+)$", printed, re.MULTILINE)
        if not times:
            raise SystemExit(f"the bare test command did not end:\n{printed[-2000:]}")
        begun, before, after, ended = (float(part.replace(",", ".")) for part in times.groups())
        return {"test": after - before, "script": ended - begun}

    def bare_files(self) -> bytes:
        """The eval script with clocks around its test command, and the patch, as one tar."""
        lines = (self.spec.task.eval_script or "").split("\n")
        starts = [number for number, line in enumerate(lines) if START in line]
        ends = [number for number, line in enumerate(lines) if END in line]
        if not starts or not ends:
            raise SystemExit("the eval script has no start and end markers")
        timed = [
            "bare_begun=$EPOCHREALTIME",
            *lines[: starts[0] + 1],
            "bare_before=$EPOCHREALTIME",
            *lines[starts[0] + 1 : ends[0]],
            "bare_after=$EPOCHREALTIME",
            *lines[ends[0] :],
            'echo "bare-times $bare_begun $bare_before $bare_after $EPOCHREALTIME"',
        ]
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            for path, text in (
                ("bare.sh", "\n".join(timed) + "\n"),
                ("bare.patch", self.spec.candidate.patch),
            ):
                data = text.encode("utf-8", "surrogateescape")
                entry = tarfile.TarInfo(path)
                entry.size = len(data)
                tar.addfile(entry, io.BytesIO(data))
        return buffer.getvalue()

    def against_swebench(
        self, python: str, runs: int, bare: dict[str, dict[str, float]]
    ) -> dict[str, object]:
        """Time `swebench eval` on the same row, patch and image, and compare the medians."""
        ours = bare["trial"]["median"]
        test = bare["bare_test"]["median"]
        theirs = []
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            harness.write_input(
                place,
                [harness.row(self.spec.task, self.image)],
                [harness.prediction(self.spec.candidate)],
            )
            startup = harness.timed(harness.command(python, "eval", "--help"), place)
            for number in range(runs):
                run_id = f"overhead-{os.getpid()}-{number}"
                theirs.append(harness.evaluate(python, place, run_id, self.limits.timeout))
        faster = statistics.median(theirs) / ours
        applies = test < SHORT_TEST
        return {
            "n": runs,
            "seconds": theirs,
            "swebench": spread(theirs),
            "startup_of_swebench": startup,
            "ours": ours,
            "times_faster": faster,
            "times_faster_less_startup": (statistics.median(theirs) - startup) / ours,
            "bar": TIMES_FASTER,
            "bar_met": faster >= TIMES_FASTER if applies else None,
            "summary": f"{faster:.1f} times faster than swebench eval "
            f"({statistics.median(theirs):.1f} s against {ours:.1f} s for a {test:.1f} s test; "
            + (f"bar {TIMES_FASTER:g})" if applies else "no bar for so long a test)"),
        }

    def two_workers(self, trials: int, rounds: int) -> dict[str, object]:
        """Time the same number of trials with one worker and with two, alternating."""
        rows = []
        for number in range(rounds):
            order = (1, 2) if number % 2 == 0 else (2, 1)
            seconds = {workers: self.batch(workers, trials) for workers in order}
            rows.append({"one": seconds[1], "two": seconds[2], "gain": seconds[1] / seconds[2]})
        gain = statistics.median(row["gain"] for row in rows)
        applies = (os.cpu_count() or 1) >= 2
        return {
            "trials": trials,
            "rounds": rows,
            "gain": spread([row["gain"] for row in rows]),
            "bar": TWO_WORKERS,
            "bar_met": gain >= TWO_WORKERS if applies else None,
            "summary": f"two workers give {gain:.2f} times one "
            f"({trials} trials, {rounds} rounds; bar {TWO_WORKERS})",
        }

    def batch(self, workers: int, trials: int) -> float:
        began = time.monotonic()
        with ThreadPoolExecutor(workers) as pool:
            for _ in pool.map(lambda _: self.trial(), range(trials)):
                pass
        return time.monotonic() - began


def spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    quarter = statistics.quantiles(ordered, n=4) if len(ordered) > 1 else [ordered[0]] * 3
    return {
        "median": statistics.median(ordered),
        "low": ordered[0],
        "quartile_1": quarter[0],
        "quartile_3": quarter[2],
        "high": ordered[-1],
    }


def call(client, name: str, command: list[str]) -> str:
    made = client.exec_create(name, command)["Id"]
    printed = client.exec_start(made).decode("utf-8", "replace")
    if command[0] == "git" and client.exec_inspect(made)["ExitCode"]:
        raise SystemExit(f"the patch does not apply: {printed}")
    return printed


if __name__ == "__main__":
    sys.exit(main())
