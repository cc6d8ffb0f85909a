"""Tags of a task."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.errors import InputError
from swe_audit.model.tags import DIFFICULTIES
from swe_audit.model.task import Task
from swe_audit.report.documents import tags_entry
from swe_audit.tags import tag
from swe_audit.tags.difficulty import estimate_difficulty

VERIFIED = Path(__file__).parents[3] / "../shared/data/verified_dev.jsonl.gz"


def file_diff(path: str, removed: int, added: int, hunks: int = 1) -> str:
    """Make the diff of one file with the same change in each of its hunks."""
    lines = [f"diff --git a/{path} b/{path}", f"--- a/{path}", f"+++ b/{path}"]
    for hunk in range(hunks):
        lines.append(f"@@ -{1 + 50 * hunk},{removed + 1} +{1 + 50 * hunk},{added + 1} @@")
        lines += [" same", *["-old"] * removed, *["+new"] * added]
    return "\n".join(lines) + "\n"


def task(gold: str) -> Task:
    return Task(
        instance_id="shop__cart-7",
        repo="shop/cart",
        base_commit="0" * 40,
        statement="Totals are wrong.",
        gold_patch=gold,
        test_patch="",
        fail_to_pass=("test_total",),
        pass_to_pass=(),
        log_parser="parse_log_pytest",
    )


def test_sizes_leave_out_tests_docs_and_generated_files() -> None:
    gold = (
        file_diff("cart/total.py", 2, 3, hunks=2)
        + file_diff("tests/test_total.py", 0, 40)
        + file_diff("docs/changes.rst", 0, 5)
        + file_diff("poetry.lock", 90, 90)
    )
    tags = tag(task(gold))
    assert (tags.lines_added, tags.lines_removed, tags.lines_changed) == (6, 4, 10)
    assert (tags.files, tags.hunks) == (1, 2)


def test_a_new_and_a_removed_file_are_counted_by_the_name_that_they_have() -> None:
    gold = (
        "diff --git a/cart/new.py b/cart/new.py\nnew file mode 100644\n--- /dev/null\n"
        "+++ b/cart/new.py\n@@ -0,0 +1,2 @@\n+a = 1\n+b = 2\n"
        "diff --git a/cart/old.py b/cart/old.py\ndeleted file mode 100644\n--- a/cart/old.py\n"
        "+++ /dev/null\n@@ -1 +0,0 @@\n-a = 1\n"
    )
    tags = tag(task(gold))
    assert (tags.files, tags.lines_added, tags.lines_removed) == (2, 2, 1)


def test_a_difficulty_that_the_data_gives_is_kept_verbatim() -> None:
    given_label = replace(task(file_diff("a.py", 1, 1)), difficulty=">4 hours")
    tags = tag(given_label)
    assert (tags.difficulty, tags.difficulty_estimated) == (">4 hours", False)


@pytest.mark.parametrize("label", [None, "", "hard"])
def test_a_difficulty_that_is_not_given_is_estimated_and_marked(label: str | None) -> None:
    tags = tag(replace(task(file_diff("a.py", 1, 1)), difficulty=label))
    assert (tags.difficulty, tags.difficulty_estimated) == ("<15 min fix", True)


@pytest.mark.parametrize(
    ("lines", "files", "hunks", "label"),
    [
        (7, 1, 1, "<15 min fix"),
        (8, 1, 1, "15 min - 1 hour"),
        (2, 2, 2, "15 min - 1 hour"),
        (50, 1, 1, "15 min - 1 hour"),
        (51, 1, 1, "1-4 hours"),
        (150, 1, 1, "1-4 hours"),
        (151, 1, 1, ">4 hours"),
        (0, 0, 0, "<15 min fix"),
    ],
)
def test_the_estimate_changes_class_where_the_rule_says(
    lines: int, files: int, hunks: int, label: str
) -> None:
    assert estimate_difficulty(lines, files, hunks) == label


sizes = st.integers(0, 300)


@given(sizes, sizes, sizes, st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_a_change_that_grows_never_gets_easier(
    lines: int, files: int, hunks: int, more_lines: int, more_files: int, more_hunks: int
) -> None:
    before = DIFFICULTIES.index(estimate_difficulty(lines, files, hunks))
    after = DIFFICULTIES.index(
        estimate_difficulty(lines + more_lines, files + more_files, hunks + more_hunks)
    )
    assert before <= after


@pytest.mark.parametrize(
    ("given_name", "name"), [("Go", "go"), ("js", "javascript"), ("Python", "python")]
)
def test_a_language_that_the_row_names_wins(given_name: str, name: str) -> None:
    assert tag(replace(task(file_diff("a.rb", 1, 1)), language=given_name)).language == name


def test_otherwise_the_language_is_that_of_most_changed_lines() -> None:
    gold = file_diff("a.py", 1, 1) + file_diff("b.go", 5, 5) + file_diff("tests/c.py", 0, 90)
    assert tag(task(gold)).language == "go"
    assert tag(task(file_diff("setup.cfg", 1, 1))).language == "unknown"


@pytest.mark.parametrize(
    ("created", "year"),
    [
        ("2022-08-26T15:06:53Z", 2022),
        ("2019-01-02 03:04:05", 2019),
        (None, None),
        ("", None),
        ("yesterday", None),
    ],
)
def test_the_year_is_read_where_a_date_is_given(created: str | None, year: int | None) -> None:
    assert tag(replace(task(""), created_at=created)).year == year


def test_a_patch_that_is_no_diff_is_one_clear_error() -> None:
    broken = file_diff("a.py", 1, 1).replace("+new", "what is this")
    with pytest.raises(InputError, match=r"shop__cart-7 is no unified diff"):
        tag(task(broken))


def test_the_document_has_the_published_fields() -> None:
    assert tags_entry(tag(task(file_diff("a.py", 1, 2)))) == {
        "difficulty": "<15 min fix",
        "difficulty_estimated": True,
        "lines_added": 2,
        "lines_removed": 1,
        "lines_changed": 3,
        "files": 1,
        "hunks": 1,
        "repository": "shop/cart",
        "language": "python",
        "year": None,
    }


@pytest.mark.real
@pytest.mark.skipif(not VERIFIED.exists(), reason="needs the development data")
def test_the_estimate_is_as_good_as_the_documentation_says() -> None:
    with gzip.open(VERIFIED, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    confusion: Counter[tuple[str, str]] = Counter()
    for row in rows:
        tags = tag(replace(task(row["patch"]), difficulty=None))
        confusion[row["difficulty"], tags.difficulty] += 1
    document = Path(__file__).parents[3] / "docs/tags.md"
    text = document.read_text(encoding="utf-8")
    for label in DIFFICULTIES:
        found = [confusion[label, estimated] for estimated in DIFFICULTIES]
        row_text = f"| `{label}` | " + " | ".join(map(str, found)) + " |"
        assert row_text in text
