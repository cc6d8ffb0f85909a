"""Time the rendering of a large audit, and how fast Chromium opens what it wrote.

    python benchmarks/render.py [--tasks 2294] [--candidates 12] [--out FILE] [--keep DIR]

The audit is made up: every patch differs from every other, a fifth of the tasks has a finding,
a third of the alternatives is rejected with a log of a thousand lines, every thirtieth adds a
long file. Wall time counts; processor time is what it would be on a machine that nobody else uses.
Exits with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from pages import opened

sys.path.insert(0, str(Path(__file__).parents[1]))

from swe_audit.model.audit import Audit, RejectionDetail, TaskResult, TaskStatus
from swe_audit.model.candidate import Candidate, CandidateKind
from swe_audit.model.finding import Cause, Confidence, Defect, Evidence, Explanation, Finding
from swe_audit.model.trial import Verdict
from swe_audit.report import render
from tests.unit.report import audits

RENDER_BAR = 20.0
LOAD_BAR = 1.0
LOG = gzip.compress(
    "".join(f"PASSED tests/test_module_{n % 40}.py::test_{n:05}\n" for n in range(1000)).encode()
)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tasks", type=int, default=2294)
    parser.add_argument("--candidates", type=int, default=12)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    folder = arguments.keep or Path(tempfile.mkdtemp(prefix="swe-audit-"))
    made = made_up(arguments.tasks, arguments.candidates)
    write_logs(made, folder)
    load = os.getloadavg()[0]
    start, before = time.perf_counter(), time.process_time()
    children = sum(os.times()[2:4])
    render(made, folder)
    seconds = time.perf_counter() - start
    processor = time.process_time() - before + sum(os.times()[2:4]) - children
    pages = sorted((folder / "tasks").iterdir(), key=lambda path: path.stat().st_size)
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".gz"]
    document: dict[str, Any] = {
        "cores": os.cpu_count(),
        "load": round(load, 2),
        "tasks": arguments.tasks,
        "candidates": arguments.candidates,
        "seconds": round(seconds, 2),
        "processor_seconds": round(processor, 2),
        "bar": RENDER_BAR,
        "within": seconds <= RENDER_BAR,
        "files": len(files),
        "megabytes": round(sum(path.stat().st_size for path in files) / 1e6, 1),
        "pages": opened([folder / "index.html", pages[len(pages) // 2], pages[-1]], folder),
    }
    document["pages"][0] |= {
        "bar": LOAD_BAR,
        "within": document["pages"][0]["load_seconds"] <= LOAD_BAR,
    }
    if arguments.keep is None:
        shutil.rmtree(folder)
    text = json.dumps(document, indent=2) + "\n"
    sys.stdout.write(text)
    if arguments.out:
        arguments.out.write_text(text, encoding="utf-8")
    return int(not (document["within"] and document["pages"][0]["within"]))


def made_up(tasks: int, candidates: int) -> Audit:
    """Return an audit in which no two patches are the same."""
    rng = random.Random(11)
    return audits.audit(
        [varied(audits.ordinary(nth, rng, candidates, 120), nth) for nth in range(tasks)]
    )


def varied(result: TaskResult, nth: int) -> TaskResult:
    """Give a task patches of its own, and what rejected alternatives bring along."""
    assert result.task is not None
    candidates = tuple(own(one, nth, place) for place, one in enumerate(result.candidates))
    gold = next(one for one in candidates if one.kind is CandidateKind.GOLD)
    rejected = [
        trial
        for trial in result.trials
        if trial.candidate.startswith("agent") and trial.verdict is Verdict.UNRESOLVED
    ]
    changed = replace(
        result,
        task=replace(result.task, gold_patch=gold.patch),
        candidates=candidates,
        rejections=tuple(
            RejectionDetail(
                candidate=trial.candidate,
                trial=trial.id,
                explanations=tuple(explained(test) for test in trial.outcome.failed),
            )
            for trial in rejected
        ),
    )
    if nth % 5 or not rejected:
        return changed
    finding = Finding(
        instance_id=result.instance_id,
        defect=Defect.NARROW,
        confidence=Confidence.PROVEN,
        cause=Cause.MISSING_NAME,
        detail=f"Ledger{nth}ClosedError",
        summary="the tests import a class whose name the statement does not give",
        tests=rejected[0].outcome.failed,
        rungs=("construction",),
        candidates=(rejected[0].candidate,),
        evidence=(Evidence(kind="assertion", text="x", path="tests/test_ledger.py", line=46),),
    )
    return replace(changed, status=TaskStatus.DEFECTIVE, findings=(finding,))


def own(candidate: Candidate, nth: int, place: int) -> Candidate:
    patch = candidate.patch.replace("Ledger", f"Ledger{nth}").replace("_closed", f"_shut{place}")
    if (nth * 7 + place) % 30 == 0 and patch:
        patch += audits.long_patch(600, f"tally/table{nth}.py")
    return replace(candidate, patch=patch)


def explained(test: str) -> Explanation:
    return Explanation(
        test=test,
        cause=Cause.MISSING_NAME,
        exception="ImportError",
        message="cannot import name 'LedgerClosedError' from 'tally.ledger'",
        assertion="from tally.ledger import Ledger, LedgerClosedError",
        path="tests/test_ledger.py",
        line=4,
        detail="LedgerClosedError",
    )


def write_logs(made: Audit, folder: Path) -> None:
    for result in made.tasks:
        for trial in result.trials:
            path = folder / trial.log
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(LOG)


if __name__ == "__main__":
    sys.exit(main())
