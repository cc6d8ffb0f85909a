"""What goes into a trial's container: the patch, the eval script, and the script that runs both.

The order of the patch commands, the reset between them, the paths and the staging of binary test
files are those of swebench 5's ``harness/run_evaluation.py``, for a task of SWE-bench Pro those of
its own harness; ``docs/parity.md`` lists every difference.
"""

from __future__ import annotations

import re
import secrets
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from swe_audit.alternatives.mirroring import with_test_patch
from swe_audit.containers.failing_script import SCRIPT, made_to_fail
from swe_audit.installing import without_install
from swe_audit.judging.grading import START_MARKER
from swe_audit.judging.tampering import failing_files
from swe_audit.model.candidate import Control
from swe_audit.model.task import PRO_WORKDIR, WORKDIR, Task
from swe_audit.model.trial import TrialSpec

PATCH_FILE = "/tmp/patch.diff"  # noqa: S108 - the harness's own path, inside the container
EVAL_FILE = "/eval.sh"
RUNNER_FILE = "/.swe-audit-trial"
_TAKING_FILE = "/.swe-audit-taking"
FAILING_FILE = "/.swe-audit-failing"
ASSETS = "/image_assets"
COMMAND = ("/bin/bash", RUNNER_FILE)

APPLY_COMMANDS = (
    "git apply --verbose",
    "git apply --verbose --3way",
    "git apply --verbose --reject",
    "patch --batch --forward --fuzz=5 -p1 -i",
)
RESET = "git checkout -- . ; git clean -fd"
REVERSE_CHECK = "git apply --check --reverse"

PRO_APPLY = "git apply -v"

ABANDONED = 75
"""What a container exits with whose auditor went away before its trial's turn."""
_NO_TREE = 3
_BINARY = re.compile(r"^(?:Binary files .* differ|GIT binary patch)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Three lines that only this container's runner can print; the stream is cut at the first.

    ``evaluate``: the patch is in, the eval script begins. ``rejected``: no command applied the
    patch. ``no_tree``: the image has no work folder.
    """

    evaluate: bytes
    rejected: bytes
    no_tree: bytes


def new_marks() -> Marks:
    """Make marks that nobody can guess (128 random bits)."""
    nonce = secrets.token_hex(16)
    return Marks(
        evaluate=f"<{nonce}:evaluate>\n".encode(),
        rejected=f"<{nonce}:rejected>\n".encode(),
        no_tree=f"<{nonce}:no-tree>\n".encode(),
    )


def runner_script(marks: Marks, *, patched: bool, pro_base: str | None = None) -> str:
    """Return the container's own command as bash.

    It deletes itself first and becomes the eval script last (``exec``), so that nothing which
    the tests can read (file, arguments, environment, memory) holds the marks. Both output
    streams are one pipe: what was written first is read first. ``pro_base`` is the base commit of
    a SWE-bench Pro task; there the tree is reset first, patch or no patch.
    """
    lines = [f"rm -f {RUNNER_FILE} {_TAKING_FILE}", "exec 2>&1"]
    if patched or pro_base is not None:
        lines += [
            *(_apply_function() if pro_base is None else _pro_function(pro_base, patched)),
            "apply",
            'case "$?" in',
            "0) ;;",
            f"{_NO_TREE}) echo {_quoted(marks.no_tree)}; exit 0 ;;",
            f"*) echo {_quoted(marks.rejected)}; exit 0 ;;",
            "esac",
        ]
    lines += [f"echo {_quoted(marks.evaluate)}", f"exec /bin/bash {EVAL_FILE}", ""]
    return "\n".join(lines)


def _apply_function() -> list[str]:
    """A function in a subshell, so that the eval script still starts in the image's folder."""
    lines = ["apply() (", f"cd {WORKDIR} || exit {_NO_TREE}"]
    for number, command in enumerate(APPLY_COMMANDS):
        if number:
            lines.append(f"{{ {RESET} ; }} > /dev/null 2>&1")
        whole = f"{command} {PATCH_FILE}"
        lines += [f"echo {shlex.quote('$ ' + whole)}", f"{whole} && exit 0"]
    whole = f"{REVERSE_CHECK} {PATCH_FILE}"
    lines += [f"echo {shlex.quote('$ ' + whole)}", f"{whole} && exit 0", "exit 1", ")"]
    return lines


def _pro_function(base: str, patched: bool) -> list[str]:
    """What SWE-bench Pro's harness does before its tests; its one ``git apply`` takes all or none.

    There tests run even where the patch does not apply; here that is a state of its own.
    """
    lines = [
        "apply() (",
        f"cd {PRO_WORKDIR} || exit {_NO_TREE}",
        f"git reset -q --hard {shlex.quote(base)}",
        f"git checkout -q {shlex.quote(base)}",
    ]
    if patched:
        whole = f"{PRO_APPLY} {PATCH_FILE}"
        lines += [f"echo {shlex.quote('$ ' + whole)}", f"{whole} || exit 1"]
    return [*lines, "exit 0", ")"]


def without_binary_parts(patch: str) -> str:
    """Return a patch as SWE-bench Pro's harness applies it: files with binary content left out."""
    parts = re.split(r"(?m)^(?=diff --git )", patch)
    return "".join(part for part in parts if not _BINARY.search(part))


def eval_script(
    task: Task,
    assets: dict[str, bytes],
    test_patch: str | None = None,
    script: str | None = None,
) -> str:
    """Return the task's eval script; binary test files are put in place just before its tests.

    For a candidate that brings its own, ``script`` takes the place of the task's, and
    ``test_patch`` that of the task's test patch.
    """
    script = (task.eval_script or "") if script is None else script
    if test_patch is not None:
        script = with_test_patch(task, test_patch, script) or script
    if not assets:
        return script
    restore = [
        f"mkdir -p $(dirname {shlex.quote(path)}) && "
        f"cp {shlex.quote(f'{ASSETS}/{_flat(path)}')} {shlex.quote(path)}"
        for path in assets
    ]
    lines = script.split("\n")
    for number, line in enumerate(lines):
        if START_MARKER in line:
            return "\n".join(lines[:number] + restore + lines[number:])
    return script + "\n" + "\n".join(restore)


def read_assets(task: Task) -> dict[str, bytes]:
    """Read the task's binary test files, keyed by their path in the tree.

    What is declared but not there is left out, as the harness does; nothing outside the task's
    own ``test_assets`` folder is ever read.
    """
    if task.folder is None:
        return {}
    root = (task.folder / "test_assets").resolve()
    found = {}
    for path in task.test_assets:
        file = (root / path).resolve()
        if file.is_relative_to(root) and file.is_file():
            found[path] = file.read_bytes()
    return found


def trial_files(spec: TrialSpec, marks: Marks, assets: dict[str, bytes]) -> dict[str, bytes]:
    """Return everything that a trial's container gets, by path."""
    task = spec.task
    text = spec.candidate.patch
    patch = (without_binary_parts(text) if task.is_pro else text).encode("utf-8", "surrogateescape")
    base = task.base_commit if task.is_pro else None
    script = eval_script(task, assets, spec.candidate.test_patch, spec.candidate.script)
    if spec.without_install:
        script = without_install(script)
    files = {RUNNER_FILE: runner_script(marks, patched=bool(patch), pro_base=base).encode()}
    if spec.candidate.control is Control.FAILING:
        paths = failing_files(task)
        script = made_to_fail(script, START_MARKER, paths, FAILING_FILE)
        files[FAILING_FILE] = SCRIPT.encode()
    files[EVAL_FILE] = script.encode("utf-8", "surrogateescape")
    if patch:
        files[PATCH_FILE] = patch
    files.update({f"{ASSETS}/{_flat(path)}": data for path, data in assets.items()})
    return files


def sending(files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """Return bash that takes a trial's files and becomes the runner, and what to send to its input.

    Until that comes it waits, so that a container can have been started before its trial's turn.
    """
    folders = sorted({str(PurePosixPath(path).parent) for path in files} - {"/", "/tmp"})  # noqa: S108
    steps = [
        *(f"mkdir -p {shlex.quote(folder)}" for folder in folders),
        *(_taking(path, data) for path, data in files.items()),
        f"exec {shlex.join(COMMAND)} < /dev/null",
    ]
    # They may be more than fits an argument, so they come first.
    first = " &&\n".join(steps).encode()
    # Podman gives images a root folder that root without capabilities may not write to.
    writable = "{ [ -w / ] || chmod 755 /; }"
    taken = f"{{ [ -s {_TAKING_FILE} ] || exit {ABANDONED}; }}"
    command = f"{writable} && {_taking(_TAKING_FILE, first)} && {taken} && . {_TAKING_FILE}"
    return command, b"".join((first, *files.values()))


def _taking(path: str, data: bytes) -> str:
    """Bash that writes as many bytes of its input to a file; of all that could, dd alone promises
    to take no more of a pipe.
    """
    if not data:
        return f": > {shlex.quote(path)}"
    options = f"bs={len(data)} count=1 iflag=fullblock status=none"
    return f"dd of={shlex.quote(path)} {options}"


def _flat(path: str) -> str:
    return str(PurePosixPath(path)).replace("/", "__")


def _quoted(mark: bytes) -> str:
    return shlex.quote(mark.decode().rstrip("\n"))
