"""One audited task whose tests pin a name and a message, with wrong patches beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import fakes

from swe_audit.api import Engine, audit
from swe_audit.formats.eval_scripts import made_eval_script
from swe_audit.formats.trees import difference
from swe_audit.journal import Journal
from swe_audit.model.candidate import CandidateKind, Control
from swe_audit.model.task import Task
from swe_audit.model.tree import Tree
from swe_audit.model.trial import TrialRun, TrialSpec
from swe_audit.repair import History, history_of

SOURCE, TESTS = "shop/cart.py", "tests/test_cart.py"
BASE = Tree(
    {
        SOURCE: b"def total(prices):\n    return 0\n",
        TESTS: b"from shop.cart import total\n\n\ndef test_empty():\n    assert total([]) == 0\n",
    }
)
GOLD = """\
def total(prices):
    return sum(prices)


def rebated(prices, rebate):
    if rebate < 0:
        raise ValueError(f"the rebate must lie above zero, not at {rebate}")
    return total(prices) - rebate
"""
TESTED = """\
import pytest

from shop.cart import rebated, total


def test_empty():
    assert total([]) == 0


def test_total():
    assert total([1, 2]) == 3


def test_rebated():
    assert rebated([5], 2) == 3


def test_rebate_below_zero():
    with pytest.raises(ValueError, match="the rebate must lie above zero, not at -1"):
        rebated([5], -1)
"""
EMPTY, TOTAL, REBATED, BELOW = (
    f"{TESTS}::test_{name}" for name in ("empty", "total", "rebated", "rebate_below_zero")
)


def task_of(gold: str = GOLD, tested: str = TESTED) -> Task:
    """A task over BASE; the statement knows neither the name nor the message."""
    test_patch = difference(BASE, BASE.with_files({TESTS: tested}), [TESTS])
    return replace(
        fakes.make_task(),
        statement="A sum is always 0. A price cut should be possible, and a negative one refused.",
        gold_patch=difference(BASE, BASE.with_files({SOURCE: gold}), [SOURCE]),
        test_patch=test_patch,
        fail_to_pass=(TOTAL, REBATED, BELOW),
        pass_to_pass=(EMPTY,),
        eval_script=made_eval_script("c", test_patch, "pytest -rA tests"),
    )


def outcome(spec: TrialSpec) -> str:
    """Which tests fail, as a real run of these few lines would have it."""
    patch, kind = spec.candidate.patch, spec.candidate.kind
    every = [TOTAL, REBATED, BELOW, EMPTY]
    mirrored = spec.candidate.control in (Control.MIRROR, Control.MIRROR_EMPTY)
    if kind is CandidateKind.EMPTY or spec.candidate.control is Control.MIRROR_EMPTY:
        failed = every
    elif kind is CandidateKind.INCORRECT:
        failed = [TOTAL, REBATED]
    elif not mirrored and "def rebated(" not in patch:
        failed = every
    elif not mirrored and "must lie above zero, not at" not in patch:
        failed = [BELOW]
    else:
        failed = []
    return fakes.log_of(failed=failed, passed=[test for test in every if test not in failed])


def audited(
    folder: Path,
    task: Task | None = None,
    play: Callable[[TrialSpec], str] = outcome,
    **options: object,
) -> History:
    """Audit the task, by default as ``outcome`` plays it, and give what a repair starts from."""
    task = task or task_of()

    def played(spec: TrialSpec) -> TrialRun:
        return fakes.completed(play(spec))

    engine = Engine(isolation=fakes.FakeIsolation(played, BASE), images=fakes.FakeImages())
    result = audit(fakes.make_dataset(task), folder, engine=engine, **options)  # type: ignore[arg-type]
    with Journal.open(folder, writable=False) as journal:
        history = history_of(journal, result.tasks[0])
        assert history is not None
        # Read now: the journal is closed when a test begins.
        runs = {key: partial(_same, read()) for key, read in history.runs.items()}
    return replace(history, runs=runs)


def _same(run: TrialRun) -> TrialRun:
    return run
