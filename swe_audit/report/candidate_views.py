"""Candidates and their patches as a task's page shows them, beside the reference patch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from swe_audit.model.audit import TaskResult
from swe_audit.model.candidate import Candidate, CandidateKind
from swe_audit.model.trial import RunState, Trial, Verdict
from swe_audit.report import words
from swe_audit.report.diffs import (
    MAX_PLAIN,
    FileDiff,
    Pair,
    Patch,
    alone,
    parse,
    side_by_side,
)
from swe_audit.report.marks import mark
from swe_audit.report.parts import Parts
from swe_audit.report.text import shorten, visible

MAX_OPEN_DIFFS = 3
MAX_LAID_OUT = 4
"""Patches laid out beside the reference patch, besides those that findings rest on; more of them
stand as plain text, for a page with dozens would take seconds to open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateView:
    """A candidate with what is known of it. ``outcome`` sums its trials up."""

    name: str
    anchor: str
    kind: str
    kind_meaning: str
    provenance: str
    facts: tuple[tuple[str, str], ...]
    rationale: str
    outcome: str
    outcome_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffView:
    """A candidate's patch beside gold, file by file; ``plain`` where it is not laid out.

    ``same`` are the files that both change alike. ``odd`` says that the patch is no diff.
    ``part`` is the address of a text too long for the page.
    """

    candidate: CandidateView
    pairs: tuple[Pair, ...]
    same: tuple[str, ...]
    plain: str
    odd: bool
    added: int
    removed: int
    beside_gold: bool
    is_open: bool
    part: str = ""


def candidate_views(result: TaskResult) -> dict[str, CandidateView]:
    """Give every candidate of a task by name."""
    trials: dict[str, list[Trial]] = {}
    for trial in result.trials:
        trials.setdefault(trial.candidate, []).append(trial)
    return {
        one.name: _candidate(one, nth, trials.get(one.name, []))
        for nth, one in enumerate(result.candidates, 1)
    }


def _candidate(candidate: Candidate, nth: int, trials: list[Trial]) -> CandidateView:
    outcome, key = outcome_of(trials)
    facts = (
        ("Provenance", words.PROVENANCE[candidate.provenance]),
        ("Family", candidate.family),
        ("Submissions with this patch", str(candidate.count) if candidate.count > 1 else ""),
        ("Author", candidate.author),
        ("Confirmed by", candidate.reviewed_by),
        ("Said to show", candidate.claim.value if candidate.claim else ""),
        ("Evidence given", candidate.evidence),
        ("Rests on", " ".join(one.text for one in candidate.evidence_items)),
    )
    return CandidateView(
        name=candidate.name,
        anchor=f"candidate-{nth}",
        kind=candidate.kind.value,
        kind_meaning=(
            words.CONTROL[candidate.control] if candidate.control else words.KIND[candidate.kind]
        ),
        provenance=candidate.provenance.value,
        facts=tuple((label, value) for label, value in facts if value),
        rationale=words.sentence(candidate.rationale),
        outcome=outcome,
        outcome_key=key,
    )


def outcome_of(trials: list[Trial]) -> tuple[str, str]:
    """Sum trials up: a sentence part, and a key for its colour."""
    if not trials:
        return "not run", "none"
    completed = [one for one in trials if one.state is RunState.COMPLETED]
    if not completed:
        return words.name(trials[0].state.value), "inconclusive"
    resolved = sum(one.verdict is Verdict.RESOLVED for one in completed)
    if 0 < resolved < len(completed):
        return f"resolved {resolved} of {len(completed)} times", "mixed"
    word = "resolved" if resolved else "unresolved"
    times = "" if len(completed) == 1 else f", {len(completed)} of {len(completed)} times"
    return f"{word}{times}", word


def diff_views(
    result: TaskResult,
    candidates: Mapping[str, CandidateView],
    details: Mapping[str, tuple[Sequence[str], Sequence[str]]],
    parts: Parts,
) -> tuple[DiffView, ...]:
    """Lay patches out beside gold; what is long goes into ``parts``.

    ``details`` holds, for the candidates that findings rest on, what to mark in the reference
    patch and what in theirs; these are always laid out.
    """
    gold = next((one for one in result.candidates if one.kind is CandidateKind.GOLD), None)
    text = gold.patch if gold else (result.task.gold_patch if result.task else "")
    reference = parse(text)
    others = [
        one
        for one in result.candidates
        if one.kind in (CandidateKind.ALTERNATIVE, CandidateKind.INCORRECT)
    ]
    views: list[DiffView] = []
    if gold and (not others or reference.plain):
        views.append(_diff(candidates[gold.name], reference, alone(reference), beside=False))
    laid_out = 0
    for candidate in others:
        view = candidates[candidate.name]
        if candidate.name not in details:
            laid_out += 1
            if laid_out > MAX_LAID_OUT:
                views.append(_plain(view, candidate.patch))
                continue
        patch = parse(candidate.patch)
        pairs = () if patch.plain else side_by_side(reference, patch)
        if candidate.name in details:
            left, right = details[candidate.name]
            pairs = tuple(_marked(pair, left, right) for pair in pairs)
        views.append(
            _diff(
                view,
                patch,
                pairs,
                beside=not reference.plain,
                is_open=candidate.name in details or (not details and len(views) < MAX_OPEN_DIFFS),
            )
        )
    return tuple(_put_aside(view, parts) for view in views)


def _put_aside(view: DiffView, parts: Parts) -> DiffView:
    name = view.candidate.name
    plain, part = parts.text(view.plain, f"The patch of {name}")
    pairs = parts.pairs(view.pairs, "Reference patch" if view.beside_gold else "", name)
    return replace(view, plain=plain, part=part, pairs=pairs)


def _marked(pair: Pair, left: Sequence[str], right: Sequence[str]) -> Pair:
    return replace(pair, left=_with_marks(pair.left, left), right=_with_marks(pair.right, right))


def _with_marks(side: FileDiff | None, wanted: Sequence[str]) -> FileDiff | None:
    if side is None or not wanted:
        return side
    lines = tuple(
        replace(line, code=mark(line.code, wanted)) if line.kind == "add" else line
        for line in side.lines
    )
    return replace(side, lines=lines)


def _plain(candidate: CandidateView, patch: str) -> DiffView:
    return DiffView(
        candidate=candidate,
        pairs=(),
        same=(),
        plain=shorten(visible(patch), MAX_PLAIN),
        odd=False,
        added=0,
        removed=0,
        beside_gold=False,
        is_open=False,
    )


def _diff(
    candidate: CandidateView,
    patch: Patch,
    pairs: tuple[Pair, ...],
    *,
    beside: bool,
    is_open: bool = True,
) -> DiffView:
    alike = {pair.path for pair in pairs if beside and pair.alike}
    return DiffView(
        candidate=candidate,
        pairs=tuple(pair for pair in pairs if pair.path not in alike),
        same=tuple(pair.path for pair in pairs if pair.path in alike),
        plain=patch.plain,
        odd=bool(patch.plain),
        added=patch.added,
        removed=patch.removed,
        beside_gold=beside,
        is_open=is_open,
    )
