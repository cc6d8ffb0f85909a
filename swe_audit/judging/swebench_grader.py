"""Grade a log with an installed ``swebench`` and say where it and we differ."""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path
from typing import Any

from swe_audit.errors import UsageError
from swe_audit.judging.grading import ParsedLog, grade, read_log, with_plain_line_ends
from swe_audit.judging.parsers import PARSERS, parser_of
from swe_audit.judging.parsing import Parser, UnreadableLogError
from swe_audit.model.task import FAIL_TO_PASS, PASS_TO_PASS, Task

# What the harness's parsers and graders raise on logs that they were not made for.
_STUMBLES = (ValueError, LookupError, TypeError, AttributeError)


def require_swebench() -> None:
    """Raise ``UsageError`` where the extra is not installed; call it before a long run."""
    try:
        importlib.import_module("swebench.harness.grading")
    except ImportError as error:
        raise UsageError(
            "The cross-check needs the official harness, which is not installed.",
            hint="pip install 'swe-audit[swebench]'",
        ) from error


def cross_check(task: Task, log: str) -> str | None:
    """Return one sentence on how ``swebench`` and we disagree about this log, or None.

    Meant for logs of trials that completed. Raise ``UsageError`` without ``swebench``.
    """
    differences = compare_log(task, log)
    return f"swebench disagrees: {'; '.join(differences[:3])}" if differences else None


def compare_log(task: Task, log: str, *, parser: Parser | None = None) -> list[str]:
    """List every difference between ``swebench``'s reading of a log and ours; empty if none.

    Compared are the parser (ids, statuses, their order) on the whole log, the results that are
    graded, each required test's side, and the resolution. Where the harness itself fails on a
    log, so must we. SWE-bench Pro has another harness: nothing is compared. ``parser`` stands in
    for ours.
    """
    require_swebench()
    if task.is_pro:
        return []
    spec = _spec_of(task)
    theirs = _their_report(task, spec, log)
    chosen = parser or parser_of(task) or _no_parser
    ours = read_log(log, chosen)
    return [
        *_parser_differences(task, spec, log, chosen),
        *_report_differences(theirs, _our_report(task, ours)),
    ]


def _no_parser(_log: str) -> dict[str, str]:
    raise UnreadableLogError("no parser of that name")


def _parser_differences(task: Task, spec: Any, log: str, parser: Parser) -> list[str]:
    if task.log_parser not in PARSERS:
        return []  # it is theirs
    registry = importlib.import_module("swebench.harness.log_parsers").PARSER_REGISTRY
    content = with_plain_line_ends(log)
    ours: object
    theirs: object
    try:
        ours = list(parser(content).items())
    except UnreadableLogError:
        ours = "fails"
    try:
        theirs = list(registry[task.log_parser](content, spec).items())
    except _STUMBLES:
        theirs = "fails"
    if ours == theirs:
        return []
    if isinstance(ours, list) and isinstance(theirs, list):
        odd = [pair for pair in (*ours, *theirs) if (pair in ours) != (pair in theirs)]
        return [f"{task.log_parser} reads {odd[:3] or 'another order'} differently"]
    return [f"{task.log_parser}: ours {str(ours)[:80]}, theirs {str(theirs)[:80]}"]


def _report_differences(theirs: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    return [
        f"{key}: ours {str(ours[key])[:200]}, theirs {str(theirs[key])[:200]}"
        for key in ours
        if ours[key] != theirs[key]
    ]


def _our_report(task: Task, parsed: ParsedLog) -> dict[str, Any]:
    outcome, resolved = grade(parsed, task)
    tests: dict[str, Any] | None = None
    if parsed.found:
        tests = {
            FAIL_TO_PASS: {
                "success": list(outcome.passed_f2p),
                "failure": list(outcome.failed_f2p),
            },
            PASS_TO_PASS: {
                "success": list(outcome.passed_p2p),
                "failure": list(outcome.failed_p2p),
            },
        }
    return {"found": parsed.found, "resolved": resolved, "tests": tests}


def _their_report(task: Task, spec: Any, log: str) -> dict[str, Any]:
    """Call ``get_eval_report`` on a file, as the harness does; a failure is no result there."""
    grading = importlib.import_module("swebench.harness.grading")
    prediction = {
        "instance_id": task.instance_id,
        "model_name_or_path": "cross-check",
        "model_patch": "",
    }
    with tempfile.TemporaryDirectory(prefix="swe-audit-") as folder:
        path = Path(folder, "test_output.txt")
        path.write_bytes(log.encode("utf-8", "replace"))
        try:
            report = grading.get_eval_report(spec, prediction, str(path), True)[task.instance_id]
        except _STUMBLES:
            return {"found": False, "resolved": False, "tests": None}
    tests = report.get("tests_status")
    if tests is not None:
        tests = {kind: tests[kind] for kind in (FAIL_TO_PASS, PASS_TO_PASS)}
    return {
        "found": report["patch_successfully_applied"],
        "resolved": report["resolved"],
        "tests": tests,
    }


def _spec_of(task: Task) -> Any:
    return importlib.import_module("swebench.types").TestSpec(
        instance_id=task.instance_id,
        image=task.image or "",
        eval_script_list=[],
        repo=task.repo,
        version=task.version,
        FAIL_TO_PASS=list(task.fail_to_pass),
        PASS_TO_PASS=list(task.pass_to_pass),
        log_parser=task.log_parser,
        eval_type=task.eval_type.value,
    )
