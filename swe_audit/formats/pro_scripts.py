"""The script that grades a candidate of a SWE-bench Pro task, with the task's own scripts in it.

The benchmark's harness lays ``run_script.sh`` and ``parser.py`` into ``/workspace``, gets the test
files with the last line of ``before_repo_set_cmd``, runs the one script with its two outputs in
files, and the other on those files. This does the same from one file, so that the isolation of a
trial needs to know nothing of it, with two differences: the parser is laid down only after the
tests, from the memory of the shell, and its report comes behind a word that no test knows.
Source of the form: ``swe_bench_pro_eval.py`` of scaleapi/SWE-bench_Pro-os.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Sequence

from swe_audit.formats.eval_scripts import END_MARKER, START_MARKER, tests_in_place
from swe_audit.judging.pro import MARK
from swe_audit.model.task import PRO_WORKDIR

OTHERS_PARSER = "parse_log_pytest_v2"
"""What harnesses that do not know SWE-bench Pro read the script's output with."""

RUN_SCRIPT, PARSER_SCRIPT = "run_script.sh", "parser.py"
_WORKSPACE = "/workspace"
_OUT, _ERR = f"{_WORKSPACE}/stdout.log", f"{_WORKSPACE}/stderr.log"
_REPORT = f"{_WORKSPACE}/output.json"
_READ = f"""\
import json
try:
    with open("{_REPORT}") as file:
        print(json.dumps(json.load(file)))
except (OSError, ValueError):
    print("null")
"""
# A line for each test, for harnesses that read pytest's summary.
_LIST = """\
import json, sys
report = json.load(sys.stdin)
for test in report.get("tests", []) if isinstance(report, dict) else []:
    print(test["status"], test["name"])
"""


def made_pro_script(
    *,
    base_commit: str,
    test_patch: str,
    before: str,
    files: Sequence[str],
    run_script: str,
    parser_script: str,
) -> str:
    """Return the eval script of a SWE-bench Pro task.

    ``before`` is its ``before_repo_set_cmd``, of which the harness runs the last line; where there
    is none, the test patch is put in place. ``files`` are its ``selected_test_files_to_run``,
    handed on as the harness does, without quotes. Raise ``InputError`` where the test patch is
    needed and is no diff.
    """
    commands = before.strip().split("\n")[-1].strip()
    tests = [f"bash -c {shlex.quote(commands)}"] if commands else []
    if not commands and test_patch.strip():
        tests = tests_in_place(base_commit, test_patch)
    run = f"bash {_WORKSPACE}/{RUN_SCRIPT} {','.join(files)} > {_OUT} 2> {_ERR}"
    lines = [
        "#!/bin/bash",
        "{ set +ux +o pipefail; } 2> /dev/null",
        "# A function is read whole before it runs: a test that changes this file changes nothing.",
        "grade() {",
        "local word run_script parser_script read_report list_tests report",
        r"word=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')",
        f'printf "%s%s\\n" {shlex.quote(MARK)} "$word"',
        *_held("run_script", run_script),
        *_held("parser_script", parser_script),
        *_held("read_report", _READ),
        *_held("list_tests", _LIST),
        f"mkdir -p {_WORKSPACE}",
        f'printf %s "$run_script" > {_WORKSPACE}/{RUN_SCRIPT}',
        f"cd {PRO_WORKDIR}",
        *tests,
        f"bash -c {shlex.quote(run)}",
        f"cat {_OUT} {_ERR}",
        f"rm -f {_REPORT}",
        f'printf %s "$parser_script" > {_WORKSPACE}/{PARSER_SCRIPT}',
        f"python {_WORKSPACE}/{PARSER_SCRIPT} {_OUT} {_ERR} {_REPORT}",
        'report=$(python -c "$read_report")',
        r'printf "\n%s %s\n" "$word" "$report"',
        f"echo {shlex.quote(START_MARKER)}",
        'python -c "$list_tests" <<< "$report"',
        f"echo {shlex.quote(END_MARKER)}",
        "}",
        "grade",
        "exit",
    ]
    return "\n".join(lines) + "\n"


def _held(variable: str, text: str) -> list[str]:
    """Read a text into a variable, whatever it holds, without a process that could be watched."""
    end = "EOF_" + hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return [f"IFS= read -r -d '' {variable} <<'{end}'", text.removesuffix("\n"), end]
