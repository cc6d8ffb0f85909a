"""Constructions from the plan to the finding: groups, mirrors, and what lowers the confidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import fakes

from swe_audit.alternatives.benchmark import controls
from swe_audit.assessment import Attempt, assess, judge_one, judged_with
from swe_audit.judging.explain import explain
from swe_audit.model.audit import Reported, SiteOutcome, TaskResult, TaskStatus
from swe_audit.model.candidate import Candidate, CandidateKind, Control, Provenance
from swe_audit.model.construction import ConstructionKind, Edit, LicenceCheck, Site, Survey
from swe_audit.model.finding import Cause, Confidence, Defect, Determinant
from swe_audit.model.task import Task
from swe_audit.model.trial import TrialSpec
from swe_audit.planning import Policy, next_constructions, next_trials

POLICY = Policy(repeats=3)
TASK = fakes.make_task(eval_script=f"git apply - <<'EOF'\n{fakes.TEST_PATCH}EOF\nrun the tests\n")


def site(detail: str, *, tested: bool = False, **changes: object) -> Site:
    """A name that gold introduces; the tests hold it or do not."""
    edit = Edit(path="shop/cart.py", start=len(detail), end=len(detail) + 1, text="x")
    made = Site(
        kind=ConstructionKind.NAME,
        symbol="function",
        detail=detail,
        replacement=f"{detail}_value",
        scope="shop/cart.py",
        path="shop/cart.py",
        line=2,
        edits=(edit,),
        mirror=(edit,) if tested else (),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def survey(*sites: Site) -> Survey:
    return Survey(sites=sites, layers=(tuple(one.id for one in sites),))


def audited(
    found: Survey,
    log: Callable[[Candidate, frozenset[str]], str],
    *others: Candidate,
    task: Task = TASK,
    reported: Reported | None = None,
    play: Callable[[TrialSpec], str | None] = lambda _: None,
) -> tuple[TaskResult, list[str]]:
    """Play an audit; ``log`` gets each construction and the details that it changes."""
    details = {one.id: one.detail for one in found.sites}
    candidates: tuple[Candidate, ...] = (*controls(task), *others)
    done, attempts, order = [], [], []

    def played(spec: TrialSpec) -> str:
        candidate = spec.candidate
        if (said := play(spec)) is not None:
            return said
        if candidate.sites:
            return log(candidate, frozenset(details[id_] for id_ in candidate.sites))
        return fakes.FAIL if candidate.kind is CandidateKind.EMPTY else fakes.PASS

    while True:
        for wanted in next_constructions(task, candidates, done, found):
            candidates += (made(task, sorted(wanted.group), wanted.control),)
        specs = next_trials(task, candidates, done, POLICY, found)
        if not specs:
            break
        for spec in specs:
            run = fakes.completed(played(spec))
            done = judged_with([*done, judge_one(run, spec, done, candidates)], task, candidates)
            attempts.append(Attempt(spec=spec, log_path="log", read=lambda run=run: run))
            order.append(f"{spec.candidate.name}/{spec.attempt}")
        assert len(order) < 60, "the plan does not end"
    result = assess(
        task,
        candidates,
        (),
        attempts,
        policy=POLICY,
        explain=explain,
        survey=found,
        reported=reported,
    )
    return result, order


def made(task: Task, group: list[str], control: Control | None) -> Candidate:
    name = "+".join(group)
    return Candidate(
        instance_id=task.instance_id,
        name=f"{control.value}-{name}" if control else name,
        kind=CandidateKind.CONTROL if control else CandidateKind.ALTERNATIVE,
        provenance=Provenance.CONSTRUCTION,
        patch="" if control is Control.MIRROR_EMPTY else fakes.patch_of(name),
        sites=tuple(group),
        test_patch=fakes.TEST_PATCH.replace("total", "sum") if control else None,
        control=control,
    )


def pinning(*pinned: str) -> Callable[[Candidate, frozenset[str]], str]:
    """Tests that hold these details: only a mirror of them is accepted."""

    def log(candidate: Candidate, details: frozenset[str]) -> str:
        if candidate.control is Control.MIRROR_EMPTY:
            return fakes.FAIL
        if candidate.control is Control.MIRROR:
            return fakes.PASS
        return fakes.FAIL if details & set(pinned) else fakes.PASS

    return log


def outcomes(result: TaskResult) -> dict[str, SiteOutcome]:
    return {one.site.detail: one.outcome for one in result.sites}


def test_one_trial_clears_every_detail_that_no_test_pins() -> None:
    result, order = audited(survey(site("a"), site("bb"), site("ccc")), pinning())
    assert set(outcomes(result).values()) == {SiteOutcome.CLEARED}
    assert len(order) == 1 + 1 + 1 + 2
    assert (result.status, result.findings) == (TaskStatus.CLEARED, ())


def test_a_pinned_name_is_proven_by_three_attempts_and_its_mirror() -> None:
    found = survey(site("grand", tested=True), site("bb"))
    result, order = audited(found, pinning("grand"))
    assert outcomes(result) == {"grand": SiteOutcome.PINNED, "bb": SiteOutcome.CLEARED}
    (finding,) = result.findings
    assert finding.defect is Defect.NARROW
    assert finding.confidence is Confidence.PROVEN
    assert (finding.cause, finding.detail) == (Cause.MISSING_NAME, "grand")
    assert finding.tests == (fakes.F2P,)
    assert finding.rungs == ("construction",)
    assert result.status is TaskStatus.DEFECTIVE
    name = found.sites[0].id
    assert [one for one in order if one.startswith((name, "gold"))] == [
        "gold/1",
        f"{name}/1",
        "gold/2",
        f"{name}/2",
        "gold/3",
        f"{name}/3",
    ]
    assert {f"mirror-{name}/1", f"mirror_empty-{name}/1"} <= set(order)


def test_a_mirror_that_fails_makes_the_construction_invalid() -> None:
    def log(candidate: Candidate, details: frozenset[str]) -> str:
        return fakes.FAIL

    result, _ = audited(survey(site("grand", tested=True)), log)
    assert outcomes(result) == {"grand": SiteOutcome.INVALID}
    assert "mirror fails 1 required test" in result.sites[0].reason
    assert (result.status, result.findings) == (TaskStatus.UNTESTED, ())


def test_mirrored_tests_that_accept_no_patch_at_all_prove_nothing() -> None:
    def log(candidate: Candidate, details: frozenset[str]) -> str:
        return fakes.PASS if candidate.control else fakes.FAIL

    result, _ = audited(survey(site("grand", tested=True)), log)
    assert outcomes(result) == {"grand": SiteOutcome.INVALID}
    assert result.findings == ()


def test_a_detail_that_no_test_holds_cannot_be_what_the_tests_reject() -> None:
    result, order = audited(survey(site("grand")), pinning("grand"))
    assert outcomes(result) == {"grand": SiteOutcome.INVALID}
    assert not [one for one in order if one.startswith("mirror")]


def test_tests_that_come_with_the_image_cannot_be_mirrored() -> None:
    task = replace(TASK, eval_script="run the tests\n")
    result, _ = audited(survey(site("grand", tested=True)), pinning("grand"), task=task)
    assert outcomes(result) == {"grand": SiteOutcome.INVALID}


def test_a_check_that_caps_the_confidence_makes_the_task_suspect() -> None:
    check = LicenceCheck(rule="statement", text="a prose word", caps=Confidence.LIKELY)
    hint = LicenceCheck(rule="hint", text="named in a hint", determines=Determinant.HINT)
    found = survey(site("grand", tested=True, checks=(check, hint)))
    (finding,) = audited(found, pinning("grand"))[0].findings
    assert finding.confidence is Confidence.LIKELY
    assert finding.determined_by == (Determinant.HINT,)


def submitted(text: str, family: str) -> Candidate:
    return Candidate(
        instance_id=TASK.instance_id,
        name=f"model-{family}",
        kind=CandidateKind.ALTERNATIVE,
        provenance=Provenance.PREDICTION,
        patch=fakes.patch_of(text),
        family=family,
    )


PINNED = survey(site("grand", tested=True))


def test_a_submission_that_resolves_without_the_name_disputes_the_finding() -> None:
    result, order = audited(PINNED, pinning("grand"), submitted("0 + other(prices)", "a"))
    (finding,) = result.findings
    assert finding.confidence is Confidence.DISPUTED
    assert "model-a/3" in order
    assert result.status is TaskStatus.SUSPECT


def test_two_families_without_the_name_refute_it() -> None:
    others = (submitted("0 + other(prices)", "a"), submitted("another(prices) or 0", "b"))
    result, _ = audited(PINNED, pinning("grand"), *others)
    (finding,) = result.findings
    assert finding.confidence is Confidence.REFUTED
    assert result.status is not TaskStatus.DEFECTIVE


def test_a_submission_that_takes_any_name_refutes_nothing() -> None:
    takes_all = submitted("f(prices, **options)", "a")
    (finding,) = audited(PINNED, pinning("grand"), takes_all)[0].findings
    assert finding.confidence is Confidence.PROVEN


def test_a_submission_that_edits_what_the_tests_rest_on_contradicts_nothing() -> None:
    plain = submitted("0 + other(prices)", "a")
    conftest = "--- /dev/null\n+++ b/conftest.py\n@@ -0,0 +1 @@\n+import shop\n"
    bending = replace(
        plain, patch=f"{plain.patch}diff --git a/conftest.py b/conftest.py\n{conftest}"
    )
    (finding,) = audited(PINNED, pinning("grand"), bending)[0].findings
    assert finding.confidence is Confidence.PROVEN


def test_a_name_that_half_of_the_families_carry_is_at_most_suspect() -> None:
    others = (submitted("grand(prices) + 0", "a"), submitted("1 and grand(list(prices))", "b"))
    (finding,) = audited(PINNED, pinning("grand"), *others)[0].findings
    assert finding.confidence is Confidence.SUSPECT
    assert "2 of 2 independent families" in str(finding.evidence)


def test_a_task_that_hardly_anyone_solves_overrides_the_families() -> None:
    others = (submitted("grand(prices) + 0", "a"), submitted("1 and grand(list(prices))", "b"))
    few = Reported(solved=1, of=100)
    (finding,) = audited(PINNED, pinning("grand"), *others, reported=few)[0].findings
    assert finding.confidence is Confidence.PROVEN


def test_a_task_that_half_of_all_solve_is_at_most_suspect() -> None:
    many = Reported(solved=50, of=100)
    (finding,) = audited(PINNED, pinning("grand"), reported=many)[0].findings
    assert finding.confidence is Confidence.SUSPECT


def test_a_curated_file_and_a_construction_of_one_pin_are_one_finding() -> None:
    why = """=================================== FAILURES ===================================
__________________________________ test_total __________________________________

    def test_total():
>       assert cart.grand([1, 2]) == 3
E       AttributeError: module 'shop.cart' has no attribute 'grand'

tests/test_cart.py:4: AttributeError
=========================== short test summary info ============================"""
    failing = fakes.log_of(failed=[fakes.F2P], why=why)

    def log(candidate: Candidate, details: frozenset[str]) -> str:
        plain = pinning("grand")(candidate, details)
        return failing if plain == fakes.FAIL else plain

    def rejecting(spec: TrialSpec) -> str | None:
        return failing if spec.candidate.provenance is Provenance.CURATED else None

    by_hand = fakes.curated(TASK, "by-hand")
    (finding,) = audited(PINNED, log, by_hand, play=rejecting)[0].findings
    assert finding.rungs == ("construction", "curated")
    assert finding.confidence is Confidence.PROVEN
    assert finding.candidates == (PINNED.sites[0].id, "by-hand")


def test_of_a_message_the_text_that_the_tests_hold_is_the_detail() -> None:
    why = """=================================== FAILURES ===================================
__________________________________ test_total __________________________________

    def test_total():
>       with pytest.raises(ValueError, match="off by 2"):
E       AssertionError: Regex pattern did not match.
E         Regex: 'off by 2'
E         Input: 'wrong by 2'

tests/test_cart.py:4: AssertionError
=========================== short test summary info ============================"""
    failing = fakes.log_of(failed=[fakes.F2P], why=why)

    def log(candidate: Candidate, details: frozenset[str]) -> str:
        plain = pinning("off by {gap}")(candidate, details)
        return failing if plain == fakes.FAIL and not candidate.control else plain

    message = site("off by {gap}", tested=True, kind=ConstructionKind.MESSAGE)
    (finding,) = audited(survey(message), log)[0].findings
    assert (finding.cause, finding.detail) == (Cause.MESSAGE_TEXT, "off by 2")
