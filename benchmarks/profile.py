"""Measure profiles: speed and size, how estimates hold, and the figures of the published sets.

Figures go to ``--out``, where those that are not measured again stay. The published sets are
measured where ``--data`` holds their rows, speed on rows repeated under new ids, contamination on
made-up data up to fifty times 500 tasks by ten submissions. Each speed is that of a process of its
own: processor seconds, and the most memory.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from swe_audit.formats import load
from swe_audit.formats.partial import load_partial
from swe_audit.model.candidate import Prediction
from swe_audit.model.task import Task
from swe_audit.profiling import contamination, profile
from swe_audit.sampling import draw, sample_size
from swe_audit.statistics import StratumCount, estimate_share
from swe_audit.version import VERSION

ROWS = 500
SUBMISSIONS = 10
SCALES = (1, 2, 5, 10, 25, 50)
WORDS = [f"{a}_{b}" for a in ("price", "item", "cart", "user") for b in ("id", "of", "map", "key")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with verified_dev and pro_dev rows")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/profile.json"))
    parser.add_argument("--scales", type=int, nargs="+", default=SCALES, help="times 500 tasks")
    parser.add_argument("--overlap", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.overlap is not None:
        print(json.dumps(overlap_once(arguments.overlap)))
        return 0
    found: dict[str, Any] = json.loads(arguments.out.read_text()) if arguments.out.exists() else {}
    found |= {
        "tool_version": VERSION,
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    if arguments.data is not None:
        found["published"] = published(arguments.data)
        found["speed"] = speeds(arguments.data)
        found["coverage"] = coverage(arguments.data)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    curve = {one["tasks"]: one for one in found.get("contamination", [])}
    for scale in arguments.scales:
        curve[ROWS * scale] = measured(scale)
        found["contamination"] = [curve[tasks] for tasks in sorted(curve)]
        arguments.out.write_text(json.dumps(found, indent=2) + "\n")  # the last ones take long
    print(arguments.out.read_text())
    return 0


def measured(scale: int) -> dict[str, float]:
    """Measure contamination at one scale in a process of its own."""
    call = [sys.executable, __file__, "--overlap", str(scale)]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    print(result, file=sys.stderr)
    return result


def overlap_once(scale: int) -> dict[str, float]:
    tasks, predictions = made_up(ROWS * scale)
    before, began = time.process_time(), time.monotonic()
    contamination(tasks, predictions)
    return {
        "tasks": len(tasks),
        "submissions": len(predictions),
        "processor_seconds": round(time.process_time() - before, 2),
        "seconds": round(time.monotonic() - began, 2),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def made_up(count: int) -> tuple[list[Task], list[Prediction]]:
    """Make tasks of a realistic size and ten submissions each, some of which copy a part."""
    rng = random.Random(5)
    tasks, predictions = [], []
    for number in range(count):
        gold = list(code(rng, max(2, round(rng.lognormvariate(2, 1)))))
        context = list(code(rng, 12))
        statement = " ".join(rng.choices(WORDS, k=180)) + "\n" + context[0]
        name = f"shop__cart-{number}"
        tasks.append(
            Task(
                instance_id=name,
                repo=f"shop/part{number % 12}",
                base_commit="0" * 40,
                statement=statement,
                gold_patch=patch(gold, context),
                test_patch="",
                fail_to_pass=("t.py::a",),
                pass_to_pass=(),
                log_parser="",
            )
        )
        for model in range(SUBMISSIONS):
            own = list(code(rng, max(2, round(rng.lognormvariate(2.3, 1)))))
            copied = gold[: round(len(gold) * rng.random())] if rng.random() < 0.3 else []
            predictions.append(
                Prediction(
                    instance_id=name,
                    model_name_or_path=f"system{model}",
                    model_patch=patch(copied + own, context),
                )
            )
    return tasks, predictions


def code(rng: random.Random, lines: int) -> Iterator[str]:
    for _ in range(lines):
        left, right, argument = rng.choice(WORDS), rng.choice(WORDS), rng.randrange(10_000)
        yield f"    {left} = self.{right}({rng.choice(WORDS)}, limit={argument})"


def patch(added: list[str], context: list[str]) -> str:
    body = [f" {line}" for line in context[:6]] + [f"+{line}" for line in added]
    body += [f" {line}" for line in context[6:]]
    head = f"@@ -1,{len(context)} +1,{len(context) + len(added)} @@"
    name = "shop/cart.py"
    return "\n".join(
        [f"diff --git a/{name} b/{name}", f"--- a/{name}", f"+++ b/{name}", head, *body, ""]
    )


def speeds(data: Path) -> dict[str, Any]:
    """Measure ``profile`` and ``tag`` on 500 rows from the command line."""
    with gzip.open(data / "verified_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonl"
        with path.open("w", encoding="utf-8") as out:
            for number in range(ROWS):
                row = dict(rows[number % len(rows)])
                row["instance_id"] += f"-{number // len(rows)}" if number >= len(rows) else ""
                out.write(json.dumps(row) + "\n")
        for command in ("profile", "tag"):
            found[command] = command_speed(command, path)
    return found


def command_speed(command: str, path: Path) -> dict[str, float]:
    """Return the best of three."""
    best: dict[str, float] = {}
    for _ in range(3):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        call = [sys.executable, "-m", "swe_audit", command, str(path), "--json"]
        subprocess.run(call, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if not best or spent < best["processor_seconds"]:
            best = {
                "rows": ROWS,
                "processor_seconds": round(spent, 2),
                "seconds": round(time.monotonic() - began, 2),
            }
    return best


def coverage(data: Path, draws: int = 1000) -> list[dict[str, Any]]:
    """Draw from a set whose defects are known, and count how often the interval holds the truth.

    The defects are made up: tasks that change more lines have them more often, 15 % in all.
    """
    dataset = load(data / "verified_dev.jsonl.gz")
    rng = random.Random(3)
    by_size = sorted(dataset.tasks, key=lambda task: len(task.gold_patch))
    places = range(len(by_size))
    defective = {
        by_size[place].instance_id
        for place in sorted(places, key=lambda place: rng.random() / (place + 20))[
            : round(0.15 * len(by_size))
        ]
    }
    truth = len(defective) / len(by_size)
    found = []
    for by in ((), ("difficulty",), ("difficulty", "repo")):
        strata = {
            task.instance_id: " | ".join(str(getattr(task, name)) for name in by)
            for task in dataset.tasks
        }
        for size in ("10%", "27.6%", "50%"):
            held, widths = 0, 0.0
            for seed in range(draws):
                parts = draw(strata, sample_size(size, len(strata)), seed)
                estimate = estimate_share(
                    [
                        StratumCount(
                            population=part.population,
                            n=len(part.instances),
                            k=sum(name in defective for name in part.instances),
                        )
                        for part in parts
                    ],
                    "defective",
                )
                held += estimate.low - 1e-9 <= truth <= estimate.high + 1e-9
                widths += estimate.high - estimate.low
            found.append(
                {
                    "by": list(by),
                    "sample": size,
                    "draws": draws,
                    "held": held / draws,
                    "mean_width": round(widths / draws, 4),
                }
            )
            print(found[-1], file=sys.stderr)
    return found


def published(data: Path) -> dict[str, Any]:
    """Return the figures that are published for the whole sets, from the rows that we have."""
    found: dict[str, Any] = {}
    for name, whole in (("verified_dev", 500), ("pro_dev", 731)):
        result = profile(load_partial(data / f"{name}.jsonl.gz").dataset)
        found[name] = {
            "n": result.n,
            "of": whole,
            "difficulty": [
                {
                    "difficulty": row.difficulty,
                    "share": share_of(row.tasks, result.n, whole),
                    "lines_changed_mean": row.lines_changed.mean,
                    "lines_changed_median": row.lines_changed.median,
                    "files_mean": row.files.mean,
                }
                for row in result.difficulty
                if not row.estimated
            ],
            "top5_share": result.top5_share,
            "gini": result.gini,
            "program": {
                "lines_added_mean": result.sizes.lines_added.mean,
                "lines_changed_mean": result.sizes.lines_changed.mean,
                "files_mean": result.sizes.files.mean,
            },
            "whole_patch": {
                "lines_added_mean": result.sizes.whole_added.mean,
                "lines_changed_mean": result.sizes.whole_changed.mean,
                "files_mean": result.sizes.whole_files.mean,
            },
        }
    return found


def share_of(k: int, n: int, whole: int) -> dict[str, Any]:
    """Return a share with its interval, as if the rows were drawn by lot from the whole set."""
    estimate = estimate_share([StratumCount(population=whole, n=n, k=k)], "")
    return {"k": k, "n": n, "share": k / n, "low": estimate.low, "high": estimate.high}


if __name__ == "__main__":
    sys.exit(main())
