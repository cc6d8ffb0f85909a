"""Submitted patches become candidates."""

from __future__ import annotations

from pathlib import Path

import fakes
import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.alternatives.families import family_of
from swe_audit.formats import load, load_predictions
from swe_audit.gathering import gather
from swe_audit.model.candidate import DropReason, Prediction, Provenance

DATA = Path(__file__).parents[4] / "shared" / "data"


def gathered(task, *predictions, **options):
    by_task, strangers = gather(fakes.make_dataset(task), predictions, **options)
    assert not strangers
    return by_task[task.instance_id]


def submission(patch, model="coder", source=""):
    return Prediction(
        instance_id="shop__cart-1", model_name_or_path=model, model_patch=patch, source=source
    )


def test_the_same_patch_from_several_is_one_candidate_that_counts_them():
    task = fakes.make_task()
    patch = fakes.patch_of("max(prices)")
    with_index = patch.replace("--- a/", "index 1234..5678 100644\n--- a/")
    found = gathered(
        task,
        submission(patch, "b"),
        submission(with_index, "a"),
        submission(patch.rstrip("\n"), "c"),
        submission(fakes.patch_of("len(prices)")),
    )
    assert [c.name for c in found.candidates[:2]] == ["gold", "empty"]
    counts = sorted(c.count for c in found.candidates[2:])
    assert counts == [1, 3]
    several = next(c for c in found.candidates[2:] if c.count == 3)
    assert several.patch == patch
    assert several.provenance is Provenance.PREDICTION
    assert "a, b, c" in several.rationale


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        ("", DropReason.EMPTY),
        (" \n", DropReason.EMPTY),
        ("return sum(prices)", DropReason.NOT_A_DIFF),
        (fakes.GOLD_PATCH.replace("shop/cart.py", "../cart.py"), DropReason.UNSAFE_PATH),
        (fakes.GOLD_PATCH.replace("b/shop/cart.py", "/etc/passwd"), DropReason.UNSAFE_PATH),
        (fakes.TEST_PATCH, DropReason.TESTS_ONLY),
        (fakes.GOLD_PATCH, DropReason.EQUALS_GOLD),
        (
            fakes.GOLD_PATCH.replace("@@ -1,2 +1,2 @@", "@@ -1,2 +1,4 @@").replace(
                "+    return sum(prices)", "+    # a comment\n+\n+    return  sum( prices )"
            ),
            DropReason.EQUALS_GOLD,
        ),
        (fakes.GOLD_PATCH + fakes.TEST_PATCH, DropReason.EQUALS_GOLD),
    ],
)
def test_what_cannot_be_tried_is_dropped_with_its_reason(patch, reason):
    found = gathered(fakes.make_task(), submission(patch))
    assert [d.reason for d in found.dropped] == [reason]
    assert [c.name for c in found.candidates] == ["gold", "empty"]


def test_edits_of_graded_tests_are_kept_and_said():
    patch = fakes.patch_of("max(prices)") + fakes.TEST_PATCH
    found = gathered(fakes.make_task(), submission(patch))
    (candidate,) = found.candidates[2:]
    assert candidate.patch == patch
    assert "tests/test_cart.py are overwritten" in candidate.rationale
    assert candidate.set_aside == ("tests/test_cart.py",)


def test_a_patch_of_test_support_that_gold_changes_too_is_tried():
    gold = fakes.GOLD_PATCH.replace("shop/cart.py", "tests/support.py")
    task = fakes.make_task(gold_patch=gold)
    found = gathered(task, submission(gold.replace("sum(prices)", "max(prices)")))
    assert len(found.candidates) == 3


def test_an_unreadable_patch_of_the_benchmark_stops_nothing():
    task = fakes.make_task(test_patch="no diff", gold_patch="nor this")
    assert len(gathered(task, submission(fakes.GOLD_PATCH)).candidates) == 3


def test_the_same_lines_in_another_order_are_another_patch():
    two = fakes.GOLD_PATCH.replace("@@ -1,2 +1,2 @@", "@@ -1,2 +1,3 @@")
    gold = two.replace("+    return", "+    prices = list(prices)\n+    return")
    other = two.replace("sum(prices)\n", "sum(prices)\n+    prices = list(prices)\n")
    found = gathered(fakes.make_task(gold_patch=gold), submission(other), submission(gold))
    assert [c.patch for c in found.candidates[2:]] == [other]
    assert [d.reason for d in found.dropped] == [DropReason.EQUALS_GOLD]


def test_sources_can_be_left_out():
    task = fakes.make_task()
    only = gathered(task, submission(fakes.patch_of("0")), sources=["curated"])
    assert len(only.candidates) == 2


@given(order=st.permutations([("0", "a"), ("1", "b"), ("1", "c"), ("2", "a"), ("", "z")]))
def test_names_and_order_of_candidates_do_not_depend_on_the_files_order(order):
    task = fakes.make_task()

    def named(pairs):
        found = gathered(task, *(submission(fakes.patch_of(t) if t else "", m) for t, m in pairs))
        return [(c.name, c.count, c.family, c.rationale) for c in found.candidates], found.dropped

    assert named(order) == named(sorted(order))


@pytest.mark.parametrize(
    ("source", "model", "family"),
    [
        ("", "sweagent", "sweagent"),
        ("", "20240402_sweagent_gpt4", "sweagent"),
        ("x+SWE-bench-docker:auto-code-rover-run-1", "auto-code-rover-run-1", "auto-code-rover"),
        ("x+SWE-bench-docker:auto-code-rover-run-3", "auto-code-rover-run-3", "auto-code-rover"),
        ("someone+polydev-swe-bench:hybrid", "hybrid", "polydev"),
        ("someone+polydev-swe-bench:baseline", "baseline", "polydev"),
        ("someone+polydev-swe-bench:polydev", "polydev", "polydev"),
        ("", "baseline", "baseline"),
    ],
)
def test_runs_and_ablations_of_one_system_are_one_family(source, model, family):
    assert family_of(source, model) == family


def test_a_families_file_comes_first():
    overrides = {"x:hybrid": "mine", "other": "theirs"}
    assert family_of("x:hybrid", "other", overrides) == "mine"
    assert family_of("y:hybrid", "other", overrides) == "theirs"


@pytest.mark.real
@pytest.mark.skipif(not DATA.is_dir(), reason="the development data is not beside the checkout")
def test_real_submissions_all_become_candidates_or_are_dropped_with_a_reason():
    dataset = load(DATA / "verified_dev.jsonl.gz")
    predictions = load_predictions([DATA / "verified_dev_predictions.jsonl.gz"])
    by_task, strangers = gather(dataset, predictions)
    tried = sum(c.count for found in by_task.values() for c in found.candidates[2:])
    dropped = sum(len(found.dropped) for found in by_task.values())
    assert tried + dropped + len(strangers) == len(predictions)
    reasons = {d.reason for found in by_task.values() for d in found.dropped}
    assert reasons <= {DropReason.EQUALS_GOLD, DropReason.TESTS_ONLY}
    assert dropped < 0.1 * len(predictions)
    families = {c.family for found in by_task.values() for c in found.candidates[2:]}
    assert families == {"aider", "auto-code-rover", "polydev", "sweagent", "vexp", "vorflux"}
