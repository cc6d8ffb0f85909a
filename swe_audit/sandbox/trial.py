"""Runs one trial in a sandbox: a fresh copy, bubblewrap around it, and nothing left behind."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from swe_audit.caching import cache_folder
from swe_audit.containers.container import OFFLINE, Ending
from swe_audit.containers.disk import Watch
from swe_audit.containers.output import TrialOutput
from swe_audit.containers.ownership import is_leftover, this_process
from swe_audit.containers.ports import EngineInfo, Study
from swe_audit.containers.runner_script import COMMAND, new_marks, read_assets, trial_files
from swe_audit.containers.session import interrupted, name_state
from swe_audit.containers.study import FOLDER, PATIENCE, SCRIPT, study_files, study_of
from swe_audit.containers.trial import new_paths
from swe_audit.containers.turns import Turns
from swe_audit.errors import EngineCallError, EngineError
from swe_audit.model.reinstall import Reinstall
from swe_audit.model.task import Task
from swe_audit.model.trial import Limits, RunState, TrialRun, TrialSpec
from swe_audit.sandbox import limits as bounds
from swe_audit.sandbox.bubblewrap import lay_out, require, walled
from swe_audit.sandbox.places import Place, copy_tree, open_place

_OWNER = "owner.json"
_POLL = 0.1
_DISK_INTERVAL = 2.0
_CHUNK = 1 << 16
_LOST = 125


class SandboxIsolation:
    """An ``Isolation`` without an engine; one object serves any number of threads.

    ``cache`` is that of ``SandboxImages``. What a candidate leaves behind dies with its process
    namespace; its folder is removed.
    """

    name = "sandbox"

    def __init__(
        self,
        run_id: str,
        cache: Path | None = None,
        *,
        disk_interval: float = _DISK_INTERVAL,
        running: int | None = None,
    ) -> None:
        self._turns = Turns(running, bounds.machine())
        self._run_id = run_id
        self._cache = cache or cache_folder("sandbox")
        self._trials = self._cache / "trials"
        self._disk_interval = disk_interval

    def info(self) -> EngineInfo:
        """Describe the sandbox; raise ``EngineUnavailableError`` where bubblewrap fails."""
        return EngineInfo(
            name="bubblewrap",
            version=require(),
            storage_driver="copies",
            unenforced=bounds.unenforced(),
            root_dir=str(self._cache),
            machine=bounds.machine(),
        )

    def run(self, spec: TrialSpec, image: str, limits: Limits, cancel: threading.Event) -> TrialRun:
        """Run one trial as ``Isolation.run`` promises, in a copy of the place ``image``."""
        began, waited = time.monotonic(), 0.0
        try:
            result, waited = self._once(spec, image, limits, cancel)
        except (EngineError, OSError) as fault:
            detail = fault.message if isinstance(fault, EngineError) else f"the sandbox: {fault}"
            result = TrialRun(state=RunState.ENGINE_ERROR, log="", detail=detail)
        total = time.monotonic() - began - waited
        return replace(result, image=image, isolation=self.name, total_seconds=total)

    def study(self, task: Task, image: str) -> Study:
        """Read a task's base tree, and what the classes that gold touches inherit."""
        place = open_place(self._cache, image)
        paths = [path for path in new_paths(task.gold_patch) if path.endswith(".py")]
        with self._copy(place, _PATIENCE_OF_A_STUDY) as root:
            folder = root / FOLDER.lstrip("/")
            folder.mkdir()
            for name, text in study_files(task.gold_patch, paths, place.workdir).items():
                (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
            command = walled(
                root,
                ["/bin/bash", "-c", SCRIPT, "study", place.workdir],
                variables=place.variables,
                folder="/",
                interpreter=place.prefix,
            )
            try:
                done = subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=PATIENCE,
                    check=False,
                )
            except subprocess.TimeoutExpired as error:
                raise EngineCallError(
                    f"looking into {image} took too long", transient=False
                ) from error
            if done.returncode:
                raise EngineCallError(
                    f"{image} has no git tree in {place.workdir}", transient=False
                )
            found = {
                path.name: path.read_bytes()
                for path in folder.iterdir()
                if path.is_file() and not path.is_symlink()
            }
        return study_of(found)

    def reinstall(self, task: Task, image: str, limits: Limits) -> Reinstall:  # noqa: ARG002
        """Say that nothing is known: here every install runs."""
        return Reinstall(image="", preamble="", problem="only containers are watched")

    def sweep(self) -> int:
        """Remove the folders of trials whose process is dead; return how many."""
        bounds.remove_leftovers()
        removed = 0
        for note in self._trials.glob(f"*/{_OWNER}"):
            with suppress(OSError, ValueError):
                if is_leftover(json.loads(note.read_text(encoding="utf-8"))):
                    _remove(note.parent)
                    removed += 1
        return removed

    def close(self) -> None:
        """Nothing stays open: each trial ends with its call."""

    @contextmanager
    def _copy(self, place: Place, patience: float) -> Iterator[Path]:
        """A root folder with a copy of a place in it, removed at the end."""
        folder = self._trials / f"{self._run_id}-{secrets.token_hex(6)}"
        folder.mkdir(parents=True)
        try:
            labels = this_process().labels(self._run_id, time.time() + patience)
            (folder / _OWNER).write_text(json.dumps(labels), encoding="utf-8")
            root = folder / "root"
            lay_out(root)
            copy_tree(place.folder / "opt", root / "opt")
            copy_tree(place.folder / "tree", root / place.workdir.lstrip("/"))
            yield root
        finally:
            _remove(folder)

    def _once(
        self, spec: TrialSpec, image: str, limits: Limits, cancel: threading.Event
    ) -> tuple[TrialRun, float]:
        """Return what came of a trial, and the seconds that it waited for its turn."""
        if cancel.is_set():
            return interrupted(), 0.0
        place = open_place(self._cache, image)
        marks = new_marks()
        output = TrialOutput(marks, limits.output)
        offline = OFFLINE if limits.network == "none" else {}
        with self._copy(place, 2 * limits.timeout) as root:
            for path, data in trial_files(spec, marks, read_assets(spec.task)).items():
                file = root / path.lstrip("/")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
            command = walled(
                root,
                COMMAND,
                variables={**place.variables, **offline},
                folder=place.workdir,
                interpreter=place.prefix,
                network=limits.network != "none",
            )
            with self._turns.wait(spec.task.resources, limits, cancel) as waited:
                if waited is None:
                    return interrupted(), 0.0
                fence = bounds.fence(limits)
                try:
                    return self._attend(fence, command, root, output, limits, cancel), waited
                finally:
                    fence.close()

    def _attend(
        self,
        fence: bounds.Fence,
        command: list[str],
        root: Path,
        output: TrialOutput,
        limits: Limits,
        cancel: threading.Event,
    ) -> TrialRun:
        """Start the command and stay with it until it ends or has to be ended."""
        watch = Watch(root.parent.name, limits.disk)
        base = _written(root)
        over = threading.Event()
        process = subprocess.Popen(
            fence.entering(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        reader = threading.Thread(target=_read, args=(process, output), daemon=True)
        disk = threading.Thread(
            target=_measure, args=(root, base, watch, over, self._disk_interval), daemon=True
        )
        try:
            reader.start()
            disk.start()
            forced = _wait(process, output, limits, cancel, watch, fence)
        finally:
            process.kill()
            process.wait()
            over.set()
            reader.join(5)
            disk.join()
        if forced is RunState.INTERRUPTED:
            return interrupted(output)
        code = process.returncode
        ending = Ending(
            exit_code=128 - code if code < 0 else code,
            out_of_memory=forced is RunState.OUT_OF_MEMORY or fence.out_of_memory(),
        )
        run = name_state(output, limits, ending, forced, watch)
        return replace(run, detail=fence.crossed) if fence.crossed else run


_PATIENCE_OF_A_STUDY = 2.0 * PATIENCE


def _wait(
    process: subprocess.Popen[bytes],
    output: TrialOutput,
    limits: Limits,
    cancel: threading.Event,
    watch: Watch,
    fence: bounds.Fence,
) -> RunState | None:
    """Return None once the process has ended, or the reason to kill it now."""
    began = time.monotonic()
    while True:
        if cancel.is_set():
            return RunState.INTERRUPTED
        if output.exceeded:
            return RunState.OUTPUT_EXCEEDED
        if watch.exceeded.is_set():
            return RunState.DISK_EXCEEDED
        if process.poll() is not None and output.closed:
            return None
        left = (output.evaluation_began or began) + limits.timeout - time.monotonic()
        if left <= 0:
            return RunState.TIMED_OUT
        if fence.exceeded(process.pid):
            return RunState.OUT_OF_MEMORY
        if output.closed:
            with suppress(subprocess.TimeoutExpired):
                process.wait(min(_POLL, left))
        else:
            output.wait(min(_POLL, left))


def _read(process: subprocess.Popen[bytes], output: TrialOutput) -> None:
    assert process.stdout is not None
    try:
        while chunk := os.read(process.stdout.fileno(), _CHUNK):
            output.feed(chunk)
    finally:
        process.stdout.close()
        output.close()


def _measure(root: Path, base: int, watch: Watch, over: threading.Event, interval: float) -> None:
    """Look again and again at what was written, until ``over``."""
    while not over.wait(interval):
        watch.used = max(0, _written(root) - base)
        if watch.used > watch.limit:
            watch.exceeded.set()
            return


def _written(folder: Path) -> int:
    """Bytes on disk below a folder, links not followed."""
    total, waiting = 0, [str(folder)]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                with suppress(OSError):
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
    return total


def _remove(folder: Path) -> None:
    """Remove a folder that a candidate may have closed to its owner."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        for place, names, _ in os.walk(folder):
            for one in (Path(place), *(Path(place, name) for name in names)):
                if not one.is_symlink():
                    with suppress(OSError):
                        one.chmod(0o700)
        shutil.rmtree(folder, ignore_errors=True)
