"""Pull an image, patiently where the registry is busy, and not at all where there is none."""

from __future__ import annotations

import time
from collections.abc import Callable

import docker
import docker.errors
import docker.utils
import requests

from swe_audit.errors import EngineError

_ATTEMPTS = 4
_BUSY = ("toomanyrequests", "too many requests", "429", "timeout", "temporarily", "502", "503")


def try_pull(client: docker.DockerClient, reference: str, say: Callable[[str], None]) -> bool:
    """Pull ``reference`` unless it is here; False where no registry in reach has it.

    A busy registry is asked again after 1, 2 and 4 seconds. Raises ``EngineError`` where the
    engine itself fails.
    """
    for attempt in range(_ATTEMPTS):
        try:
            client.images.get(reference)
        except docker.errors.ImageNotFound:
            pass
        else:
            return True
        try:
            _pull(client, reference, say)
        except docker.errors.NotFound:
            return False
        except docker.errors.APIError as error:
            if not _busy(error) or attempt == _ATTEMPTS - 1:
                return False
            say(f"the registry is busy, asking for {reference} again in {2**attempt} s")
            time.sleep(2**attempt)
        except requests.exceptions.ConnectionError as error:
            raise EngineError(f"the engine went away while pulling {reference}: {error}") from error
        else:
            return True
    return False


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


def _busy(error: docker.errors.APIError) -> bool:
    text = str(error).lower()
    return any(word in text for word in _BUSY)
