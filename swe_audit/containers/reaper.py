"""Removes finished containers beside the trials, so that nobody waits, and forgets none."""

from __future__ import annotations

import logging
import queue
import threading
import time

import docker

from swe_audit.containers.docker_engine import translated
from swe_audit.containers.ownership import RUN, is_leftover
from swe_audit.errors import EngineCallError

_TRIES = 6
_log = logging.getLogger(__name__)


class Reaper:
    """One thread that kills and removes containers, with their anonymous volumes, in order.

    What cannot be removed after several tries is logged and left to the next start's sweep.
    """

    def __init__(self, client: docker.APIClient) -> None:
        self._client = client
        self._queue: queue.Queue[str | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def take(self, container: str) -> None:
        """Have a container removed, by id or name; one that does not exist is no error."""
        with self._lock:
            self._queue.put(container)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="reaper", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Return when everything taken so far is gone."""
        with self._lock:
            thread, self._thread = self._thread, None
            if thread is not None:
                self._queue.put(None)
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while (container := self._queue.get()) is not None:
            try:
                remove(self._client, container)
            except EngineCallError as fault:
                _log.warning("%s; the next start removes it", fault.message)


def remove(client: docker.APIClient, container: str) -> None:
    """Kill and remove one container and its volumes; raise ``EngineCallError`` at last."""
    for attempt in range(1, _TRIES + 1):
        try:
            with translated(f"removing container {container}"):
                client.remove_container(container, force=True, v=True)
        except EngineCallError as fault:
            if fault.missing:
                return
            if attempt == _TRIES:
                raise
            time.sleep(min(0.1 * 2**attempt, 2.0))
        else:
            return


def leftovers(client: docker.APIClient) -> tuple[str, ...]:
    """Return the ids of containers, of trials and of image builds, that dead runs of ours left."""
    with translated("listing containers"):
        rows = client.containers(all=True, filters={"label": RUN})
    return tuple(row["Id"] for row in rows if is_leftover(row.get("Labels") or {}))
