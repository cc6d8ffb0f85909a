"""Screen tasks: look for every signal, and order the tasks by their score."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator

from swe_audit.errors import InputError
from swe_audit.model.task import Skipped, SkipReason, Task
from swe_audit.screening.assertions import changed_assertion_signals
from swe_audit.screening.ground import Base, Ground, ground_of
from swe_audit.screening.leaks import leak_signals
from swe_audit.screening.names import (
    keyword_signals,
    mock_signals,
    name_signals,
    private_signals,
    signature_signals,
)
from swe_audit.screening.nouns import Screened, Signal
from swe_audit.screening.placing import placed
from swe_audit.screening.prescriptions import statement_code_signals
from swe_audit.screening.reach import reach_signals
from swe_audit.screening.required_ids import required_id_signals
from swe_audit.screening.scoring import fitted, ranked, score
from swe_audit.screening.subjects import subject_signals
from swe_audit.screening.texts import exact_text_signals, message_signals

SOURCES: tuple[Callable[[Ground], Iterator[Signal]], ...] = (
    name_signals,
    private_signals,
    mock_signals,
    signature_signals,
    keyword_signals,
    message_signals,
    exact_text_signals,
    changed_assertion_signals,
    statement_code_signals,
    subject_signals,
    leak_signals,
    reach_signals,
    required_id_signals,
)
"""Where signals come from; a new kind of signal is a function more."""


def screen(
    tasks: Iterable[Task], base_of: Callable[[Task], Base | None] = lambda _: None
) -> tuple[tuple[Screened, ...], tuple[Skipped, ...]]:
    """Return every task with its signals, the highest score first, of equals by id.

    Nothing is run. ``base_of`` looks a task's base tree up where there is a mirror. A task whose
    patches cannot be read is returned as skipped.
    """
    done: list[Screened] = []
    skipped: list[Skipped] = []
    for task in tasks:
        try:
            done.append(screen_task(task, base_of(task)))
        except InputError as error:
            skipped.append(
                Skipped(
                    instance_id=task.instance_id,
                    reason=SkipReason.BAD_INPUT,
                    detail=error.message,
                )
            )
    done.sort(key=lambda each: (-each.score, each.instance_id))
    return tuple(done), tuple(skipped)


def screen_task(task: Task, base: Base | None = None) -> Screened:
    """Return one task with its signals, the most telling first; ``InputError`` for bad patches."""
    signals = signals_of(task, base)
    weights = fitted()
    return Screened(
        instance_id=task.instance_id,
        score=round(score(signals, weights), 4),
        signals=ranked(signals, weights),
    )


def signals_of(task: Task, base: Base | None = None) -> tuple[Signal, ...]:
    """Return what every source sees in a task, in the order of the sources."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # of the code that is read
        warnings.simplefilter("ignore", DeprecationWarning)
        ground = ground_of(task, base)
        return tuple(placed(ground, [signal for source in SOURCES for signal in source(ground)]))
