"""What kind of task it is: difficulty, size, repository, age."""

from __future__ import annotations

from dataclasses import dataclass

DIFFICULTIES = ("<15 min fix", "15 min - 1 hour", "1-4 hours", ">4 hours")
"""The benchmark's own labels, easiest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """A task's tags. Line counts are of gold outside tests, docs and generated files."""

    difficulty: str
    difficulty_estimated: bool
    lines_added: int
    lines_removed: int
    files: int
    hunks: int
    repository: str
    language: str
    year: int | None

    @property
    def lines_changed(self) -> int:
        """Added plus removed."""
        return self.lines_added + self.lines_removed
