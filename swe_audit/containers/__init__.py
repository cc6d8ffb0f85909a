"""Isolation behind a Protocol: one trial's container, images, limits."""
