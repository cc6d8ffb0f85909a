"""Let the official harness run what a run of ours ran, on the same images, and compare.

    python benchmarks/parity_runs.py RUN_FOLDER --swebench-python PYTHON [-i ID ...]

For each task every candidate with a patch is evaluated by `swebench eval`; then the verdict and
each required test are compared with our first attempt. Prints each difference and one line of
totals; exit code 1 where there is a difference, 3 where there was nothing to compare.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import harness

from swe_audit.concluding import judge_audit
from swe_audit.journal import Journal
from swe_audit.model.task import FAIL_TO_PASS, PASS_TO_PASS
from swe_audit.model.trial import Trial, Verdict


def differences(ours: Trial, theirs: dict[str, object]) -> Iterator[str]:
    """Yield where a trial and the harness's report of the same patch disagree."""
    if (ours.official_verdict is Verdict.RESOLVED) != theirs["resolved"]:
        yield f"verdict: {ours.official_verdict.value}, theirs resolved={theirs['resolved']}"
    status = theirs.get("tests_status")
    if not isinstance(status, dict):
        return
    for key, failed in (
        (FAIL_TO_PASS, ours.outcome.failed_f2p),
        (PASS_TO_PASS, ours.outcome.failed_p2p),
    ):
        for test in sorted(set(failed) ^ set(status[key]["failure"])):
            yield f"{key} {test}: fails {'here' if test in failed else 'there'} only"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--swebench-python", required=True, help="a Python that has swebench")
    parser.add_argument("-i", "--instance", action="append", help="only this task; repeatable")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, help="write the figures here as JSON")
    options = parser.parse_args()
    with Journal.open(options.run, writable=False) as journal:
        audit = judge_audit(journal)
    compared, found, tests = 0, [], 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        chosen = [
            result
            for result in audit.tasks
            if result.trials and (not options.instance or result.instance_id in options.instance)
        ]
        # The harness takes one prediction for a task at a time.
        for turn in range(max((len(result.candidates) for result in chosen), default=0)):
            pairs = [
                (result, result.candidates[turn])
                for result in chosen
                if turn < len(result.candidates) and result.candidates[turn].patch
            ]
            if not pairs:
                continue
            harness.write_input(
                folder,
                [harness.row(result.task, result.trials[0].image) for result, _ in pairs],
                [harness.prediction(candidate) for _, candidate in pairs],
            )
            harness.evaluate(options.swebench_python, folder, f"turn-{turn}", 1800, options.workers)
            for result, candidate in pairs:
                ours = next(
                    (t for t in result.trials if (t.candidate, t.attempt) == (candidate.name, 1)),
                    None,
                )
                place = folder / "logs" / "run_evaluation" / f"turn-{turn}"
                report = place / candidate.name / result.instance_id / "report.json"
                if ours is None or not report.is_file():
                    found.append(f"{result.instance_id}/{candidate.name}: nothing to compare")
                    continue
                theirs = json.loads(report.read_text())[result.instance_id]
                compared += 1
                tests += len(result.task.required)
                found += [f"{ours.id}: {what}" for what in differences(ours, theirs)]
    for line in found:
        print(line)
    figures = {
        "tasks": len(chosen),
        "patches": compared,
        "required_tests": tests,
        "differences": len(found),
    }
    print(json.dumps(figures))
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(figures, indent=2) + "\n")
    return 1 if found else 0 if compared else 3


if __name__ == "__main__":
    sys.exit(main())
