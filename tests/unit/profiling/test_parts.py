"""The parts of a profile: concentration, licences, age, sizes, statements, required ids."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.model.audit import TaskStatus
from swe_audit.profiling.age import Cutoff, age, day_of
from swe_audit.profiling.concentration import gini, repositories, top_share
from swe_audit.profiling.licences import is_copyleft, licence_of, licences
from swe_audit.profiling.required_ids import IdTrouble, grading_health, troubles
from swe_audit.profiling.sizes import Outcomes, cross_table, difficulty_rows
from swe_audit.profiling.spreads import spread
from swe_audit.profiling.statement import LinkKind, link_kind, statement_health, telling_lines
from swe_audit.tags import tag
from tests.unit.profiling.rows import GOLD, diff, task


def test_the_figures_of_a_spread() -> None:
    found = spread([1, 2, 3, 4, 100])
    assert (found.n, found.mean, found.median, found.largest) == (5, 22, 3, 100)
    assert found.p90 == pytest.approx(61.6)  # three fifths of the way from 4 to 100
    assert spread([7]).p90 == 7
    assert spread([]).mean is None


def test_gini_is_nought_for_equals_and_near_one_for_one_giant() -> None:
    assert gini([5, 5, 5]) == pytest.approx(0)
    assert gini([0, 0, 0, 12]) == pytest.approx(0.75)
    assert gini([1, 3]) == pytest.approx(0.25)
    assert gini([]) is None


@given(st.lists(st.integers(1, 50), min_size=1, max_size=12))
def test_gini_is_half_the_relative_mean_difference(counts: list[int]) -> None:
    pairs = [abs(a - b) for a in counts for b in counts]
    mean = sum(counts) / len(counts)
    assert gini(counts) == pytest.approx(sum(pairs) / len(counts) ** 2 / mean / 2, abs=1e-12)


def test_the_top_five_are_the_largest_five() -> None:
    rows = repositories((name, None) for name in "aaaabbbccddefg")
    assert [(row.repository, row.tasks) for row in rows][:3] == [("a", 4), ("b", 3), ("c", 2)]
    assert top_share(rows) == 12 / 14
    assert top_share(()) is None


@pytest.mark.parametrize(
    ("repository", "licence", "copyleft"),
    [
        ("django/django", "BSD-3-Clause", False),
        ("Django/Django", "BSD-3-Clause", False),
        ("pylint-dev/pylint", "GPL-2.0-or-later", True),
        ("ansible/ansible", "GPL-3.0-or-later", True),
        ("matplotlib/matplotlib", "LicenseRef-matplotlib", False),
        ("nobody/nothing", None, None),
    ],
)
def test_the_licence_of_a_known_repository(repository, licence, copyleft) -> None:
    assert (licence_of(repository), is_copyleft(licence)) == (licence, copyleft)


@pytest.mark.parametrize(
    ("day", "licence"),
    [
        (date(2022, 5, 1), "Apache-2.0"),
        (date(2023, 12, 1), None),
        (date(2025, 5, 1), "AGPL-3.0-only"),
        (None, None),
    ],
)
def test_where_a_licence_changed_the_day_decides(day, licence) -> None:
    assert licence_of("gravitational/teleport", day) == licence
    (row,) = repositories([("gravitational/teleport", day)])
    assert (row.licence, row.copyleft) == (licence, is_copyleft(licence))


def test_a_repository_under_two_licences_has_no_single_one() -> None:
    days = [date(2022, 1, 1), date(2025, 1, 1)]
    (row,) = repositories(("gravitational/teleport", day) for day in days)
    assert (row.licence, row.copyleft) == (None, None)
    found = licences(("gravitational/teleport", day) for day in days)
    assert (found.copyleft, found.permissive, found.unknown) == (1, 1, 0)


def test_a_permissive_alternative_makes_a_choice_permissive() -> None:
    assert is_copyleft("GPL-2.0-only OR MIT") is False
    assert is_copyleft("MPL-2.0") is True


def test_licences_are_counted_by_task_with_the_unknown_last() -> None:
    names = ["nobody/nothing"] * 3 + ["psf/requests"] + ["pylint-dev/pylint"] * 2
    found = licences((name, None) for name in names)
    assert found.by_licence == (("GPL-2.0-or-later", 2), ("Apache-2.0", 1), (None, 3))
    assert (found.copyleft, found.permissive, found.unknown) == (2, 1, 3)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021-05-04T10:00:00Z", date(2021, 5, 4)),
        ("2021-05-04 10:00:00+00:00", date(2021, 5, 4)),
        ("2021-02-30", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_read_out_of_a_time(text, day) -> None:
    assert day_of(text) == day


def test_age_counts_years_and_what_is_older_than_a_day() -> None:
    days = ["2019-12-31", "2020-01-01", "2020-06-01", None]
    found = age([task(n, created_at=day) for n, day in enumerate(days)], before=date(2020, 1, 1))
    assert found.by_year == ((2019, 1), (2020, 2))
    assert (found.oldest, found.newest) == ("2019-12-31", "2020-06-01")
    assert (found.before, found.dated, found.unknown) == (1, 3, 1)


def test_scores_stand_before_and_after_a_cut_off() -> None:
    tasks = [task(n, created_at=f"20{10 + n}-01-01") for n in range(10)]
    solved = {one.instance_id: (n < 4, None if n == 9 else True) for n, one in enumerate(tasks)}
    cutoff = Cutoff(model="gpt", day=date(2015, 1, 1), submissions=("*GPT*",))
    found = age(tasks, cutoffs=[cutoff], submissions=("2024_gpt_a", "claude"), solved=solved)
    (row,) = found.cutoffs
    assert (row.before, row.after, row.unknown) == (5, 5, 0)
    (score,) = row.scores
    assert score.submission == "2024_gpt_a"
    assert (score.before.k, score.before.n, score.after.k, score.after.n) == (4, 5, 0, 5)
    assert score.before.low is not None


def test_difficulties_carry_sizes_results_and_defects() -> None:
    small, large = diff("a.py", ["x = 1"]), diff("a.py", [f"x{n} = {n}" for n in range(60)])
    tasks = [task(n, gold_patch=small, difficulty="<15 min fix") for n in range(3)]
    tasks.append(task(3, gold_patch=large, difficulty=None))
    tagged = [(one, tag(one)) for one in tasks]
    outcomes = Outcomes(
        solved={"shop__cart-0": 0.5, "shop__cart-1": 1.0, "shop__cart-3": 0.0},
        statuses={
            "shop__cart-0": TaskStatus.DEFECTIVE,
            "shop__cart-1": TaskStatus.CLEARED,
            "shop__cart-2": TaskStatus.INCONCLUSIVE,
        },
    )
    easy, _, hard, _ = difficulty_rows(tagged, outcomes)
    assert (easy.tasks, easy.estimated, easy.lines_changed.mean) == (3, 0, 1)
    assert easy.solved is not None
    assert (easy.solved.mean, easy.solved.n) == (0.75, 2)
    assert easy.defective is not None
    assert (easy.defective.k, easy.defective.n) == (1, 2)
    assert (hard.difficulty, hard.estimated, hard.lines_changed.largest) == ("1-4 hours", 1, 60)
    cells = {(cell.difficulty, cell.least): cell for cell in cross_table(tagged, outcomes)}
    assert cells["<15 min fix", 0].tasks == 3
    assert cells["1-4 hours", 51].tasks == 1
    assert sum(cell.tasks for cell in cells.values()) == 4
    assert difficulty_rows(tagged, Outcomes())[0].defective is None


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://github.com/shop/cart/pull/77", LinkKind.THE_FIX),
        ("https://github.com/Shop/Cart/pull/77/files#r1", LinkKind.THE_FIX),
        ("https://github.com/shop/cart/pull/7", LinkKind.A_CHANGE),
        ("https://github.com/shop/cart/commit/0af1", LinkKind.A_CHANGE),
        ("https://github.com/shop/cart/issues/77", LinkKind.A_THREAD),
        ("https://github.com/shop/cart/blob/main/a.py#L3", LinkKind.CODE),
        ("https://github.com/other/cart/pull/77", LinkKind.ELSEWHERE),
        ("https://docs.python.org/3/", LinkKind.ELSEWHERE),
    ],
)
def test_a_link_is_judged_by_its_address(url: str, kind: LinkKind) -> None:
    assert link_kind(task(77), url) is kind


def test_statements_are_read_for_length_code_links_and_leaks() -> None:
    told = (
        "Totals are wrong, see https://github.com/shop/cart/pull/1.\n\n```python\ntotal([1])\n```\n"
        "\nThis helps:   return sum(prices) *  (1 + tax)\n"
    )
    whole = told + "with def total(prices, tax=0): above it\n"
    tasks = [
        task(1, statement=told),
        task(2, statement=whole),
        task(3),
        task(4, hints="return sum(prices) * (1 + tax)"),
    ]
    found = statement_health(tasks)
    assert found.code_blocks.largest == 1
    assert found.without_code == 2
    fix = found.links[0]
    assert (fix.kind, fix.tasks, fix.examples[0][0]) == ("the fix itself", 1, "shop__cart-1")
    said, hints = found.leaks
    assert (said.measured, said.whole, said.part) == (4, 1, 1)
    assert said.examples == ("shop__cart-2", "shop__cart-1")
    assert (hints.where, hints.measured, hints.part) == ("hints", 1, 1)


def test_only_telling_lines_can_leak() -> None:
    patch = diff("a.py", ["x = 1", "# a comment of some length", "value = old(first, second)"])
    assert telling_lines(task(gold_patch=patch)) == {"value = old(first, second)"}
    moved = diff("a.py", ["value = old(first)"], before="value = old(first)")
    assert telling_lines(task(gold_patch=moved)) == frozenset()


def test_ids_that_no_log_can_show_are_named_with_their_reason() -> None:
    odd = task(
        fail_to_pass=("t.py::a", "t.py::b[x y]", "t.py::c[cut", ""),
        pass_to_pass=("t.py::a", "t.py::d", "t.py::d"),
    )
    assert list(troubles(odd)) == [
        (IdTrouble.UNREADABLE, "t.py::b[x y]"),
        (IdTrouble.CUT, "t.py::c[cut"),
        (IdTrouble.EMPTY, ""),
        (IdTrouble.IN_BOTH, "t.py::a"),
        (IdTrouble.TWICE, "t.py::d"),
    ]
    found = grading_health([odd, task(2)])
    assert [(row.ids, row.tasks) for row in found.bad_ids] == [(1, 1)] * 5
    assert sum(row.fail_to_pass for row in found.bad_ids) == 4


@pytest.mark.parametrize(
    ("parser", "fine", "bad"),
    [
        ("parse_log_django", "test_a (shop.Tests)", " test_a (shop.Tests)"),
        ("parse_log_sympy", "test_a", "sympy/test_a"),
        ("parse_log_astropy", "t.py::b[x y]", "t.py::b[x  y]"),
    ],
)
def test_each_parser_is_asked_what_it_can_yield(parser: str, fine: str, bad: str) -> None:
    good = task(fail_to_pass=(fine,), pass_to_pass=(), log_parser=parser)
    assert list(troubles(good)) == []
    wrong = task(fail_to_pass=(bad,), pass_to_pass=(), log_parser=parser)
    assert list(troubles(wrong)) == [(IdTrouble.UNREADABLE, bad)]
    unknown = task(fail_to_pass=(bad,), pass_to_pass=(), log_parser="")
    assert list(troubles(unknown)) == []


def test_a_reference_without_anything_telling_is_not_measured() -> None:
    assert statement_health([task(gold_patch=diff("a.py", ["x = 1"]))]).leaks[0].measured == 0
    assert GOLD.count("\n+") == 3  # two lines and the header: the patch that other tests rest on
