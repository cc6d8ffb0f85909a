"""The labels by which we know our own images, and the tags on those that may go."""

from __future__ import annotations

OWNER = "swe-audit"
"""Says what an image is: ``base``, ``environment`` or ``task``."""

KEY = "swe-audit.key"
"""Identifies what the image was made from."""

ALIAS = "swe-audit.alias"
"""The name by which the benchmark's own harness finds the image as well."""

MARK = "swe-audit/spare"
"""The repository of tags on images that an audit with a disk budget made or pulled."""


def mark_of(image: str) -> str:
    """Return the tag that marks an image, given its id."""
    return f"{MARK}:{image.partition(':')[2][:20]}"


def is_mark(tag: str) -> bool:
    """Whether a tag is a mark of ours rather than an image's name."""
    return tag.startswith(f"{MARK}:")
