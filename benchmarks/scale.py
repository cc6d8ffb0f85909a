"""Measure what thousands of trials cost the auditor itself, without an engine.

Trials are played from memory, each with a log of a hundred tests, through the same code as any
audit. Five questions, each answered in a process of its own where memory counts:

(a) How much memory does an audit of 10,000 trials add to that of the program? Bar: 300 MiB.
(b) How long does a journal of 100,000 trials take to open? Bar: 1 s.
(c) How long does it take to judge all of it again? Bar: 60 s.
(d) What does a trial cost when there are ten times as many? Bar: at most 1.5 times as much.
(e) How long does `swe-audit run --resume` take on a finished audit of 20 tasks by 10 candidates,
    as long as it starts nothing? Bar: 2 s, the start of Python and the report included.

    python benchmarks/scale.py [--trials 10000] [--journal 100000] [--out FILE]

Run it on a machine that does nothing else. The document holds every figure; the last line of stdout
is the summary. Exit code 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import fakes

from swe_audit.api import Engine, audit
from swe_audit.concluding import judge_audit
from swe_audit.journal import Journal
from swe_audit.model.audit import Audit

MIB = 2**20
TESTS = tuple(f"tests/test_cart.py::test_number_{number}" for number in range(100))
CANDIDATES = 46
PER_TASK = CANDIDATES + 4
"""Trials of a task: gold three times, empty, and each candidate once, for all are accepted."""


def tasks(trials: int) -> list:
    return [
        fakes.make_task(f"shop__cart-{n}", fail_to_pass=TESTS[:1], pass_to_pass=TESTS[1:])
        for n in range(max(1, trials // PER_TASK))
    ]


def played(out: Path, trials: int) -> Audit:
    """Audit so many trials that are played from memory."""
    failing, passing = fakes.log_of(failed=TESTS, passed=[]), fakes.log_of(passed=TESTS)
    isolation = fakes.FakeIsolation(
        lambda spec: fakes.completed(failing if spec.candidate.name == "empty" else passing)
    )
    isolation.ran = Forgetful()
    isolation.limits = Forgetful()
    chosen = tasks(trials)
    submitted = [
        fakes.predicted(task, f"sum(prices) + {n} * 0")
        for task in chosen
        for n in range(CANDIDATES)
    ]
    return audit(
        fakes.make_dataset(*chosen),
        out,
        predictions=submitted,
        engine=Engine(isolation=isolation, images=fakes.FakeImages()),
        workers=2,
    )


class Forgetful(list):
    """A list that keeps nothing: what the fakes remember is no cost of ours."""

    def append(self, _: object) -> None:
        pass


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def in_a_process(what: str, folder: Path, trials: int) -> dict[str, float]:
    """Do one thing in a process of its own, for its memory and its imports."""
    call = [sys.executable, __file__, "--do", what, "--folder", str(folder)]
    done = subprocess.run(
        [*call, "--trials", str(trials)], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def do(what: str, folder: Path, trials: int) -> dict[str, float]:
    before, began, worked = peak(), time.monotonic(), time.process_time()
    if what == "audit":
        found = sum(len(one.trials) for one in played(folder, trials).tasks)
    else:
        journal = Journal.open(folder, writable=False)
        journal.info()
        journal.task_ids()
        opened = time.monotonic() - began
        found = sum(len(one.trials) for one in judge_audit(journal).tasks)
        journal.close()
    return {
        "trials": found,
        "seconds": time.monotonic() - began,
        "processor_seconds": time.process_time() - worked,
        "added_mib": (peak() - before) / MIB,
        **({"open_seconds": opened} if what == "judge" else {}),
    }


def finished(folder: Path) -> dict[str, float]:
    """Time the command line on a finished audit of 20 tasks by 10 candidates."""
    code = (
        f"import sys; sys.path[:0] = [{sys.path[0]!r}]\n"
        "import fakes, swe_audit.api as api\n"
        "from swe_audit.report import render\n"
        "from pathlib import Path\n"
        "made = [fakes.make_task(f'shop__cart-{n}') for n in range(20)]\n"
        "sent = [fakes.predicted(t, f'sum(prices) + {n} * 0') for t in made for n in range(10)]\n"
        "isolation = fakes.FakeIsolation()\n"
        "engine = api.Engine(isolation=isolation, images=fakes.FakeImages())\n"
        f"out = Path({str(folder)!r})\n"
        "done = api.audit(fakes.make_dataset(*made), out, predictions=sent, engine=engine,"
        " resume=True)\n"
        "render(done, out, out)\n"
        "print(len(isolation.ran))\n"
    )
    # As where it is installed: what was compiled once is there, whatever this shell's setting is.
    settings = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    seconds, ran, worked = [], [], []
    for _ in range(4):
        began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=settings
        )
        seconds.append(time.monotonic() - began)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        worked.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        ran.append(int(done.stdout))
    return {
        "first_ran": ran[0],
        "then_ran": max(ran[1:]),
        "seconds": min(seconds[1:]),
        "processor_seconds": min(worked[1:]),
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trials", type=int, default=10_000, help="for (a) and (d)")
    parser.add_argument("--journal", type=int, default=100_000, help="for (b) and (c); 0: not")
    parser.add_argument("--out", help="where to write the JSON (default: stdout)")
    parser.add_argument("--do", choices=["audit", "judge"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.do:
        print(json.dumps(do(options.do, Path(options.folder), options.trials)))
        return 0
    with tempfile.TemporaryDirectory(prefix="swe-audit-scale-") as name:
        document = measured(Path(name), options.trials, options.journal)
    text = json.dumps(document, indent=2) + "\n"
    if options.out:
        Path(options.out).parent.mkdir(parents=True, exist_ok=True)
        Path(options.out).write_text(text)
    else:
        print(text)
    print("; ".join(bar["summary"] for bar in document["bars"].values()))
    return 0 if all(bar["met"] for bar in document["bars"].values()) else 1


def measured(place: Path, trials: int, journal: int) -> dict[str, object]:
    small = in_a_process("audit", place / "small", trials // 10)
    large = in_a_process("audit", place / "large", trials)
    growth = (large["processor_seconds"] / large["trials"]) / (
        small["processor_seconds"] / small["trials"]
    )
    done = finished(place / "finished")
    bars = {
        "memory": bar(large["added_mib"], 300, "MiB added at {} trials", large["trials"]),
        "growth": bar(growth, 1.5, "times a trial's cost at {} trials", large["trials"]),
        "finished": bar(
            done["seconds"], 2, "s for a finished audit, {} trials run", done["then_ran"]
        ),
    }
    document: dict[str, object] = {
        "schema_version": 1,
        "processors": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "small": small,
        "large": large,
        "finished": done,
    }
    if journal:
        in_a_process("audit", place / "journal", journal)
        again = in_a_process("judge", place / "journal", journal)
        document["journal"] = again
        bars["open"] = bar(again["open_seconds"], 1, "s to open {} trials", again["trials"])
        bars["judge"] = bar(again["seconds"], 60, "s to judge {} trials again", again["trials"])
    return {**document, "bars": bars}


def bar(found: float, most: float, what: str, number: float) -> dict[str, object]:
    said = f"{found:.2f} {what.format(int(number))} (bar {most:g})"
    return {"found": found, "bar": most, "met": found <= most, "summary": said}


if __name__ == "__main__":
    sys.exit(main())
