"""``swe-audit run``: the audit."""

from __future__ import annotations

import shlex
import sys
import textwrap
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from swe_audit.cli.options import Json, LogFile, Quiet, Verbose
from swe_audit.errors import ExitCode

if TYPE_CHECKING:
    from swe_audit.model.audit import Audit, Reported
    from swe_audit.model.sample import Inference, SampleDesign
    from swe_audit.model.task import Dataset


class FailOn(str, Enum):
    """From which confidence on findings make the command fail."""

    PROVEN = "proven"
    LIKELY = "likely"
    SUSPECT = "suspect"


class Grader(str, Enum):
    """Who reads the logs: we, or we and the official harness."""

    OWN = "own"
    SWEBENCH = "swebench"


class Network(str, Enum):
    """What network trials have."""

    NONE = "none"
    BRIDGE = "bridge"


def run_command(
    tasks: Annotated[
        str,
        typer.Argument(
            metavar="TASKS", help="A task repo or its tasks/, a dataset file, or a dataset id."
        ),
    ],
    instance: Annotated[
        list[str] | None,
        typer.Option("-i", "--instance", metavar="ID", help="Only this task; repeatable."),
    ] = None,
    instances: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Only the tasks of this list: an id a line, or JSON."),
    ] = None,
    sample: Annotated[
        str | None,
        typer.Option(metavar="SIZE", help="Only so many tasks, drawn by lot: 138 or 27.6%."),
    ] = None,
    stratify: Annotated[
        str | None,
        typer.Option(
            metavar="LIST",
            help="Draw in proportion to these: difficulty, repo, language, year; with commas.",
        ),
    ] = None,
    hardest: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Only the N tasks that fewest of --results solve, or that screen puts first.",
        ),
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Which submission solves which task."),
    ] = None,
    predictions: Annotated[
        list[Path] | None,
        typer.Option("-p", "--predictions", metavar="FILE", help="Submitted patches; repeatable."),
    ] = None,
    logs: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Finished logs of the harness: first attempts are not run again."
        ),
    ] = None,
    alternatives: Annotated[
        str,
        typer.Option(
            metavar="LIST",
            help="Where alternatives come from: curated, predictions, constructions, statement,"
            " mutants; with commas.",
        ),
    ] = "curated,predictions,constructions,statement,mutants",
    mutants: Annotated[
        int, typer.Option(min=0, metavar="N", help="Wrong patches made of gold, for each task.")
    ] = 0,
    families: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Which submissions have one source.")
    ] = None,
    repeats: Annotated[
        int, typer.Option(min=1, help="Attempts of gold, and of whatever surprises.")
    ] = 3,
    seed: Annotated[int, typer.Option(help="Seed of everything that is drawn by lot.")] = 0,
    workers: Annotated[
        int, typer.Option("-j", "--workers", min=1, help="Trials at the same time.")
    ] = 1,
    timeout: Annotated[
        float, typer.Option("-t", "--timeout", min=1, help="Seconds for one trial's tests.")
    ] = 1800,
    memory: Annotated[str, typer.Option(metavar="SIZE", help="Memory of one trial.")] = "4g",
    cpus: Annotated[float, typer.Option(min=0.1, help="Processors of one trial.")] = 1,
    pids: Annotated[int, typer.Option(min=16, help="Processes of one trial.")] = 1024,
    output: Annotated[str, typer.Option(metavar="SIZE", help="Output of one trial.")] = "64m",
    disk: Annotated[str, typer.Option(metavar="SIZE", help="What one trial may write.")] = "4g",
    network: Annotated[Network, typer.Option(help="Network of a trial.")] = Network.NONE,
    image_base: Annotated[
        str | None, typer.Option(metavar="IMAGE", help="What base images start from.")
    ] = None,
    interpreters: Annotated[
        Path | None, typer.Option(metavar="DIR", help="One Python installation per version.")
    ] = None,
    ca_bundle: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Certificates for builds; left in no image."),
    ] = None,
    disk_reserve: Annotated[
        str, typer.Option(metavar="SIZE", help="What stays free on the engine's disk.")
    ] = "10g",
    builders: Annotated[
        int, typer.Option(min=1, help="Images that are made ready at the same time.")
    ] = 2,
    grader: Annotated[
        Grader, typer.Option(help="swebench: cross-check every log with the official harness.")
    ] = Grader.OWN,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="DIR", help="Default: reports/<run id>."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the audit in --out, or the newest one.")
    ] = False,
    fail_on: Annotated[
        FailOn | None, typer.Option(help="Exit 10 for findings at or above this confidence.")
    ] = None,
    as_json: Json = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
    log_file: LogFile = None,
) -> None:
    """Run gold, empty and every alternative of every task, and report what the tests get wrong.

    Trials run in containers without network, one candidate at a time, and are kept as they end:
    Ctrl-C loses nothing, and --resume goes on. A bare number for a size counts GiB, for --output
    MiB.

    Examples:

        swe-audit run .                          the task repo in this folder

        swe-audit run tasks.jsonl -p preds/ -j 4

        swe-audit run . -i ID -i ID --fail-on proven --json

        swe-audit run tasks.jsonl --sample 27.6% --stratify difficulty,repo --seed 7

        swe-audit run tasks.jsonl --hardest 50 --results results.csv

        swe-audit run tasks.jsonl --instances ids.txt --resume --out reports/mine

    A sample drawn by lot comes with estimates for the whole set; a larger one with the same seed
    holds the smaller, so --resume widens it. Tasks chosen for what they are give a bound only.

    Exit codes: 0 complete, 2 usage, 3 bad input or nothing selected, 4 no container engine,
    5 incomplete through our side, 10 findings (--fail-on), 130 interrupted.
    """
    from swe_audit.api import ImageOptions, audit
    from swe_audit.cli.console import Voice, print_json
    from swe_audit.cli.interrupts import StopSignals
    from swe_audit.cli.progress import progress_for
    from swe_audit.cli.runs import new_or_newest
    from swe_audit.cli.sizes import size
    from swe_audit.formats import load_families, load_predictions, load_results
    from swe_audit.formats.harness_logs import load_harness_logs
    from swe_audit.model.trial import Limits
    from swe_audit.report import render
    from swe_audit.report.documents import report_document

    voice = Voice(verbose=verbose, quiet=quiet, log_file=log_file)
    limits = Limits(
        timeout=timeout,
        memory=size(memory, "--memory", "g"),
        cpus=cpus,
        pids=pids,
        output=size(output, "--output", "m"),
        disk=size(disk, "--disk", "g"),
        network=network.value,
    )
    options = ImageOptions(
        ca_bundle=ca_bundle,
        interpreters=interpreters,
        image_base=image_base,
        disk_reserve=size(disk_reserve, "--disk-reserve", "g"),
        builders=builders,
    )
    dataset, design = _selected(
        tasks, instance, instances, sample, stratify, hardest, results, seed
    )
    submitted = load_predictions(predictions or (), voice.warn)
    folder = new_or_newest(out, resume=resume)
    with StopSignals() as stop, progress_for(voice, quiet=quiet) as progress:
        result = audit(
            dataset,
            folder,
            predictions=submitted,
            families=load_families(families) if families else None,
            alternatives=[name.strip() for name in alternatives.split(",") if name.strip()],
            repeats=repeats,
            seed=seed,
            sample=design,
            mutants=mutants,
            reported=_reported(results),
            claims=load_results(results).claims() if results else None,
            logs=load_harness_logs(logs, voice.warn) if logs else (),
            workers=workers,
            limits=limits,
            image_options=options,
            resume=resume,
            command=shlex.join(["swe-audit", *sys.argv[1:]]),
            cross_check=grader is Grader.SWEBENCH,
            listener=progress,
            stop=stop.requested,
        )
    page = render(result, folder, folder)
    if as_json:
        print_json(report_document(result))
    else:
        _print_table(result, page)
    voice.close()
    raise typer.Exit(int(exit_code(result, fail_on)))


def _reported(results: Path | None) -> dict[str, Reported]:
    """Read what a results matrix says of each task."""
    from swe_audit.formats import load_results
    from swe_audit.model.audit import Reported

    if results is None:
        return {}
    known = {
        instance_id: [cell for cell in row if cell is not None]
        for instance_id, row in load_results(results).solved.items()
    }
    return {key: Reported(solved=sum(row), of=len(row)) for key, row in known.items()}


def _selected(
    tasks: str,
    instance: list[str] | None,
    instances: Path | None,
    sample: str | None,
    stratify: str | None,
    hardest: int | None,
    results: Path | None,
    seed: int,
) -> tuple[Dataset, SampleDesign | None]:
    """Load what the options choose; -i alone reads no more of a task repo than it has to."""
    from swe_audit.formats import load, load_ids, load_results
    from swe_audit.selecting import Selection, parse_properties, select

    listed = load_ids(instances) if instances else None
    selection = Selection(
        sample=sample,
        stratify=parse_properties(stratify) if stratify is not None else (),
        hardest=hardest,
        instances=listed,
        listed=str(instances or ""),
        seed=seed,
    )
    matrix = load_results(results) if results else None
    dataset = load(tasks, tuple(instance or ()))
    scores: dict[str, float] | None = None
    if hardest is not None and matrix is None:
        from swe_audit.screening import screen

        scores = {one.instance_id: one.score for one in screen(dataset.tasks)[0]}
    return select(dataset, selection, results=matrix, scores=scores)


def exit_code(audit: Audit, fail_on: FailOn | None) -> ExitCode:
    """Return what a finished audit exits with; findings win over what is incomplete."""
    from swe_audit.model.finding import Confidence
    from swe_audit.model.task import SkipReason
    from swe_audit.model.trial import RunState

    order = [Confidence.PROVEN, Confidence.LIKELY, Confidence.SUSPECT]
    if fail_on is not None:
        enough = set(order[: order.index(Confidence(fail_on.value)) + 1])
        if any(f.confidence in enough for result in audit.tasks for f in result.findings):
            return ExitCode.FINDINGS
    ours = {
        SkipReason.BAD_INPUT,
        SkipReason.DUPLICATE_ID,
        SkipReason.IMAGE_UNAVAILABLE,
        SkipReason.NO_IMAGE,
        SkipReason.NO_INTERPRETER,
    }
    trials = (trial for result in audit.tasks for trial in result.trials)
    incomplete = any(skipped.reason in ours for skipped in audit.skipped) or any(
        trial.state is RunState.ENGINE_ERROR for trial in trials
    )
    return ExitCode.INCOMPLETE if incomplete else ExitCode.COMPLETE


def _print_table(audit: Audit, page: Path) -> None:
    from swe_audit.cli.console import print_result
    from swe_audit.report.summary import summarise
    from swe_audit.scores import describe_scores
    from swe_audit.statistics import describe

    summary = summarise(audit)
    print_result(f"tasks      {summary.tasks}")
    for status, count in summary.by_status.items():
        print_result(f"  {status.value:<13}{count}")
    print_result(f"trials     {summary.trials}")
    for state, count in summary.by_run_state.items():
        print_result(f"  {state.value:<16}{count}")
    print_result(f"findings   {summary.findings}")
    for (defect, confidence), count in summary.by_defect_and_confidence.items():
        print_result(f"  {defect.value:<14} {confidence.value:<9} {count}")
    print_result(f"rejections without evidence   {summary.rejections_without_evidence}")
    print_result(f"defect rate   {describe(audit.defect_rate)}")
    for line in describe_scores(audit.scores) if audit.scores is not None else ():
        print_result(f"scores     {line}")
    if audit.run.sample is not None and audit.inference is not None:
        _print_inference(audit.run.sample, audit.inference)
    print_result(f"report     {page}")


def _print_inference(design: SampleDesign, inference: Inference) -> None:
    from swe_audit.cli.console import print_result
    from swe_audit.inference import describe_design, describe_estimate

    print_result(f"sample        {describe_design(design)}")
    width = max(len(estimate.of) for estimate in inference.estimates)
    for estimate in inference.estimates:
        print_result(f"  {estimate.of.ljust(width)}  {describe_estimate(estimate)}")
    for line in textwrap.wrap(inference.sentence, 88):
        print_result(f"  {line}")
