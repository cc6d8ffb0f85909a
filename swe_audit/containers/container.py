"""One trial's container: how it is made, fed, started, read, looked at and killed."""

from __future__ import annotations

import re
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import docker
from docker.types import LogConfig
from docker.utils.socket import frames_iter

from swe_audit.containers.docker_engine import translated, unix_time
from swe_audit.containers.output import TrialOutput
from swe_audit.containers.runner_script import COMMAND
from swe_audit.errors import EngineCallError
from swe_audit.model.trial import Limits

HOSTNAME = "swe-audit"

OFFLINE = {"PIP_NO_INDEX": "1", "PIP_RETRIES": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
"""Tells pip that there is no index, so that a reinstall in an eval script fails at once."""

NO_ISOLATION = {"PIP_NO_BUILD_ISOLATION": "0"}
"""Build with the image's own tools. pip stores the value as it is read into ``build_isolation``,
so it is 0, not 1, that turns isolation off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a container stands: ``exit_code`` None while it runs, times as the engine tells them."""

    exit_code: int | None
    out_of_memory: bool
    started: str = ""
    finished: str = ""


def container_name(run_id: str) -> str:
    """Make a name that is ours, unique, and legal for an engine."""
    run = re.sub(r"[^A-Za-z0-9_.-]", "-", run_id)[:40]
    return f"swe-audit-{run}-{secrets.token_hex(6)}"


def offline_variables(image_variables: tuple[str, ...]) -> dict[str, str]:
    """Return what to tell pip in a container without network.

    An image with wheels of its own (``PIP_FIND_LINKS``) keeps build isolation, which finds its
    requirements there; in any other image isolation could only fail, so it is turned off.
    """
    names = {variable.partition("=")[0] for variable in image_variables}
    return OFFLINE if "PIP_FIND_LINKS" in names else {**OFFLINE, **NO_ISOLATION}


def create(
    client: docker.APIClient,
    name: str,
    image: str,
    limits: Limits,
    *,
    labels: dict[str, str],
    variables: dict[str, str],
    command: str = "",
) -> None:
    """Create the container of a trial, not yet started.

    Its command is the runner whatever the image's entry point is, and its folder the image's,
    as for a command that the harness executes. ``command`` is bash that takes the runner from its
    standard input; without it, the container has to be filled.
    """
    with translated(f"creating a container of {image}"):
        host = client.create_host_config(
            network_mode=limits.network,
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            mem_limit=limits.memory,
            memswap_limit=limits.memory,
            nano_cpus=int(limits.cpus * 1e9),
            pids_limit=limits.pids,
            init=True,
            log_config=LogConfig(type="none"),
            extra_hosts={HOSTNAME: "127.0.0.1"} if limits.network == "none" else None,
        )
        client.create_container(
            image,
            name=name,
            entrypoint=["/bin/bash", "-c", command] if command else list(COMMAND),
            stdin_open=bool(command),
            command=[],
            user="root",
            hostname=HOSTNAME,
            environment=variables,
            labels=labels,
            healthcheck={"test": ["NONE"]},
            host_config=host,
        )


class Stream:
    """A container's standard input and output; the output is read on a thread of its own."""

    def __init__(self, client: docker.APIClient, name: str) -> None:
        with translated("attaching to the container"):
            self._socket: Any = client.attach_socket(
                name, params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
            )
        # The socket under the file object that the client hands out (TLS has none in between).
        self._plain: socket.socket = getattr(self._socket, "_sock", self._socket)
        self._name = name
        self._reader: threading.Thread | None = None

    def send(self, data: bytes) -> None:
        """Send to the container's standard input; nothing of its output is read meanwhile."""
        with translated("sending the patch to the container"):
            self._plain.sendall(data)

    def read_into(self, output: TrialOutput) -> None:
        """Begin to read, until the output ends."""
        name = f"read-{self._name}"
        self._reader = threading.Thread(target=self._read, args=[output], name=name, daemon=True)
        self._reader.start()

    def stop(self) -> None:
        """End the reading, also where the container lives on; safe to call twice."""
        with suppress(OSError):
            self._plain.shutdown(socket.SHUT_RDWR)
        if self._reader is None:
            self._close()

    def _read(self, output: TrialOutput) -> None:
        fault = None
        try:
            with translated("reading the container's output"):
                frames: Callable[..., Iterator[tuple[int, bytes]]] = frames_iter
                for _, chunk in frames(self._socket, tty=False):
                    output.feed(chunk)
        except EngineCallError as error:
            fault = error
        finally:
            # Once it reads, only this thread may close: elsewhere the number of the descriptor
            # could belong to another connection by the time that this thread reads from it.
            self._close()
            output.close(fault)

    def _close(self) -> None:
        response = getattr(self._socket, "_response", None)
        if response is not None:
            response.close()
        self._plain.close()


def fill(client: docker.APIClient, name: str, archive: bytes) -> None:
    """Unpack an archive in a container that has not begun."""
    with translated("copying files into the container"):
        client.put_archive(name, "/", archive)


def start(client: docker.APIClient, name: str) -> Stream:
    """Open the stream, then start; return the stream.

    It is open before anything runs, so no output is lost.
    """
    stream = Stream(client, name)
    try:
        with translated("starting the container"):
            client.start(name)
    except BaseException:
        stream.stop()
        raise
    return stream


def look(client: docker.APIClient, name: str) -> Ending:
    """Ask the engine how a container stands."""
    with translated("asking for the container's state"):
        state = client.inspect_container(name)["State"]
    # Podman calls one that is being killed "stopping": neither running nor with an exit code.
    alive = state.get("Running") or state.get("Status") == "stopping"
    return Ending(
        exit_code=None if alive else int(state.get("ExitCode") or 0),
        out_of_memory=bool(state.get("OOMKilled")),
        started=str(state.get("StartedAt") or ""),
        finished=str(state.get("FinishedAt") or ""),
    )


def kill(client: docker.APIClient, name: str) -> None:
    """Kill everything in a container at once; one that has ended or is gone is no error."""
    try:
        with translated("killing the container"):
            client.kill(name)
    except EngineCallError as fault:
        if fault.transient and not fault.missing and "not running" not in fault.message:
            raise


def killed_from_outside(client: docker.APIClient, name: str, ending: Ending) -> bool:
    """Tell whether the engine was asked to kill, stop or remove a container that has ended.

    Asked only about a container that died of a signal: a test that kills its own shell leaves no
    such event, somebody's ``docker kill`` and an engine that shuts down do. Times are the
    engine's: by a clock of ours that jumped, it would wait for events that are still to come.
    Podman tells of a forced removal by ``remove`` alone, a moment after the end.
    """
    began, ended = unix_time(ending.started), unix_time(ending.finished)
    if began is None or ended is None:
        return False
    with translated("asking why the container died"):
        events = client.events(
            since=int(began) - 1,
            until=int(ended) + 2,
            decode=True,
            filters={"container": name, "event": ["kill", "stop", "remove"]},
        )
        return any(True for _ in events)
