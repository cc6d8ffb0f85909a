"""Preparing a task in a process of its own: the same answer, and no end of the audit."""

from __future__ import annotations

from dataclasses import replace

import fakes

from swe_audit import preparing
from swe_audit.containers.ports import Study
from swe_audit.formats.trees import difference
from swe_audit.model.construction import RefusalReason
from swe_audit.model.tree import Tree
from swe_audit.planning import Wanted
from swe_audit.preparation import CONSTRUCTIONS, MUTANTS, Request, prepare

BASE = Tree(
    {
        "shop/__init__.py": b"",
        "shop/cart.py": b"def total(prices):\n    return 0\n",
        "tests/test_cart.py": b"",
    }
)
GOLD = BASE.with_files(
    {"shop/cart.py": "def total(prices):\n    return 0\n\n\ndef grand(p):\n    return sum(p)\n"}
)
TESTS = BASE.with_files(
    {"tests/test_cart.py": "from shop.cart import grand\n\n\ndef test():\n    assert grand([1])\n"}
)
TASK = fakes.make_task(
    gold_patch=difference(BASE, GOLD, ["shop/cart.py"]),
    test_patch=difference(BASE, TESTS, ["tests/test_cart.py"]),
)
REQUEST = Request(task=TASK, study=Study(tree=BASE), sources=frozenset({CONSTRUCTIONS}))


def test_another_process_gives_the_same_survey_and_can_make_what_it_found() -> None:
    here, there = prepare(REQUEST), preparing.prepare_apart(REQUEST)
    assert there.survey == here.survey
    assert there.candidates == here.candidates
    assert there.survey is not None
    (site,) = [one for one in there.survey.sites if one.detail == "grand"]
    assert there.workshop is not None
    made = there.workshop.make(Wanted(group=frozenset({site.id})))
    assert f"+def {site.replacement}(p):" in made.patch


def test_a_tree_that_gold_does_not_fit_says_so() -> None:
    study = Study(tree=BASE.with_files({"shop/cart.py": "something else\n"}))
    request = Request(task=TASK, study=study, sources=frozenset({CONSTRUCTIONS}))
    prepared = preparing.prepare_apart(request)
    assert prepared.survey is not None
    assert "does not apply" in prepared.survey.problem


def test_what_takes_too_long_is_left_out_with_a_reason(monkeypatch) -> None:
    monkeypatch.setattr(preparing, "PATIENCE", 0.01)
    prepared = preparing.prepare_apart(REQUEST)
    assert prepared.workshop is None
    assert prepared.survey is not None
    assert "not made within" in prepared.survey.problem


def test_what_no_patch_was_made_wrong_in_is_kept_once_with_the_survey() -> None:
    gold = GOLD.with_files(
        {"shop/cart.py": "def total(prices):\n    import sys\n\n    return sys.platform\n"}
    )
    request = Request(
        task=fakes.make_task(gold_patch=difference(BASE, gold, ["shop/cart.py"]), test_patch=""),
        study=Study(tree=BASE),
        sources=frozenset({CONSTRUCTIONS, MUTANTS}),
        mutants=5,
    )
    first = prepare(request)
    assert first.survey is not None
    assert [one.reason for one in first.survey.refused] == [RefusalReason.PLATFORM]
    assert prepare(replace(request, known=first.survey)).survey == first.survey
    without = prepare(replace(request, sources=frozenset({CONSTRUCTIONS}))).survey
    assert without is not None
    assert without.refused == ()
