"""``swe-audit reproduce``: run one trial of a finished run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from swe_audit.cli.options import CaBundle, ImageBase, Interpreters, Json, Run
from swe_audit.errors import ExitCode
from swe_audit.statistics import counted

if TYPE_CHECKING:
    from swe_audit.api import Reproduced
    from swe_audit.model.trial import Trial


def reproduce_command(
    run: Run,
    trial: Annotated[
        str, typer.Argument(metavar="TRIAL", help="The trial's id: INSTANCE/CANDIDATE/ATTEMPT.")
    ],
    timeout: Annotated[
        float | None,
        typer.Option("-t", "--timeout", min=1, help="Seconds for the tests; default: as then."),
    ] = None,
    image_base: ImageBase = None,
    interpreters: Interpreters = None,
    ca_bundle: CaBundle = None,
    show_log: Annotated[bool, typer.Option("--log", help="Print the new run's log.")] = False,
    as_json: Json = False,
) -> None:
    """Run a trial again, as it was, and compare the verdicts; the journal is left alone.

    Exits with 0 for the same verdict, 10 for another, 5 where either run is inconclusive.

    Example:

        swe-audit reproduce 20250131-120000-1a2b astropy__astropy-7166/gold/1
    """
    from dataclasses import replace

    from swe_audit.api import reproduce
    from swe_audit.cli.console import print_json, print_result, say
    from swe_audit.cli.interrupts import StopSignals
    from swe_audit.cli.runs import run_folder
    from swe_audit.engines import ImageOptions
    from swe_audit.journal import Journal

    options = ImageOptions(
        image_base=image_base, interpreters=interpreters, ca_bundle=ca_bundle, builders=1
    )
    with Journal.open(run_folder(run), writable=False) as journal, StopSignals() as stop:
        limits = journal.limits()
        if timeout is not None:
            limits = replace(limits, timeout=timeout)
        result = reproduce(
            journal,
            trial,
            limits=limits,
            image_options=options,
            say=say,
            stop=stop.requested,
        )
    if as_json:
        print_json(_document(result))
    else:
        if show_log:
            print_result(result.log)
        for line in _lines(result):
            print_result(line)
    raise typer.Exit(int(exit_code(result)))


def exit_code(result: Reproduced) -> ExitCode:
    """Return 0 for the same verdict, 10 for another, 5 where one of the two says nothing."""
    from swe_audit.model.trial import Verdict

    if Verdict.INCONCLUSIVE in (result.before.verdict, result.after.verdict):
        return ExitCode.INCOMPLETE
    same = result.before.verdict is result.after.verdict
    return ExitCode.COMPLETE if same else ExitCode.FINDINGS


def _lines(result: Reproduced) -> list[str]:
    before, after = result.before, result.after
    lines = [
        f"trial    {before.id}",
        f"then     {before.verdict.value} ({before.state.value}), image {before.image}",
        f"now      {after.verdict.value} ({after.state.value}), image {after.image}",
    ]
    if after.detail:
        lines.append(f"detail   {after.detail}")
    then, now = set(before.outcome.failed), set(after.outcome.failed)
    lines += [f"fails now only    {test}" for test in after.outcome.failed if test not in then]
    lines += [f"failed then only  {test}" for test in before.outcome.failed if test not in now]
    if then == now:
        lines.append(f"the same {counted(len(now), 'required test')} failed")
    return lines


def _document(result: Reproduced) -> dict[str, object]:
    return {
        "trial": result.before.id,
        "same": int(exit_code(result)) == 0,
        "before": _entry(result.before),
        "after": _entry(result.after),
    }


def _entry(trial: Trial) -> dict[str, object]:
    return {
        "state": trial.state.value,
        "verdict": trial.verdict.value,
        "official_verdict": trial.official_verdict.value,
        "failed": {
            "FAIL_TO_PASS": list(trial.outcome.failed_f2p),
            "PASS_TO_PASS": list(trial.outcome.failed_p2p),
        },
        "seconds": trial.seconds,
        "image": trial.image or None,
        "detail": trial.detail,
    }
