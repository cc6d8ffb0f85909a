"""Pull an image, patiently where the registry is busy, and not at all where there is none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from enum import Enum

import docker
import docker.errors
import docker.utils
import requests

from swe_audit.errors import EngineError, ImageError, InterruptedRunError

_LIMITED = ("toomanyrequests", "too many requests", "rate limit")
_BUSY = ("timeout", "temporarily", "502", "503", "504")

_PATIENCE = 8 * 3600.0
"""Seconds of pauses for one image where the registry counts pulls; they count by six hours."""


class _Answer(Enum):
    """What a registry says to a pull; the value is what is said of it."""

    CAME = "has it"
    ABSENT = "has it not"
    BUSY = "is busy"
    LIMITED = "allows no more pulls for now"


def back_off(*, limited: bool) -> Iterator[float]:
    """Yield the pauses before a registry is asked again, in seconds: each is twice the last.

    A busy registry is asked three times more, within 7 s. One that counts pulls is asked for 8
    hours, in the end once in 15 minutes.
    """
    longest, left = (900.0, _PATIENCE) if limited else (4.0, 7.0)
    pause = 5.0 if limited else 1.0
    while left > 0:
        yield min(pause, left)
        left -= pause
        pause = min(2 * pause, longest)


def untold(_: str) -> None:
    """Tell nobody what came."""


class Puller:
    """Pulls from whatever registry an image's name says; ``pulled`` is told what came.

    Safe to use from several threads.
    """

    def __init__(self, client: docker.DockerClient, pulled: Callable[[str], None] = untold) -> None:
        self._client = client
        self._pulled = pulled
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """End every pause; who waits in one hears of it as ``InterruptedRunError``."""
        self._cancelled.set()

    def pull(self, reference: str, say: Callable[[str], None]) -> bool:
        """Pull ``reference`` unless it is here; False where no registry in reach has it.

        Raise ``ImageError`` where the registry's limit outlasts all patience, ``EngineError``
        where the engine itself fails.
        """
        if self._is_here(reference):
            return True
        pauses = {answer: back_off(limited=answer is _Answer.LIMITED) for answer in _Answer}
        while True:
            answer = self._ask(reference, say)
            if answer is _Answer.CAME:
                self._pulled(reference)
                return True
            pause = None if answer is _Answer.ABSENT else next(pauses[answer], None)
            if pause is None and answer is _Answer.LIMITED:
                raise ImageError(
                    f"the registry's limit on pulls kept {reference} back for 8 hours",
                    hint="log in to the registry, or go on with --resume later",
                )
            if pause is None:
                return False
            say(f"the registry {answer.value}: asking for {reference} again in {pause:g} s")
            if self._cancelled.wait(pause):
                raise InterruptedRunError(f"stopped while waiting for {reference}")

    def _ask(self, reference: str, say: Callable[[str], None]) -> _Answer:
        try:
            _pull(self._client, reference, say)
        except docker.errors.NotFound:
            return _Answer.ABSENT
        except docker.errors.APIError as error:
            said = str(error).lower()
            if any(word in said for word in _LIMITED):
                return _Answer.LIMITED
            return _Answer.BUSY if any(word in said for word in _BUSY) else _Answer.ABSENT
        except requests.exceptions.ConnectionError as error:
            raise EngineError(f"the engine went away while pulling {reference}: {error}") from error
        return _Answer.CAME

    def _is_here(self, reference: str) -> bool:
        try:
            self._client.images.get(reference)
        except docker.errors.ImageNotFound:
            return False
        return True


def _pull(client: docker.DockerClient, reference: str, say: Callable[[str], None]) -> None:
    """Pull and report each tenth of the bytes."""
    repository, tag = docker.utils.parse_repository_tag(reference)
    totals: dict[str, tuple[int, int]] = {}
    said = 0
    stream = client.api.pull(repository, tag=tag or "latest", stream=True, decode=True)
    for event in stream:
        if "error" in event:
            raise docker.errors.APIError(str(event["error"]))
        detail = event.get("progressDetail") or {}
        if event.get("status") == "Downloading" and detail.get("total"):
            totals[event.get("id", "")] = (detail["current"], detail["total"])
            done = sum(current for current, _ in totals.values())
            whole = sum(total for _, total in totals.values())
            if whole and done * 10 // whole > said:
                said = done * 10 // whole
                say(f"pulling {reference}: {said * 10} % of {whole / 1e6:.0f} MB")
