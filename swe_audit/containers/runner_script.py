"""What goes into a trial's container: the patch, the eval script, and the script that runs both.

The order of the patch commands, the reset between them, the paths and the staging of binary test
files are those of swebench 5's ``harness/run_evaluation.py``; ``docs/parity.md`` lists every
difference.
"""

from __future__ import annotations

import io
import secrets
import shlex
import tarfile
import time
from dataclasses import dataclass
from pathlib import PurePosixPath

from swe_audit.alternatives.mirroring import with_test_patch
from swe_audit.model.task import WORKDIR, Task
from swe_audit.model.trial import TrialSpec

PATCH_FILE = "/tmp/patch.diff"  # noqa: S108 - the harness's own path, inside the container
EVAL_FILE = "/eval.sh"
RUNNER_FILE = "/.swe-audit-trial"
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

_START_OF_TESTS = ">>>>> Start Test Output"
_NO_TREE = 3


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


def runner_script(marks: Marks, *, patched: bool) -> str:
    """Return the container's own command as bash.

    It deletes itself first and becomes the eval script last (``exec``), so that nothing which
    the tests can read (file, arguments, environment, memory) holds the marks. Both output
    streams are one pipe: what was written first is read first.
    """
    lines = [f"rm -f {RUNNER_FILE}", "exec 2>&1"]
    if patched:
        lines += [
            *_apply_function(),
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


def eval_script(task: Task, assets: dict[str, bytes], test_patch: str | None = None) -> str:
    """Return the task's eval script; binary test files are put in place just before its tests.

    ``test_patch`` takes the place of the task's own, for a candidate that brings tests.
    """
    script = task.eval_script or ""
    if test_patch is not None:
        script = with_test_patch(task, test_patch) or script
    if not assets:
        return script
    restore = [
        f"mkdir -p $(dirname {shlex.quote(path)}) && "
        f"cp {shlex.quote(f'{ASSETS}/{_flat(path)}')} {shlex.quote(path)}"
        for path in assets
    ]
    lines = script.split("\n")
    for number, line in enumerate(lines):
        if _START_OF_TESTS in line:
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


def trial_archive(spec: TrialSpec, marks: Marks) -> bytes:
    """Return one tar with everything that a trial needs, to be unpacked at ``/``."""
    patch = spec.candidate.patch.encode("utf-8", "surrogateescape")
    assets = read_assets(spec.task)
    files = {
        RUNNER_FILE: runner_script(marks, patched=bool(patch)).encode(),
        EVAL_FILE: eval_script(spec.task, assets, spec.candidate.test_patch).encode(
            "utf-8", "surrogateescape"
        ),
    }
    if patch:
        files[PATCH_FILE] = patch
    files.update({f"{ASSETS}/{_flat(path)}": data for path, data in assets.items()})
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        if assets:
            _add_folder(tar, ASSETS)
        for path, data in files.items():
            _add_file(tar, path, data)
    return buffer.getvalue()


def _add_folder(tar: tarfile.TarFile, path: str) -> None:
    entry = tarfile.TarInfo(path.lstrip("/"))
    entry.type, entry.mode, entry.mtime = tarfile.DIRTYPE, 0o755, int(time.time())
    tar.addfile(entry)


def _add_file(tar: tarfile.TarFile, path: str, data: bytes) -> None:
    entry = tarfile.TarInfo(path.lstrip("/"))
    entry.size, entry.mode, entry.mtime = len(data), 0o644, int(time.time())
    tar.addfile(entry, io.BytesIO(data))


def _flat(path: str) -> str:
    return str(PurePosixPath(path)).replace("/", "__")


def _quoted(mark: bytes) -> str:
    return shlex.quote(mark.decode().rstrip("\n"))
