from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from swe_audit.report import diffs
from swe_audit.report.diffs import FileDiff, Pair, alone, parse, rows, side_by_side
from swe_audit.report.highlight import highlight
from tests.unit.report import audits


def plain(side: FileDiff | None, kind: str) -> list[str]:
    assert side is not None
    return [Markup(line.code).striptags() for line in side.lines if line.kind == kind]


def test_both_panes_have_the_same_rows_at_the_same_base_lines() -> None:
    pairs = side_by_side(parse(audits.GOLD), parse(audits.OTHER))
    pair = next(one for one in pairs if one.path == "tally/ledger.py")
    assert pair.left is not None
    assert pair.right is not None
    assert len(pair.left.lines) == len(pair.right.lines)
    for left, right in zip(pair.left.lines, pair.right.lines, strict=True):
        if left.number is not None and right.number is not None:
            assert left.number == right.number
    assert [line.kind for line in pair.left.lines[:3]] == ["filler", "filler", "context"]
    assert pair.right.lines[0].number == 16


def test_an_added_line_never_stands_beside_a_line_of_the_base() -> None:
    for pair in side_by_side(parse(audits.GOLD), parse(audits.OTHER)):
        if pair.left and pair.right:
            for left, right in zip(pair.left.lines, pair.right.lines, strict=True):
                if "add" in (left.kind, right.kind):
                    assert {left.kind, right.kind} <= {"add", "filler"}


def test_no_line_of_a_patch_is_lost_by_aligning_it() -> None:
    gold, other = parse(audits.GOLD), parse(audits.OTHER)
    pair = next(one for one in side_by_side(gold, other) if one.path == "tally/ledger.py")
    for before, after in ((gold.files[0], pair.left), (other.files[1], pair.right)):
        for kind in ("context", "add", "del"):
            assert plain(before, kind) == plain(after, kind)


def test_a_file_that_only_one_patch_touches_has_one_pane() -> None:
    pairs = {one.path: one for one in side_by_side(parse(audits.GOLD), parse(audits.OTHER))}
    assert list(pairs) == ["tally/ledger.py", "tally/errors.py"]
    assert pairs["tally/errors.py"].left is None
    assert pairs["tally/errors.py"].right is not None
    assert pairs["tally/errors.py"].right.note == "new file"


def test_a_patch_that_is_no_diff_is_kept_as_text() -> None:
    assert parse("please change line 4").plain == "please change line 4"
    assert parse("").plain == ""
    broken = audits.GOLD.replace("@@ -18,10 +18,15", "@@ -18,90 +18,15")
    assert parse(broken).plain.startswith("diff --git")


def test_renamed_removed_and_binary_files_are_told_in_words() -> None:
    text = (
        "diff --git a/old.py b/new.py\nsimilarity index 100%\n"
        "rename from old.py\nrename to new.py\n"
        "diff --git a/gone.py b/gone.py\ndeleted file mode 100644\n--- a/gone.py\n+++ /dev/null\n"
        "@@ -1 +0,0 @@\n-x = 1\n"
        "diff --git a/i.png b/i.png\nindex 1..2 100644\nBinary files a/i.png and b/i.png differ\n"
    )
    assert [(one.path, one.note) for one in parse(text).files] == [
        ("new.py", "renamed from old.py"),
        ("gone.py", "removed"),
        ("i.png", "binary file"),
    ]


def test_code_is_coloured_by_the_language_of_its_file() -> None:
    (line,) = highlight("a/b.py", ["def post(self): return 'x'"])
    assert '<span class="k">def</span>' in line
    assert '<span class="f">post</span>' in line
    assert highlight("a/b.unknown", ["def"]) == (Markup("def"),)


def test_a_string_over_several_lines_stays_one_line_of_html_for_each() -> None:
    lines = highlight("x.py", ['"""first', "second", 'third"""', "", "x"])
    assert len(lines) == 5
    assert [Markup(line).striptags() for line in lines] == [
        '"""first',
        "second",
        'third"""',
        "",
        "x",
    ]


@settings(deadline=None, max_examples=80)
@given(
    path=st.sampled_from(["a.py", "a.html", "a.js", "a.go", "a.md", "Makefile", "a.sh", "a"]),
    lines=st.lists(audits.texts.map(lambda text: text.replace("\n", " ")), max_size=6),
)
def test_colouring_changes_no_character_and_lets_no_markup_through(
    path: str, lines: list[str]
) -> None:
    shown = highlight(path, lines)
    assert len(shown) == len(lines)
    for before, after in zip(lines, shown, strict=True):
        pieces = str(after).replace("</span>", "")
        while '<span class="' in pieces:
            head, _, rest = pieces.partition('<span class="')
            pieces = head + rest.partition('">')[2]
        assert "<" not in pieces
        assert Markup(pieces).unescape() == before


@settings(deadline=None, max_examples=80)
@given(left=audits.patches, right=audits.patches)
def test_any_two_texts_can_be_laid_out_side_by_side(left: str, right: str) -> None:
    for pair in side_by_side(parse(left), parse(right)):
        for side in (pair.left, pair.right):
            assert "<script" not in rows(side.lines if side else ())
            assert (
                side is None
                or pair.left is None
                or pair.right is None
                or (len(side.lines) == pair.rows)
            )


def long_patch(count: int) -> str:
    body = "".join(f"+x{nth} = {nth}\n" for nth in range(count))
    return f"diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n@@ -0,0 +1,{count} @@\n{body}"


def test_a_long_diff_starts_closed_and_a_huge_one_is_cut_with_a_count() -> None:
    (short,) = alone(parse(long_patch(10)))
    assert short.is_open
    (long,) = alone(parse(long_patch(diffs.COLLAPSE_ROWS + 1)))
    assert not long.is_open
    assert long.hidden == 0
    (huge,) = alone(parse(long_patch(diffs.MAX_ROWS + 5)))
    assert huge.hidden == 5
    assert huge.rows == diffs.MAX_ROWS


def test_a_patch_of_many_megabytes_is_shown_in_part_and_quickly() -> None:
    started = time.monotonic()
    patch = parse("diff --git a/x b/x\n" + "+" * diffs.MAX_PARSED)
    assert len(patch.plain) == diffs.MAX_PLAIN
    assert time.monotonic() - started < 5


def test_hunks_that_overlap_lose_nothing() -> None:
    text = "--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n@@ -1,2 +1,2 @@\n a\n-b\n+d\n"
    (pair,) = side_by_side(parse(text), parse(text))
    assert isinstance(pair, Pair)
    assert sorted(plain(pair.left, "add")) == ["c", "d"]
    assert plain(pair.left, "del") == ["b", "b"]
