"""Images within a disk budget: what is no longer needed goes before more is pulled or built."""

from __future__ import annotations

import fcntl
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO

from swe_audit.containers.docker_engine import translated
from swe_audit.containers.eviction import bytes_of, outgoing
from swe_audit.containers.images import DockerImages
from swe_audit.containers.ports import Surroundings
from swe_audit.containers.spare import Spare
from swe_audit.errors import ImageError, InterruptedRunError, UsageError
from swe_audit.model.task import Task

_POLL = 0.5


class BudgetedImages:
    """``Images`` that together take at most ``budget`` bytes, less what was there before.

    A task whose image is asked for waits until there is room, unless no other holds one: then it
    goes on, and fails where its image alone is more than the budget. Nobody knows how large an
    image will be, so there is room for as much as the largest so far has added; one that is larger
    still may be too much while it is made.
    """

    def __init__(self, images: DockerImages, spare: Spare, budget: int, engine: str) -> None:
        self._images = images
        self._spare = spare
        self._budget = budget
        self._engine = engine
        self._lock: IO[bytes] | None = None
        self._changed = threading.Condition()
        self._coming: dict[str, frozenset[str]] = {}
        self._needed: dict[str, frozenset[str]] = {}
        self._making: set[str] = set()
        self._largest = 0
        self._closed = False

    def expect(self, tasks: Iterable[Task]) -> None:
        """Take in which order tasks are to come.

        Raise ``UsageError`` where another audit keeps a budget on this engine: neither could know
        what the other needs.
        """
        self._lock = self._lock or _locked(self._engine)
        self._coming = {task.instance_id: self._images.names(task) for task in tasks}

    def ensure(self, task: Task, say: Callable[[str], None]) -> str:
        """Return the task's image, once there is room for it; it stays until it is released."""
        names = self._images.names(task)
        with translated("making room for images"):
            self._wait(task, names, say)
        try:
            image = self._images.ensure(task, say)
            with translated("measuring images"), self._changed:
                self._spare.touch(image)
                self._check(task, image, say)
        except BaseException:
            self.release(task)
            raise
        finally:
            with self._changed:
                self._making.discard(task.instance_id)
                self._changed.notify_all()
        return image

    def release(self, task: Task) -> None:
        """Let a task's image go when room is wanted."""
        with self._changed:
            self._needed.pop(task.instance_id, None)
            self._coming.pop(task.instance_id, None)
            self._changed.notify_all()

    def close(self) -> None:
        """Let nobody wait any more, and bring images down to the budget."""
        self._images.close()
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            if self._lock is not None:
                with translated("removing images"):
                    self._make_room(self._budget, lambda _: None)
                self._lock.close()
                self._lock = None

    def surroundings(self, task: Task) -> Surroundings:
        """Say what the task's trials run in, as ``DockerImages`` does."""
        return self._images.surroundings(task)

    def ensure_all(
        self, tasks: Iterable[Task], say: Callable[[str], None], workers: int
    ) -> Mapping[str, str | Exception]:
        """Ensure many at once, as ``DockerImages`` does; they cannot be within a budget."""
        return self._images.ensure_all(tasks, say, workers)

    def _wait(self, task: Task, names: frozenset[str], say: Callable[[str], None]) -> None:
        said = False
        with self._changed:
            while not self._closed:
                others = set(self._needed) - {task.instance_id}
                self._needed[task.instance_id] = names
                if self._images.has(task):
                    return
                wanted = self._largest * (len(self._making) + 1)
                if self._make_room(self._budget - wanted, say) or not others:
                    self._making.add(task.instance_id)
                    return
                del self._needed[task.instance_id]
                if not said:
                    say("its image waits for room on the disk (--disk-budget)")
                    said = True
                self._changed.wait(_POLL)
        raise InterruptedRunError("stopped while waiting for room on the disk")

    def _make_room(self, room: int, say: Callable[[str], None]) -> bool:
        """Remove images until the others take at most ``room``; False where that cannot be."""
        held = self._spare.held()
        before = bytes_of(held)
        if before <= room:
            return True
        needed = frozenset[str]().union(*self._needed.values())
        coming: dict[str, int] = {}
        for place, names in enumerate(self._coming.values()):
            for name in names:
                coming.setdefault(name, place)
        gone = outgoing(held, room, needed, coming)
        if gone:
            self._spare.remove(gone)
            held = self._spare.held()
            freed = (before - bytes_of(held)) / 1e6
            say(f"removed images to make room, least recently used first: {freed:.0f} MB")
        return bytes_of(held) <= room

    def _check(self, task: Task, image: str, say: Callable[[str], None]) -> None:
        """Learn how much the new image added; raise ``ImageError`` where it alone is too much."""
        held = self._spare.held()
        own = [one for one in held if image in one.names]
        if bytes_of(own) > self._budget:
            self._needed.pop(task.instance_id)
            self._make_room(self._budget, say)
            raise ImageError(
                f"the image of {task.instance_id} takes {bytes_of(own) / 1e6:.0f} MB, and"
                f" --disk-budget allows {self._budget / 1e6:.0f} MB for all",
                hint="raise --disk-budget above that",
            )
        others = [one for one in held if one not in own]
        self._largest = max(self._largest, bytes_of(held) - bytes_of(others))
        self._make_room(self._budget, say)


def _locked(engine: str) -> IO[bytes]:
    """Hold the lock of an engine for this process; a dead one holds none."""
    file = (Path(tempfile.gettempdir()) / f"swe-audit-{os.getuid()}-{engine}.lock").open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise UsageError(
            "another audit keeps a disk budget on this engine",
            hint="wait until it has ended, or leave --disk-budget out",
        ) from error
    return file
