"""Changed tests are proposed only after they ran: gold, no patch, alternatives, wrong patches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swe_audit.alternatives.constructions import CONSTRUCTIONS
from swe_audit.formats.trees import difference
from swe_audit.model.candidate import CandidateKind
from swe_audit.model.construction import ConstructionKind, Site
from swe_audit.model.tree import Tree
from swe_audit.repair import RepairKind, Unmade, moving, relaxing, statement
from swe_audit.workshop import ground_of
from tests.unit.repair import played

EVERY = (played.TOTAL, played.REBATED, played.BELOW, played.EMPTY)


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    return played.audited(tmp_path_factory.mktemp("run"))


def ground(history):
    return ground_of(history.task, played.BASE)


class Machine:
    """Runs the changed tests as these few lines would turn out; ``broken`` changes one answer."""

    def __init__(self, broken=None):
        self.broken = broken or {}
        self.ran = []

    def __call__(self, spec):
        self.ran.append((spec.candidate.name, spec.attempt))
        failed = self.broken.get(spec.candidate.name)
        if failed is None:
            failed = self._failed(spec)
        passed = [test for test in EVERY if test not in failed]
        return replace(
            played.fakes.completed(played.fakes.log_of(failed=failed, passed=passed)),
            isolation="fake",
        )

    def _failed(self, spec):
        patch, script = spec.candidate.patch, spec.task.eval_script
        if spec.candidate.kind is CandidateKind.EMPTY:
            return [played.TOTAL, played.REBATED, played.BELOW]
        if "def rebated(" not in patch:
            inside = "    from shop.cart import rebated" in script
            return [played.REBATED, played.BELOW] if inside else EVERY
        pinned = "lie" in script
        return [played.BELOW] if pinned and "must lie above" not in patch else []


def test_a_relaxed_test_patch_is_run_and_proposed(history):
    machine = Machine()
    (proposal,) = relaxing.propose(history, history.findings(), ground(history), machine)
    assert proposal.verified, proposal.failure
    assert 'match="-1"' in proposal.task.test_patch
    assert "must lie above" not in proposal.task.eval_script
    (first,) = _alternatives(proposal)
    # Other spelling does not admit it, other words do: then the controls are run.
    golds = [("gold", 1), ("gold", 2), ("gold", 3)]
    assert machine.ran == [(first, 1), (first, 1), *golds, ("empty", 1), ("garbage", 1)]


def _alternatives(proposal):
    return [row.candidate for row in proposal.table if row.kind == "alternative"]


@pytest.mark.parametrize(
    ("broken", "control"),
    [
        ({"gold": [played.BELOW]}, "gold passes"),
        ({"empty": [played.TOTAL, played.REBATED]}, "the empty patch still fails"),
    ],
)
def test_a_relaxed_test_patch_that_a_control_refuses_is_not_proposed(history, broken, control):
    machine = Machine(broken)
    (proposal,) = relaxing.propose(history, history.findings(), ground(history), machine)
    assert not proposal.verified
    assert proposal.failure.startswith(control)
    assert proposal.controls[-1].name.startswith(control), "nothing more is run then"


def test_an_alternative_that_is_still_rejected_is_told(history):
    name = next(iter(history.evidenced(history.findings()))).name
    machine = Machine({each.name: [played.BELOW] for each in history.evidenced(history.findings())})
    (proposal,) = relaxing.propose(history, history.findings(), ground(history), machine)
    assert name
    assert "the evidenced alternatives pass" in proposal.failure


def test_a_test_that_no_longer_runs_is_told(history):
    def run(spec):
        return played.fakes.completed(played.fakes.log_of(passed=[played.TOTAL]))

    task = replace(history.task, fail_to_pass=(played.TOTAL,), pass_to_pass=())
    (proposal,) = relaxing.propose(
        replace(history, task=task), history.findings(), ground(history), run
    )
    assert "every test that ran still runs" in proposal.failure
    assert "3 tests gone" in proposal.failure


def test_a_moved_import_is_proposed_and_the_rest_of_the_module_is_graded_again(history):
    proposal, _ = moving.propose(history, history.findings(), ground(history), Machine())
    assert proposal.verified, proposal.failure
    assert "+    from shop.cart import rebated" in proposal.task.test_patch
    assert "4 before, 2 after" in proposal.controls[3].text


def test_a_moved_import_without_the_tests_that_need_it_lets_the_alternative_pass(history):
    machine = Machine()
    _, both = moving.propose(history, history.findings(), ground(history), machine)
    assert both.kind is RepairKind.MOVE_AND_DROP
    assert both.verified, both.failure
    assert both.task.required == (played.TOTAL, played.EMPTY)
    assert "+    from shop.cart import rebated" in both.task.test_patch
    assert both.summary.endswith("and 2 tests no longer required")
    assert len(machine.ran) == len(set(machine.ran)), "nothing runs twice"
    assert {row.after for row in both.table if row.kind == "alternative"} == {"accepted"}


def test_a_moved_import_keeps_the_tests_that_need_it_where_nothing_else_would_fail(history):
    task = replace(history.task, fail_to_pass=(played.REBATED, played.BELOW))
    (moved,) = moving.propose(
        replace(history, task=task), history.findings(), ground(history), Machine()
    )
    assert moved.kind is RepairKind.MOVE_IMPORT


def test_nonsense_in_the_detail_must_fail_where_the_statement_asks_for_it(history):
    asked = "A sum is always 0. The error message should name the rebate."
    other = replace(history, task=replace(history.task, statement=asked))
    trees = replace(ground(history), task=other.task)
    (proposal,) = relaxing.propose(other, history.findings(), trees, Machine({"garbage": []}))
    assert not proposal.verified
    assert proposal.failure.endswith("The error message should name the rebate.")
    (proposal,) = relaxing.propose(
        other, history.findings(), trees, Machine({"garbage": [played.BELOW]})
    )
    assert proposal.verified, proposal.failure
    (proposal,) = relaxing.propose(
        history, history.findings(), ground(history), Machine({"garbage": []})
    )
    assert proposal.verified, "a statement that is silent asks for nothing"


def test_a_test_that_fails_without_the_name_only_becomes_pass_to_pass(history):
    machine = Machine({"empty": [played.REBATED, played.BELOW]})
    proposal, *_ = moving.propose(history, history.findings(), ground(history), machine)
    assert proposal.verified, proposal.failure
    assert proposal.task.fail_to_pass == (played.REBATED, played.BELOW)
    assert proposal.task.pass_to_pass == (played.TOTAL, played.EMPTY)


def test_a_moved_import_that_helps_nobody_is_not_proposed(history):
    names = [one.name for one in history.evidenced(history.findings())]
    machine = Machine({name: [played.REBATED, played.TOTAL] for name in names})
    (proposal,) = moving.propose(history, history.findings(), ground(history), machine)
    assert "which does not use it" in proposal.failure


def test_a_name_that_the_module_itself_needs_cannot_move_with_half_of_gold(history):
    tested = played.TESTED.replace("def test_empty", "FREE = rebated([1], 0)\n\n\ndef test_empty")
    task = played.task_of(tested=tested)
    other = replace(history, task=task)
    (unmade,) = moving.propose(other, history.findings(), ground_of(task, played.BASE), Machine())
    assert isinstance(unmade, Unmade)
    assert "outside of functions, and gold's definition of rebated does not stand" in unmade.reason


def test_test_files_that_come_with_the_image_cannot_change(history):
    task = replace(history.task, eval_script="pytest")
    (unmade,) = relaxing.propose(
        replace(history, task=task), history.findings(), ground_of(task, played.BASE), Machine()
    )
    assert "come with the image" in unmade.reason


def test_a_place_is_named_and_determined_by_its_sentence():
    source = "shop/prices.py"
    files = {"shop/__init__.py": b"", source: b"def total(prices):\n    return 0\n"}
    base = Tree({**played.BASE.files, **files})
    added = "\n\nclass Receipt:\n    lines = 3\n"
    gold = base.with_files({source: (base.read(source) or "") + added})
    task = replace(played.task_of(), gold_patch=difference(base, gold, [source]))
    trees = ground_of(task, base)
    sites = [
        one
        for one in CONSTRUCTIONS[ConstructionKind.LOCATION](trees)
        if isinstance(one, Site) and one.detail == "shop.prices.Receipt"
    ]
    for site in sites:
        sentence = f"The tests import the class `{site.detail}`, which is in `{site.path}`."
        stated = replace(task, statement=f"{task.statement}\n\n{sentence}\n")
        control = statement._refused(replace(trees, task=stated), site)
        assert control.held, control.text
        assert not statement._refused(trees, site).held
    assert sites
