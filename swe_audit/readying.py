"""Get images ready, and what is made of the trees in them, in threads of their own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias, TypeVar

from swe_audit.containers.ports import Images, Surroundings
from swe_audit.errors import AuditError, EngineError, EngineUnavailableError, ImageError
from swe_audit.executors.watch import EngineWatch
from swe_audit.model.construction import Survey
from swe_audit.model.reinstall import Reinstall
from swe_audit.model.task import Task
from swe_audit.preparation import Prepared

T = TypeVar("T")

_PAUSES = (0.5, 3.0)
"""Seconds before an image or a tree is asked for again after the engine failed."""


_Jobs: TypeAlias = "queue.SimpleQueue[tuple[Task, bool, Future[Ready]] | None]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A task's image, what it is by content, and what was made of the tree in it.

    ``reinstall`` is what installing the tree once more does, None where nobody looked.
    """

    image: str
    surroundings: Surroundings
    prepared: Prepared
    reinstall: Reinstall | None = None


def _unseen(_task: Task, _image: str, _about: Surroundings, _made: Prepared) -> None:
    """Look at no install."""


class ImageQueue:
    """Gets images ready in the order asked for, a few at a time, in threads that never hold up
    the end of the program: a build that was not waited for is found half-done or done next time.
    """

    def __init__(
        self,
        images: Images,
        builders: int,
        say: Callable[[str, str], None],
        watch: EngineWatch,
        prepare: Callable[[Task, str], Prepared] = lambda _task, _image: Prepared(),
        reinstall: Callable[[Task, str, Surroundings, Prepared], Reinstall | None] = _unseen,
    ) -> None:
        self._reinstall = reinstall
        self._prepare = prepare
        self._images = images
        self._watch = watch
        self._say = say
        self._first: _Jobs = queue.SimpleQueue()
        self._again: _Jobs = queue.SimpleQueue()
        # Whoever makes images may be waiting for the room that a task takes which comes again.
        self._threads = [
            threading.Thread(target=self._work, args=[jobs], name=f"image-{number}", daemon=True)
            for number, jobs in enumerate([self._again, *[self._first] * builders])
        ]
        for thread in self._threads:
            thread.start()

    def ensure(self, task: Task, *, read: bool = True, again: bool = False) -> Future[Ready]:
        """Return the future image of a task, with what was made of its tree if that is read.

        One that comes ``again``, with its image still there, waits for no other task.
        """
        future: Future[Ready] = Future()
        (self._again if again else self._first).put((task, read, future))
        return future

    def close(self) -> None:
        """Begin nothing more; what is being built is left to itself."""
        self._watch.cancel()
        self._images.close()
        for jobs in (self._first, self._again):
            with suppress(queue.Empty):
                while True:
                    jobs.get_nowait()
            for _ in self._threads:
                jobs.put(None)

    def _work(self, jobs: _Jobs) -> None:
        while (job := jobs.get()) is not None:
            task, read, future = job
            try:
                image, surroundings = self._ensure(task)
                prepared = self._prepared(task, image) if read else Prepared()
                future.set_result(
                    Ready(
                        image=image,
                        surroundings=surroundings,
                        prepared=prepared,
                        reinstall=self._seen(task, image, surroundings, prepared),
                    )
                )
            except AuditError as error:
                future.set_exception(error)
            except BaseException as error:  # the thread's owner has to hear of a defect of ours
                future.set_exception(error)
                raise

    def _prepared(self, task: Task, image: str) -> Prepared:
        """Make what is wanted of a task's tree; say so in its survey where the engine will not."""
        try:
            return self._patiently(lambda: self._prepare(task, image))
        except EngineUnavailableError:
            raise
        except EngineError as error:
            return Prepared(survey=Survey(problem=error.message))

    def _seen(
        self, task: Task, image: str, surroundings: Surroundings, prepared: Prepared
    ) -> Reinstall | None:
        """See what an install does; where the engine will not, every trial installs."""
        try:
            return self._patiently(lambda: self._reinstall(task, image, surroundings, prepared))
        except EngineUnavailableError:
            raise
        except EngineError:
            return None

    def _ensure(self, task: Task) -> tuple[str, Surroundings]:
        say = partial(self._say, task.instance_id)
        return self._patiently(
            lambda: (self._images.ensure(task, say), self._images.surroundings(task))
        )

    def _patiently(self, call: Callable[[], T]) -> T:
        """Call, and again where the engine fails: one that goes down still answers for a while."""
        for pause in _PAUSES:
            try:
                return call()
            except ImageError:
                raise  # the image's own fault
            except EngineError:
                self._watch.was_away()
                self._watch.pause(pause)
                self._watch.was_away()
        return call()
