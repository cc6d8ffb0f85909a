"""Compare our reading of a run's logs with the official harness's, log by log.

    python benchmarks/parity_logs.py RUN_FOLDER [RUN_FOLDER ...] [--mutations 3] [--seed 0]

Every log of the runs, as stored, goes through both parsers and both graders; then so does each
log with seeded damage (lines lost, joined, cut, swapped or doubled; statuses, markers and line
ends changed). Needs the extra ``swebench``. Prints each difference and one line of totals; exit
code 1 where there is a difference, 3 where there was nothing to compare.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from swe_audit.journal import Journal
from swe_audit.judging.swebench_grader import compare_log
from swe_audit.model.task import Task
from swe_audit.model.trial import RunState

Case = tuple[str, Task, str]
"""Where a log is from, its task, and its text."""

INSERTS = (
    "PASSED ",
    "FAILED ",
    "ERROR: ",
    " ... ok",
    " ... FAIL",
    " ... ",
    "FAIL: ",
    "\nok\n",
    " - ",
    "____ a/b.py:test_x ____\n",
    "\nFAIL:\n",
    ">>>>> Start Test Output\n",
    ">>>>> End Test Output\n",
    ">>>>> Test Exit Code: 1\n",
    ">>>>> Tests Timed Out\n",
    "\x1b[32m",
    "[",
    "]",
    "\r",
    "\x0b",
)


def stored_logs(folder: Path) -> Iterator[Case]:
    """Yield the log of every completed trial in a run's folder."""
    with Journal.open(folder, writable=False) as journal:
        for record in journal.tasks():
            for trial in journal.trials(record.task.instance_id):
                if trial.run.state is RunState.COMPLETED:
                    yield trial.id, record.task, journal.load(trial).log


def damaged(log: str, chance: random.Random) -> str:
    """Return the log with one to six accidents."""
    for _ in range(chance.randint(1, 6)):
        lines = log.split("\n")
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        line = lines[at]
        column = chance.randint(0, len(line))
        kind = chance.randrange(7)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines[at : at + 2] = [" ".join(lines[at : at + 2])]
        elif kind == 2:
            lines[at] = line[:column]
        elif kind == 3:
            lines[at], lines[other] = lines[other], line
        elif kind == 4:
            lines.insert(other, line)
        elif kind == 5:
            lines[at] = line[:column] + chance.choice(INSERTS) + line[column:]
        else:
            lines[at] = line.replace(
                chance.choice(("PASSED", "ok", "...")), chance.choice(("SKIPPED", "FAIL", "."))
            )
        log = "\n".join(lines)
    return log


def compare(cases: Iterable[Case], mutations: int, seed: int) -> tuple[int, int, list[str]]:
    """Compare every log and its damaged copies; return both counts and the differences."""
    stored = mutated = 0
    differences: list[str] = []
    for name, task, log in cases:
        stored += 1
        differences += [f"{name}: {each}" for each in compare_log(task, log)]
        for number in range(mutations):
            chance = random.Random(f"{seed} {name} {number}")
            mutated += 1
            differences += [
                f"{name}, damage {number}: {each}"
                for each in compare_log(task, damaged(log, chance))
            ]
    return stored, mutated, differences


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--mutations", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    started = time.perf_counter()
    cases = (case for folder in options.runs for case in stored_logs(folder))
    stored, mutated, differences = compare(cases, options.mutations, options.seed)
    for difference in differences:
        print(difference)
    print(
        f"{stored} logs as stored and {mutated} damaged ones: {len(differences)} differences,"
        f" {time.perf_counter() - started:.0f} s"
    )
    if not stored:
        return 3
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
