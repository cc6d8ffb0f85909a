"""Overlap of submissions with what they should not have seen, model by model, with controls.

A high figure alone means little: a small fix can be written in one way only. So each figure has
two controls: the same submission against references of *other* tasks (chance and habit), and
*other* families' submissions to the same task (what the task itself determines). Tasks stream
through one at a time, so time grows with their number and memory hardly does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from swe_audit.alternatives.families import family_of
from swe_audit.model.candidate import Prediction
from swe_audit.model.contamination import Contamination, Mean, ModelContamination, Resemblance
from swe_audit.model.task import Task
from swe_audit.profiling.overlap import (
    DEFAULT_N,
    Controls,
    Original,
    Overlap,
    attempt,
    original,
    overlap,
)
from swe_audit.profiling.patch_lines import PatchLines, patch_lines
from swe_audit.statistics import interval_of_mean

CONTROLS = 3
_RESEMBLING = 3
_STRIKING = 0.5
_LONG_RUN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One task's original text and what each model made: ``attempts`` are model, family, runs."""

    instance_id: str
    original: Original
    attempts: tuple[tuple[str, str, tuple[tuple[str, ...], ...]], ...]


@dataclass(slots=True)
class _Measured:
    """What one model's submissions to one task came to, averaged over them."""

    overlap: float
    run: float
    verbatim: float | None
    control: Overlap | None
    family: str
    others: float | None = None


@dataclass(slots=True)
class _Series:
    """One model's values, task by task."""

    family: str
    submissions: int = 0
    values: list[tuple[str, _Measured]] = field(default_factory=list)


def contamination(
    tasks: Iterable[Task],
    predictions: Iterable[Prediction],
    *,
    n: int = DEFAULT_N,
    base_texts: Mapping[str, Sequence[str]] | None = None,
    families: Mapping[str, str] | None = None,
    seed: int = 0,
) -> Contamination:
    """Measure how far submissions repeat the reference patch of their task.

    The statement and the old side of every hunk explain an n-gram away; ``base_texts`` adds
    whole base files, by instance id. The order of tasks and submissions does not matter.
    """
    submitted: dict[str, list[Prediction]] = defaultdict(list)
    for prediction in predictions:
        submitted[prediction.instance_id].append(prediction)
    ordered = sorted(tasks, key=lambda task: (task.repo, task.instance_id))
    known = {task.instance_id for task in ordered}
    exhibits = (
        exhibit(
            task,
            submitted[task.instance_id],
            n,
            (base_texts or {}).get(task.instance_id, ()),
            families,
        )
        for task in ordered
        if submitted.get(task.instance_id)
    )
    explained = ("statement", "hunks", *["base files"] * (base_texts is not None))
    strangers = sum(len(some) for name, some in submitted.items() if name not in known)
    return measure(exhibits, n=n, explained_by=explained, strangers=strangers, seed=seed)


def exhibit(
    task: Task,
    predictions: Sequence[Prediction],
    n: int,
    base: Sequence[str] = (),
    families: Mapping[str, str] | None = None,
) -> Exhibit:
    """Make a task's reference the original and its submissions the attempts."""
    gold = patch_lines(task.gold_patch)
    read: dict[str, PatchLines] = {}
    made = []
    for one in sorted(predictions, key=lambda p: (p.model_name_or_path, p.model_patch)):
        lines = read.setdefault(one.model_patch, patch_lines(one.model_patch))
        family = family_of(one.source, one.model_name_or_path, families)
        made.append((one.model_name_or_path, family, lines.added))
    explained = [task.statement, *gold.before, *base]
    explained += [text for lines in read.values() for text in lines.before]
    return Exhibit(
        instance_id=task.instance_id,
        original=original(gold.added, explained, n),
        attempts=tuple(made),
    )


def measure(
    exhibits: Iterable[Exhibit],
    *,
    n: int = DEFAULT_N,
    explained_by: tuple[str, ...] = (),
    strangers: int = 0,
    seed: int = 0,
) -> Contamination:
    """Measure exhibits in their order; each is compared with the few before it as a control."""
    series: dict[str, _Series] = {}
    controls = Controls(CONTROLS)
    tasks = nothing = 0
    for one in exhibits:
        tasks += 1
        nothing += not one.original.novel
        for model, family, _ in one.attempts:
            series.setdefault(model, _Series(family=family)).submissions += 1
        for model, measured in _measured(one, controls).items():
            series[model].values.append((one.instance_id, measured))
        controls.add(one.original)
    models = [_model(name, found, seed) for name, found in series.items()]
    models.sort(key=lambda model: (-(_rank(model)), model.model))
    return Contamination(
        n=n,
        controls=CONTROLS,
        explained_by=explained_by,
        tasks=tasks,
        nothing_novel=nothing,
        strangers=strangers,
        models=tuple(models),
    )


def _measured(one: Exhibit, controls: Controls) -> dict[str, _Measured]:
    """Measure a task's attempts and average them by model; one that adds nothing is left out."""
    found: dict[str, list[tuple[Overlap, list[Overlap], str]]] = defaultdict(list)
    for model, family, runs in one.attempts:
        made = attempt(runs, one.original.n)
        result = overlap(one.original, made) if runs else None
        if result is not None:
            found[model].append((result, controls.overlaps(made), family))
    averaged = {model: _average(several) for model, several in found.items()}
    for mine in averaged.values():
        others = [each.overlap for each in averaged.values() if each.family != mine.family]
        mine.others = sum(others) / len(others) if others else None
    return averaged


def _average(several: list[tuple[Overlap, list[Overlap], str]]) -> _Measured:
    against = [control for _, some, _ in several for control in some]
    control = None
    if against:
        control = Overlap(
            share=_mean([each.share for each in against]),
            run=round(_mean([each.run for each in against])),
            verbatim=_mean_of_known([each.verbatim for each in against]),
        )
    return _Measured(
        overlap=_mean([each.share for each, _, _ in several]),
        run=_mean([each.run for each, _, _ in several]),
        verbatim=_mean_of_known([each.verbatim for each, _, _ in several]),
        control=control,
        family=several[0][2],
    )


def _model(name: str, series: _Series, seed: int) -> ModelContamination:
    values = [measured for _, measured in series.values]
    controlled = [(each, each.control) for each in values if each.control is not None]
    rivals = [(each, each.others) for each in values if each.others is not None]

    def mean(numbers: Iterable[float | None]) -> Mean:
        known = [number for number in numbers if number is not None]
        found = interval_of_mean(known, seed)
        return Mean(mean=found.mean, low=found.low, high=found.high, n=found.n)

    return ModelContamination(
        model=name,
        family=series.family,
        submissions=series.submissions,
        tasks=len(values),
        overlap=mean(each.overlap for each in values),
        control=mean(control.share for _, control in controlled),
        others=mean(others for _, others in rivals),
        excess=mean(each.overlap - control.share for each, control in controlled),
        excess_over_others=mean(each.overlap - others for each, others in rivals),
        longest_run=mean(each.run for each in values),
        control_run=mean(control.run for _, control in controlled),
        verbatim=mean(each.verbatim for each in values),
        control_verbatim=mean(control.verbatim for _, control in controlled),
        resembling=tuple(_resembling(series)),
    )


def _resembling(series: _Series) -> Iterator[Resemblance]:
    """Yield the submissions to look at first: long common runs weigh more than high shares."""
    ranked = sorted(series.values, key=lambda each: (-each[1].run * each[1].overlap, each[0]))
    for instance_id, each in ranked[:_RESEMBLING]:
        if each.run:
            yield Resemblance(
                instance_id=instance_id,
                overlap=each.overlap,
                others=each.others,
                longest_run=round(each.run),
                verbatim=each.verbatim,
            )


def is_striking(one: Resemblance) -> bool:
    """Whether a submission repeats much of a reference that other systems do not write."""
    alone = one.others is None or one.overlap - one.others >= _STRIKING
    return one.overlap >= _STRIKING and one.longest_run >= _LONG_RUN and alone


def _rank(model: ModelContamination) -> float:
    """What a model is sorted by: the part of its overlap that nothing explains."""
    for mean in (model.excess_over_others, model.excess, model.overlap):
        if mean.mean is not None:
            return mean.mean
    return -1


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


def _mean_of_known(numbers: Iterable[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return _mean(known) if known else None
