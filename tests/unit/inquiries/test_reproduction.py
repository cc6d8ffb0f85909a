"""From the statement's code to a finding: what is run, when, and what it makes of a rejection."""

from __future__ import annotations

import json
from collections.abc import Mapping

import fakes

from swe_audit.alternatives.predictions import candidate_name
from swe_audit.assessment import Attempt, assess, judge_one, judged_with
from swe_audit.evidence.echo_script import MARK
from swe_audit.gathering import gather
from swe_audit.inquiries.reproduction import reproduction
from swe_audit.judging.explain import explain
from swe_audit.model.audit import Reported, TaskResult
from swe_audit.model.candidate import Control
from swe_audit.model.finding import Cause, Confidence, Defect, Finding
from swe_audit.model.reproduction import Answer
from swe_audit.model.tree import Tree
from swe_audit.model.trial import RunState, TrialRun, TrialSpec, Verdict
from swe_audit.planning import Policy, next_trials
from swe_audit.workshop import ground_of

TREE = Tree(
    {
        "shop/cart.py": b"def total(prices):\n    return 0\n",
        "tests/test_cart.py": b"from shop.cart import total\n",
    }
)
PRINTS = "It is wrong.\n\n```\n>>> from shop.cart import total\n>>> total([1, 2])\n0\n```\n"
WANTS = f"{PRINTS}\nExpected output:\n\n```\n>>> total([1, 2])\n3\n```\n"
TEXTS = {"empty": ("", "0", "0"), "gold": ("", "3", "3")}


TEXT = """\
E   AssertionError: Regex pattern did not match.
E    Regex: 'no such thing'
E    Input: 'gone'
"""


def log_of(shown: tuple[str, ...]) -> str:
    rows = [
        {"step": at, "value": value, "output": "", "error": "", "warnings": ""}
        for at, value in enumerate(shown)
    ]
    return "".join(f"{MARK}{json.dumps(row)}\n" for row in rows)


def audited(
    statement: str,
    submitted: Mapping[str, str],
    *,
    shown: Mapping[str, tuple[str, ...]] | None = None,
    why: str = "E   AssertionError: assert 4 == 3",
    accepted: tuple[str, ...] = (),
    reported: Reported | None = None,
    steps: int = 2,
) -> tuple[TaskResult, list[str]]:
    """Audit submissions (text by model) whose tests fail; ``shown`` is by text, base and gold."""
    task = fakes.make_task(statement=statement)
    names = {candidate_name(fakes.patch_of(text)): text for text in submitted.values()}
    told = {**TEXTS, **(shown or {})}

    def play(spec: TrialSpec) -> TrialRun:
        candidate = spec.candidate
        if candidate.control is Control.REPRODUCTION:
            who = names.get(candidate.subject, candidate.subject)
            return fakes.completed(log_of(told[who][:steps]))
        if candidate.name in names and names[candidate.name] not in accepted:
            return fakes.completed(failing(why))
        return fakes.completed(fakes.FAIL if candidate.name == "empty" else fakes.PASS)

    given = [fakes.predicted(task, text, model) for model, text in submitted.items()]
    found = gather(fakes.make_dataset(task), given)[0][task.instance_id]
    candidates, attempts, done, ran = found.candidates, [], [], []
    while True:
        result = assess(
            task, candidates, (), attempts, policy=Policy(), explain=explain, reported=reported
        )
        specs = next_trials(task, candidates, done, Policy())
        if not specs:
            known = {one.name for one in candidates}
            made = [c for c in reproduction(result, ground_of(task, TREE)) if c.name not in known]
            if not made:
                return result, ran
            candidates += tuple(made)
        for spec in specs:
            run = play(spec)
            done = judged_with([*done, judge_one(run, spec, done, candidates)], task, candidates)
            attempts.append(Attempt(spec=spec, log_path="log", read=lambda run=run: run))
            ran.append(f"{spec.candidate.name}/{spec.attempt}")


def failing(why: str) -> str:
    body = f"""\
=================================== FAILURES ===================================
__________________________________ test_total __________________________________

    def test_total():
>       assert total([1, 2]) == 3
{why}

tests/test_cart.py:4: AssertionError
"""
    return fakes.log_of(failed=[fakes.F2P], why=body)


def only(result: TaskResult) -> Finding:
    (finding,) = result.findings
    return finding


def test_a_rejected_submission_is_shown_beside_base_and_gold() -> None:
    name = candidate_name(fakes.patch_of("3"))
    result, ran = audited(PRINTS, {"a": "3"}, shown={"3": ("", "3")})
    asked = [one for one in ran if one.startswith("reproduction-")]
    assert asked == [
        "reproduction-empty/1",
        *(f"reproduction-gold-{seed}/1" for seed in (1, 2, 3)),
        f"reproduction-{name}/1",
    ]
    assert result.reproduction is not None
    assert result.reproduction.steps[1].gold == "3"
    (one,) = result.reproduction.candidates
    assert (one.candidate, one.answer) == (name, Answer.AGREES)


def test_agreement_on_the_statements_code_makes_a_rejection_a_finding() -> None:
    result, _ = audited(PRINTS, {"a": "3"}, shown={"3": ("", "3")})
    finding = only(result)
    assert finding.rungs == ("reproduction",)
    assert finding.candidates == (candidate_name(fakes.patch_of("3")),)
    assert finding.confidence is Confidence.SUSPECT, "a value that the statement speaks about"
    assert finding.defect is Defect.UNEXPLAINED
    assert finding.tests == (fakes.F2P,)


def test_a_pinned_text_and_agreement_make_it_likely() -> None:
    result, _ = audited(PRINTS, {"a": "3"}, shown={"3": ("", "3")}, why=TEXT)
    finding = only(result)
    assert (finding.defect, finding.cause) == (Defect.NARROW, Cause.MESSAGE_TEXT)
    assert finding.confidence is Confidence.LIKELY


def test_a_task_that_most_solve_leaves_it_at_suspect() -> None:
    result, _ = audited(
        PRINTS,
        {"a": "3"},
        shown={"3": ("", "3")},
        why=TEXT,
        reported=Reported(solved=5, of=10),
    )
    finding = only(result)
    assert finding.confidence is Confidence.SUSPECT
    assert "5 of 10 reported submissions solve the task" in str(finding.evidence)


def test_a_rejection_without_any_rung_is_counted_and_no_finding() -> None:
    result, ran = audited("total() is wrong", {"a": "4"})
    assert result.findings == ()
    assert not any(one.startswith("reproduction") for one in ran), "the statement has no code"
    again, _ = audited(PRINTS, {"a": "4"}, shown={"4": ("", "4")})
    assert again.findings == ()
    assert again.reproduction is not None
    assert again.reproduction.candidates[0].answer is Answer.DIFFERS


def test_without_a_rejection_or_wanted_output_nothing_is_run() -> None:
    result, ran = audited(PRINTS, {"a": "3"}, accepted=("3",))
    assert result.reproduction is None
    assert not any(one.startswith("reproduction") for one in ran)


def test_code_that_tells_base_and_gold_apart_in_nothing_is_not_run_on_submissions() -> None:
    result, ran = audited(PRINTS, {"a": "4"}, shown={"gold": ("", "0")})
    assert result.reproduction is not None
    assert result.reproduction.void
    assert sum(one.startswith("reproduction") for one in ran) == 4
    assert result.findings == ()


def test_gold_that_misses_what_is_wanted_is_a_finding_of_its_own() -> None:
    shown = {"empty": ("", "0", "0"), "gold": ("", "4", "4"), "3": ("", "3", "3")}
    result, _ = audited(WANTS, {"a": "3"}, shown=shown, steps=3)
    missed = next(one for one in result.findings if one.defect is Defect.CONTRADICTORY)
    assert (missed.cause, missed.detail) == (Cause.GOLD_MISSES_STATEMENT, "3")
    assert missed.confidence is Confidence.LIKELY
    assert any(item.kind == "needs_review" for item in missed.evidence)
    other = next(one for one in result.findings if one.defect is not Defect.CONTRADICTORY)
    assert other.rungs == ("reproduction",), "who delivers what gold misses is not held back"


def test_base_that_shows_what_is_wanted_makes_the_statement_stale() -> None:
    shown = {"empty": ("", "3", "3")}
    result, ran = audited(WANTS, {"a": "3"}, shown=shown, accepted=("3",), steps=3)
    finding = only(result)
    assert finding.cause is Cause.STALE_STATEMENT
    assert finding.confidence is Confidence.SUSPECT
    assert sum(one.startswith("reproduction") for one in ran) == 4


def test_families_that_agree_are_a_consensus_and_a_lone_one_is_none() -> None:
    both = {"3": ("", "3"), "1 + 2": ("", "3")}
    result, _ = audited(PRINTS, {"a": "3", "b": "1 + 2"}, shown=both)
    assert only(result).rungs == ("reproduction", "consensus")
    lone, _ = audited(PRINTS, {"a": "3", "a-run-2": "1 + 2"}, shown=both)
    assert only(lone).rungs == ("reproduction",)


def test_a_reproduction_runs_no_tests_and_has_no_verdict() -> None:
    result, _ = audited(PRINTS, {"a": "3"}, shown={"3": ("", "3")})
    ran = [trial for trial in result.trials if trial.candidate.startswith("reproduction-")]
    assert len(ran) == 5
    assert {trial.state for trial in ran} == {RunState.COMPLETED}
    assert {trial.verdict for trial in ran} == {Verdict.INCONCLUSIVE}
    assert {trial.official_verdict for trial in ran} == {Verdict.INCONCLUSIVE}
    assert not any(trial.outcome.failed for trial in ran)
