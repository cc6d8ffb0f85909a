"""Read what SWE-bench Pro's parser script reported, out of the log of its eval script.

The script that ``formats.pro_scripts`` makes prints a random word before anything of the candidate
runs, and that word again before the parser's report. No test knows it, so no test can print a
report of its own.
"""

from __future__ import annotations

import json

from swe_audit.judging.parsing import Statuses, UnreadableLogError

MARK = ">>>>> SWE-bench Pro "
"""Begins the log's first line; the rest of that line is the word."""

_PASSED = "PASSED"


def parse_pro(log: str) -> Statuses:
    """Return the status of each test that the task's own parser reported.

    A name that is reported twice has passed where one report says so, for the harness collects the
    names that passed. Raise ``UnreadableLogError`` where the parser left no report.
    """
    first, _, rest = log.partition("\n")
    word = first.removeprefix(MARK).strip()
    if not first.startswith(MARK) or not word:
        raise UnreadableLogError("the log does not begin as that of a SWE-bench Pro task")
    report = next((line for line in rest.split("\n") if line.startswith(f"{word} ")), None)
    if report is None:
        raise UnreadableLogError("the run ended before the task's parser had its turn")
    try:
        tests = json.loads(report.removeprefix(f"{word} "))["tests"]
        pairs = [(_text(test["name"]), _text(test["status"])) for test in tests]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableLogError("the task's parser wrote no report that can be read") from error
    statuses: Statuses = {}
    for name, status in pairs:
        if statuses.get(name) != _PASSED:
            statuses[name] = status
    return statuses


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value
