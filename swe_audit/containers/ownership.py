"""Whose container is it, and is its owner still alive: the labels that a sweep goes by.

A leftover is removed only when it is certain that no live auditor waits for it: its process is
gone (same machine, same boot, same process namespace), its machine has booted since, or it cannot
be seen from here (elsewhere, or inside a container that may be gone) and the time by which its
trial must have ended is long over. A clock that jumps takes nothing from a process that is seen to
live.
"""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

RUN = "swe-audit.run"
PID = "swe-audit.pid"
HOST = "swe-audit.host"
DEADLINE = "swe-audit.deadline"
TRIAL = "swe-audit.trial"
"""Says which trial a container is of; for people who look, nothing goes by it."""

GRACE = 600.0
"""Seconds that clocks may differ and an engine may dawdle before a deadline counts as missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """An auditor process, told apart from every other that is or was.

    ``host`` is machine, boot and process namespace, each shortened; ``process`` the process id
    with its start time, since ids are used again.
    """

    host: str
    process: str

    def labels(self, run_id: str, deadline: float) -> dict[str, str]:
        """Return the labels of a container that this process owns until ``deadline`` (Unix)."""
        return {
            RUN: run_id,
            PID: self.process,
            HOST: self.host,
            DEADLINE: str(int(deadline)),
        }


def this_process() -> Owner:
    """Describe the running process as an owner."""
    pid = os.getpid()
    return Owner(host=_host(), process=f"{pid}:{_started(pid)}")


def is_leftover(labels: Mapping[str, str], now: float | None = None) -> bool:
    """Tell whether a container with these labels is ours and nobody waits for it any more.

    False for a foreign container, and wherever the labels do not allow to be certain.
    """
    if RUN not in labels:
        return False
    theirs, ours = labels.get(HOST, "").split("/"), _host().split("/")
    process = labels.get(PID, "")
    if theirs == ours and _names_a_process(process):
        return not _alive(process)  # whatever a clock says
    booted_since = len(theirs) == 3 and theirs[0] == ours[0] and theirs[1] != ours[1]
    return booted_since or _overdue(labels.get(DEADLINE, ""), time.time() if now is None else now)


def _overdue(deadline: str, now: float) -> bool:
    return deadline.isdigit() and now > int(deadline) + GRACE


def _names_a_process(process: str) -> bool:
    pid = process.partition(":")[0]
    return pid.isdigit() and int(pid) > 0


def _alive(process: str) -> bool:
    pid, _, started = process.partition(":")
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return _started(int(pid)) == started


def _host() -> str:
    machine = _text("/etc/machine-id") or f"{uuid.getnode():x}"
    boot = _text("/proc/sys/kernel/random/boot_id") or "unknown"
    try:
        namespace = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        namespace = "none"
    return "/".join(_short(part) for part in (machine, boot, namespace))


def _started(pid: int) -> str:
    """Return the process's start in clock ticks since boot, empty where /proc does not tell.

    Field 22 of ``/proc/<pid>/stat`` (proc(5)); the name in field 2 may hold spaces.
    """
    stat = _text(f"/proc/{pid}/stat")
    fields = stat.rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else ""


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
