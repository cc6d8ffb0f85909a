"""The audit as one call, for the command line and for programs."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import wait
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from swe_audit.assessment import judge_one
from swe_audit.concluding import find_trial
from swe_audit.containers.ports import Engine, Isolation
from swe_audit.engines import EngineKind, ImageOptions, anywhere, open_engine
from swe_audit.errors import InputError, InterruptedRunError, UsageError
from swe_audit.executors import EngineWatch, Executor, LocalExecutor, RayExecutor
from swe_audit.formats.harness_logs import HarnessLog
from swe_audit.gathering import MADE, SOURCES, Gathered, gather
from swe_audit.journal import Journal
from swe_audit.judging.swebench_grader import cross_check as compare
from swe_audit.judging.swebench_grader import require_swebench
from swe_audit.listening import Listener, Silence
from swe_audit.model.audit import Audit, Reported
from swe_audit.model.candidate import CandidateKind, Prediction
from swe_audit.model.sample import SampleDesign
from swe_audit.model.scores import Claims
from swe_audit.model.task import Dataset
from swe_audit.model.trial import Limits, RunState, Trial
from swe_audit.opening import check_out, notes_on, open_journal, run_id_of, run_info
from swe_audit.ordering import promises
from swe_audit.outside import Judge, Writer
from swe_audit.pipeline import Machinery, run_audit
from swe_audit.planning import DEFAULT_REPEATS, Policy
from swe_audit.preparation import MUTANTS, Preparation
from swe_audit.preparing import prepare_apart
from swe_audit.sandbox import SandboxIsolation
from swe_audit.screening import screen


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
    judge: Judge | None = None,
    writer: Writer | None = None,
    reported: Mapping[str, Reported] | None = None,
    claims: Mapping[str, Claims] | None = None,
    logs: Collection[HarnessLog] = (),
    workers: int = 1,
    full: bool = False,
    budget: float | None = None,
    limits: Limits | None = None,
    image_options: ImageOptions | None = None,
    resume: bool = False,
    caches: Collection[Path] = (),
    cross_check: bool = False,
    command: str = "",
    listener: Listener | None = None,
    stop: Callable[[], bool] = lambda: False,
    engine: Engine | None = None,
    engine_kind: EngineKind = EngineKind.CONTAINER,
    cluster: str | None = None,
) -> Audit:
    """Audit the tasks of a dataset; everything that runs is kept in ``out`` as it ends.

    With ``resume`` an audit in ``out`` goes on: what ran is not run again, unless its task, its
    patch, its image or its limits changed since. ``caches`` are folders of other runs: what ran
    there, under the very same circumstances, is not run again either. ``full`` lets the tests of
    mutants run to their end, and every eval script install the tree. After ``budget`` seconds of
    trials the audit ends with what it has, having begun where the screen and ``reported`` expect
    most for the time. ``sample`` says how the tasks were chosen out of a larger set, for which the
    result then holds estimates. ``cluster`` is
    the address of a Ray cluster, whose nodes then run the trials, as many as fit. Prints
    nothing. Raise ``InputError`` for an empty dataset, ``UsageError`` where ``out`` holds
    something and ``resume`` is not set, ``EngineUnavailableError`` without a container engine,
    ``InterruptedRunError`` after ``stop``.
    """
    if not dataset.tasks and not dataset.skipped:
        raise InputError(f"{dataset.source}: no task was selected")
    if cross_check:
        require_swebench()
    if repeats < 1 or workers < 1:
        raise UsageError("there must be at least one repeat and one worker")
    limits, options = limits or Limits(), image_options or ImageOptions()
    if cluster is not None and options.disk_budget is not None:
        raise UsageError(
            "--disk-budget is kept on one machine, and --executor ray has many",
            hint="give each node a disk that holds its images, or run without --executor",
        )
    gathered, strangers = gather(dataset, predictions, families, alternatives)
    check_out(out, resume=resume)
    run_id = run_id_of(out)
    engine = engine or open_engine(engine_kind, run_id, options, out / "logs" / "images", workers)
    info = engine.isolation.info()
    engine.isolation.sweep()
    notes = notes_on(limits, info, dataset, gathered, strangers)
    about = run_info(dataset, run_id, info, engine.isolation.name, notes, seed, command)
    about = replace(about, sample=sample)
    hear = listener or Silence()
    executor: Executor
    if cluster is None:
        slots = workers + engine.ahead
        executor = LocalExecutor(engine.isolation, limits, slots, machine=info.machine)
    else:
        executor = RayExecutor(
            cluster,
            partial(open_engine, engine_kind, run_id, anywhere(options), None),
            engine.images.surroundings,
            limits,
            partial(hear.said, "cluster"),
        )
    machinery = Machinery(
        images=engine.images,
        executor=executor,
        limits=limits,
        watch=EngineWatch(engine.isolation.info),
        builders=options.builders,
        prepare=_preparation(
            engine.isolation, alternatives, mutants, seed, gathered, writer=writer, stop=stop
        ),
        isolation=engine.isolation.name,
        reinstall=engine.isolation.reinstall,
        budget=budget,
        frugal=options.disk_budget is not None,
        promise=_promise(dataset, reported or {}) if budget is not None else None,
        judge=judge,
    )
    with contextlib.ExitStack() as opened:
        opened.callback(executor.close)
        others = [
            opened.enter_context(Journal.open(path, writable=False))
            for path in caches
            if path.resolve() != out.resolve()
        ]
        machinery = replace(machinery, caches=others)
        journal = opened.enter_context(open_journal(out, about))
        try:
            policy = Policy(repeats=repeats, full=full)
            result = run_audit(
                dataset, gathered, machinery, journal, policy, hear, stop, reported, claims, logs
            )
            return _cross_checked(journal, result) if cross_check else result
        finally:
            engine.isolation.close()


def _promise(dataset: Dataset, reported: Mapping[str, Reported]) -> Callable[[str], float]:
    """Say how much is expected of each task; screening takes seconds, so only where it counts."""
    scores = {one.instance_id: one.score for one in screen(dataset.tasks)[0]}
    return promises(scores, reported)


def _preparation(
    isolation: Isolation,
    sources: Collection[str],
    mutants: int,
    seed: int,
    gathered: Mapping[str, Gathered],
    *,
    writer: Writer | None,
    stop: Callable[[], bool],
) -> Preparation | None:
    """Return how alternatives are made of trees, None where there can be none to look into."""
    made = set(sources) & set(MADE)
    if not mutants:
        made.discard(MUTANTS)
    given = any(
        candidate.kind is CandidateKind.ALTERNATIVE
        for found in gathered.values()
        for candidate in found.candidates
    )
    if not made and not given and writer is None:
        return None
    return Preparation(
        isolation=isolation,
        sources=made,
        mutants=mutants,
        seed=seed,
        make=prepare_apart,
        writer=writer,
        stop=stop,
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
    sandboxed = before.isolation == SandboxIsolation.name
    kind = EngineKind.SANDBOX if sandboxed else EngineKind.CONTAINER
    options = image_options or ImageOptions()
    engine = engine or open_engine(kind, run_id_of(journal.folder), options, build_logs=None)
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
