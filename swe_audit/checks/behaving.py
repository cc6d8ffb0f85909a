"""How rejected submissions behave, for those that may agree: what their assertions saw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from swe_audit.checks.assertions import against
from swe_audit.checks.case import Case
from swe_audit.evidence.consensus import Behaviour
from swe_audit.evidence.witnesses import breaks_ungraded, support_edits
from swe_audit.judging.clusters import beyond_empty, manner, run_of
from swe_audit.model.candidate import Candidate, CandidateKind
from swe_audit.model.finding import Cause
from swe_audit.model.reproduction import ShownBy

_OBSERVED = (Cause.VALUE, Cause.MESSAGE_TEXT, Cause.EXCEPTION_TYPE, Cause.ORDER_OR_FORMAT)
"""Causes that come with something seen; a missing name is what two patches do not have."""


def behaviours(
    case: Case, rejected: Sequence[Candidate], shown: Mapping[str, ShownBy]
) -> Iterator[Behaviour]:
    """Tell how each rejected witness behaves; who bends the tests or breaks others is none."""
    golds = case.trials_of(CandidateKind.GOLD)
    for candidate in rejected:
        trials = case.completed(candidate)
        if support_edits(case.task, candidate) or breaks_ungraded(case.task, trials, golds):
            continue
        one = shown.get(candidate.name)
        agrees = one is not None and one.answer.speaks_for
        yield Behaviour(
            candidate=candidate.name,
            family=candidate.family,
            observed=_observed(case, candidate),
            progress=_progress(case, candidate),
            agrees="they agree with the reference patch on the statement's code" if agrees else "",
        )


def _observed(case: Case, candidate: Candidate) -> tuple[tuple[str, str], ...]:
    """Return what each assertion that rejects a candidate saw, from a softened run or the log.

    '' stands for what is no behaviour of the candidate, and for what no patch at all shows too.
    """
    seen = against(case, candidate)
    if not seen:
        reasons = case.rejections[case.completed(candidate)[0].id].explanations
        return tuple(
            (f"{each.test}: {each.assertion}", each.message if each.cause in _OBSERVED else "")
            for each in reasons
        )
    plain = {
        (each.place, *manner(each))
        for empty in case.of_kind(CandidateKind.EMPTY)
        for each in against(case, empty)
    }
    return tuple(
        (
            f"{each.test}: {each.source}",
            each.observed or each.message
            if each.cause in _OBSERVED and (each.place, *manner(each)) not in plain
            else "",
        )
        for each in seen
    )


def _progress(case: Case, candidate: Candidate) -> bool:
    """Whether a candidate passes an assertion, or a new test, that fails without any patch."""
    runs = tuple(case.softened.values())
    own = run_of(runs, candidate.name)
    for empty in case.of_kind(CandidateKind.EMPTY):
        theirs = run_of(runs, empty.name)
        if own is not None and theirs is not None:
            return bool(beyond_empty(own, theirs))
    return bool(case.completed(candidate)[0].outcome.passed_f2p)
