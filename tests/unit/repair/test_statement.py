"""A sentence for the statement is proposed only where the licence checks then find it stated."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.model.finding import Cause, Confidence, Defect, Finding
from swe_audit.repair import Proposal, RepairKind, Unmade
from swe_audit.repair.statement import propose, with_sentences
from swe_audit.statements import Mention, holds_text, mention
from swe_audit.workshop import ground_of
from tests.unit.repair import played


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    return played.audited(tmp_path_factory.mktemp("run"))


def ground(history):
    return ground_of(history.task, played.BASE)


def test_the_audit_finds_the_name_and_the_message(history):
    assert {(f.cause, f.confidence) for f in history.findings()} == {
        (Cause.MISSING_NAME, Confidence.PROVEN),
        (Cause.MESSAGE_TEXT, Confidence.PROVEN),
    }


def test_one_proposal_names_every_pinned_detail_and_the_constructions_then_refuse_it(history):
    (proposal,) = propose(history, history.findings(), ground(history))
    assert isinstance(proposal, Proposal)
    assert proposal.kind is RepairKind.STATEMENT
    assert proposal.verified
    assert set(proposal.findings) == {finding.id for finding in history.findings()}
    assert mention(proposal.task.statement, "rebated")[0] is Mention.NAMED
    assert holds_text(proposal.task.statement, "the rebate must lie above zero, not at {rebate}")
    refusals = [control for control in proposal.controls if "licence" in control.name]
    assert len(refusals) == 2
    assert {row.before for row in proposal.table} == {"not mentioned", "not stated"}
    assert {row.after for row in proposal.table} == {"named", "stated"}


def test_without_the_tree_the_proposal_says_that_the_constructions_were_not_asked(history):
    (proposal,) = propose(history, history.findings(), None)
    assert proposal.verified
    assert "tree was not at hand" in proposal.limits[0]


def test_a_statement_in_which_the_sentence_is_not_read_is_not_proposed(history):
    # A traceback that nothing closes goes on to the end, and what it holds names nothing.
    torn = 'It fails.\n\nTraceback (most recent call last):\n  File "a.py", line 1\n    raise'
    task = replace(history.task, statement=torn)
    changed = replace(history, task=task)
    found = list(propose(changed, history.findings(), replace(ground(history), task=task)))
    failed, held = found
    assert not failed.verified
    assert "only quotes it: The tests use a function named `rebated`" in failed.failure
    assert held.verified
    assert held.findings != failed.findings


def test_a_curated_finding_without_a_site_is_named_by_its_detail(history):
    finding = replace(
        history.findings()[0],
        cause=Cause.SIGNATURE,
        detail="rounding",
        candidates=(),
    )
    (proposal,) = propose(history, [finding], ground(history))
    assert proposal.verified
    assert proposal.task.statement.endswith("The tests use a keyword argument `rounding`.\n")


def test_a_finding_that_no_sentence_can_name_is_said(history):
    finding = Finding(
        instance_id=history.task.instance_id,
        defect=Defect.NARROW,
        confidence=Confidence.PROVEN,
        cause=Cause.VALUE,
        detail="3",
    )
    (unmade,) = propose(history, [finding], None)
    assert isinstance(unmade, Unmade)
    assert "value" in unmade.reason


@given(st.text(), st.lists(st.text(alphabet="abc `.", min_size=1), max_size=4))
def test_a_statement_is_only_added_to(statement, sentences):
    changed = with_sentences(statement, sentences)
    assert changed.startswith(statement)
    assert all(sentence in changed for sentence in sentences)


@pytest.mark.parametrize("defect", [Defect.CONTRADICTORY, Defect.WIDE])
def test_a_statement_that_asks_for_something_else_is_not_mended_by_a_sentence(history, defect):
    finding = replace(history.findings()[0], defect=defect)
    (unmade,) = propose(history, [finding], None)
    assert unmade.reason == f"a sentence more does not mend a {defect.value} task"
