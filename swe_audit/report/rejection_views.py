"""Why alternatives were turned down, as a task's page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from swe_audit.model.audit import TaskResult
from swe_audit.model.candidate import CandidateKind
from swe_audit.model.finding import Explanation
from swe_audit.report import words
from swe_audit.report.candidate_views import CandidateView
from swe_audit.report.id_lists import Tests, cut, place
from swe_audit.report.softened import AssertionsView, assertions_view
from swe_audit.report.summary import rejections_without_evidence, search_steps
from swe_audit.report.trial_views import reproduce_command


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One reason for failing tests: those with the same cause, message and place share it."""

    cause: str
    cause_meaning: str
    exception: str
    message: str
    assertion: str
    place: str
    detail: str
    tests: Tests


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionView:
    """Why one candidate was turned down. ``backed`` says whether a finding rests on it."""

    candidate: CandidateView
    trial: str
    anchor: str
    backed: bool
    whys: tuple[Why, ...]
    assertions: AssertionsView | None
    command: str


def rejection_views(
    result: TaskResult,
    candidates: Mapping[str, CandidateView],
    anchors: Mapping[str, str],
    run: str,
) -> tuple[RejectionView, ...]:
    """Give the rejections of alternatives; controls and steps of a search are left out."""
    unbacked = frozenset(rejections_without_evidence(result))
    aside = search_steps(result)
    aside |= {one.name for one in result.candidates if one.kind is CandidateKind.CONTROL}
    return tuple(
        RejectionView(
            candidate=candidates[one.candidate],
            trial=one.trial,
            anchor=anchors.get(one.trial, ""),
            backed=one.candidate not in unbacked,
            whys=_whys(one.explanations),
            assertions=assertions_view(result, one.candidate),
            command=reproduce_command(run, one.trial),
        )
        for one in result.rejections
        if one.candidate in candidates and one.candidate not in aside
    )


def _whys(explanations: tuple[Explanation, ...]) -> tuple[Why, ...]:
    grouped: dict[tuple[object, ...], list[Explanation]] = {}
    for one in explanations:
        key = (one.cause, one.exception, one.message, one.assertion, one.path, one.line, one.detail)
        grouped.setdefault(key, []).append(one)
    return tuple(
        Why(
            cause=words.name(alike[0].cause.value),
            cause_meaning=words.CAUSE[alike[0].cause],
            exception=alike[0].exception,
            message=alike[0].message,
            assertion=alike[0].assertion,
            place=place(alike[0].path, alike[0].line),
            detail=alike[0].detail,
            tests=cut(tuple(one.test for one in alike)),
        )
        for alike in grouped.values()
    )
