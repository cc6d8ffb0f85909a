"""Which tasks of a set an audit takes, and the design by which it says something of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from swe_audit.errors import InputError, UnknownIdError, UsageError
from swe_audit.formats.loading import content_hash
from swe_audit.formats.names import unknown_ids
from swe_audit.formats.results import ResultsMatrix
from swe_audit.model.sample import SampleDesign, SampleKind, Stratum
from swe_audit.model.tags import Tags
from swe_audit.model.task import Dataset, Task
from swe_audit.sampling import draw, hardest, sample_size
from swe_audit.tags import tag

PROPERTIES = ("difficulty", "repo", "language", "year")
"""What a set can be divided by."""

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What was asked for; at most one of ``sample`` and ``hardest``, either within ``instances``.

    ``instances`` are ids from a list, None for all; ``listed`` says where the list stands.
    """

    sample: str | None = None
    stratify: tuple[str, ...] = ()
    hardest: int | None = None
    instances: tuple[str, ...] | None = None
    listed: str = ""
    seed: int = 0


def select(
    dataset: Dataset,
    selection: Selection,
    *,
    results: ResultsMatrix | None = None,
    scores: Mapping[str, float] | None = None,
) -> tuple[Dataset, SampleDesign | None]:
    """Return the chosen part of a set and how it was chosen; None where all of it was.

    ``hardest`` ranks by the share of submissions that fail a task (``results``), or else by
    ``scores``, the highest first. Rows that could not be read stay in ``skipped``: they are in
    no population, and the design counts them. Raise ``UsageError`` for a selection that cannot
    be, ``UnknownIdError`` for an id that is not there.
    """
    _check(selection)
    if selection.instances is not None:
        dataset, named = _named(dataset, selection)
        if selection.sample is None and selection.hardest is None:
            return dataset, named
    if selection.sample is None and selection.hardest is None:
        return dataset, None
    if not dataset.tasks:
        raise InputError(f"{dataset.source}: no task can be read, so none can be chosen")
    design = (
        _hardest(dataset, selection, results, scores)
        if selection.hardest is not None
        else _drawn(dataset, selection)
    )
    return _only(dataset, design.chosen), design


def parse_properties(text: str) -> tuple[str, ...]:
    """Return the properties that ``difficulty,repo`` names, each once; raise ``UsageError``."""
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = [name for name in names if name not in PROPERTIES]
    if unknown or not names:
        raise UsageError(
            f"--stratify {text!r}: a set cannot be divided by {', '.join(unknown) or 'nothing'}",
            hint=f"choose from {', '.join(PROPERTIES)}",
        )
    return names


def _check(selection: Selection) -> None:
    if selection.sample is not None and selection.hardest is not None:
        raise UsageError(
            "--sample and --hardest exclude each other",
            hint="a draw by lot supports an estimate, the hardest tasks only a bound",
        )
    if selection.stratify and selection.sample is None:
        raise UsageError("--stratify divides a --sample, and there is none")


def _named(dataset: Dataset, selection: Selection) -> tuple[Dataset, SampleDesign]:
    wanted = tuple(dict.fromkeys(selection.instances or ()))
    there = {task.instance_id for task in dataset.tasks}
    unread = {item.instance_id for item in dataset.skipped}
    strangers = set(wanted) - there - unread
    if strangers:
        raise UnknownIdError(
            unknown_ids(dataset.source, strangers, there | unread),
            hint=f"the list is {selection.listed}" if selection.listed else "",
        )
    skipped = tuple(item for item in dataset.skipped if item.instance_id in set(wanted))
    part = _only(replace(dataset, skipped=skipped), wanted)
    design = SampleDesign(
        kind=SampleKind.NAMED,
        asked=f"{len(wanted)}",
        seed=selection.seed,
        population=len(dataset.tasks),
        strata=(_one_stratum(dataset, (task.instance_id for task in part.tasks)),),
        criterion=selection.listed,
        unread=len(dataset.skipped),
    )
    return part, design


def _drawn(dataset: Dataset, selection: Selection) -> SampleDesign:
    size = sample_size(selection.sample or "", len(dataset.tasks))
    strata = {task.instance_id: _stratum(task, selection.stratify) for task in dataset.tasks}
    return SampleDesign(
        kind=SampleKind.RANDOM,
        asked=selection.sample or "",
        seed=selection.seed,
        population=len(dataset.tasks),
        strata=draw(strata, size, selection.seed),
        by=selection.stratify,
        criterion=selection.listed if selection.instances is not None else "",
        unread=len(dataset.skipped),
    )


def _hardest(
    dataset: Dataset,
    selection: Selection,
    results: ResultsMatrix | None,
    scores: Mapping[str, float] | None,
) -> SampleDesign:
    assert selection.hardest is not None
    ids = [task.instance_id for task in dataset.tasks]
    if results is not None:
        shares = {name: results.share(name) for name in ids}
        ranks = {name: 1 - share for name, share in shares.items() if share is not None}
        criterion = (
            f"the share of {len(results.submissions)} submissions in {results.source} that fail it"
        )
    elif scores is not None:
        ranks = {name: scores[name] for name in ids if name in scores}
        criterion = "the screen score"
    else:
        raise UsageError(
            "--hardest needs to know what is hard", hint="give a results matrix with --results FILE"
        )
    chosen = hardest(ranks, selection.hardest, selection.seed)
    return SampleDesign(
        kind=SampleKind.HARDEST,
        asked=str(selection.hardest),
        seed=selection.seed,
        population=len(dataset.tasks),
        strata=(_one_stratum(dataset, chosen),),
        criterion=criterion,
        unread=len(dataset.skipped),
    )


def _one_stratum(dataset: Dataset, chosen: Iterable[str]) -> Stratum:
    return Stratum(name="", population=len(dataset.tasks), instances=tuple(sorted(chosen)))


def _only(dataset: Dataset, chosen: Sequence[str]) -> Dataset:
    wanted = frozenset(chosen)
    tasks = tuple(task for task in dataset.tasks if task.instance_id in wanted)
    return replace(dataset, tasks=tasks, sha256=content_hash(tasks, dataset.skipped))


def _stratum(task: Task, by: tuple[str, ...]) -> str:
    if not by:
        return ""
    tags = _tags(task)
    values = {
        "difficulty": tags.difficulty if tags else UNKNOWN,
        "repo": task.repo,
        "language": tags.language if tags else UNKNOWN,
        "year": str(tags.year or UNKNOWN) if tags else UNKNOWN,
    }
    return " | ".join(values[name] for name in by)


def _tags(task: Task) -> Tags | None:
    try:
        return tag(task)
    except InputError:
        return None
