"""Get a task's own alternatives ready: look into its image, survey gold, draft candidates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from swe_audit.alternatives.ground import Draft, Ground
from swe_audit.alternatives.mutants import mutant_drafts, mutant_refusals
from swe_audit.alternatives.statement import statement_drafts
from swe_audit.containers.ports import Study
from swe_audit.errors import AuditError, EngineCallError, InterruptedRunError, OutsideCommandError
from swe_audit.gathering import MADE, written_alternatives
from swe_audit.model.candidate import Candidate
from swe_audit.model.construction import ConstructionKind, Survey
from swe_audit.model.outside import Written
from swe_audit.model.task import Task
from swe_audit.model.tree import Tree
from swe_audit.outside import Writer
from swe_audit.workshop import Workshop, ground_of, survey_of

CONSTRUCTIONS, STATEMENT, MUTANTS = MADE


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What was made of a task's trees; ``workshop`` is None where they could not be read.

    ``written`` is what an outside writer made, ``problem`` why it made nothing.
    """

    survey: Survey | None = None
    candidates: tuple[Candidate, ...] = ()
    workshop: Workshop | None = None
    written: Written | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A journal's note of what was to be made of a task's tree."""

    sources: tuple[str, ...]
    mutants: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to make of one task: from which sources, how many mutants, by which seed.

    ``known`` is the survey that an earlier run kept, so that a resumed audit goes on with the
    same sites.
    """

    task: Task
    study: Study
    sources: frozenset[str]
    mutants: int = 0
    seed: int = 0
    known: Survey | None = None


def prepare(request: Request) -> Prepared:
    """Survey gold and draft candidates; a tree that gold does not fit says so in the survey."""
    try:
        study = request.study
        ground = ground_of(request.task, study.tree, study.ancestry, study.installed)
    except AuditError as error:
        return Prepared(survey=Survey(problem=error.message))
    survey = request.known
    if survey is None:
        survey = survey_of(ground) if CONSTRUCTIONS in request.sources else Survey()
        if MUTANTS in request.sources and request.mutants:
            others = [r for r in survey.refused if r.kind is not ConstructionKind.MUTANT]
            survey = replace(survey, refused=(*others, *mutant_refusals(ground)))
    workshop = Workshop(ground, survey)
    candidates = tuple(_candidates(request, ground, workshop))
    return Prepared(survey=survey, candidates=candidates, workshop=workshop.compact())


def _candidates(request: Request, ground: Ground, workshop: Workshop) -> Iterator[Candidate]:
    noise = workshop.noise() if CONSTRUCTIONS in request.sources else None
    if noise is not None:
        yield noise
    for draft in _drafts(request, ground):
        candidate = workshop.candidate(draft)
        if candidate.patch:
            yield candidate


def _drafts(request: Request, ground: Ground) -> Iterator[Draft]:
    if STATEMENT in request.sources:
        yield from statement_drafts(ground)
    if MUTANTS in request.sources and request.mutants:
        yield from mutant_drafts(ground, seed=request.seed, limit=request.mutants)


class Studying(Protocol):
    """Reads a task's base tree out of its image."""

    def study(self, task: Task, image: str) -> Study:
        """Return the tree and what the task's interpreter says; raise ``EngineError``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """Prepares tasks whose image is there; ``make`` does the work, by default in this process.

    ``writer`` is asked for patches, but for tasks of which ``written`` knows what it made.
    """

    isolation: Studying
    sources: Collection[str]
    mutants: int = 0
    seed: int = 0
    known: Callable[[str], Survey | None] = field(default=lambda _: None)
    make: Callable[[Request], Prepared] = field(default=prepare)
    writer: Writer | None = None
    written: Callable[[str], Written | None] = field(default=lambda _: None)
    stop: Callable[[], bool] = field(default=lambda: False)

    @property
    def asked(self) -> Asked:
        """What is to be made, as the journal notes it."""
        seed = self.seed if self.mutants else 0
        return Asked(sources=tuple(sorted(self.sources)), mutants=self.mutants, seed=seed)

    @property
    def makes(self) -> bool:
        """Whether candidates are made of the trees, so that these are needed before the trials."""
        return bool(self.sources) or self.writer is not None

    def __call__(self, task: Task, image: str) -> Prepared:
        """Return a task's survey and drafts; a task that cannot be read says so in its survey.

        Raise ``EngineCallError`` where the engine failed and may not the next time.
        """
        try:
            found = self.isolation.study(task, image)
        except EngineCallError as fault:
            if fault.transient:
                raise
            return Prepared(survey=Survey(problem=fault.message))
        except AuditError as error:
            return Prepared(survey=Survey(problem=error.message))
        made = self.make(
            Request(
                task=task,
                study=found,
                sources=frozenset(self.sources),
                mutants=self.mutants,
                seed=self.seed,
                known=self.known(task.instance_id),
            )
        )
        return self._with_written(made, task, found.tree) if self.writer else made

    def wants_writing(self, task: Task) -> bool:
        """Whether the writer has yet to be asked about a task."""
        known = self.written(task.instance_id)
        return self.writer is not None and (
            known is None or known.question != self.writer.key(task)
        )

    def _with_written(self, made: Prepared, task: Task, base: Tree) -> Prepared:
        """Add what the writer makes of a task, or why it makes nothing."""
        written = self.written(task.instance_id)
        if self.writer is not None and self.wants_writing(task):
            try:
                written = self.writer.write(task, base, self.stop)
            except OutsideCommandError as error:
                return replace(made, problem=f"{task.instance_id}: {error.message}")
            except InterruptedRunError:
                return made  # the run ends; the next one asks again
        candidates = (*made.candidates, *written_alternatives(task, written)[0])
        return replace(made, candidates=candidates, written=written)
