"""What images we made, and how to be rid of them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone

import docker
import docker.errors

from swe_audit.containers.labels import MARK, OWNER, is_mark


@dataclass(frozen=True, slots=True, kw_only=True)
class OurImage:
    """An image of ours.

    ``kind`` is base, environment or task, or pulled: by an audit with a disk budget. ``size`` is
    in bytes, parents' layers included.
    """

    name: str
    kind: str
    size: int
    created: str


def our_images(client: docker.DockerClient) -> tuple[OurImage, ...]:
    """Return every image by name that carries our label or our mark, newest first."""
    found = [
        OurImage(
            name=tag,
            kind=(image["Labels"] or {}).get(OWNER, "pulled"),
            size=int(image["Size"]),
            created=datetime.fromtimestamp(image["Created"], timezone.utc).isoformat()[:19],
        )
        # One call for all; the objects of the SDK would ask for each image again.
        for image in client.api.images()
        if OWNER in (image["Labels"] or {}) or any(map(is_mark, image["RepoTags"] or ()))
        for tag in image["RepoTags"] or ()
        if not is_mark(tag)
    ]
    return tuple(sorted(found, key=lambda image: (image.created, image.name), reverse=True))


def remove_images(client: docker.DockerClient, images: Iterable[OurImage]) -> int:
    """Remove images and return the bytes of disk that came free; one in use stays."""
    before = int(client.df().get("LayersSize") or 0)
    # What builds on others goes first, else the engine refuses.
    order = {"task": 0, "pulled": 0, "environment": 1, "base": 2}
    for image in sorted(images, key=lambda image: order.get(image.kind, 3)):
        try:
            client.images.remove(image.name)
        except (docker.errors.ImageNotFound, docker.errors.APIError):
            continue
    for row in client.api.images(name=MARK):
        if all(map(is_mark, row["RepoTags"])):
            for mark in row["RepoTags"]:
                with suppress(docker.errors.APIError):
                    client.images.remove(mark)
    return max(0, before - int(client.df().get("LayersSize") or 0))
