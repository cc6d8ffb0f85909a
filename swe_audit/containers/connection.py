"""The engine's client with objects for images and containers, for those who build."""

from __future__ import annotations

import docker

from swe_audit.containers import docker_engine

_TIMEOUT = 1800.0
"""Seconds for one call: an engine may take long to load a large layer on a slow disk."""


class Engine(docker.DockerClient):
    """A client around a connection that was already made."""

    def __init__(self, api: docker.APIClient) -> None:
        self.api = api


def connect() -> Engine:
    """Return a client of the engine; raise ``EngineUnavailableError`` where none answers."""
    return Engine(docker_engine.connect(timeout=_TIMEOUT))
