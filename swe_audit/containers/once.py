"""Work on an image that is done once, however many tasks ask for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

import docker.errors

from swe_audit.errors import AuditError, EngineError, ImageError


class Once:
    """Makes images by name; safe to call from several threads.

    What was made may be removed, and an engine may come back, so both are tried again when
    somebody asks later. A bad image stays bad.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shared: dict[str, Future[str]] = {}

    def get(self, name: str, make: Callable[[], str]) -> str:
        """Run ``make`` for the first who asks for ``name``; the others wait for its result."""
        with self._lock:
            future = self._shared.get(name)
            mine = future is None
            if future is None:
                future = self._shared[name] = Future()
        if not mine:
            return future.result()
        try:
            future.set_result(make())
        except AuditError as error:
            future.set_exception(error)
        except (docker.errors.DockerException, OSError) as error:
            future.set_exception(EngineError(f"the engine failed to build {name}: {error}"))
        finally:
            if not future.done():
                future.set_exception(EngineError(f"building {name} was interrupted"))
            if not isinstance(future.exception(), ImageError):
                with self._lock:
                    del self._shared[name]
        return future.result()
