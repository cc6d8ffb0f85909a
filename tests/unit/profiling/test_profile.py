"""Whole profiles, what they say is missing, and two side by side."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import fakes
import pytest

from swe_audit.formats.partial import load_partial
from swe_audit.model.profile import Profile
from swe_audit.model.task import Skipped, SkipReason
from swe_audit.profiling import Context, compare, profile
from tests.unit.profiling.rows import diff, task

DATA = Path(__file__).resolve().parents[4] / "shared/data"


def missing(found: Profile) -> dict[str, tuple[int, str]]:
    return {one.field: (one.tasks, one.text) for one in found.missing}


def test_a_profile_does_not_depend_on_the_order_of_the_tasks() -> None:
    tasks = [
        task(n, gold_patch=diff(f"shop/m{n}.py", ["x = 1"] * (n + 1)), repo=f"shop/r{n % 3}")
        for n in range(12)
    ]
    dataset = fakes.make_dataset(*tasks)
    random.Random(1).shuffle(tasks)
    assert profile(dataset) == profile(replace(dataset, tasks=tuple(tasks)))


def test_what_is_missing_is_said_once_with_its_number() -> None:
    dataset = fakes.make_dataset(
        task(1, difficulty="hard", created_at="last week", log_parser="theirs"),
        task(2, difficulty=None, gold_patch=""),
        task(3, difficulty="<15 min fix", created_at="2020-01-01", repo="psf/requests"),
    )
    bad = Skipped(instance_id="x-1", reason=SkipReason.BAD_INPUT, detail="odd")
    context = Context(solved={"shop__cart-1": (True,)}, submissions=("one",), statuses={})
    found = missing(profile(replace(dataset, skipped=(bad,)), context))
    assert found["rows"] == (1, "x-1: bad_input: odd")
    assert found["patch"][0] == 1
    assert found["difficulty"] == (
        1,
        "difficulty labels that are not known: 'hard'; estimated from the size of the change",
    )
    assert found["created_at"][0] == 2
    assert "'last week' cannot be read as a date" in found["created_at"][1]
    assert found["licence"] == (
        2,
        "the licence of 1 repository is not in our table, or changed and the task's date does not"
        " tell which: shop/cart",
    )
    assert (found["log_parser"][0], found["results"][0], found["audit"][0]) == (1, 2, 3)


def test_labels_and_estimates_are_kept_apart() -> None:
    big = diff("a.py", [f"x{n} = {n}" for n in range(60)])
    labelled = fakes.make_dataset(*(task(n, difficulty="<15 min fix") for n in range(4)))
    bare = fakes.make_dataset(*(task(n, difficulty=None, gold_patch=big) for n in range(4)))
    rows = {
        (row.group, row.measure): (row.first, row.second)
        for row in compare(profile(labelled), profile(bare), shared=4).rows
    }
    assert rows["difficulty as labelled", "<15 min fix"] == (1, None)
    assert rows["difficulty by size, for both", "<15 min fix"] == (1, 0)
    assert rows["difficulty by size, for both", "1-4 hours"] == (0, 1)


def test_a_language_of_one_set_only_is_a_share_of_nought_in_the_other() -> None:
    python = fakes.make_dataset(task(1))
    go = fakes.make_dataset(task(2, gold_patch=diff("cmd/main.go", ["func main() {}"])))
    rows = [row for row in compare(profile(python), profile(go)).rows if row.group == "languages"]
    assert [(row.measure, row.first, row.second) for row in rows] == [
        ("python", 1, 0),
        ("go", 0, 1),
    ]


def test_groups_of_a_comparison_stay_together() -> None:
    first, second = profile(fakes.make_dataset(task(1))), profile(fakes.make_dataset(task(2)))
    groups = [row.group for row in compare(first, second).rows]
    assert groups == sorted(groups, key=groups.index)


@pytest.mark.real
def test_the_published_figures_are_approached() -> None:
    if not DATA.is_dir():
        pytest.skip("needs the development data")
    verified = profile(load_partial(DATA / "verified_dev.jsonl.gz").dataset)
    shares = {row.difficulty: row.tasks / verified.n for row in verified.difficulty}
    assert shares["<15 min fix"] == pytest.approx(0.39, abs=0.02)
    assert shares["15 min - 1 hour"] == pytest.approx(0.52, abs=0.03)
    sizes = {row.difficulty: row.lines_changed.mean for row in verified.difficulty}
    assert sizes["<15 min fix"] == pytest.approx(5, abs=1)
    assert sizes["1-4 hours"] == pytest.approx(50, abs=5)
    assert verified.top5_share is not None
    assert verified.top5_share > 0.8
    pro = profile(load_partial(DATA / "pro_dev.jsonl.gz").dataset)
    assert pro.sizes.whole_added.mean == pytest.approx(109, abs=1)
    assert pro.sizes.whole_changed.mean == pytest.approx(159, abs=1)
    assert pro.sizes.whole_files.mean == pytest.approx(4.9, abs=0.05)
    assert {row.language for row in pro.languages} == {"go", "python", "javascript", "typescript"}
    assert (pro.age.dated, pro.age.unknown, pro.age.oldest) == (0, 100, None)
