"""All that is asked of Ray: join a cluster, begin tasks on its nodes, hear what became of them.

What Ray itself says belongs to nobody's terminal: a lost node is our business, not an alarm.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from swe_audit.errors import EngineUnavailableError, UsageError
from swe_audit.executors.cluster.node import Fault
from swe_audit.executors.cluster.placing import Node

Ref = Any
"""Ray's reference to what a task returns."""

_ANSWER = 5.0
"""Seconds within which a cluster's address has to take a connection, and to answer."""
_SETTINGS = b"\x04"
_HELLO = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0" + _SETTINGS + b"\0\0\0\0\0"
"""How an HTTP/2 connection begins (RFC 9113, 3.4): a preface, and a frame of no settings."""


class Connection:
    """A cluster that was joined; raise ``EngineUnavailableError`` where none answers.

    One that the program had joined before is used, and stays joined.
    """

    def __init__(self, address: str) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            import ray
        except ImportError as error:
            raise UsageError(
                "--executor ray needs Ray", hint="pip install 'swe-audit[ray]'"
            ) from error
        self._ray: Any = ray
        self._owned = not ray.is_initialized()
        if self._owned:
            self._join(address)

    def nodes(self) -> dict[str, Node]:
        """Return the nodes that are alive, by id."""
        return {
            row["NodeID"]: Node(
                id=row["NodeID"],
                name=row.get("NodeName") or row["NodeManagerAddress"],
                cpus=float(row["Resources"].get("CPU", 0)),
                memory=int(row["Resources"].get("memory", 0)),
            )
            for row in self._ray.nodes()
            if row["Alive"]
        }

    def begin(
        self, node: str, function: Callable[..., object], *arguments: object, **claims: Any
    ) -> Ref:
        """Begin a task on one node, once: what is lost is begun again by us, elsewhere.

        ``claims`` are options of Ray, such as ``num_cpus``; without them nothing is claimed.
        """
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        task = self._ray.remote(function).options(
            max_retries=0,
            scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False),
            **{"num_cpus": 0, **claims},
        )
        return task.remote(*arguments)

    def ended(self, refs: Sequence[Ref], timeout: float) -> list[Ref]:
        """Return those that have ended, waiting for the first; nothing is fetched."""
        if not refs:
            return []
        done, _ = self._ray.wait(refs, num_returns=1, timeout=timeout, fetch_local=False)
        if done:
            done, _ = self._ray.wait(refs, num_returns=len(refs), timeout=0, fetch_local=False)
        return list(done)

    def all_ended(self, refs: Sequence[Ref], timeout: float) -> None:
        """Wait until all have ended, or the time is over."""
        if refs:
            self._ray.wait(refs, num_returns=len(refs), timeout=timeout, fetch_local=False)

    def outcome(self, ref: Ref) -> object:
        """Return what a task returned, a ``Fault`` where it was lost; raise what it raised."""
        errors = self._ray.exceptions
        try:
            return self._ray.get(ref)
        except errors.TaskCancelledError:
            return Fault(detail="its task was cancelled")
        except errors.RayTaskError as error:
            if isinstance(error.cause, errors.RayError):  # what it waited for was lost
                return Fault(detail=first_line(error.cause), unusable=True)
            raise
        except errors.RayError as error:
            return Fault(detail=first_line(error), unusable=True)

    def cancel(self, refs: Iterable[Ref]) -> None:
        """Interrupt tasks that run (SIGINT), and begin none of the others."""
        for ref in refs:
            self._ray.cancel(ref, force=False)

    def leave(self) -> None:
        """Part from the cluster; it lives on."""
        if self._owned:
            self._ray.shutdown()

    def _join(self, address: str) -> None:
        try:
            found = _found() if address == "auto" else address
            _require_head(found)
            # Ray prints what happens on its nodes to our stdout, which is for results.
            driver = importlib.import_module("ray._private.worker")
            vars(driver)["print_to_stdstream"] = lambda *_data, **_options: None
            with _own_signals():
                self._ray.init(found, log_to_driver=False, logging_level=logging.CRITICAL)
        except (OSError, RuntimeError, ValueError, self._ray.exceptions.RayError) as error:
            raise _no_cluster(address, first_line(error)) from error


def _found() -> str:
    """Return where the cluster of this machine is, as Ray finds it; raise ``OSError`` for none."""
    services = importlib.import_module("ray._private.services")
    try:
        return str(services.canonicalize_bootstrap_address_or_die("auto"))
    except ConnectionError as error:
        several = "multiple" in str(error)
        reason = "there are several, name one with --address" if several else "none was started"
        raise ConnectionError(reason) from error


def _require_head(address: str) -> None:
    """Raise where no head node answers: Ray itself would try for minutes, and say so all the while.

    A head speaks gRPC, so it takes an HTTP/2 connection, and begins with its settings.
    """
    host, _, port = address.rpartition(":")
    if not host or "/" in host or not port.isdigit():
        raise UsageError(
            f"--address {address} is no address of a cluster",
            hint="it is HOST:PORT of the head node, such as 10.0.0.1:6379, or auto",
        )
    try:
        with socket.create_connection((host, int(port)), timeout=_ANSWER) as head:
            if os.environ.get("RAY_USE_TLS", "0") != "0":
                return
            head.sendall(_HELLO)
            frame = head.recv(4)
    except TimeoutError as error:
        raise ConnectionError(f"silence for {_ANSWER:.0f} s") from error
    except OverflowError as error:
        raise ConnectionError(str(error)) from error
    if frame[3:] != _SETTINGS:
        raise ConnectionError("what answers is no head node")


def _no_cluster(address: str, reason: str) -> EngineUnavailableError:
    place = "on this machine" if address == "auto" else f"at {address}"
    return EngineUnavailableError(
        f"no Ray cluster answers {place}: {reason}",
        hint="start one (ray start --head; ray start --address HOST:PORT on each other machine),"
        " and run swe-audit on one of its machines",
    )


@contextlib.contextmanager
def _own_signals() -> Iterator[None]:
    """Keep our handlers: Ray sets its own, under which SIGTERM would end the program at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def first_line(error: object) -> str:
    """Return the first line of what an error says, or its kind."""
    lines = str(error).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__
