"""Get a task's own alternatives ready: look into its image, survey gold, draft candidates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from swe_audit.alternatives.ground import Draft, Ground
from swe_audit.alternatives.mutants import mutant_drafts
from swe_audit.alternatives.statement import statement_drafts
from swe_audit.containers.ports import Study
from swe_audit.errors import AuditError
from swe_audit.gathering import MADE
from swe_audit.model.candidate import Candidate
from swe_audit.model.construction import Survey
from swe_audit.model.task import Task
from swe_audit.workshop import Workshop, ground_of, survey_of

CONSTRUCTIONS, STATEMENT, MUTANTS = MADE


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What was made of a task's trees; ``workshop`` is None where they could not be read."""

    survey: Survey | None = None
    candidates: tuple[Candidate, ...] = ()
    workshop: Workshop | None = None


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
        ground = ground_of(request.task, request.study.tree, request.study.ancestry)
    except AuditError as error:
        return Prepared(survey=Survey(problem=error.message))
    survey = request.known
    if survey is None:
        survey = survey_of(ground) if CONSTRUCTIONS in request.sources else Survey()
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
    """Prepares tasks whose image is there; ``make`` does the work, by default in this process."""

    isolation: Studying
    sources: Collection[str]
    mutants: int = 0
    seed: int = 0
    known: Callable[[str], Survey | None] = field(default=lambda _: None)
    make: Callable[[Request], Prepared] = field(default=prepare)

    def __call__(self, task: Task, image: str) -> Prepared:
        """Return a task's survey and drafts; a task that cannot be read says so in its survey."""
        try:
            found = self.isolation.study(task, image)
        except AuditError as error:
            return Prepared(survey=Survey(problem=error.message))
        return self.make(
            Request(
                task=task,
                study=found,
                sources=frozenset(self.sources),
                mutants=self.mutants,
                seed=self.seed,
                known=self.known(task.instance_id),
            )
        )
