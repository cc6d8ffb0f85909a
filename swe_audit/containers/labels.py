"""The labels by which we know our own images."""

OWNER = "swe-audit"
"""Says what an image is: ``base``, ``environment`` or ``task``."""

KEY = "swe-audit.key"
"""Identifies what the image was made from."""
