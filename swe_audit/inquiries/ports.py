"""What an inquirer is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from swe_audit.alternatives.ground import Ground
from swe_audit.model.audit import TaskResult
from swe_audit.model.candidate import Candidate


class Inquirer(Protocol):
    """Asks about something that the ordinary trials of a task left open."""

    def __call__(self, result: TaskResult, ground: Ground) -> Iterator[Candidate]:
        """Yield controls to run, each with a name of its own that is the same each time.

        Nothing where the answer is known already, or where the task cannot be asked.
        """
        ...
