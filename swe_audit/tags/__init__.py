"""Difficulty, size, repository, age."""

from __future__ import annotations

from swe_audit.tags.tagger import tag

__all__ = ["tag"]
