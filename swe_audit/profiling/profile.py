"""A dataset's health in one call: every part of the profile, and what could not be said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from swe_audit.errors import InputError
from swe_audit.judging.parsers import PARSERS
from swe_audit.model.audit import TaskStatus
from swe_audit.model.contamination import Contamination
from swe_audit.model.profile import LanguageRow, Missing, Profile
from swe_audit.model.tags import DIFFICULTIES, Tags
from swe_audit.model.task import Dataset, Task
from swe_audit.profiling.age import Cutoff, Solved, age, day_of
from swe_audit.profiling.concentration import gini, repositories, top_share
from swe_audit.profiling.licences import licences
from swe_audit.profiling.required_ids import grading_health
from swe_audit.profiling.sizes import (
    Outcomes,
    Tagged,
    cross_table,
    difficulty_rows,
    estimated_difficulty,
    sizes,
)
from swe_audit.profiling.statement import statement_health
from swe_audit.statistics import counted
from swe_audit.tags import tag

_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known besides the dataset itself.

    ``submissions`` and ``solved`` are a results matrix; ``statuses`` what an audit found;
    ``lacking`` the columns that rows were read without, with their number.
    """

    before: date | None = None
    cutoffs: Sequence[Cutoff] = ()
    submissions: Sequence[str] = ()
    solved: Solved | None = None
    statuses: Mapping[str, TaskStatus] | None = None
    lacking: Sequence[tuple[str, int]] = ()
    contamination: Contamination | None = None
    memorisation: Contamination | None = None


@dataclass(slots=True)
class _Gaps:
    """What could not be said, as it is met."""

    rows: list[Missing] = field(default_factory=list)

    def add(self, name: str, tasks: int, text: str) -> None:
        """Note a gap unless it concerns nothing."""
        if tasks:
            self.rows.append(Missing(field=name, tasks=tasks, text=text))


def profile(dataset: Dataset, context: Context | None = None) -> Profile:
    """Return the health of a dataset; whatever is missing is in ``missing`` and costs no more.

    The order of the tasks does not matter, but for which examples are named.
    """
    context = context or Context()
    gaps = _Gaps()
    tasks = dataset.tasks
    tagged = list(_tagged(tasks, gaps))
    solved = _shares(context.solved)
    outcomes = Outcomes(solved=solved, statuses=context.statuses)
    dated = [(task.repo, day_of(task.created_at)) for task in tasks]
    rows = repositories(dated)
    found = Profile(
        source=dataset.source,
        n=len(tasks),
        unread=len(dataset.skipped),
        difficulty=difficulty_rows(tagged, outcomes),
        estimated=estimated_difficulty(tagged),
        sizes=sizes(tagged),
        cross=cross_table(tagged, outcomes),
        repositories=rows,
        top5_share=top_share(rows),
        gini=gini([row.tasks for row in rows]),
        languages=_languages(tagged),
        licences=licences(dated),
        age=age(
            tasks,
            before=context.before,
            cutoffs=context.cutoffs,
            submissions=context.submissions,
            solved=context.solved,
        ),
        statement=statement_health([task for task in tasks if task.statement.strip()]),
        tests=grading_health([task for task in tasks if task.fail_to_pass]),
        contamination=context.contamination,
        memorisation=context.memorisation,
        missing=(),
    )
    _note(dataset, context, tagged, found, gaps)
    return replace(found, missing=tuple(gaps.rows))


def _tagged(tasks: Sequence[Task], gaps: _Gaps) -> Iterator[Tagged]:
    """Tag what has a reference patch that can be read."""
    without = [task for task in tasks if not task.gold_patch.strip()]
    unreadable: list[str] = []
    for task in tasks:
        if not task.gold_patch.strip():
            continue
        try:
            yield task, tag(task)
        except InputError as error:
            unreadable.append(error.message)
    gaps.add("patch", len(without), "no reference patch, so no size, difficulty or language")
    if unreadable:
        gaps.add("patch", len(unreadable), unreadable[0])


def _shares(solved: Solved | None) -> dict[str, float] | None:
    if solved is None:
        return None
    known = {name: [cell for cell in row if cell is not None] for name, row in solved.items()}
    return {name: sum(row) / len(row) for name, row in known.items() if row}


def _languages(tagged: Sequence[tuple[Task, Tags]]) -> tuple[LanguageRow, ...]:
    counts = Counter(tags.language for _, tags in tagged)
    inferred = Counter(tags.language for task, tags in tagged if not task.language)
    return tuple(
        LanguageRow(language=name, tasks=tasks, inferred=inferred[name])
        for name, tasks in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _note(
    dataset: Dataset,
    context: Context,
    tagged: Sequence[Tagged],
    found: Profile,
    gaps: _Gaps,
) -> None:
    """Say what the figures do not cover."""
    _note_rows(dataset, context, gaps)
    _note_difficulty(tagged, gaps)
    _note_dates(dataset.tasks, gaps)
    _note_licences(found, gaps)
    unparsed = sum(task.log_parser not in PARSERS for task in dataset.tasks)
    gaps.add(
        "log_parser", unparsed, "no log parser of ours, so ids that cannot match are not looked for"
    )
    _note_given(dataset.tasks, context, found, gaps)


def _note_rows(dataset: Dataset, context: Context, gaps: _Gaps) -> None:
    for skip in dataset.skipped[:_SHOWN]:
        gaps.add("rows", 1, f"{skip.instance_id}: {skip.reason.value}: {skip.detail}")
    rest = len(dataset.skipped) - _SHOWN
    gaps.add("rows", max(rest, 0), f"{counted(max(rest, 0), 'more row')} could not be read")
    for column, count in context.lacking:
        gaps.add(column, count, f"the column {column} is missing or null")


def _note_dates(tasks: Sequence[Task], gaps: _Gaps) -> None:
    undated = [t for t in tasks if day_of(t.created_at) is None]
    odd = sorted({t.created_at for t in undated if t.created_at})
    said = f"; {_quoted(odd)} cannot be read as a date" if odd else ""
    gaps.add("created_at", len(undated), f"no date, so unknown in every figure of age{said}")


def _note_licences(found: Profile, gaps: _Gaps) -> None:
    unlicensed = sorted({row.repository for row in found.repositories if row.licence is None})
    gaps.add(
        "licence",
        found.licences.unknown,
        f"the licence of {counted(len(unlicensed), 'repository', 'repositories')} is not in our"
        f" table, or changed and the task's date does not tell which:"
        f" {', '.join(unlicensed[:_SHOWN])}{', ...' if len(unlicensed) > _SHOWN else ''}",
    )


def _note_given(tasks: Sequence[Task], context: Context, found: Profile, gaps: _Gaps) -> None:
    """Say what results, audits, patches, completions and cut-offs do not speak of."""
    for name, known in (("results", context.solved), ("audit", context.statuses)):
        if known is not None:
            absent = sum(task.instance_id not in known for task in tasks)
            gaps.add(name, absent, f"not in the {name} given, so left out of figures from them")
    for name, measured in (
        ("predictions", found.contamination),
        ("completions", found.memorisation),
    ):
        if measured is not None and measured.strangers:
            text = f"{counted(measured.strangers, 'item')} for tasks that are not in this set"
            gaps.add(name, measured.strangers, text)
    for row in found.age.cutoffs:
        if context.submissions and not row.scores:
            gaps.add("cutoffs", found.n, f"no submission in the results is called like {row.model}")


def _note_difficulty(tagged: Sequence[Tagged], gaps: _Gaps) -> None:
    unlabelled = sum(not task.difficulty for task, _ in tagged)
    gaps.add("difficulty", unlabelled, "no difficulty label; estimated from the size of the change")
    unknown = [t.difficulty for t, _ in tagged if t.difficulty and t.difficulty not in DIFFICULTIES]
    gaps.add(
        "difficulty",
        len(unknown),
        f"difficulty labels that are not known: {_quoted(sorted(set(unknown)))};"
        " estimated from the size of the change",
    )


def _quoted(values: Sequence[str]) -> str:
    more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
    return ", ".join(repr(value) for value in values[:_SHOWN]) + more
