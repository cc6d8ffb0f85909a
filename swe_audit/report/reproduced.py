"""The statement's own code for the document and for a task's page: base, gold and candidates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from swe_audit.model.audit import TaskResult
from swe_audit.model.outside import Opinion
from swe_audit.model.reproduction import Answer, Reproduced, ShownBy, ShownStep
from swe_audit.report import words

ANSWERS: Final[Mapping[Answer, str]] = {
    Answer.AGREES: "shows what the reference patch shows, and base does not",
    Answer.DELIVERS: "shows what the statement wants",
    Answer.DETAIL: "differs from the reference patch in the pinned detail alone",
    Answer.DIFFERS: "differs from the reference patch",
    Answer.SILENT: "shows nothing that can be compared",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One statement of the code beside what each shows; ``marks`` says which cells differ."""

    source: str
    wanted: str
    base: str
    gold: str
    telling: bool
    shown: str = ""
    differs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownView:
    """A candidate's outputs beside base's and gold's."""

    name: str
    answer: str
    sentence: str
    anchor: str
    trial: str
    rows: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReproducedView:
    """The section: why it is void, if it is, and each candidate; without one base and gold."""

    void: str
    unkept: str
    rows: tuple[StepRow, ...]
    candidates: tuple[ShownView, ...]


def reproduction_entry(found: Reproduced | None) -> dict[str, Any] | None:
    """Give ``tasks[].reproduction``, None where the statement's code did not run."""
    if found is None:
        return None
    return {
        "void": found.void or None,
        "steps": [_step(one) for one in found.steps],
        "stale": list(found.stale),
        "missed": list(found.missed),
        "trials": list(found.trials),
        "candidates": [
            {
                "candidate": one.candidate,
                "trial": one.trial,
                "answer": one.answer.value,
                "differs": list(one.differs),
                "shown": list(one.shown),
            }
            for one in found.candidates
        ],
    }


def _step(one: ShownStep) -> dict[str, Any]:
    return {
        "source": one.source,
        "line": one.line,
        "wanted": one.wanted or None,
        "base": one.base,
        "gold": one.gold,
        "telling": one.telling,
    }


def opinions_entry(opinions: tuple[Opinion, ...]) -> list[dict[str, Any]]:
    """Give ``tasks[].opinions``: what an outside judge says of rejected submissions."""
    return [
        {
            "candidate": one.candidate,
            "verdict": one.ruling.value,
            "reason": one.reason,
            "command": one.command,
        }
        for one in opinions
    ]


def reproduced_view(result: TaskResult, anchors: Mapping[str, str]) -> ReproducedView | None:
    """Build the section; who speaks for a finding comes first. None where nothing ran."""
    found = result.reproduction
    if found is None:
        return None
    unkept = ""
    if found.missed:
        unkept = "The reference patch does not show what the statement wants."
    elif found.stale:
        unkept = "The base tree already shows what the statement wants."
    order = list(Answer)
    ordered = sorted(found.candidates, key=lambda one: order.index(one.answer))
    return ReproducedView(
        void=words.sentence(found.void),
        unkept=unkept,
        rows=_rows(found, None),
        candidates=tuple(
            ShownView(
                name=one.candidate,
                answer=one.answer.value,
                sentence=ANSWERS[one.answer],
                anchor=anchors.get(one.trial, ""),
                trial=one.trial,
                rows=_rows(found, one),
            )
            for one in ordered
        ),
    )


def _rows(found: Reproduced, who: ShownBy | None) -> tuple[StepRow, ...]:
    """Return the steps that show anything at all; set-up that prints nothing is no row."""
    rows = []
    for at, step in enumerate(found.steps):
        shown = who.shown[at] if who is not None else ""
        if step.base or step.gold or shown or step.wanted:
            rows.append(
                StepRow(
                    source=step.source,
                    wanted=step.wanted,
                    base=step.base,
                    gold=step.gold,
                    telling=step.telling,
                    shown=shown,
                    differs=who is not None and at in who.differs,
                )
            )
    return tuple(rows)
