"""Findings from candidates that the audit makes: dropped units, mutants, what a statement gives."""

from __future__ import annotations

from dataclasses import replace

import fakes
import pytest

from swe_audit.alternatives.benchmark import controls
from swe_audit.checks import CHECKS, Case, Rejection, findings_of
from swe_audit.model.audit import Reported
from swe_audit.model.candidate import Candidate, CandidateKind, Provenance
from swe_audit.model.finding import Cause, Confidence, Defect, Evidence, Explanation, Finding
from swe_audit.model.observation import Observation, SoftRun
from swe_audit.model.reproduction import Answer, Reproduced, ShownBy
from swe_audit.model.task import Task
from swe_audit.model.trial import Outcome, RunState, Trial, Verdict

OTHER = "tests/test_cart.py::test_currency_symbol"
ASSERTION = "assert symbol() == 'EUR'"
DROPPED = Evidence(kind="dropped", text="return mark", path="shop/cart.py", line=3)


def task(**changes: object) -> Task:
    made = fakes.make_task(statement="The function total() forgets a price.")
    return replace(made, **{"fail_to_pass": (*made.fail_to_pass, OTHER), **changes})


def candidate(kind: CandidateKind, provenance: Provenance, *items: Evidence, **more) -> Candidate:
    return Candidate(
        instance_id=task().instance_id,
        name="made",
        kind=kind,
        provenance=provenance,
        patch="p",
        rationale="gold without one hunk",
        evidence_items=items,
        **more,
    )


def trial(name: str, attempt: int, f2p=(), p2p=()) -> Trial:
    verdict = Verdict.UNRESOLVED if f2p or p2p else Verdict.RESOLVED
    return Trial(
        id=f"{task().instance_id}/{name}/{attempt}",
        instance_id=task().instance_id,
        candidate=name,
        attempt=attempt,
        state=RunState.COMPLETED,
        verdict=verdict,
        official_verdict=verdict,
        outcome=Outcome(failed_f2p=tuple(f2p), failed_p2p=tuple(p2p)),
    )


def case_of(one: Candidate, f2p=(), p2p=(), explanations=(), attempts=3, **more) -> Case:
    about = task()
    gold, empty = controls(about)
    trials = [
        *(trial(gold.name, n) for n in (1, 2, 3)),
        trial(empty.name, 1, about.fail_to_pass),
        *(trial(one.name, n, f2p, p2p) for n in range(1, attempts + 1)),
    ]
    rejected = [each for each in trials if each.candidate == one.name and (f2p or p2p)]
    reasons = Rejection(grounding=(*f2p, *p2p), explanations=tuple(explanations))
    return Case(
        task=about,
        candidates=(gold, empty, one),
        trials=tuple(trials),
        repeats=3,
        rejections={each.id: reasons for each in rejected},
        **more,
    )


def why(test: str, cause: Cause = Cause.VALUE, assertion: str = ASSERTION) -> Explanation:
    return Explanation(test=test, cause=cause, assertion=assertion, path="tests/t.py", line=4)


def only(case: Case) -> Finding:
    (finding,) = findings_of(case)
    return finding


WRONG = (CandidateKind.INCORRECT, Provenance.MUTANT)
GIVEN = (CandidateKind.ALTERNATIVE, Provenance.STATEMENT)
SENTENCE = Evidence(kind="statement", text="It should be:")


@pytest.mark.parametrize(
    ("items", "confidence"),
    [
        ((DROPPED,), Confidence.SUSPECT),
        ((DROPPED, Evidence(kind="named_by_statement", text="total()")), Confidence.LIKELY),
        ((DROPPED, Evidence(kind="difference", text="1 != 2")), Confidence.LIKELY),
    ],
)
def test_gold_without_a_hunk_that_resolves_is_weak(items, confidence) -> None:
    finding = only(case_of(candidate(*WRONG, *items)))
    assert (finding.defect, finding.confidence) == (Defect.WEAK, confidence)
    assert (finding.detail, finding.rungs) == ("return mark", ("dropped",))


def test_mutants_that_resolve_share_one_suspicion_and_unexecuted_lines_are_told() -> None:
    item = Evidence(kind="raises", text="return 0", path="shop/cart.py", line=3)
    finding = only(case_of(candidate(*WRONG, item)))
    assert (finding.defect, finding.confidence) == (Defect.WEAK, Confidence.SUSPECT)
    assert "1 of 1 mutant" in finding.summary
    assert "1 added line no required test executes" in finding.summary


def test_a_mutant_that_lacks_an_attempt_shows_nothing_yet() -> None:
    assert findings_of(case_of(candidate(*WRONG, DROPPED), attempts=2)) == ()


def test_a_unit_needed_only_beyond_the_statement_is_wide() -> None:
    finding = only(case_of(candidate(*WRONG, DROPPED), [OTHER], (), [why(OTHER)]))
    assert (finding.defect, finding.confidence) == (Defect.WIDE, Confidence.SUSPECT)
    assert finding.tests == (OTHER,)
    assert ASSERTION in [item.text for item in finding.evidence if item.kind == "assertion"]


SUBMITTED = Candidate(
    instance_id=task().instance_id,
    name="sub",
    kind=CandidateKind.ALTERNATIVE,
    provenance=Provenance.PREDICTION,
    patch="q",
    family="them",
)


def seen(subject: str, *lines: int) -> SoftRun:
    """A softened run in which the assertions on some lines fail, and that on line 9 passes."""
    observations = tuple(
        Observation(test=OTHER, path="tests/t.py", line=n, source=ASSERTION, passed=n not in lines)
        for n in (4, 5, 9)
    )
    return SoftRun(subject=subject, trial=f"{subject}/1", observations=observations)


def shown(answer: Answer) -> Reproduced:
    one = ShownBy(candidate="sub", trial="t", shown=(), answer=answer)
    return Reproduced(steps=(), trials=(), candidates=(one,))


@pytest.mark.parametrize(
    ("answer", "lines", "confidence"),
    [
        (Answer.AGREES, (4,), Confidence.LIKELY),
        (Answer.DIFFERS, (4,), Confidence.SUSPECT),
        (Answer.AGREES, (4, 5), Confidence.SUSPECT),
    ],
)
def test_a_submission_that_lacks_the_unit_alone_makes_wide_likely(answer, lines, confidence):
    case = case_of(candidate(*WRONG, DROPPED), [OTHER], (), [why(OTHER)])
    trials = tuple(trial("sub", n, [OTHER]) for n in (1, 2, 3))
    reasons = Rejection(grounding=(OTHER,), explanations=(why(OTHER),))
    gold = case.candidates[0].name
    case = replace(
        case,
        candidates=(*case.candidates, SUBMITTED),
        trials=(*case.trials, *trials),
        rejections={**case.rejections, **{each.id: reasons for each in trials}},
        softened={gold: seen(gold), "sub": seen("sub", *lines)},
        reproduction=shown(answer),
    )
    (finding,) = [each for each in CHECKS[Defect.WIDE](case) if "dropped" in each.rungs]
    assert finding.confidence is confidence
    assert ("sub" in finding.candidates) is (confidence is Confidence.LIKELY)
    ids = [each.id for each in findings_of(case)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("line", "noted"), [(2, False), (3, True), (4, True), (5, False)])
def test_a_dropped_piece_that_may_raise_is_said_to_be_executed_by_no_test(line, noted) -> None:
    one = candidate(*WRONG, replace(DROPPED, text="if x:\n    return mark"))
    raising = Evidence(kind="raises", text="return mark", path="shop/cart.py", line=line)
    other = replace(one, name="raise-1", evidence_items=(raising,))
    case = case_of(one)
    runs = tuple(trial(other.name, n) for n in (1, 2, 3))
    case = replace(case, candidates=(*case.candidates, other), trials=(*case.trials, *runs))
    dropped, _ = (each for each in findings_of(case) if each.defect is Defect.WEAK)
    assert dropped.candidates == (one.name,)
    assert dropped.summary.endswith("which no required test executes") is noted


def test_a_test_that_gold_does_not_pass_here_says_nothing_of_a_unit():
    case = case_of(candidate(*WRONG, DROPPED), [OTHER], [fakes.P2P], [why(OTHER)])
    assert findings_of(case) == ()
    known = replace(case, missing=frozenset({fakes.P2P}))
    assert [each.defect for each in findings_of(known)] == [Defect.WIDE]


@pytest.mark.parametrize(
    ("unit", "f2p", "p2p", "told"),
    [
        pytest.param("mark", [OTHER], [], why(OTHER, Cause.CRASH), id="a crash"),
        pytest.param("mark", [OTHER], [], why(OTHER, assertion=""), id="no assertion known"),
        pytest.param(
            "mark", [OTHER], [], why(OTHER, assertion="assert total() == 3"), id="a subject in it"
        ),
        pytest.param("total", [OTHER], [], why(OTHER), id="the statement speaks of the unit"),
        pytest.param("mark", [OTHER], [fakes.P2P], why(OTHER), id="something else breaks"),
    ],
)
def test_a_unit_that_the_statement_may_ask_for_is_not_wide(unit, f2p, p2p, told) -> None:
    one = candidate(*WRONG, replace(DROPPED, text=unit))
    told_all = [told, *(why(test) for test in (*f2p, *p2p) if test != told.test)]
    assert findings_of(case_of(one, f2p, p2p, told_all)) == ()


def test_a_unit_without_which_every_test_fails_is_not_wide() -> None:
    every = [fakes.F2P, OTHER]
    case = case_of(candidate(*WRONG, DROPPED), every, (), [why(test) for test in every])
    elsewhere = replace(case, task=task(statement="Nothing at all."))
    assert findings_of(elsewhere) == ()


def test_a_single_rejection_of_gold_without_a_unit_is_not_confirmed() -> None:
    one = candidate(*WRONG, DROPPED)
    assert findings_of(case_of(one, [OTHER], (), [why(OTHER)], attempts=1)) == ()


def test_what_the_statement_gives_and_the_tests_reject_is_contradictory() -> None:
    finding = only(case_of(candidate(*GIVEN, SENTENCE), [OTHER], (), [why(OTHER)]))
    assert (finding.defect, finding.confidence) == (Defect.CONTRADICTORY, Confidence.LIKELY)
    assert finding.cause is Cause.VALUE
    assert [item.kind for item in finding.evidence[:2]] == ["statement", "assertion"]
    assert finding.evidence[1].text == ASSERTION


def test_a_reviewed_one_is_proven_but_not_by_its_author() -> None:
    reviewed = candidate(*GIVEN, SENTENCE, author="ada", reviewed_by="bob")
    assert only(case_of(reviewed, [OTHER], (), [why(OTHER)])).confidence is Confidence.PROVEN
    own = candidate(*GIVEN, SENTENCE, author="ada", reviewed_by="ada")
    assert only(case_of(own, [OTHER], (), [why(OTHER)])).confidence is Confidence.LIKELY


def test_one_that_its_author_takes_back_is_a_suspicion() -> None:
    doubt = Evidence(kind="needs_review", text="a workaround")
    for reviewer in ("", "bob"):
        taken_back = candidate(*GIVEN, SENTENCE, doubt, author="ada", reviewed_by=reviewer)
        finding = only(case_of(taken_back, [OTHER], (), [why(OTHER)]))
        assert finding.confidence is Confidence.SUSPECT, "a review in either place leaves it so"


def test_one_that_breaks_what_base_passes_stands_against_the_base_tests() -> None:
    told = [why(fakes.P2P)]
    finding = only(case_of(candidate(*GIVEN, SENTENCE), [], [fakes.P2P], told))
    assert finding.cause is Cause.STATEMENT_VS_BASE_TESTS
    assert finding.confidence is Confidence.SUSPECT


def test_one_that_the_new_tests_reject_too_is_more_than_a_suspicion() -> None:
    told = [why(fakes.P2P, Cause.CRASH, ""), why(OTHER)]
    finding = only(case_of(candidate(*GIVEN, SENTENCE), [OTHER], [fakes.P2P], told))
    assert finding.cause is Cause.STATEMENT_VS_BASE_TESTS
    assert finding.confidence is Confidence.LIKELY
    assert [item.kind for item in finding.evidence[:3]] == ["statement", "assertion", "assertion"]


@pytest.mark.parametrize(("line", "confidence"), [(4, Confidence.LIKELY), (40, Confidence.SUSPECT)])
def test_an_old_assertion_far_from_what_the_test_patch_changes_is_of_the_base_tests(
    line, confidence
) -> None:
    told = [replace(why(OTHER), path="tests/test_cart.py", line=line)]
    finding = only(case_of(candidate(*GIVEN, SENTENCE), [OTHER], (), told))
    assert finding.confidence is confidence


def test_one_that_crashes_is_a_suspicion() -> None:
    told = [why(OTHER, Cause.CRASH, "")]
    finding = only(case_of(candidate(*GIVEN, SENTENCE), [OTHER], (), told))
    assert finding.confidence is Confidence.SUSPECT


@pytest.mark.parametrize(
    ("solved", "confidence"), [(50, Confidence.SUSPECT), (49, Confidence.LIKELY)]
)
def test_one_that_half_of_all_submissions_go_beyond_is_a_suspicion(solved, confidence) -> None:
    one = candidate(*GIVEN, SENTENCE)
    case = case_of(one, [OTHER], (), [why(OTHER)], reported=Reported(solved=solved, of=100))
    assert only(case).confidence is confidence


def test_one_that_the_tests_accept_is_no_finding() -> None:
    assert findings_of(case_of(candidate(*GIVEN, SENTENCE))) == ()
