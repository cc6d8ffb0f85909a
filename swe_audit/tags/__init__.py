"""Difficulty, size, repository, age."""

from __future__ import annotations

from swe_audit.tags.tagger import tag, tags_document

__all__ = ["tag", "tags_document"]
