"""Which images go so that the others take no more disk than they may: the choice alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What an image adds to those below; ``id`` names it with all below it, ``size`` is bytes."""

    id: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An image that counts; ``used`` is when it last was, in seconds since whenever."""

    id: str
    names: tuple[str, ...]
    layers: tuple[Layer, ...]
    used: float


def bytes_of(images: Iterable[Held]) -> int:
    """Return what images take together: a layer that they share counts once."""
    return sum({layer.id: layer.size for image in images for layer in image.layers}.values())


def outgoing(
    images: Iterable[Held], room: int, needed: Collection[str], coming: Mapping[str, int]
) -> list[Held]:
    """Choose what goes until the rest takes at most ``room`` bytes, or nothing more may go.

    ``needed`` are names that stay. ``coming`` tells, by name, which task to come is the first that
    wants an image: those go last, and of them first what is wanted latest; of the others what was
    used least recently. What frees nothing, for others hold its layers, stays as long as they do.
    """
    kept = list(images)
    holders = Counter(layer.id for image in kept for layer in image.layers)
    taken = bytes_of(kept)
    order = sorted(
        (image for image in kept if not set(image.names) & set(needed)),
        key=lambda image: _rank(image, coming),
    )
    gone: list[Held] = []
    while taken > room:
        for image in order:
            freed = sum(layer.size for layer in image.layers if holders[layer.id] == 1)
            if freed:
                break
        else:
            break
        order.remove(image)
        holders.subtract(layer.id for layer in image.layers)
        taken -= freed
        gone.append(image)
    return gone


def _rank(image: Held, coming: Mapping[str, int]) -> tuple[bool, int, float]:
    wanted = min((coming[name] for name in image.names if name in coming), default=None)
    return (wanted is not None, -(wanted or 0), image.used)
