"""``swe-audit tag``: what kind of tasks a data set holds."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from swe_audit.cli.console import print_json, print_result, say
from swe_audit.errors import ExitCode, InputError
from swe_audit.model.tags import DIFFICULTIES, Tags
from swe_audit.statistics import counted

if TYPE_CHECKING:
    from swe_audit.model.task import Dataset, Skipped

_HEADINGS = ("instance", "difficulty", "added", "removed", "files", "hunks", "language", "year")
_NUMBERS = frozenset({"added", "removed", "files", "hunks", "year"})


def tag_command(
    dataset: Annotated[
        str,
        typer.Argument(metavar="DATASET", help="A task repo, a data set file or a data set id."),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead of a table.")
    ] = False,
) -> None:
    """Tag every task: difficulty, size of the change, repository, language and year.

    Sizes leave out tests, documentation and generated files. A difficulty that the data does not
    give is estimated from the size and marked with a tilde.
    """
    from swe_audit.formats import load
    from swe_audit.report.documents import tag_document

    loaded = load(dataset)
    tagged, skipped = _tag_all(loaded)
    if as_json:
        print_json(tag_document(loaded.source, tagged, skipped))
    else:
        _print_table(tagged)
    for skip in skipped:
        say(f"skipped {skip.instance_id}: {skip.reason.value}: {skip.detail}")
    if any(skip.reason.value == "bad_input" for skip in skipped):
        raise typer.Exit(int(ExitCode.INCOMPLETE))


def _tag_all(loaded: Dataset) -> tuple[list[tuple[str, Tags]], list[Skipped]]:
    """Tag what can be tagged; a patch that cannot be read is one more skipped task."""
    from swe_audit.model.task import Skipped, SkipReason
    from swe_audit.tags import tag

    tagged: list[tuple[str, Tags]] = []
    skipped = list(loaded.skipped)
    for task in loaded.tasks:
        try:
            tagged.append((task.instance_id, tag(task)))
        except InputError as error:
            skipped.append(
                Skipped(
                    instance_id=task.instance_id,
                    reason=SkipReason.BAD_INPUT,
                    detail=error.message,
                )
            )
    return tagged, skipped


def _print_table(tagged: list[tuple[str, Tags]]) -> None:
    rows = [
        (
            instance_id,
            ("~" if tags.difficulty_estimated else "") + tags.difficulty,
            str(tags.lines_added),
            str(tags.lines_removed),
            str(tags.files),
            str(tags.hunks),
            tags.language,
            str(tags.year or "-"),
        )
        for instance_id, tags in tagged
    ]
    widths = [max(len(row[i]) for row in [_HEADINGS, *rows]) for i in range(len(_HEADINGS))]
    heading = _line(_HEADINGS, widths)
    print_result(f"\x1b[1m{heading}\x1b[0m" if _coloured() else heading)
    for row in rows:
        print_result(_line(row, widths))
    counts = Counter(tags.difficulty for _, tags in tagged)
    shares = ", ".join(f"{label}: {counts[label]}" for label in DIFFICULTIES if counts[label])
    print_result(f"\n{counted(len(tagged), 'task')} ({shares})" if tagged else "\n0 tasks")
    if any(tags.difficulty_estimated for _, tags in tagged):
        print_result("~ estimated from the size of the change")


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    aligned = (
        cell.rjust(width) if name in _NUMBERS else cell.ljust(width)
        for name, cell, width in zip(_HEADINGS, cells, widths, strict=True)
    )
    return "  ".join(aligned).rstrip()


def _coloured() -> bool:
    import os

    return sys.stdout.isatty() and "NO_COLOR" not in os.environ
