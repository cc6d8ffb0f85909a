"""How much of a text another one repeats, beyond what explains it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from swe_audit.profiling.overlap import Controls, attempt, original, overlap, tokens_of
from swe_audit.profiling.patch_lines import patch_lines
from tests.unit.profiling.rows import GOLD, diff

FIX = ["rate = lookup(country, year)", "if rate is None:", "    raise UnknownRate(country)"]
lines = st.lists(st.text("ab(=.\u00e9 0", max_size=12), max_size=8)


def test_code_is_read_as_names_numbers_and_single_signs() -> None:
    assert tokens_of("x_1 += f(2.5, 'a b')") == [
        "x_1", "+", "=", "f", "(", "2.5", ",", "'", "a", "b", "'", ")"
    ]  # fmt: skip


def test_a_copy_repeats_everything_and_another_text_nothing() -> None:
    first = original([FIX], [])
    copied = overlap(first, attempt([FIX]))
    assert copied is not None
    assert (copied.share, copied.verbatim) == (1, 1)
    assert copied.run == len(tokens_of("\n".join(FIX)))
    other = overlap(first, attempt([["for item in basket.items():", "    item.close(True)"]]))
    assert other is not None
    assert (other.share, other.run, other.verbatim) == (0, 0, 0)


def test_layout_does_not_matter_for_grams() -> None:
    found = overlap(original([FIX], []), attempt([["rate=lookup( country,year )", *FIX[1:]]]))
    assert found is not None
    assert found.share == 1
    assert found.verbatim == 2 / 3


def test_what_the_statement_or_the_old_code_holds_proves_nothing() -> None:
    known = "Use `rate = lookup(country, year)` there.\n" + "\n".join(FIX)
    assert overlap(original([FIX], [known]), attempt([FIX])) is None
    partly = overlap(original([FIX], [FIX[0]]), attempt([[FIX[0]]]))
    assert partly is not None
    assert partly.share == 0
    assert partly.verbatim == 0


def test_the_longest_run_passes_over_explained_grams_without_counting_them() -> None:
    text = ["alpha beta gamma delta one two three four five omega psi chi phi upsilon"]
    whole = overlap(original([text], []), attempt([text]))
    less = overlap(original([text], ["one two three four five"]), attempt([text]))
    assert whole is not None
    assert less is not None
    assert (whole.run, less.run) == (14, 13)


def test_runs_that_do_not_touch_make_no_common_run() -> None:
    first = original([["a b c d e f g h i j"]], [])
    together = overlap(first, attempt([["a b c d e f g h i j"]]))
    apart = overlap(first, attempt([["a b c d e"], ["f g h i j"]]))
    assert together is not None
    assert apart is not None
    assert (together.run, apart.run) == (10, 5)


def test_a_table_of_equal_numbers_takes_no_quadratic_time() -> None:
    data = ["0, " * 20_000]
    found = overlap(original([data], []), attempt([data]))
    assert found is not None
    assert found.share == 1


@given(lines, lines, lines)
def test_shares_stay_between_nought_and_one_and_a_copy_has_all(first, second, known) -> None:
    made = original([first], known)
    found = overlap(made, attempt([second]))
    if found is not None:
        assert 0 <= found.share <= 1
        assert found.verbatim is None or 0 <= found.verbatim <= 1
        assert (found.run > 0) == (found.share > 0)
        copied = overlap(made, attempt([first]))
        assert copied is not None
        assert copied.share == 1
        assert copied.run >= found.run


def test_controls_are_the_last_few_that_have_something_novel() -> None:
    controls = Controls(2)
    for text in ("a b c d e f", "g h i j k l", "m n o p q r"):
        controls.add(original([[text]], []))
    controls.add(original([["too short"]], []))
    assert [one.share for one in controls.overlaps(attempt([["a b c d e f"]]))] == [0, 0]
    assert [one.share for one in controls.overlaps(attempt([["g h i j k l"]]))] == [1, 0]


def test_a_patch_is_read_by_its_own_counts() -> None:
    # A removed line that begins with "--" looks like a header, an added one with "++" likewise.
    patch = (
        "diff --git a/q.sql b/q.py\n--- a/q.py\n+++ b/q.py\n@@ -1,3 +1,3 @@\n keep\n--- old\n"
        "+++ new\n tail\n\\ No newline at end of file\n"
    )
    found = patch_lines(patch)
    assert found.added == (("++ new",),)
    assert found.before == ("keep\n-- old\ntail",)


def test_tests_and_documents_are_left_out() -> None:
    patch = (
        GOLD + diff("tests/test_cart.py", ["assert total([1]) == 1"]) + diff("docs/x.rst", ["x"])
    )
    assert [run[0] for run in patch_lines(patch).added] == ["def total(prices, tax=0):"]


@given(st.text("+-@ ab/\n1,", max_size=200))
def test_whatever_is_submitted_can_be_read(text: str) -> None:
    patch_lines(text)
    patch_lines(GOLD[: len(text)] + text)
