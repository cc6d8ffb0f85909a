"""Reviewers' decisions in words: on one finding, and over a whole run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from swe_audit.model.audit import Audit
from swe_audit.model.decisions import Choice, Decision, ReviewState, TriageSummary
from swe_audit.report import words
from swe_audit.reviewing import review_state, summarise_triage

REASONS: Final[Mapping[Choice, tuple[tuple[str, str], ...]]] = {
    Choice.CONFIRM: (
        ("detail_is_free", "The statement leaves the detail free"),
        ("statement_says_otherwise", "The statement asks for what the tests reject"),
        ("not_asked_for", "The tests check what nobody asked for"),
        ("runs_show_it", "The runs alone show it"),
        ("other", "Something else, see the note"),
    ),
    Choice.DISPUTE: (
        ("stated", "The statement gives the detail"),
        ("inferable", "The code around it or a convention gives it"),
        ("candidate_is_wrong", "The alternative is not correct"),
        ("our_fault", "Our run or our explanation is at fault"),
        ("other", "Something else, see the note"),
    ),
    Choice.DEFER: (
        ("needs_expert", "Needs somebody who knows the project"),
        ("needs_another_run", "Needs another run"),
        ("unclear", "The evidence does not tell"),
        ("other", "Something else, see the note"),
    ),
}
"""The reasons that are offered for a choice: the word in the file, and what it means."""

DONE: Final[Mapping[Choice, str]] = {
    Choice.CONFIRM: "confirmed",
    Choice.DISPUTE: "disputed",
    Choice.DEFER: "deferred",
}

STATE: Final[Mapping[ReviewState, str]] = {
    ReviewState.UNDECIDED: "nobody has decided yet",
    ReviewState.DEFERRED: "put off",
    ReviewState.CONFIRMED: "confirmed",
    ReviewState.DISPUTED: "disputed",
    ReviewState.DIVIDED: "reviewers contradict each other",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """One reviewer's word on a finding; ``blind`` is what it was before seeing the others'."""

    reviewer: str
    done: str
    reason: str
    note: str
    at: str
    blind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageNote:
    """The triage of a run in sentences; empty where nobody decided anything."""

    sentences: tuple[str, ...]
    states: tuple[tuple[str, str, int], ...]


def reason_text(choice: Choice, reason: str) -> str:
    """Write a reason as its meaning where it is one of those offered, else as it stands."""
    return dict(REASONS[choice]).get(reason, reason)


def decision_lines(finding: str, decisions: Iterable[Decision]) -> tuple[DecisionLine, ...]:
    """Give the decisions on a finding, by reviewer."""
    return tuple(
        DecisionLine(
            reviewer=one.reviewer,
            done=DONE[one.choice],
            reason=words.sentence(reason_text(one.choice, one.reason)),
            note=one.note,
            at=one.at,
            blind=DONE[one.blind] if one.blind else "",
        )
        for one in sorted(decisions, key=lambda one: one.key)
        if one.finding == finding
    )


def state_of(finding: str, decisions: Iterable[Decision]) -> ReviewState:
    """Return what the decisions on a finding come to."""
    return review_state(one for one in decisions if one.finding == finding)


def triage_summary(audit: Audit) -> TriageSummary:
    """Count the decisions on an audit's findings."""
    findings = tuple(dict.fromkeys(one.id for task in audit.tasks for one in task.findings))
    return summarise_triage(findings, audit.decisions)


def triage_note(audit: Audit) -> TriageNote:
    """Say how far the triage of an audit got, how reviewers agree, and what is left."""
    if not audit.decisions:
        return TriageNote(sentences=(), states=())
    found = triage_summary(audit)
    parts = [f"{words.number(value)} {state.value}" for state, value in found.states if value]
    sentences = [f"Of {words.count(found.findings, 'finding')}: {words.listing(parts)}."]
    sentences += [_reviewers(found), _agreement(found)]
    left = len(found.left)
    sentences.append(
        f"{words.count(left, 'finding is', 'findings are')} left to decide."
        if left
        else "Nothing is left to decide."
    )
    if found.unknown:
        gone = words.count(len(found.unknown), "finding")
        sentences.append(f"The file also holds decisions on {gone} that this run does not have.")
    return TriageNote(
        sentences=tuple(one for one in sentences if one),
        states=tuple((state.value, STATE[state], value) for state, value in found.states),
    )


def _reviewers(found: TriageSummary) -> str:
    told = [
        f"{one.reviewer} ({one.confirmed} confirmed, {one.disputed} disputed,"
        f" {one.deferred} deferred)"
        for one in found.reviewers
    ]
    return f"Reviewed by {words.listing(told)}." if told else ""


def _agreement(found: TriageSummary) -> str:
    if not found.shared:
        return "No finding was judged by two reviewers yet, so there is no agreement to measure."
    alike = (
        f"Two or more judged {words.count(found.shared, 'finding')} and agree on"
        f" {words.number(found.unanimous)} ({words.percent(found.unanimous / found.shared)})"
    )
    figures = [
        f"{name} {_figure(value)}" if value is not None else f"no {name}, for {missing}"
        for name, value, missing in _figures(found)
    ]
    return f"{alike}; {', '.join(figures)}."


def _figures(found: TriageSummary) -> Sequence[tuple[str, float | None, str]]:
    alpha = ("Krippendorff's alpha", found.alpha, found.alpha_missing)
    kappa = ("Fleiss' kappa", found.kappa, found.kappa_missing)
    return [alpha] if alpha[2] == kappa[2] and alpha[1] is None else [alpha, kappa]


def _figure(value: float) -> str:
    return f"{value:.2f}".replace("-", "\u2212")
