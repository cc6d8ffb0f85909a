"""Scores as published and as corrected: what is taken out, what is credited, who moves."""

from __future__ import annotations

import json
from dataclasses import replace

import fakes
import pytest

from swe_audit.api import Engine, audit
from swe_audit.concluding import judge_audit
from swe_audit.journal import Journal
from swe_audit.model.finding import Confidence, Defect, Finding
from swe_audit.model.scores import Claims, ScoreSource, Submitted
from swe_audit.report.corrected import score_lines
from swe_audit.report.documents import report_document, to_bytes
from swe_audit.scores import describe_scores, scores_of


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Four tasks; coder's patch is rejected in each, writer's passes."""
    tasks = [fakes.make_task(f"shop__cart-{number}") for number in range(1, 5)]
    predictions = [
        prediction
        for task in tasks
        for prediction in (
            fakes.predicted(task, "add(prices)"),
            fakes.predicted(task, "plus(prices)", model="writer"),
        )
    ]
    names = {}

    def play(spec):
        names[spec.candidate.author] = spec.candidate.name
        failed = spec.candidate.author == "coder" or spec.candidate.name == "empty"
        return fakes.completed(fakes.FAIL if failed else fakes.PASS)

    out = tmp_path_factory.mktemp("run")
    engine = Engine(isolation=fakes.FakeIsolation(play), images=fakes.FakeImages())
    claims = {
        task.instance_id: Claims(solved=("writer",), failed=("coder", "third")) for task in tasks
    }
    dataset = fakes.make_dataset(*tasks)
    sources = ("predictions",)
    result = audit(
        dataset, out, predictions=predictions, alternatives=sources, claims=claims, engine=engine
    )
    return result, claims, names, out


def finding(result, confidence, *names):
    return replace(
        result,
        findings=(
            Finding(
                instance_id=result.instance_id,
                defect=Defect.NARROW,
                confidence=confidence,
                candidates=names,
            ),
        ),
    )


def pairs(names, results):
    both = tuple((who, names[who]) for who in ("coder", "writer"))
    return {result.instance_id: Submitted(pairs=both) for result in results}


def row(scores, source, name):
    (found,) = [one for one in scores.rows if (one.source, one.name) == (source, name)]
    return found


def test_an_audit_without_findings_corrects_nothing(judged):
    result, *_ = judged
    assert result.scores is not None
    assert result.scores.excluded == ()
    assert all(one.change == 0 and not one.moved for one in result.scores.rows)
    writer = row(result.scores, ScoreSource.TRIALS, "writer")
    assert (writer.published.solved, writer.published.tasks) == (4, 4)


def test_a_task_with_a_proven_finding_counts_for_nobody(judged):
    result, claims, names, _ = judged
    tasks = [finding(result.tasks[0], Confidence.PROVEN), *result.tasks[1:]]
    scores = scores_of(tasks, claims, pairs(names, tasks))
    assert scores.excluded == ("shop__cart-1",)
    assert row(scores, ScoreSource.RESULTS, "writer").corrected.tasks == 3
    assert row(scores, ScoreSource.RESULTS, "writer").corrected.share == 1


def test_a_rejected_patch_with_evidence_counts_as_solved(judged):
    result, claims, names, _ = judged
    tasks = [finding(result.tasks[0], Confidence.LIKELY, names["coder"]), *result.tasks[1:]]
    scores = scores_of(tasks, claims, pairs(names, tasks))
    for source in ScoreSource:
        coder = row(scores, source, "coder")
        assert (coder.published.solved, coder.corrected.solved) == (0, 1)
        assert coder.credited == ("shop__cart-1",)
    coder, third = (row(scores, ScoreSource.RESULTS, name) for name in ("coder", "third"))
    assert (coder.rank_published, coder.rank_corrected) == (2, 2)
    assert (third.rank_published, third.rank_corrected) == (2, 3)
    assert "1 rank changed" in describe_scores(scores)[0]


@pytest.mark.parametrize("confidence", [Confidence.SUSPECT, Confidence.DISPUTED])
def test_a_suspicion_credits_nobody(judged, confidence):
    result, claims, names, _ = judged
    tasks = [finding(result.tasks[0], confidence, names["coder"]), *result.tasks[1:]]
    scores = scores_of(tasks, claims, pairs(names, tasks))
    assert not any(one.credited for one in scores.rows)


def test_submissions_that_tried_other_tasks_have_no_rank(judged):
    result, _, names, _ = judged
    some = pairs(names, result.tasks)
    some["shop__cart-1"] = Submitted(pairs=(("coder", names["coder"]),))
    scores = scores_of(result.tasks, {}, some)
    assert {one.rank_published for one in scores.rows} == {None}


def test_the_journal_and_the_document_hold_the_same_scores(judged):
    result, _, _, out = judged
    with Journal.open(out, writable=False) as journal:
        again = judge_audit(journal)
    assert again.scores == result.scores
    document = json.loads(to_bytes(report_document(again)))
    assert {one["source"] for one in document["scores"]["submissions"]} == {"results", "trials"}
    lines = score_lines(again)
    assert [line.name for line in lines[:2]] == ["writer", "coder"]
    assert lines[0].published == "100 % of 4"
    assert lines[0].rank == "1 to 1"


def test_nobody_to_score_is_none():
    assert scores_of([], {}, {}) is None
