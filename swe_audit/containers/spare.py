"""The images that audits with a disk budget brought to an engine, known by a tag of their own.

Whatever was there before has no such tag, and neither have images that somebody gave a name of
their own: they are never touched, and the layers that they hold count for nobody.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import docker
import docker.errors

from swe_audit.containers.docker_engine import unix_time
from swe_audit.containers.eviction import Held, Layer
from swe_audit.containers.labels import ALIAS, is_mark, mark_of


class Spare:
    """Marks, lists and removes such images; what an image holds is asked for once."""

    def __init__(self, client: docker.DockerClient) -> None:
        self._client = client
        self._used: dict[str, float] = {}
        self._layers: dict[str, tuple[Layer, ...]] = {}

    def mark(self, name: str) -> None:
        """Note that we brought an image."""
        image = self._client.images.get(name)
        image.tag(*mark_of(str(image.id)).split(":"))

    def touch(self, name: str) -> None:
        """Note that an image of ours is used now; of others nothing is noted."""
        image = self._client.images.get(name)
        self._used[str(image.id)] = time.time()
        if any(is_mark(tag) for tag in image.tags):
            self.mark(name)  # the engine keeps when an image was last named

    def held(self) -> list[Held]:
        """Return the images that may go, with the layers that nobody else's image holds."""
        rows: list[dict[str, Any]] = self._client.api.images()
        ours = [row for row in rows if _is_spare(row)]
        foreign = {layer.id for row in rows if row not in ours for layer in self._of(row["Id"])}
        return [
            Held(
                id=row["Id"],
                names=tuple(tag for tag in row["RepoTags"] if not is_mark(tag)),
                layers=tuple(layer for layer in self._of(row["Id"]) if layer.id not in foreign),
                used=self._used.get(row["Id"], 0.0),
            )
            for row in ours
        ]

    def remove(self, images: Iterable[Held]) -> None:
        """Remove images; one that a container still uses keeps its mark, and goes another time."""
        for image in images:
            for name in (*image.names, mark_of(image.id)):
                with suppress(docker.errors.APIError):
                    self._client.images.remove(name)

    def _of(self, image: str) -> tuple[Layer, ...]:
        """Return an image's layers, lowest first; none of one that went meanwhile.

        The engine gives sizes by step, and steps that changed nothing have none: where an image
        has an empty layer, sizes above it stand a layer too low. Their sum is right.
        """
        if image not in self._layers:
            try:
                found = self._client.images.get(image)
                facts, steps = found.attrs, found.history()
            except docker.errors.ImageNotFound:
                return ()
            sizes = [int(step["Size"]) for step in reversed(steps) if step["Size"]]
            self._layers[image] = _chained(facts["RootFS"].get("Layers") or (), sizes)
            named = str((facts.get("Metadata") or {}).get("LastTagTime") or facts["Created"])
            self._used.setdefault(image, unix_time(named) or 0.0)
        return self._layers[image]


def _chained(digests: Iterable[str], sizes: list[int]) -> tuple[Layer, ...]:
    """Name each layer by itself and all below, for the engine shares it only as such."""
    layers: list[Layer] = []
    for place, digest in enumerate(digests):
        below = layers[-1].id if layers else ""
        size = sizes[place] if place < len(sizes) else 0
        layers.append(Layer(id=f"{below}{digest}", size=size))
    return tuple(layers)


def _is_spare(row: dict[str, Any]) -> bool:
    """Whether an image has our mark, and no name but those that we gave it or pulled it by.

    Labels tell nothing of who made an image: whatever is built on ours inherits them.
    """
    tags = row["RepoTags"] or ()
    names = [tag for tag in tags if not is_mark(tag)]
    alias = (row["Labels"] or {}).get(ALIAS)
    own = all(name.startswith("swe-audit/") or name == alias for name in names)
    return len(names) < len(tags) and (own or len(names) == 1)
