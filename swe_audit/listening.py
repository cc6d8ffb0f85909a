"""What an audit says while it runs; whoever shows progress implements this."""

from __future__ import annotations

from typing import Protocol

from swe_audit.model.audit import TaskResult
from swe_audit.model.trial import Trial, TrialSpec


class Listener(Protocol):
    """Hears what happens, in the order in which it happens, always from one thread but ``said``."""

    def planned(self, tasks: int, trials: int) -> None:
        """So many tasks, and at least so many trials, are still to come."""
        ...

    def said(self, instance_id: str, line: str) -> None:
        """A slow step of an image began; called from several threads."""
        ...

    def began(self, spec: TrialSpec) -> None:
        """A trial was started."""
        ...

    def ended(self, trial: Trial, remaining: int) -> None:
        """A trial came back; ``remaining`` trials are still to come, if nothing surprises."""
        ...

    def settled(self, result: TaskResult) -> None:
        """Everything about a task is known."""
        ...


class Silence:
    """A listener for nobody."""

    def planned(self, tasks: int, trials: int) -> None:
        """Say nothing."""

    def said(self, instance_id: str, line: str) -> None:
        """Say nothing."""

    def began(self, spec: TrialSpec) -> None:
        """Say nothing."""

    def ended(self, trial: Trial, remaining: int) -> None:
        """Say nothing."""

    def settled(self, result: TaskResult) -> None:
        """Say nothing."""
