"""``swe-audit screen``: which tasks to look at first, without running anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from swe_audit.cli.console import print_json, print_result, say
from swe_audit.cli.options import Json
from swe_audit.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from swe_audit.model.finding import Evidence
    from swe_audit.model.task import Task
    from swe_audit.screening import Screened, Signal
    from swe_audit.screening.ground import Base

_SHOWN = 3
_WIDTH = 100


def screen_command(
    dataset: Annotated[
        str,
        typer.Argument(metavar="DATASET", help="A task repo, a data set file or a data set id."),
    ],
    instance: Annotated[
        list[str] | None,
        typer.Option("-i", "--instance", metavar="ID", help="Only this task; repeatable."),
    ] = None,
    mirrors: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Clones called owner__name.git; the base trees are looked up there.",
        ),
    ] = None,
    first: Annotated[
        int | None,
        typer.Option(
            "-n", "--first", min=1, metavar="N", help="Show only the N highest scores, in the text."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Rank tasks by how likely a careful reader is to call their tests unfair.

    Nothing is run, and nothing is proven: each task comes with its signals, the most telling
    first, and the lines that they were read from. The score is a probability that was fitted on
    tasks read by hand.
    """
    from swe_audit.formats import load
    from swe_audit.screening import screen
    from swe_audit.statistics import counted

    if mirrors is not None and not mirrors.is_dir():
        raise UsageError(f"{mirrors}: no such folder", hint="It should hold owner__name.git.")
    loaded = load(dataset, instance or ())
    missing: list[str] = []
    screened, unread = screen(loaded.tasks, _lookup(mirrors, missing))
    if missing:
        say(f"no clone in {mirrors} holds the base of {counted(len(missing), 'task')}")
    skipped = (*loaded.skipped, *unread)
    if as_json:
        from swe_audit.screening.document import screen_document

        print_json(screen_document(loaded.source, screened, skipped))
    else:
        for each in screened[:first]:
            _print(each, everything=bool(instance))
    for skip in skipped:
        say(f"skipped {skip.instance_id}: {skip.reason.value}: {skip.detail}")
    if any(skip.reason.value == "bad_input" for skip in skipped):
        raise typer.Exit(int(ExitCode.INCOMPLETE))


def _lookup(mirrors: Path | None, missing: list[str]) -> Callable[[Task], Base | None]:
    """Look base trees up; ids of the tasks that no clone knows are put into ``missing``."""
    if mirrors is None:
        return lambda _: None
    from swe_audit.formats.base_lookups import lookup

    folder = mirrors

    def base_of(task: Task) -> Base | None:
        found = lookup(folder, task)
        if found is None:
            missing.append(task.instance_id)
        return found

    return base_of


def _print(screened: Screened, *, everything: bool) -> None:
    """Print a task: its score, and its signals with where they were read."""
    print_result(f"{screened.score:.2f}  {screened.instance_id}")
    shown = screened.signals if everything else screened.signals[:_SHOWN]
    for signal in shown:
        print_result(f"      {_said(signal)}")
        for item in signal.evidence if everything else signal.evidence[:2]:
            print_result(f"        {_where(item)}")
    more = len(screened.signals) - len(shown)
    if more:
        print_result(f"      and {more} more; see them with: -i {screened.instance_id}")


def _said(signal: Signal) -> str:
    return _cut(f"{signal.defect.value}, {signal.kind.value.replace('_', ' ')}: {signal.detail}")


def _where(item: Evidence) -> str:
    place = f"{item.path}:{item.line}: " if item.path and item.line else ""
    if item.path and not item.line:
        place = f"{item.path}: "
    return f"{item.kind.replace('_', ' ')}: {place}{_cut(item.text)}"


def _cut(text: str) -> str:
    """One line of at most a screen's width; control characters show as escapes."""
    line = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "\u2026"
