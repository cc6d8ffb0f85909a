"""Relaxed tests for the document and for a task's page: the diff, and what each control saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from swe_audit.model.audit import TaskResult
from swe_audit.model.relaxation import Relaxed
from swe_audit.report import words
from swe_audit.report.diffs import Pair, alone, parse
from swe_audit.report.parts import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaxedView:
    """One relaxation; ``controls`` are name, whether it held, what it saw, trial and its place."""

    id: str
    verified: bool
    sentence: str
    details: tuple[str, ...]
    admitted: tuple[str, ...]
    controls: tuple[tuple[str, bool, str, str, str], ...]
    base_form: tuple[tuple[str, str], ...]
    pairs: tuple[Pair, ...]


def relaxed_entry(result: TaskResult) -> list[dict[str, Any]]:
    """Give ``tasks[].relaxed``: relaxed tests that admit what the task's own reject."""
    return [_entry(one) for one in result.relaxed]


def relaxed_views(
    result: TaskResult, anchors: Mapping[str, str], parts: Parts
) -> tuple[RelaxedView, ...]:
    """Build the section, verified ones first; ``anchors`` maps trials to their place."""
    ordered = sorted(result.relaxed, key=lambda one: not one.verified)
    return tuple(_view(one, anchors, parts) for one in ordered)


def _view(one: Relaxed, anchors: Mapping[str, str], parts: Parts) -> RelaxedView:
    steps = words.listing([step.frees for step in dict.fromkeys(one.relaxation.steps)])
    return RelaxedView(
        id=f"relaxed-{one.relaxation.id}",
        verified=one.verified,
        sentence=f"Left free: {steps}.",
        details=tuple(dict.fromkeys(pin.detail for pin in one.relaxation.pins if pin.detail)),
        admitted=one.admitted,
        controls=tuple(
            (each.name, each.held, each.text, each.trial or "", anchors.get(each.trial or "", ""))
            for each in one.controls
        ),
        base_form=one.base_form,
        pairs=parts.pairs(alone(parse(one.relaxation.diff)), "", "Relaxed tests"),
    )


def _entry(one: Relaxed) -> dict[str, Any]:
    relaxation = one.relaxation
    return {
        "id": relaxation.id,
        "candidate": one.candidate,
        "trial": one.trial,
        "verified": one.verified,
        "pins": [
            {
                "cause": pin.cause.value,
                "detail": pin.detail,
                "observed": pin.observed or None,
                "step": step.value,
                "path": pin.path or None,
                "line": pin.line or None,
                "tests": list(pin.tests),
            }
            for pin, step in zip(relaxation.pins, relaxation.steps, strict=True)
        ],
        "ceiling": relaxation.ceiling.value,
        "determined_by": [each.value for each in relaxation.determined_by],
        "controls": [
            {"name": each.name, "held": each.held, "text": each.text, "trial": each.trial}
            for each in one.controls
        ],
        "admitted": list(one.admitted),
        "kept": list(one.kept),
        "base_form": [{"candidate": name, "verdict": verdict} for name, verdict in one.base_form],
        "diff": relaxation.diff,
        "test_patch": relaxation.test_patch,
    }
