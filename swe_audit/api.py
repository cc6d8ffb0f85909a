"""The audit as one call, for the command line and for programs."""

from __future__ import annotations

import platform
import re
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import wait
from dataclasses import dataclass, replace
from pathlib import Path

from swe_audit.assessment import judge_one
from swe_audit.containers.connection import connect
from swe_audit.containers.images import DockerImages
from swe_audit.containers.ports import EngineInfo, Images, Isolation
from swe_audit.containers.trial import DockerIsolation
from swe_audit.errors import InputError, InterruptedRunError, UsageError
from swe_audit.executors.local import LocalExecutor
from swe_audit.executors.watch import EngineWatch
from swe_audit.formats.harness_logs import HarnessLog
from swe_audit.gathering import MADE, SOURCES, Gathered, gather
from swe_audit.journal import FILE_NAME, Journal
from swe_audit.judging.swebench_grader import cross_check as compare
from swe_audit.judging.swebench_grader import require_swebench
from swe_audit.listening import Listener, Silence
from swe_audit.model.audit import Audit, Reported, RunInfo
from swe_audit.model.candidate import Dropped, Prediction
from swe_audit.model.sample import SampleDesign
from swe_audit.model.scores import Claims
from swe_audit.model.task import Dataset
from swe_audit.model.trial import Limits, RunState, Trial
from swe_audit.pipeline import Machinery, find_trial, now, run_audit
from swe_audit.planning import DEFAULT_REPEATS, Policy
from swe_audit.preparation import MUTANTS, Preparation
from swe_audit.preparing import prepare_apart
from swe_audit.statistics import counted
from swe_audit.version import VERSION

DEFAULT_RESERVE = 10 * 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageOptions:
    """How images are made; see ``DockerImages``. ``disk_reserve`` is in bytes."""

    ca_bundle: Path | None = None
    interpreters: Path | None = None
    image_base: str | None = None
    disk_reserve: int = DEFAULT_RESERVE
    builders: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """The isolation and the images that an audit uses; replaced by fakes in tests."""

    isolation: Isolation
    images: Images


def audit(
    dataset: Dataset,
    out: Path,
    *,
    predictions: Iterable[Prediction] = (),
    families: Mapping[str, str] | None = None,
    alternatives: Collection[str] = SOURCES,
    repeats: int = DEFAULT_REPEATS,
    seed: int = 0,
    sample: SampleDesign | None = None,
    mutants: int = 0,
    reported: Mapping[str, Reported] | None = None,
    claims: Mapping[str, Claims] | None = None,
    logs: Collection[HarnessLog] = (),
    workers: int = 1,
    limits: Limits | None = None,
    image_options: ImageOptions | None = None,
    resume: bool = False,
    cross_check: bool = False,
    command: str = "",
    listener: Listener | None = None,
    stop: Callable[[], bool] = lambda: False,
    engine: Engine | None = None,
) -> Audit:
    """Audit the tasks of a dataset; everything that runs is kept in ``out`` as it ends.

    With ``resume`` an audit in ``out`` goes on: what ran is not run again, unless its task, its
    patch or its image changed since. ``sample`` says how the tasks were chosen out of a larger
    set, for which the result then holds estimates. Prints nothing. Raise ``InputError`` for an
    empty dataset, ``UsageError`` where ``out`` holds something and ``resume`` is not set,
    ``EngineUnavailableError`` without a container engine, ``InterruptedRunError`` after ``stop``.
    """
    if not dataset.tasks and not dataset.skipped:
        raise InputError(f"{dataset.source}: no task was selected")
    if cross_check:
        require_swebench()
    if repeats < 1 or workers < 1:
        raise UsageError("there must be at least one repeat and one worker")
    limits, options = limits or Limits(), image_options or ImageOptions()
    gathered, strangers = gather(dataset, predictions, families, alternatives)
    check_out(out, resume=resume)
    run_id = _run_id(out)
    engine = engine or docker_engine(run_id, options, out / "logs" / "images")
    info = engine.isolation.info()
    engine.isolation.sweep()
    notes = _notes(limits, info, gathered, strangers)
    about = _run_info(dataset, run_id, info, engine.isolation.name, notes, seed, command)
    about = replace(about, sample=sample)
    executor = LocalExecutor(engine.isolation, limits, workers)
    machinery = Machinery(
        images=engine.images,
        executor=executor,
        limits=limits,
        watch=EngineWatch(engine.isolation.info),
        builders=options.builders,
        prepare=_preparation(engine.isolation, alternatives, mutants, seed),
    )
    with _journal(out, about) as journal:
        try:
            policy = Policy(repeats=repeats)
            hear = listener or Silence()
            result = run_audit(
                dataset, gathered, machinery, journal, policy, hear, stop, reported, claims, logs
            )
            return _cross_checked(journal, result) if cross_check else result
        finally:
            engine.isolation.close()


def _preparation(
    isolation: Isolation, sources: Collection[str], mutants: int, seed: int
) -> Preparation | None:
    """Return how alternatives are made of trees, None where none are wanted."""
    made = set(sources) & set(MADE)
    if not mutants:
        made.discard(MUTANTS)
    if not made:
        return None
    return Preparation(
        isolation=isolation, sources=made, mutants=mutants, seed=seed, make=prepare_apart
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduced:
    """One trial, as the journal holds it and as it ran again; ``log`` is the new run's."""

    before: Trial
    after: Trial
    log: str


def reproduce(
    journal: Journal,
    trial_id: str,
    *,
    limits: Limits | None = None,
    image_options: ImageOptions | None = None,
    say: Callable[[str], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
    engine: Engine | None = None,
) -> Reproduced:
    """Run one trial of a journal again and judge it as the audit did; the journal stays as it is.

    The tests that gold does not reproduce are those of the audit, so the two verdicts compare.
    Raise ``UnknownIdError`` for a trial that is not there.
    """
    before, spec, task = find_trial(journal, trial_id)
    engine = engine or docker_engine(
        _run_id(journal.folder), image_options or ImageOptions(), build_logs=None
    )
    try:
        engine.isolation.info()
        image = engine.images.ensure(spec.task, say)
        executor = LocalExecutor(engine.isolation, limits or journal.limits(), 1)
        future = executor.submit(spec, image)
        while not future.done():
            if stop():
                executor.cancel()
            wait([future], timeout=0.25)
        run = future.result()
        executor.close()
    finally:
        engine.isolation.close()
    if stop():
        raise InterruptedRunError("stopped before the trial ended")
    after = judge_one(run, spec, task.trials, task.candidates)
    return Reproduced(before=before, after=after, log=run.log)


def docker_engine(run_id: str, options: ImageOptions, build_logs: Path | None) -> Engine:
    """Connect to the container engine; raise ``EngineUnavailableError`` where none answers."""
    images = DockerImages(
        connect(),
        ca_bundle=options.ca_bundle,
        interpreters=options.interpreters,
        image_base=options.image_base,
        disk_reserve=options.disk_reserve,
        log_dir=build_logs,
    )
    return Engine(isolation=DockerIsolation(run_id), images=images)


def new_run_id() -> str:
    """Name a run after the moment it begins; a suffix keeps two of one second apart."""
    return f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(2)}"


def check_out(out: Path, *, resume: bool) -> None:
    """Raise ``UsageError`` where ``out`` holds something that a new run would mix with."""
    if not out.exists() or resume:
        return
    if not out.is_dir():
        raise UsageError(f"{out} is no folder", hint="choose another --out")
    if any(out.iterdir()):
        begun = (out / FILE_NAME).exists()
        raise UsageError(
            f"{out} {'already holds an audit' if begun else 'is not empty'}",
            hint="go on with --resume, or choose another --out"
            if begun
            else "choose another --out",
        )


def _cross_checked(journal: Journal, result: Audit) -> Audit:
    """Have the official harness read every completed log, and note where it reads another thing."""
    problems: list[str] = []
    read = 0
    for task in result.tasks:
        completed = {t.id for t in task.trials if t.state is RunState.COMPLETED}
        for record in journal.trials(task.instance_id):
            if record.id in completed and task.task is not None:
                read += 1
                problem = compare(task.task, journal.load(record).log)
                problems += [f"{record.id}: {problem}"] if problem else []
    summary = f"swebench read {read} logs: {len(problems)} differences"
    journal.set_info(replace(result.run, notes=(*result.run.notes, summary, *problems)))
    return replace(result, run=journal.info())


def _journal(out: Path, about: RunInfo) -> Journal:
    if not (out / FILE_NAME).exists():
        return Journal.create(out, about)
    journal = Journal.open(out, writable=True)
    before = journal.info()
    journal.set_info(replace(about, started=before.started, finished=before.finished))
    return journal


def _run_id(out: Path) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", out.resolve().name).strip("-.")[:80] or "run"


def _run_info(
    dataset: Dataset,
    run_id: str,
    info: EngineInfo,
    isolation: str,
    notes: tuple[str, ...],
    seed: int,
    command: str,
) -> RunInfo:
    return RunInfo(
        id=run_id,
        command=command,
        seed=seed,
        dataset=dataset.source,
        dataset_sha256=dataset.sha256,
        engine=f"{info.name} {info.version}",
        isolation=isolation,
        versions=(
            ("swe-audit", VERSION),
            ("python", platform.python_version()),
            (info.name, info.version),
            ("storage driver", info.storage_driver),
        ),
        started=now(),
        finished="",
        notes=notes,
    )


def _notes(
    limits: Limits,
    info: EngineInfo,
    gathered: Mapping[str, Gathered],
    strangers: tuple[Dropped, ...],
) -> tuple[str, ...]:
    """What a reader of the report has to know about how the trials were made."""
    notes = [
        f"limits of a trial: {limits.timeout:g} s, {limits.memory // 1024**2} MiB of memory,"
        f" {limits.cpus:g} CPUs, {limits.pids} processes, {limits.output // 1024**2} MiB of"
        f" output, {limits.disk // 1024**2} MiB written"
    ]
    if limits.network != "none":
        notes.append(f"trials had network ({limits.network})")
    if info.unenforced:
        notes.append(f"the engine cannot enforce limits on {', '.join(info.unenforced)}")
    notes += [problem for found in gathered.values() for problem in found.problems]
    if strangers:
        notes.append(
            f"{counted(len(strangers), 'prediction')} left out, for "
            f"{counted(len({s.instance_id for s in strangers}), 'task')} not selected"
        )
    return tuple(notes)
