"""``swe-audit compare``: what changed between two runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from swe_audit.cli.options import Json

if TYPE_CHECKING:
    from swe_audit.report.comparison import Comparison, FindingChange

_RUN = "A run id under reports/, the folder of a run, or a report.json."


def compare_command(
    run_a: Annotated[str, typer.Argument(metavar="RUN_A", help=_RUN)],
    run_b: Annotated[str, typer.Argument(metavar="RUN_B", help=_RUN)],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Write a page there, too.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare two runs: findings gone, new and kept, statuses and verdicts that flipped.

    A verdict is compared where both runs tried the very same patch.

    Example:

        swe-audit compare 20250131-120000-1a2b 20250207-120000-3c4d --out compare.html
    """
    from swe_audit.cli.console import print_result, say
    from swe_audit.cli.runs import document_of
    from swe_audit.report.comparison import compare, comparison_document
    from swe_audit.report.documents import to_bytes

    found = compare(document_of(run_a), document_of(run_b))
    if out is not None:
        _write_page(found, out)
        say(f"page: {out}")
    if as_json:
        print_result(to_bytes(comparison_document(found)).decode("utf-8").rstrip("\n"))
    else:
        _print(found)


def _write_page(found: Comparison, out: Path) -> None:
    from swe_audit.errors import UsageError
    from swe_audit.report.pages import Pages

    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(Pages().comparison(found), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror or error}") from error


def _print(found: Comparison) -> None:
    from swe_audit.cli.console import print_result
    from swe_audit.statistics import counted

    print_result(f"A {found.a.id}: {counted(found.a.tasks, 'task')} of {found.a.dataset}")
    print_result(f"B {found.b.id}: {counted(found.b.tasks, 'task')} of {found.b.dataset}")
    if not found.same_data:
        print_result("the runs did not read the same data set")
    for word, changes in (("new", found.new), ("gone", found.gone), ("kept", found.kept)):
        print_result(f"{counted(len(changes), 'finding')} {word}")
        for one in changes:
            if word != "kept" or one.before != one.after:
                print_result(f"  {_line(one)}")
    print_result(f"{counted(len(found.statuses), 'task')} of {found.both} changed status")
    for status in found.statuses:
        print_result(f"  {status.instance_id}: {status.before} -> {status.after}")
    print_result(f"{counted(len(found.verdicts), 'verdict')} of {found.compared} flipped")
    for flip in found.verdicts:
        print_result(f"  {flip.instance_id}/{flip.candidate}: {flip.before} -> {flip.after}")


def _line(change: FindingChange) -> str:
    confidence = " -> ".join(
        dict.fromkeys(one for one in (change.before, change.after) if one is not None)
    )
    where = ""
    if change.before is None or change.after is None:
        where = f" (task {change.status_before} -> {change.status_after})"
    return f"{change.instance_id} {change.defect} {confidence}: {change.detail!r}{where}"
