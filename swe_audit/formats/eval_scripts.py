"""The script that grades a candidate, in the benchmark harness's own form."""

from __future__ import annotations

import hashlib
import shlex

from swe_audit.formats.patches import changed_files
from swe_audit.model.task import WORKDIR

START_MARKER = ">>>>> Start Test Output"
END_MARKER = ">>>>> End Test Output"
EXIT_CODE_MARKER = ">>>>> Test Exit Code"
_EXIT_CODE_VARIABLE = "SWEBENCH_TEST_EXIT_CODE"
_HEAD = ("#!/bin/bash", "set -uxo pipefail")


def made_eval_script(base_commit: str, test_patch: str, test_command: str) -> str:
    """Return an eval script as the harness makes it, for a row that brings none.

    Test files are set back to base, then patched, so that a candidate's own edits of them do
    not count; afterwards they are set back again. Nothing prints the tree, for the base commit
    has no parent in a shallow clone and would be shown whole.
    Raise ``InputError`` where the test patch is no diff.
    """
    lines = [
        *_HEAD,
        f"cd {WORKDIR}",
        *tests_in_place(base_commit, test_patch),
        f": '{START_MARKER}'",
        test_command,
        f": '{END_MARKER}'",
        *_reset(base_commit, test_patch),
    ]
    return "\n".join(lines) + "\n"


def tests_in_place(base_commit: str, test_patch: str) -> list[str]:
    """Return the commands that set test files back to base, then patch them."""
    end = _delimiter(test_patch)
    return [
        *_reset(base_commit, test_patch),
        f"git apply -v - <<'{end}'",
        test_patch.removesuffix("\n"),
        end,
    ]


def _reset(base_commit: str, test_patch: str) -> list[str]:
    files = changed_files(test_patch)
    at_base = [file.at_base for file in files if file.at_base is not None]
    created = [file.created for file in files if file.created is not None]
    commands = []
    if at_base:
        commands.append(f"git checkout {base_commit} {_quoted(at_base)}")
    if created:
        commands.append(f"rm -f {_quoted(created)}")
    return commands


def recording_exit_code(eval_script: str) -> str:
    """Return the script as the harness runs it: with the test command's exit code printed.

    The harness inserts the two lines when it loads a task, around the first line that holds the
    end marker, and takes its two head lines out wherever they stand; so do we. A script without
    an end marker is left as it is. Source of the form: ``swebench.harness.utils`` 5.0.
    """
    lines = [line for line in eval_script.strip().split("\n") if line not in _HEAD]
    for index, line in enumerate(lines):
        if END_MARKER in line:
            lines[index : index + 1] = [
                f"{_EXIT_CODE_VARIABLE}=$?",
                line,
                f'echo "{EXIT_CODE_MARKER}: ${_EXIT_CODE_VARIABLE}"',
            ]
            break
    return "\n".join([*_HEAD, *lines]) + "\n"


def _delimiter(text: str) -> str:
    """Return a here-document delimiter that is no line of the text."""
    number = int(hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:10], 16)
    lines = set(text.splitlines())
    while f"EOF_{number}" in lines:
        number += 1
    return f"EOF_{number}"


def _quoted(paths: list[str]) -> str:
    return " ".join(shlex.quote(path) for path in dict.fromkeys(paths))
