"""Time the whole command on real rows, and on as many as the full sets have.

    python benchmarks/screen.py DATA [--mirrors DIR] [--out FILE]

DATA holds ``verified_dev.jsonl.gz`` and ``pro_dev.jsonl.gz``. Rows are repeated under new ids to
500 and 731. Wall time counts, start-up included; processor time is what it would be on a machine
that nobody else uses. Exits with 1 where a bar is missed or two runs differ.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

BARS = {
    ("verified", 248): 2.5,
    ("pro", 100): 2.0,
    ("verified", 500): 5.0,
    ("pro", 731): 15.0,
}
MIRROR_BAR = 60.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--mirrors", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory(prefix="swe-audit-") as scratch:
        for (name, number), bar in BARS.items():
            rows = repeated(arguments.data / f"{name}_dev.jsonl.gz", number)
            path = Path(scratch) / f"{name}-{number}.jsonl"
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
            results.append(measured(f"{name}-{number}", path, bar, arguments.repeats))
            if arguments.mirrors and (name, number) == ("verified", 248):
                options = ("--mirrors", str(arguments.mirrors))
                results.append(measured("verified-248-mirrors", path, MIRROR_BAR, 1, *options))
    document = {"cores": os.cpu_count(), "load": os.getloadavg()[0], "results": results}
    if arguments.out:
        arguments.out.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return int(any(not each["within"] or not each["same"] for each in results))


def repeated(path: Path, number: int) -> list[dict[str, Any]]:
    """Return so many rows, each repeat under an id of its own."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    again = itertools.cycle(rows)
    return [
        {**row, "instance_id": f"{row['instance_id']}{f'-again-{n}' if n >= len(rows) else ''}"}
        for n, row in zip(range(number), again, strict=False)
    ]


def measured(name: str, path: Path, bar: float, repeats: int, *options: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "swe_audit", "screen", str(path), "--json", *options]
    seconds, processor, outputs = [], [], set()
    for _ in range(repeats):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=True)
        seconds.append(time.perf_counter() - start)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        outputs.add(done.stdout)
    result = {
        "name": name,
        "tasks": len(json.loads(next(iter(outputs)))["tasks"]),
        "seconds": round(min(seconds), 2),
        "processor_seconds": round(min(processor), 2),
        "bar": bar,
        "within": min(seconds) <= bar,
        "same": len(outputs) == 1,
    }
    print(json.dumps(result))
    return result


if __name__ == "__main__":
    sys.exit(main())
