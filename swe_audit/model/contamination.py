"""Whether submissions repeat the reference patch, or completions the statement."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A mean over ``n`` tasks with its 95 % interval; None where there are too few for one."""

    mean: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resemblance:
    """The submission of one model that resembles the reference of its task most."""

    instance_id: str
    overlap: float
    others: float | None
    longest_run: int
    verbatim: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelContamination:
    """One model's figures, over the tasks whose reference has something novel.

    ``overlap`` is the share of the reference's novel n-grams that its submissions hold;
    ``control`` the same with references of other tasks; ``others`` the same for submissions of
    other families to the same tasks. ``excess`` and ``excess_over_others`` are the mean
    differences, task by task. ``longest_run`` (tokens) and ``verbatim`` (share of novel lines)
    likewise have their controls. ``resembling`` are the submissions to look at first.
    """

    model: str
    family: str
    submissions: int
    tasks: int
    overlap: Mean
    control: Mean
    others: Mean
    excess: Mean
    excess_over_others: Mean
    longest_run: Mean
    control_run: Mean
    verbatim: Mean
    control_verbatim: Mean
    resembling: tuple[Resemblance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contamination:
    """Overlap of submissions with the reference, model by model, the most suspicious first.

    ``n`` is the n of the n-grams. ``explained_by`` says what explains an n-gram away.
    ``nothing_novel`` counts tasks whose reference holds no n-gram beyond that; nothing can be
    said there. ``strangers`` counts submissions for tasks that are not in the set.
    """

    n: int
    controls: int
    explained_by: tuple[str, ...]
    tasks: int
    nothing_novel: int
    strangers: int
    models: tuple[ModelContamination, ...]
