"""Compare an audit on a Ray cluster of two nodes with the same audit on this machine.

Both have as many workers in all and one engine, so what differs is the cluster: joining it,
greeting its nodes, a process for each trial, what travels to and fro. Images are there before, and
the runs take turns. A finished audit that is gone on with shows what a cluster costs before the
first trial. The tasks are ones whose tests print the same each time (no sets in messages).

    python benchmarks/cluster.py [--task-repo DIR] [-i ID ...] [--pairs 3] [--out FILE]

Exit code 1 where a report differs in anything but times.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TASKS = ("swe-audit__cronwhen-57", "swe-audit__confstack-12", "swe-audit__retrykit-9")
NODES = 2
MEMORY = 1 << 30
TIMES = {"started", "finished", "seconds", "total_seconds", "id", "command"}
"""What differs between two runs of one audit, in what a report says of the run itself."""


def main() -> int:
    options = arguments()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="swe-audit-cluster-") as folder:
        place = Path(folder)
        _run(options, place / "warm", "--workers", str(NODES))
        with cluster() as address:
            pairs = [pair(options, place, number, address) for number in range(options.pairs)]
        reports = {report(found) for found in place.iterdir()}
        tasks = json.loads((place / "warm/report.json").read_text())["tasks"]
        trials = sum(len(task["trials"]) for task in tasks)
    document = figures(pairs, trials) | {
        "tasks": list(options.instance),
        "reports_equal": len(reports) == 1,
        "processors": os.cpu_count(),
        "load_before": load,
    }
    text = json.dumps(document, indent=2) + "\n"
    if options.out is not None:
        options.out.write_text(text, encoding="utf-8")
    print(text, end="")
    return 0 if len(reports) == 1 else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--task-repo", type=Path, default=ROOT)
    parser.add_argument("-i", "--instance", action="append", help=f"default: {', '.join(TASKS)}")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--ca-bundle", default=os.environ.get("PIP_CERT", ""))
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    options.instance = options.instance or TASKS
    return options


@contextmanager
def cluster() -> Iterator[str]:
    """Yield the address of a cluster whose nodes have one processor each."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ray.cluster_utils import Cluster

        node = {
            "num_cpus": 1,
            "memory": 2 * MEMORY,
            "object_store_memory": 80 << 20,
            "env_vars": {"PYTHONPATH": str(ROOT)},
        }
        one = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
        try:
            for _ in range(NODES - 1):
                one.add_node(**node)
            yield one.address
        finally:
            one.shutdown()


def pair(
    options: argparse.Namespace, place: Path, number: int, address: str
) -> dict[str, dict[str, float]]:
    """Time both audits, and each finished one anew; who is first changes from pair to pair."""
    ways = {
        "local": ("--workers", str(NODES)),
        "ray": ("--executor", "ray", "--address", address),
    }
    found = {}
    for way in sorted(ways, reverse=number % 2 == 1):
        out = place / f"{way}-{number}"
        found[way] = {
            "wall": _run(options, out, *ways[way]),
            "finished": _run(options, out, "--resume", *ways[way]),
        }
    return found


def figures(pairs: list[dict[str, dict[str, float]]], trials: int) -> dict[str, object]:
    """What the cluster costs: in all, before the first trial, and for each trial beside that."""
    ratios = [one["ray"]["wall"] / one["local"]["wall"] for one in pairs]
    joining = [one["ray"]["finished"] - one["local"]["finished"] for one in pairs]
    more = [one["ray"]["wall"] - one["local"]["wall"] for one in pairs]
    added = [(whole - once) * NODES / trials for whole, once in zip(more, joining, strict=True)]
    return {
        "schema_version": 1,
        "nodes": NODES,
        "workers": NODES,
        "n": len(pairs),
        "trials": trials,
        "times_the_local_wall": _spread(ratios),
        "seconds_to_join": _spread(joining),
        "seconds_added_per_trial": _spread(added),
        "pairs": pairs,
    }


def report(folder: Path) -> str:
    """The report of a run, less what differs between two runs of one audit."""
    document = json.loads((folder / "report.json").read_text())

    def scrubbed(item: object, inside: str = "") -> object:
        if isinstance(item, dict):
            kept = {key: value for key, value in item.items() if "seconds" not in key}
            kept = {k: v for k, v in kept.items() if inside != "run" or k not in TIMES}
            return {key: scrubbed(value, key) for key, value in kept.items()}
        return [scrubbed(one) for one in item] if isinstance(item, list) else item

    return json.dumps(scrubbed(document)) + (folder / "findings.csv").read_text()


def _spread(values: list[float]) -> dict[str, float]:
    rounded = [round(value, 3) for value in (statistics.median(values), min(values), max(values))]
    return dict(zip(("median", "min", "max"), rounded, strict=True))


def _run(options: argparse.Namespace, out: Path, *more: str) -> float:
    """Audit, and return the seconds that the whole command took."""
    command = [sys.executable, "-m", "swe_audit", "run", str(options.task_repo), "-o", str(out)]
    command += [word for one in options.instance for word in ("-i", one)]
    command += ["--memory", str(MEMORY >> 30), "--alternatives", "curated,constructions", *more]
    if options.ca_bundle:
        command += ["--ca-bundle", options.ca_bundle]
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-2000:]}")
    return round(time.monotonic() - began, 3)


if __name__ == "__main__":
    sys.exit(main())
