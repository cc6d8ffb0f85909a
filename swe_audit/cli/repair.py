"""``swe-audit repair``: proposals that mend the tasks of a run, each verified."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from swe_audit.cli.options import CaBundle, ImageBase, Interpreters, Json, Quiet, Run
from swe_audit.statistics import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from swe_audit.alternatives.ground import Ground
    from swe_audit.cli.console import Voice
    from swe_audit.engines import ImageOptions
    from swe_audit.journal import Journal
    from swe_audit.model.task import Task
    from swe_audit.repair import Session, TaskRepair


def repair_command(
    run: Run,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="DIR",
            help="Where a folder per task is written; default: repairs/ in the run's folder.",
        ),
    ] = None,
    instance: Annotated[
        list[str] | None,
        typer.Option("-i", "--instance", metavar="ID", help="Only this task; repeatable."),
    ] = None,
    no_run: Annotated[
        bool,
        typer.Option("--no-run", help="Start no container: only what the run's logs can verify."),
    ] = False,
    mirrors: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="With --no-run: clones called owner__name.git, for the base trees.",
        ),
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option("-t", "--timeout", min=1, help="Seconds for one trial; default: as then."),
    ] = None,
    image_base: ImageBase = None,
    interpreters: Interpreters = None,
    ca_bundle: CaBundle = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Propose changes that mend the tasks with proven or likely findings, and verify each.

    A sentence for the statement is asked of the licence checks, required tests to drop are graded
    on the run's own logs, and changed tests are run: gold passes, no patch fails, the evidenced
    alternatives pass, what was rejected as wrong still is. What does not verify is not proposed;
    tried.md says why. Each proposal is a diff against the task's folder with a text to go with it.

    The same goes into repair.json beside the run, which its next report shows.

    Examples:

        swe-audit repair 20250131-120000-1a2b

        swe-audit repair 20250131-120000-1a2b -i ID --out repairs
    """
    from swe_audit.cli.console import Voice, print_json
    from swe_audit.cli.interrupts import StopSignals
    from swe_audit.cli.runs import run_folder
    from swe_audit.engines import ImageOptions
    from swe_audit.journal import Journal
    from swe_audit.repair import repair_document

    voice = Voice(verbose=False, quiet=quiet, log_file=None)
    out = out or run_folder(run) / "repairs"
    options = ImageOptions(
        image_base=image_base, interpreters=interpreters, ca_bundle=ca_bundle, builders=1
    )
    with ExitStack() as stack:
        journal = stack.enter_context(Journal.open(run_folder(run), writable=False))
        stop = stack.enter_context(StopSignals())
        session = None if no_run else _session(journal, options, timeout, voice, stop.requested)
        if session is not None:
            stack.callback(session.isolation.close)
        chosen = _chosen(journal, instance)
        repairs = _repairs(journal, chosen, session, mirrors, out, voice)
        name = journal.info().id
    if as_json:
        print_json(repair_document(repairs, name))
    else:
        _print(repairs, out)
    voice.close()


def _session(
    journal: Journal,
    options: ImageOptions,
    timeout: float | None,
    voice: Voice,
    stop: Callable[[], bool],
) -> Session:
    """Connect to the engine; trials run under the limits of the audit."""
    from dataclasses import replace

    from swe_audit.engines import docker_engine
    from swe_audit.repair import Session

    limits = journal.limits()
    if timeout is not None:
        limits = replace(limits, timeout=timeout)
    engine = docker_engine(journal.info().id, options, build_logs=None)
    engine.isolation.info()
    return Session(
        isolation=engine.isolation,
        images=engine.images,
        limits=limits,
        say=voice.say,
        stop=stop,
    )


def _chosen(journal: Journal, instance: list[str] | None) -> tuple[str, ...]:
    """Return the tasks to look at; raise ``UnknownIdError`` for one that the run does not have."""
    from swe_audit.errors import UnknownIdError

    known = journal.task_ids()
    strangers = sorted(set(instance or ()) - set(known))
    if strangers:
        raise UnknownIdError(
            f"the run in {journal.folder} has no task {', '.join(strangers)}",
            hint=f"it has {', '.join(known[:5])}",
        )
    return tuple(name for name in known if not instance or name in instance)


def _repairs(
    journal: Journal,
    chosen: tuple[str, ...],
    session: Session | None,
    mirrors: Path | None,
    out: Path,
    voice: Voice,
) -> tuple[TaskRepair, ...]:
    """Repair one task after another; what is written stays when the user stops."""
    from swe_audit.concluding import judge_task
    from swe_audit.repair import history_of, repair_task, write_document, write_repair

    repairs = []
    for name in chosen:
        history = history_of(journal, judge_task(journal, journal.task(name), journal.policy()))
        if history is None or not history.findings():
            continue
        voice.say(f"{name}: {counted(len(history.findings()), 'finding')}")
        ground = _ground(history.task, session, mirrors, voice)
        repair = repair_task(history, ground, session.run if session is not None else None)
        write_repair(repair, out, journal.info().id)
        write_document(repair, journal.folder, journal.info().id)
        repairs.append(repair)
    return tuple(repairs)


def _ground(
    task: Task, session: Session | None, mirrors: Path | None, voice: Voice
) -> Ground | None:
    """Return the task's trees from its image, or from a clone; None where neither is there."""
    from swe_audit.errors import EngineError, EngineUnavailableError, InputError
    from swe_audit.formats.trees import tree_of_mirrors
    from swe_audit.workshop import ground_of

    try:
        if session is not None:
            return session.ground(task)
        return ground_of(task, tree_of_mirrors(mirrors, task)) if mirrors is not None else None
    except EngineUnavailableError:
        raise
    except (EngineError, InputError) as error:
        voice.warn(f"{task.instance_id}: its tree cannot be read: {error.message}")
        return None


def _print(repairs: tuple[TaskRepair, ...], out: Path) -> None:
    from swe_audit.cli.console import print_result
    from swe_audit.repair.folder import named

    if not repairs:
        print_result("no task of this run has a proven or likely finding to repair")
        return
    for repair in repairs:
        print_result(repair.task.instance_id)
        for name, proposal in named(repair):
            print_result(f"  {name:<15} {proposal.summary}")
        for proposal in repair.proposals:
            if not proposal.verified:
                print_result(f"  {proposal.kind.value:<15} not verified: {proposal.failure}")
        for one in repair.unmade:
            print_result(f"  {one.kind.value:<15} not made: {one.reason}")
    verified = sum(len(repair.verified) for repair in repairs)
    where = f"{counted(verified, 'verified proposal')} for {counted(len(repairs), 'task')}"
    print_result(f"{where}, in {out}")
