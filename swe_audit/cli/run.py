"""``swe-audit run``: the audit."""

from __future__ import annotations

import shlex
import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from swe_audit.cli.options import CaBundle, ImageBase, Interpreters, Json, LogFile, Quiet, Verbose
from swe_audit.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from swe_audit.cli.console import Voice
    from swe_audit.engines import EngineKind
    from swe_audit.formats.results import ResultsMatrix
    from swe_audit.model.audit import Audit
    from swe_audit.model.sample import SampleDesign
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


class Isolate(str, Enum):
    """What keeps trials apart from the machine and from each other."""

    AUTO = "auto"
    CONTAINER = "container"
    SANDBOX = "sandbox"


class Where(str, Enum):
    """On which machines trials run."""

    LOCAL = "local"
    RAY = "ray"


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
    judge: Annotated[
        str | None,
        typer.Option(metavar="COMMAND", help="Asked about rejected submissions; JSON in and out."),
    ] = None,
    writer: Annotated[
        str | None,
        typer.Option(
            metavar="COMMAND", help="Asked for patches, given the statement and the base tree."
        ),
    ] = None,
    families: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Which submissions have one source.")
    ] = None,
    repeats: Annotated[
        int, typer.Option(min=1, help="Attempts of gold, and of whatever surprises.")
    ] = 3,
    seed: Annotated[int, typer.Option(help="Seed of everything that is drawn by lot.")] = 0,
    full: Annotated[
        bool,
        typer.Option(
            "--full", help="Run every trial whole: end no mutant early, spare no install."
        ),
    ] = False,
    budget: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="End after 90s, 30m or 2h; what promises most is first."),
    ] = None,
    workers: Annotated[
        int, typer.Option("-j", "--workers", min=1, help="Trials at the same time, here.")
    ] = 1,
    executor: Annotated[
        Where, typer.Option(help="ray: trials run on the nodes of a cluster, as many as fit.")
    ] = Where.LOCAL,
    address: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="The cluster; default: the one of this machine."),
    ] = None,
    timeout: Annotated[
        float, typer.Option("-t", "--timeout", min=1, help="Seconds for one trial's tests.")
    ] = 1800,
    memory: Annotated[str, typer.Option(metavar="SIZE", help="Memory of one trial.")] = "4g",
    cpus: Annotated[float, typer.Option(min=0.1, help="Processors of one trial.")] = 1,
    pids: Annotated[int, typer.Option(min=16, help="Processes of one trial.")] = 1024,
    output: Annotated[str, typer.Option(metavar="SIZE", help="Output of one trial.")] = "64m",
    disk: Annotated[str, typer.Option(metavar="SIZE", help="What one trial may write.")] = "4g",
    network: Annotated[Network, typer.Option(help="Network of a trial.")] = Network.NONE,
    engine: Annotated[
        Isolate,
        typer.Option(help="Containers; a bubblewrap sandbox; auto: it where no engine answers."),
    ] = Isolate.CONTAINER,
    image_base: ImageBase = None,
    interpreters: Interpreters = None,
    ca_bundle: CaBundle = None,
    disk_reserve: Annotated[
        str, typer.Option(metavar="SIZE", help="What stays free on the engine's disk.")
    ] = "10g",
    disk_budget: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help="What images may take that this and earlier such audits made or pulled; least"
            " recently used out.",
        ),
    ] = None,
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
    cache: Annotated[
        list[str] | None,
        typer.Option(metavar="RUN", help="What that run ran is not run again; repeatable."),
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

        swe-audit run tasks.jsonl --executor ray --address 10.0.0.1:6379

    A sample drawn by lot comes with estimates for the whole set; a larger one with the same seed
    holds the smaller, so --resume widens it. Tasks chosen for what they are give a bound only.

    Exit codes: 0 complete, 2 usage, 3 bad input or nothing selected, 4 no container engine,
    5 incomplete through our side, 10 findings (--fail-on), 130 interrupted.
    """
    from swe_audit.api import audit
    from swe_audit.cli.console import Voice, print_json
    from swe_audit.cli.interrupts import StopSignals
    from swe_audit.cli.progress import progress_for
    from swe_audit.cli.run_view import print_audit
    from swe_audit.cli.runs import new_or_newest, run_folder
    from swe_audit.cli.sizes import seconds, size
    from swe_audit.engines import ImageOptions
    from swe_audit.formats import load_families, load_predictions, load_results
    from swe_audit.formats.harness_logs import load_harness_logs
    from swe_audit.model.trial import Limits
    from swe_audit.outside import Judge, Writer, outside_command
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
        disk_budget=size(disk_budget, "--disk-budget", "g") if disk_budget else None,
        builders=builders,
    )
    matrix = load_results(results) if results else None
    dataset, design = _selected(tasks, instance, instances, sample, stratify, hardest, matrix, seed)
    submitted = load_predictions(predictions or (), voice.warn)
    folder = new_or_newest(out, resume=resume)
    cluster = _cluster(executor, address)
    kind = _kind(engine, voice)
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
            judge=Judge(outside=outside_command("judge", judge)) if judge else None,
            writer=Writer(outside=outside_command("writer", writer)) if writer else None,
            reported=matrix.reported() if matrix else None,
            claims=matrix.claims() if matrix else None,
            logs=load_harness_logs(logs, voice.warn) if logs else (),
            workers=workers,
            full=full,
            budget=seconds(budget, "--budget") if budget else None,
            limits=limits,
            image_options=options,
            resume=resume,
            caches=[run_folder(run) for run in cache or ()],
            command=shlex.join(["swe-audit", *sys.argv[1:]]),
            cross_check=grader is Grader.SWEBENCH,
            listener=progress,
            stop=stop.requested,
            engine_kind=kind,
            cluster=cluster,
        )
    page = render(result, folder, folder)
    if as_json:
        print_json(report_document(result))
    else:
        print_audit(result, page)
    voice.close()
    raise typer.Exit(int(exit_code(result, fail_on)))


def _cluster(executor: Where, address: str | None) -> str | None:
    """Return the address of the cluster to run on, None for this machine."""
    if executor is Where.RAY:
        return address or "auto"
    if address is not None:
        raise UsageError("--address is that of a cluster", hint="add --executor ray")
    return None


def _kind(wanted: Isolate, voice: Voice) -> EngineKind:
    """Return the isolation to use; where auto falls back, say so in one line."""
    from swe_audit.engines import EngineKind, engine_to_use

    if wanted is not Isolate.AUTO:
        return EngineKind(wanted.value)
    kind, why = engine_to_use()
    if why:
        voice.warn(f"{why}; trials run in the bubblewrap sandbox instead")
    return kind


def _selected(
    tasks: str,
    instance: list[str] | None,
    instances: Path | None,
    sample: str | None,
    stratify: str | None,
    hardest: int | None,
    matrix: ResultsMatrix | None,
    seed: int,
) -> tuple[Dataset, SampleDesign | None]:
    """Load what the options choose; -i alone reads no more of a task repo than it has to."""
    from swe_audit.formats import load, load_ids
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
        SkipReason.NO_MACHINE,
    }
    trials = (trial for result in audit.tasks for trial in result.trials)
    incomplete = (
        audit.run.remaining > 0
        or bool(audit.run.unanswered)
        or any(skipped.reason in ours for skipped in audit.skipped)
        or any(trial.state is RunState.ENGINE_ERROR for trial in trials)
    )
    return ExitCode.INCOMPLETE if incomplete else ExitCode.COMPLETE
