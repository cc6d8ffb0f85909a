"""Bring together the candidates of each task: gold and empty, curated files, submissions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from swe_audit.alternatives.benchmark import controls
from swe_audit.alternatives.predictions import candidate_name, from_submissions
from swe_audit.errors import UsageError
from swe_audit.formats import load_curated
from swe_audit.formats.patches import changed_files, is_safe_path
from swe_audit.model.candidate import Candidate, Dropped, DropReason, Prediction, Provenance
from swe_audit.model.outside import Written
from swe_audit.model.scores import Submitted
from swe_audit.model.task import Dataset, Task

GIVEN = ("curated", "predictions")
MADE = ("constructions", "statement", "mutants")
SOURCES = (*GIVEN, *MADE)
"""Where alternatives can come from; those that are given are gathered here, others made later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The candidates of one task, gold and empty first; what was dropped, and what was wrong.

    ``submitted`` pairs each submission with the candidate that its patch became.
    """

    candidates: tuple[Candidate, ...]
    dropped: tuple[Dropped, ...] = ()
    problems: tuple[str, ...] = ()
    submitted: Submitted = Submitted()  # noqa: RUF009 - frozen


class _Patches:
    def paths(self, patch: str) -> tuple[str, ...]:
        names = [name for file in changed_files(patch) for name in (file.old, file.new) if name]
        return tuple(dict.fromkeys(names))

    def is_safe(self, path: str) -> bool:
        return is_safe_path(path)


def gather(
    dataset: Dataset,
    predictions: Iterable[Prediction] = (),
    families: Mapping[str, str] | None = None,
    sources: Collection[str] = SOURCES,
) -> tuple[dict[str, Gathered], tuple[Dropped, ...]]:
    """Return each task's candidates by instance id, and the submissions for no task of ours.

    Raise ``UsageError`` for a source of alternatives that does not exist.
    """
    unknown = sorted(set(sources) - set(SOURCES))
    if unknown:
        raise UsageError(
            f"there are no alternatives called {', '.join(unknown)}",
            hint=f"choose from {', '.join(SOURCES)}",
        )
    submitted: dict[str, list[Prediction]] = defaultdict(list)
    for prediction in predictions:
        submitted[prediction.instance_id].append(prediction)
    used = "predictions" in sources
    gathered = {
        task.instance_id: _for_task(
            task,
            submitted.pop(task.instance_id, []) if used else [],
            families,
            curated="curated" in sources,
        )
        for task in dataset.tasks
    }
    strangers = tuple(
        Dropped(
            instance_id=instance_id,
            name=submission.model_name_or_path,
            reason=DropReason.UNKNOWN_INSTANCE,
        )
        for instance_id, group in sorted(submitted.items())
        for submission in group
    )
    return gathered, strangers if used else ()


def written_alternatives(
    task: Task, written: Written | None
) -> tuple[tuple[Candidate, ...], tuple[Dropped, ...]]:
    """Return the candidates that an outside writer's patches become, all of one family."""
    patches = written.patches if written is not None else ()
    given = [
        Prediction(instance_id=task.instance_id, model_name_or_path="writer", model_patch=patch)
        for patch in patches
    ]
    return from_submissions(task, given, _Patches(), provenance=Provenance.WRITER)


def _for_task(
    task: Task,
    submissions: list[Prediction],
    families: Mapping[str, str] | None,
    *,
    curated: bool,
) -> Gathered:
    ours, problems = load_curated(task) if curated else ((), ())
    theirs, dropped = from_submissions(task, submissions, _Patches(), families)
    pairs = {(one.model_name_or_path, candidate_name(one.model_patch)) for one in submissions}
    return Gathered(
        candidates=(*controls(task), *ours, *theirs),
        dropped=dropped,
        problems=tuple(problems),
        submitted=Submitted(pairs=tuple(sorted(pairs))),
    )
