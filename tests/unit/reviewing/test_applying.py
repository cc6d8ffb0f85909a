"""A review adds what a run cannot show; a dispute always counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.model.audit import TaskResult, TaskStatus
from swe_audit.model.candidate import Candidate, CandidateKind, Provenance
from swe_audit.model.decisions import Choice, Decision
from swe_audit.model.finding import Confidence, Defect, Finding
from swe_audit.reviewing import apply_decisions, decided

WRITTEN = Candidate(
    instance_id="acme__tally-77",
    name="other-name",
    kind=CandidateKind.ALTERNATIVE,
    provenance=Provenance.CURATED,
    patch="",
    author="Grace",
)


def finding(confidence: Confidence = Confidence.LIKELY, rung: str = "curated") -> Finding:
    return Finding(
        instance_id="acme__tally-77",
        defect=Defect.NARROW,
        confidence=confidence,
        summary="other-name is rejected",
        rungs=(rung,),
        candidates=("other-name",),
    )


def decision(
    choice: Choice = Choice.CONFIRM, reviewer: str = "Ada", of: Finding | None = None
) -> Decision:
    return Decision(
        finding=(of or finding()).id, reviewer=reviewer, choice=choice, reason="detail_is_free"
    )


def applied(before: Finding, *decisions: Decision) -> Finding:
    (after,) = apply_decisions([before], decisions, [WRITTEN])
    assert after.id == before.id
    return after


@pytest.mark.parametrize("rung", ["curated", "construction", "statement", "relaxation"])
def test_a_confirmed_likely_finding_is_proven(rung: str) -> None:
    after = applied(finding(rung=rung), decision())
    assert after.confidence is Confidence.PROVEN
    assert after.rungs[-1] == "reviewed"
    assert "curated" not in after.rungs
    assert after.evidence[-1].kind == "review"
    assert after.evidence[-1].text == "confirmed by Ada: detail is free"


@pytest.mark.parametrize("rung", ["reproduction", "consensus", "dropped", "mutant", "text"])
def test_a_rung_that_allows_no_proof_stays_likely(rung: str) -> None:
    after = applied(finding(rung=rung), decision())
    assert after.confidence is Confidence.LIKELY
    assert after.rungs == (rung, "reviewed")


@pytest.mark.parametrize("level", [c for c in Confidence if c is not Confidence.LIKELY])
def test_a_confirmation_lifts_nothing_but_likely(level: Confidence) -> None:
    assert applied(finding(level), decision()).confidence is level


def test_the_author_cannot_review_their_own_alternative() -> None:
    after = applied(finding(), decision(reviewer="grace"))
    assert after.confidence is Confidence.LIKELY
    assert after.rungs == ("curated",)
    assert applied(finding(), decision(reviewer="grace"), decision()).confidence is (
        Confidence.PROVEN
    )


def test_a_dispute_counts_whatever_others_confirm() -> None:
    for level in (Confidence.PROVEN, Confidence.LIKELY, Confidence.SUSPECT):
        after = applied(finding(level), decision(), decision(Choice.DISPUTE, "Bob"))
        assert after.confidence is Confidence.DISPUTED
    assert applied(finding(Confidence.REFUTED), decision(Choice.DISPUTE)).confidence is (
        Confidence.REFUTED
    )


def test_a_deferral_and_a_decision_on_another_finding_change_nothing() -> None:
    before = finding()
    assert applied(before, decision(Choice.DEFER)) == before
    other = Finding(instance_id="x", defect=Defect.WIDE, confidence=Confidence.LIKELY)
    assert applied(before, decision(of=other)) == before


@given(
    st.lists(
        st.builds(decision, st.sampled_from(Choice), st.sampled_from(["Ada", "Bob", "Grace"])),
        unique_by=lambda one: one.key,
    ),
    st.sampled_from(Confidence),
    st.sampled_from(["curated", "reviewed", "statement", "reproduction", "text"]),
)
def test_the_order_of_decisions_does_not_matter_and_nothing_is_proven_without_a_reviewer(
    decisions: list[Decision], level: Confidence, rung: str
) -> None:
    after = applied(finding(level, rung), *decisions)
    assert after == applied(finding(level, rung), *reversed(decisions))
    if after.confidence is Confidence.PROVEN and level is not Confidence.PROVEN:
        assert level is Confidence.LIKELY
        assert any(d.choice is Choice.CONFIRM and d.reviewer != "Grace" for d in decisions)
        assert all(d.choice is not Choice.DISPUTE for d in decisions)


def task(status: TaskStatus, *findings: Finding) -> TaskResult:
    return TaskResult(
        instance_id="acme__tally-77",
        status=status,
        reason="as judged",
        candidates=(WRITTEN,),
        findings=findings,
    )


def test_a_confirmed_finding_makes_its_task_defective_and_a_disputed_one_suspect() -> None:
    after = decided(task(TaskStatus.SUSPECT, finding()), [decision()])
    assert (after.status, after.reason) == (TaskStatus.DEFECTIVE, "other-name is rejected")
    assert after.decisions == (decision(),)
    proven = finding(Confidence.PROVEN)
    after = decided(task(TaskStatus.DEFECTIVE, proven), [decision(Choice.DISPUTE)])
    assert (after.status, after.reason) == (TaskStatus.SUSPECT, "other-name is rejected")


@pytest.mark.parametrize("status", [TaskStatus.INCONCLUSIVE, TaskStatus.SKIPPED])
def test_a_status_that_does_not_rest_on_findings_stays(status: TaskStatus) -> None:
    after = decided(task(status, finding()), [decision()])
    assert (after.status, after.reason) == (status, "as judged")


def test_a_task_without_decisions_is_left_alone() -> None:
    before = task(TaskStatus.SUSPECT, finding())
    other = Decision(finding="elsewhere:wide:00000000", reviewer="Ada", choice=Choice.DISPUTE)
    assert decided(before, [other]) is before
