"""The wall around a command: bubblewrap's arguments, and whether it works on this machine.

Inside is a folder of ours as ``/``, of the host only programs and libraries, read-only. There
is no home, no ``/var``, no ``/run`` and no socket of the host, and no network unless asked for.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from swe_audit.errors import EngineUnavailableError

HOSTNAME = "swe-audit"
PROGRAM = "bwrap"

_HINT = (
    "install bubblewrap (on Debian or Ubuntu: apt-get install bubblewrap) on a kernel that lets "
    "you make user namespaces; foreign patches never run without isolation"
)
_PROGRAMS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
# What programs look up there; no passwords, keys or names of the host.
_SETTINGS = (
    "alternatives", "ca-certificates", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d",
    "localtime", "magic", "mime.types", "os-release", "pki", "protocols", "services", "ssl",
    "timezone",
)  # fmt: skip
_PASSWD = "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n"
_FILES = {
    "etc/passwd": _PASSWD,
    "etc/group": "root:x:0:\nnogroup:x:65534:\n",
    "etc/hosts": f"127.0.0.1 localhost {HOSTNAME}\n::1 localhost\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}
_FOLDERS = ("tmp", "var/tmp", "root", "run", "home", "mnt", "srv")
_SHARED_MEMORY = 64 * 1024**2


@cache
def require() -> str:
    """Return bubblewrap's version; raise ``EngineUnavailableError`` where it does not work."""
    if shutil.which(PROGRAM) is None:
        raise EngineUnavailableError("there is no bubblewrap (bwrap) here", hint=_HINT)
    test = [PROGRAM, "--unshare-all", "--uid", "0", "--gid", "0", "--cap-drop", "ALL"]
    test += ["--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--", "true"]
    try:
        tried = subprocess.run(test, capture_output=True, text=True, timeout=30, check=False)
        told = subprocess.run(
            [PROGRAM, "--version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineUnavailableError(f"bubblewrap does not run: {error}", hint=_HINT) from error
    if tried.returncode:
        lines = tried.stderr.strip().splitlines()
        said = lines[-1] if lines else f"exit code {tried.returncode}"
        raise EngineUnavailableError(f"bubblewrap does not work here: {said}", hint=_HINT)
    return told.stdout.strip().rpartition(" ")[2]


def lay_out(root: Path) -> None:
    """Make the skeleton of a root folder: names for uid 0, empty places to write."""
    for folder in _FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
    for name in ("tmp", "var/tmp"):
        (root / name).chmod(0o1777)
    for name, text in _FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def walled(
    root: Path,
    command: Sequence[str],
    *,
    variables: Mapping[str, str],
    folder: str,
    interpreter: Path,
    network: bool = False,
) -> list[str]:
    """Return the arguments that run a command with ``root`` as ``/``.

    ``interpreter`` is the prefix of the host's Python that the environment rests on. Everything
    ends with this process's thread, and with the command.
    """
    arguments = [PROGRAM, "--unshare-all"]
    arguments += ["--share-net"] if network else []
    arguments += ["--die-with-parent", "--new-session", "--hostname", HOSTNAME]
    arguments += ["--uid", "0", "--gid", "0", "--cap-drop", "ALL", "--bind", str(root), "/"]
    for place in _PROGRAMS:
        arguments += _as_on_host(Path(place))
    for name in _SETTINGS:
        if Path("/etc", name).exists():
            arguments += ["--ro-bind", str(Path("/etc", name)), f"/etc/{name}"]
    if network and Path("/etc/resolv.conf").exists():
        arguments += ["--ro-bind", str(Path("/etc/resolv.conf").resolve()), "/etc/resolv.conf"]
    if not interpreter.is_relative_to("/usr"):
        arguments += ["--ro-bind", str(interpreter), str(interpreter)]
    arguments += ["--proc", "/proc", "--dev", "/dev"]
    arguments += ["--size", str(_SHARED_MEMORY), "--tmpfs", "/dev/shm", "--clearenv"]  # noqa: S108
    for name, value in {"HOME": "/root", **variables}.items():
        arguments += ["--setenv", name, value]
    return [*arguments, "--chdir", folder, "--", *command]


def _as_on_host(place: Path) -> list[str]:
    """A folder of programs, or the link to one that it is on merged systems."""
    if place.is_symlink():
        return ["--symlink", str(place.readlink()), str(place)]
    return ["--ro-bind", str(place), str(place)] if place.is_dir() else []
