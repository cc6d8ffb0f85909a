"""What the user sees while an audit runs: a live display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from swe_audit.model.candidate import Control
from swe_audit.model.trial import RunState
from swe_audit.statistics import counted

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import RenderableType
    from rich.live import Live

    from swe_audit.cli.console import Voice
    from swe_audit.model.audit import TaskResult
    from swe_audit.model.finding import Finding
    from swe_audit.model.trial import Trial, TrialSpec

_SHOWN = 8
"""Tasks in flight that the live display has room for."""

_UNDER = {
    Control.MIRROR: " under mirrored tests",
    Control.MIRROR_EMPTY: " under mirrored tests",
    Control.RELAXED: " under relaxed tests",
    Control.FAILING: " under tests made to fail",
}
"""What tells a verdict under other tests from one of the benchmark's."""


@dataclass(slots=True)
class Tally:
    """How far an audit is, and how long the rest may take."""

    tasks: int = 0
    settled: int = 0
    ended: int = 0
    remaining: int = 0
    findings: int = 0
    began: float = field(default_factory=time.monotonic)

    def seconds_left(self) -> float | None:
        """Guess from the pace so far; None before there is one."""
        if not self.ended:
            return None
        return (time.monotonic() - self.began) / self.ended * self.remaining

    def line(self) -> str:
        """Say it in one line."""
        left = self.seconds_left()
        time_left = f", about {duration(left)} left" if left is not None and self.remaining else ""
        total = counted(self.ended + self.remaining, "trial")
        return (
            f"{self.settled} of {counted(self.tasks, 'task')}, {self.ended} of {total},"
            f" {counted(self.findings, 'finding')}{time_left}"
        )


class PlainProgress:
    """One line for each thing that happens, for logs and pipes."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self.tally = Tally()
        self._lock = threading.Lock()
        self._controls: dict[str, Control | None] = {}

    def __enter__(self) -> PlainProgress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is left on the screen."""

    def planned(self, tasks: int, trials: int) -> None:
        """Say how much there is to do."""
        self.tally.tasks, self.tally.remaining = tasks, trials
        self._voice.say(f"{counted(tasks, 'task')} to run, at least {counted(trials, 'trial')}")

    def said(self, instance_id: str, line: str) -> None:
        """Say what an image is waiting for."""
        with self._lock:
            self._voice.say(f"{instance_id}: {line}")

    def began(self, spec: TrialSpec) -> None:
        """Say so where details were asked for."""
        self._controls[spec.id] = spec.candidate.control
        self._voice.detail(f"{spec.id}: running")

    def ended(self, trial: Trial, remaining: int) -> None:
        """Say what came of a trial."""
        self.tally.ended += 1
        self.tally.remaining = remaining
        total = self.tally.ended + remaining
        said = outcome_of(trial, self._controls.pop(trial.id, None))
        self._voice.say(f"[{self.tally.ended}/{total}] {said}")

    def settled(self, result: TaskResult) -> None:
        """Say a task's status and its findings, and now and then how long the rest takes."""
        self.tally.settled += 1
        self.tally.findings += len(result.findings)
        self._voice.say(f"{result.instance_id}: {result.status.value}: {result.reason}")
        for finding in result.findings:
            self._voice.say(f"finding: {describe_finding(finding)}")
        if self.tally.settled % 10 == 0:
            self._voice.say(self.tally.line())


class LiveProgress(PlainProgress):
    """One line for each task in flight, the total with the time left, and findings as they come."""

    def __init__(self, voice: Voice) -> None:
        super().__init__(voice)
        self._images: dict[str, str] = {}
        self._running: dict[str, tuple[TrialSpec, float]] = {}
        self._live: Live | None = None

    def __enter__(self) -> LiveProgress:
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True)
        self._live = Live(
            get_renderable=self._render, console=console, refresh_per_second=4, transient=True
        )
        self._live.start()
        self._voice.through = lambda text: console.print(text, markup=False, highlight=False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Clear the display; the lines above it stay."""
        self._voice.through = None
        if self._live is not None:
            self._live.stop()

    def planned(self, tasks: int, trials: int) -> None:
        """Begin the total."""
        self.tally.tasks, self.tally.remaining = tasks, trials

    def said(self, instance_id: str, line: str) -> None:
        """Show what an image is waiting for."""
        with self._lock:
            self._images[instance_id] = line
        self._voice.detail(f"{instance_id}: {line}")

    def began(self, spec: TrialSpec) -> None:
        """Show what is being tried."""
        self._controls[spec.id] = spec.candidate.control
        with self._lock:
            self._images.pop(spec.task.instance_id, None)
            self._running[spec.id] = (spec, time.monotonic())

    def ended(self, trial: Trial, remaining: int) -> None:
        """Take the trial off the display."""
        with self._lock:
            self._running.pop(trial.id, None)
        self.tally.ended += 1
        self.tally.remaining = remaining
        self._voice.detail(outcome_of(trial, self._controls.pop(trial.id, None)))

    def settled(self, result: TaskResult) -> None:
        """Print findings, and tasks that could not be judged, above the display."""
        with self._lock:
            self._images.pop(result.instance_id, None)
        self.tally.settled += 1
        self.tally.findings += len(result.findings)
        for finding in result.findings:
            self._voice.say(f"finding: {describe_finding(finding)}")
        if result.status.value in ("skipped", "inconclusive"):
            self._voice.say(f"{result.instance_id}: {result.status.value}: {result.reason}")

    def _render(self) -> RenderableType:
        from rich.text import Text

        with self._lock:
            running = list(self._running.values())
            images = list(self._images.items())
        moment = time.monotonic()
        lines = [
            f"  {spec.task.instance_id}  {spec.candidate.name}, attempt {spec.attempt}"
            f"  {duration(moment - begun)}"
            for spec, begun in running
        ]
        lines += [f"  {instance_id}  {line}" for instance_id, line in images]
        if len(lines) > _SHOWN:
            lines = [*lines[:_SHOWN], f"  and {len(lines) - _SHOWN} more"]
        return Text("\n".join([*lines, self.tally.line()]), no_wrap=True, overflow="ellipsis")


def progress_for(voice: Voice, *, quiet: bool) -> PlainProgress:
    """Return the display that suits stderr; nothing moves unless it is a terminal."""
    lively = sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not quiet
    return LiveProgress(voice) if lively else PlainProgress(voice)


def outcome_of(trial: Trial, control: Control | None = None) -> str:
    """Say what came of a trial in one line.

    A verdict is only said of what the tests accept or reject: the statement's code is no test,
    and softened tests are run for what each assertion says.
    """
    number = len(trial.outcome.failed)
    failed = f", {counted(number, 'required test')} failed" if number else ""
    if trial.state is not RunState.COMPLETED:
        what = trial.state.value + (f" ({trial.detail})" if trial.detail else "")
    elif control is Control.REPRODUCTION:
        what = "ran the statement's code"
    elif control is Control.SOFT:
        what = f"ran softened{failed}"
    else:
        under = _UNDER.get(control, "") if control else ""
        what = f"{trial.verdict.value}{under}{failed}"
    return f"{trial.id}: {what} in {duration(trial.total_seconds)}"


def describe_finding(finding: Finding) -> str:
    """Say what a finding is in one line."""
    pin = f" {finding.detail!r}" if finding.detail else ""
    cause = f" ({finding.cause.value}{pin})" if finding.cause else ""
    return (
        f"{finding.instance_id} {finding.defect.value}, {finding.confidence.value}{cause}:"
        f" {finding.summary}"
    )


def duration(seconds: float) -> str:
    """Write a time span as people say it: ``3.2 s``, ``4 min``, ``2 h 10 min``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
