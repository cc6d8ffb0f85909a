"""What the rest of the program may ask of the place where trials run."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Protocol

from swe_audit.model.task import Resources
from swe_audit.model.trial import TrialRun, TrialSpec


class Executor(Protocol):
    """Runs trials, ``slots`` of them at once, somewhere; how many may change as it runs."""

    @property
    def slots(self) -> int:
        """How many trials it wants at once."""
        ...

    def submit(self, spec: TrialSpec, image: str) -> Future[TrialRun]:
        """Begin a trial in ``image``; the future holds what came of it.

        The future raises only for a defect of ours or an engine that is gone for good.
        """
        ...

    def shortage(self, resources: Resources) -> str:
        """Say what no machine here has enough of to ever run a trial; empty where one has."""
        ...

    def cancel(self) -> None:
        """Kill what runs; those futures end soon with ``RunState.INTERRUPTED``."""
        ...

    def close(self) -> None:
        """Wait for what runs and let go of everything."""
        ...
