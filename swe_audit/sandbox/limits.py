"""Keep a trial within its memory, processes and processors: cgroups where we may make them.

Elsewhere the processes are counted and their memory summed ten times a second, and whoever has
too much is ended; the kernel's own limits of one process (``prlimit``) are the second line.
"""

from __future__ import annotations

import itertools
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from swe_audit.model.task import Resources
from swe_audit.model.trial import Limits

CGROUPS = Path("/sys/fs/cgroup")
_PREFIX = "swe-audit"
_PERIOD = 100_000
_PAGE = os.sysconf("SC_PAGE_SIZE")
_numbers = itertools.count(1)


@dataclass(slots=True, kw_only=True)
class Fence:
    """The limits of one trial; ``folders`` are its cgroups by controller, perhaps none.

    ``crossed`` says which limit the trial was found to be over, empty if none.
    """

    limits: Limits
    folders: Mapping[str, Path] = field(default_factory=dict)
    crossed: str = ""

    def entering(self, command: list[str]) -> list[str]:
        """Return the command that puts itself into the cgroups first, under ``prlimit``."""
        bounds = ["--core=0", f"--fsize={4 * self.limits.disk}"]
        if "memory" not in self.folders:
            # More than is allowed, so that it is our look which ends a trial and names the limit.
            bounds.append(f"--data={2 * self.limits.memory}")
        if "pids" not in self.folders and os.getuid():
            bounds.append(f"--nproc={self.limits.pids}")
        if shutil.which("prlimit"):
            command = ["prlimit", *bounds, *command]
        doors = sorted({str(folder / "cgroup.procs") for folder in self.folders.values()})
        join = "".join(f'echo $$ > "${{{n}}}" || exit 125; ' for n in range(1, len(doors) + 1))
        return ["/bin/sh", "-c", f'{join}shift {len(doors)}; exec "$@"', "sh", *doors, *command]

    def exceeded(self, process: int) -> bool:
        """Whether a process tree is over a limit that no cgroup keeps."""
        if {"memory", "pids"} <= set(self.folders):
            return False
        pages = count = 0
        for pid in _tree(process):
            count += 1
            with suppress(OSError, ValueError, IndexError):
                _, resident, shared = Path(f"/proc/{pid}/statm").read_text().split()[:3]
                pages += int(resident) - int(shared)
        if "memory" not in self.folders and pages * _PAGE > self.limits.memory:
            self.crossed = f"more than {self.limits.memory // 2**20} MiB in use (--memory)"
        elif "pids" not in self.folders and count > self.limits.pids:
            self.crossed = f"more than {self.limits.pids} processes at once (--pids)"
        return bool(self.crossed)

    def out_of_memory(self) -> bool:
        """Whether the kernel killed a process of the trial for its memory."""
        folder = self.folders.get("memory")
        if folder is None:
            return False
        for name in ("memory.events", "memory.oom_control"):
            with suppress(OSError):
                words = dict(
                    line.split(" ", 1) for line in (folder / name).read_text().splitlines()
                )
                return int(words.get("oom_kill", "0")) > 0
        return False

    def close(self) -> None:
        """Remove the cgroups; their last process may take a moment to go."""
        for folder in set(self.folders.values()):
            for _ in range(40):
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.05)
                else:
                    break


def fence(limits: Limits) -> Fence:
    """Make the cgroups of a trial, as far as this process may; never raises."""
    name = f"{_PREFIX}-{os.getpid()}-{next(_numbers)}"
    folders = dict(_version_2(name, limits) or _version_1(name, limits))
    return Fence(limits=limits, folders=folders)


def unenforced() -> tuple[str, ...]:
    """Name the limits that nothing keeps here."""
    tried = fence(Limits())
    try:
        kept = set(tried.folders)
    finally:
        tried.close()
    swap = () if "memory" in kept else ("swap",)
    return (*swap, *(("cpus",) if "cpu" not in kept else ()))


def machine() -> Resources:
    """Return the processors that this process may use, and the memory of the machine."""
    pages = os.sysconf("SC_PHYS_PAGES")
    return Resources(cpus=len(os.sched_getaffinity(0)), memory=pages * _PAGE)


def remove_leftovers() -> None:
    """Remove the empty cgroups of processes of ours that are gone."""
    for folder in (*CGROUPS.glob(f"*/{_PREFIX}-*-*"), *CGROUPS.glob(f"{_PREFIX}-*-*")):
        pid = folder.name.split("-")[-2]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            with suppress(OSError):
                folder.rmdir()


def _version_2(name: str, limits: Limits) -> dict[str, Path]:
    if not (CGROUPS / "cgroup.controllers").exists():
        return {}
    folder = CGROUPS / name
    values: dict[str, dict[str, object]] = {
        "memory": {"memory.max": limits.memory, "memory.swap.max": 0},
        "pids": {"pids.max": limits.pids},
        "cpu": {"cpu.max": f"{int(limits.cpus * _PERIOD)} {_PERIOD}"},
    }
    try:
        folder.mkdir()
    except OSError:
        return {}
    kept = {key: folder for key, wanted in values.items() if _written(folder, wanted)}
    if not kept:
        folder.rmdir()
    return kept


def _version_1(name: str, limits: Limits) -> Iterator[tuple[str, Path]]:
    wanted: dict[str, dict[str, object]] = {
        "memory": {
            "memory.limit_in_bytes": limits.memory,
            "memory.memsw.limit_in_bytes": limits.memory,
        },
        "pids": {"pids.max": limits.pids},
        "cpu": {"cpu.cfs_period_us": _PERIOD, "cpu.cfs_quota_us": int(limits.cpus * _PERIOD)},
    }
    for key, values in wanted.items():
        folder = CGROUPS / key / name
        try:
            if not (CGROUPS / key).is_dir():
                continue
            folder.mkdir()
        except OSError:
            continue
        if _written(folder, values):
            yield key, folder
        else:
            folder.rmdir()


def _written(folder: Path, values: Mapping[str, object]) -> bool:
    """Write limits; the first has to be taken, the others (swap) may not exist."""
    for number, (name, value) in enumerate(values.items()):
        try:
            (folder / name).write_text(str(value))
        except OSError:
            if not number:
                return False
    return True


def _tree(process: int) -> Iterator[int]:
    """Yield a process and everything below it."""
    waiting = [process]
    while waiting:
        pid = waiting.pop()
        yield pid
        with suppress(OSError):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                children = (thread / "children").read_text().split()
                waiting += [int(child) for child in children]
