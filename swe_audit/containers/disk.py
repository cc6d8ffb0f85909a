"""Watches what running containers have written, for engines whose storage has no quota.

Where the engine is on this machine and its folders may be read, the container's own writable
folder (the upper layer, and any anonymous volume) is measured directly; that takes milliseconds.
Elsewhere the engine is asked, which on some storage drivers takes many seconds for a large image
(17 s seen on fuse-overlayfs), so the pause between two looks grows with what a look costs.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterable
from typing import Any

import docker

from swe_audit.containers.docker_engine import translated
from swe_audit.errors import EngineCallError

_log = logging.getLogger(__name__)


class Watch:
    """One container under watch; ``exceeded`` is set when it has written more than it may."""

    def __init__(self, container: str, limit: int) -> None:
        self.container = container
        self.limit = limit
        self.folders: tuple[str, ...] | None = None
        self.used = 0
        self.exceeded = threading.Event()


class DiskWatcher:
    """One thread that looks at every watched container in turn, each ``interval`` seconds."""

    def __init__(self, client: docker.APIClient, interval: float = 2.0) -> None:
        self._client = client
        self._interval = interval
        self._watches: list[Watch] = []
        self._changed = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    def watch(self, container: str, limit: int) -> Watch:
        """Begin to watch a started container; ``limit`` is in bytes."""
        watch = Watch(container, limit)
        with self._changed:
            self._watches.append(watch)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="disk", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return watch

    def forget(self, watch: Watch) -> None:
        """Stop watching."""
        with self._changed:
            self._watches.remove(watch)

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        pause = self._interval
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or bool(self._watches))
                self._changed.wait_for(lambda: self._closed, timeout=pause)
                if self._closed:
                    return
                watches = list(self._watches)
            began = time.monotonic()
            for watch in watches:
                self._look(watch)
            pause = max(self._interval, 10 * (time.monotonic() - began))

    def _look(self, watch: Watch) -> None:
        try:
            if watch.folders is None:
                with translated("looking at a container's folders"):
                    watch.folders = own_folders(self._client.inspect_container(watch.container))
            if watch.folders:
                watch.used = written(watch.folders, watch.limit)
            else:
                watch.used = self._ask(watch.container)
        except EngineCallError as fault:
            _log.debug("disk not measured this time: %s", fault.message)
        if watch.used > watch.limit:
            watch.exceeded.set()

    def _ask(self, container: str) -> int:
        with translated("asking for a container's size"):
            rows = self._client.containers(all=True, size=True, filters={"id": container})
        return int(rows[0].get("SizeRw") or 0) if rows else 0


def own_folders(facts: dict[str, Any]) -> tuple[str, ...]:
    """Return the folders that a container writes to, from its inspection.

    Empty where they cannot be read from here: a remote engine, too few rights, or a storage
    driver without an upper layer.
    """
    upper = ((facts.get("GraphDriver") or {}).get("Data") or {}).get("UpperDir")
    if not upper:
        return ()
    volumes = [
        mount["Source"]
        for mount in facts.get("Mounts") or ()
        if mount.get("Type") == "volume" and mount.get("Source")
    ]
    folders = (upper, *volumes)
    readable = all(os.access(folder, os.R_OK | os.X_OK) for folder in folders)
    return folders if readable else ()


def written(folders: Iterable[str], enough: int) -> int:
    """Add up the allocated bytes below folders, hard links once; stop counting past ``enough``.

    Files that vanish meanwhile are left out. A deleted file that is still open is not seen.
    """
    total = 0
    linked: set[tuple[int, int]] = set()
    pending = list(folders)
    while pending and total <= enough:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    total += _size(entry, pending, linked)
        except OSError:
            continue
    return total


def _size(entry: os.DirEntry[str], pending: list[str], linked: set[tuple[int, int]]) -> int:
    try:
        facts = entry.stat(follow_symlinks=False)
        if entry.is_dir(follow_symlinks=False):
            pending.append(entry.path)
    except OSError:
        return 0
    if facts.st_nlink > 1 and not entry.is_dir(follow_symlinks=False):
        key = (facts.st_dev, facts.st_ino)
        if key in linked:
            return 0
        linked.add(key)
    return facts.st_blocks * 512
