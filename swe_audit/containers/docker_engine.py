"""The container engine: find it, describe it, and put its failures into our words.

Docker and Podman answer the same interface (Docker Engine API v1.41 and later).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import docker
import requests.exceptions
import urllib3.exceptions
from docker.errors import APIError, DockerException, NotFound
from docker.utils import kwargs_from_env

from swe_audit.containers.ports import EngineInfo
from swe_audit.errors import EngineCallError, EngineUnavailableError
from swe_audit.model.task import Resources

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(?:Z|([+-])(\d\d):(\d\d))$")
_INSTALL = (
    "install Docker (on Debian or Ubuntu: apt-get install docker.io) or Podman, start its service, "
    "and name its socket in DOCKER_HOST if it is not the default one"
)
_FOREIGN = (
    DockerException,
    requests.exceptions.RequestException,
    urllib3.exceptions.HTTPError,
    OSError,
)


def connect(*, timeout: float = 120.0) -> docker.APIClient:
    """Return a client of the engine in ``DOCKER_HOST``, else of the first socket that answers.

    Raise ``EngineUnavailableError`` that says what was tried. ``timeout`` is for one call, in
    seconds.
    """
    if os.environ.get("DOCKER_HOST"):
        place = os.environ["DOCKER_HOST"]
        try:
            return _client(timeout, **kwargs_from_env())
        except _FOREIGN as error:
            raise EngineUnavailableError(
                f"no container engine answers at DOCKER_HOST={place}: {_reason(error)}",
                hint="start that engine, or unset DOCKER_HOST to use the default socket",
            ) from error
    sockets = [path for path in default_sockets() if path.exists()]
    problems = []
    for path in sockets:
        try:
            return _client(timeout, base_url=f"unix://{path}")
        except _FOREIGN as error:
            problems.append(f"{path}: {_reason(error)}")
    if not problems:
        tried = ", ".join(str(path) for path in default_sockets())
        raise EngineUnavailableError(
            f"no container engine found; there is no socket at {tried}", hint=_INSTALL
        )
    denied = any("ermission denied" in problem for problem in problems)
    raise EngineUnavailableError(
        f"no container engine answers: {'; '.join(problems)}",
        hint="you may not use this socket: join its group (docker) or run as root"
        if denied
        else "start the engine (systemctl start docker, or dockerd), or set DOCKER_HOST",
    )


def default_sockets() -> tuple[Path, ...]:
    """Where engines listen when nobody says otherwise, Docker before Podman."""
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    return (
        Path("/var/run/docker.sock"),
        runtime / "docker.sock",
        Path.home() / ".docker/run/docker.sock",
        runtime / "podman/podman.sock",
        Path("/run/podman/podman.sock"),
    )


def describe(client: docker.APIClient) -> EngineInfo:
    """Describe the engine and the limits that it cannot enforce here."""
    with translated("asking the engine for its version"):
        version: Mapping[str, Any] = client.version()
        facts: Mapping[str, Any] = client.info()
    parts = {str(part.get("Name", "")) for part in version.get("Components") or ()}
    name = "podman" if any("podman" in part.lower() for part in parts) else "docker"
    return EngineInfo(
        name=name,
        version=str(version.get("Version", "")),
        storage_driver=str(facts.get("Driver", "")),
        unenforced=unenforced_limits(facts),
        cgroup_version=str(facts.get("CgroupVersion") or "1"),
        root_dir=str(facts.get("DockerRootDir", "")),
        now=unix_time(str(facts.get("SystemTime", ""))),
        machine=Resources(cpus=facts.get("NCPU") or None, memory=facts.get("MemTotal") or None),
    )


def ask_anew(client: docker.APIClient) -> None:
    """Let go of idle connections: on those an engine that is shutting down still answers."""
    adapters: Mapping[str, Any] = client.adapters
    for adapter in adapters.values():
        adapter.close()


def unix_time(moment: str) -> float | None:
    """Return the Unix time of an engine's timestamp (RFC 3339, nanoseconds), None for none."""
    found = _MOMENT.match(moment)
    if found is None:
        return None
    try:
        plain = datetime.strptime(found[1], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    except ValueError:
        return None
    ahead = 0
    if found[4]:
        ahead = (int(found[4]) * 60 + int(found[5])) * (60 if found[3] == "+" else -60)
    return plain.timestamp() + float(found[2] or 0) - ahead


def unenforced_limits(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the limits that an engine's ``/info`` says it cannot keep, in our option names.

    Written disk is watched by ourselves, so no engine lacks it. Podman without root rights on
    control groups of version 1 claims all of them, and ignores them.
    """
    needed = {
        "memory": "MemoryLimit",
        "swap": "SwapLimit",
        "cpus": "CpuCfsQuota",
        "pids": "PidsLimit",
    }
    if facts.get("Rootless") is True and str(facts.get("CgroupVersion")) == "1":
        return tuple(needed)
    return tuple(limit for limit, field in needed.items() if facts.get(field) is False)


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turn whatever the client raises into an ``EngineCallError`` that says what was being done."""
    try:
        yield
    except NotFound as error:
        raise EngineCallError(f"{doing}: {_reason(error)}", transient=True, missing=True) from error
    except APIError as error:
        code = error.status_code or 500
        raise EngineCallError(
            f"{doing}: {_reason(error)}", transient=code >= 500 or code in (409, 429)
        ) from error
    except _FOREIGN as error:
        raise EngineCallError(f"{doing}: {_reason(error)}", transient=True) from error


def _client(timeout: float, **options: Any) -> docker.APIClient:
    client = docker.APIClient(version="auto", timeout=int(timeout), max_pool_size=64, **options)
    try:
        client.ping()
    except BaseException:
        client.close()
        raise
    return client


def _reason(error: BaseException) -> str:
    """One line of what went wrong, without the layers of wrapping."""
    if isinstance(error, APIError) and error.explanation:
        return str(error.explanation).strip().splitlines()[0]
    deepest = error
    while deepest.__cause__ or deepest.__context__:
        deepest = deepest.__cause__ or deepest.__context__ or deepest
    if isinstance(deepest, OSError) and deepest.strerror:
        return deepest.strerror
    return (str(error).strip() or type(error).__name__).splitlines()[0]
