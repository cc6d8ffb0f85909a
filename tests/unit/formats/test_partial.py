"""Reading a dataset for what it holds: what is missing costs only itself."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from swe_audit.errors import InputError
from swe_audit.formats import load
from swe_audit.formats.partial import load_partial
from swe_audit.model.task import SkipReason
from tests.unit.profiling.rows import row, written


def test_whole_rows_are_what_loading_gives(tmp_path: Path) -> None:
    path = written(tmp_path, [row(1), row(2)])
    assert load_partial(path).dataset.tasks == load(path).tasks
    assert load_partial(path).lacking == ()


@pytest.mark.parametrize(
    "column",
    ["PASS_TO_PASS", "FAIL_TO_PASS", "base_commit", "problem_statement", "patch", "repo"],
)
def test_a_column_that_is_not_there_loses_only_itself(tmp_path: Path, column: str) -> None:
    path = written(tmp_path, [row(1, **{column: None}), row(2)])
    found = load_partial(path)
    assert [task.instance_id for task in found.dataset.tasks] == ["shop__cart-1", "shop__cart-2"]
    assert found.lacking == ((column, 1),)
    first = found.dataset.tasks[0]
    assert (first.repo, first.difficulty) == ("shop/cart", "<15 min fix")
    if column == "patch":
        assert first.gold_patch == ""
    if column == "FAIL_TO_PASS":
        assert first.fail_to_pass == ()


def test_null_is_the_same_as_missing(tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_text(json.dumps({**row(1), "problem_statement": None, "difficulty": None}) + "\n")
    found = load_partial(path)
    assert found.lacking == (("problem_statement", 1),)
    assert found.dataset.tasks[0].difficulty is None


def test_both_column_sets_may_stand_in_one_file(tmp_path: Path) -> None:
    pro = row(3, requirements="- Be quick.", interface="none", created_at=None, difficulty=None)
    found = load_partial(written(tmp_path, [row(1), pro]))
    assert [task.created_at for task in found.dataset.tasks] == ["2021-05-04T10:00:00Z", None]
    assert "## Requirements" in found.dataset.tasks[1].statement


def test_a_row_that_is_wrong_is_named_and_the_others_stay(tmp_path: Path) -> None:
    bad = row(2, patch="this is no diff")
    found = load_partial(written(tmp_path, [row(1), bad, row(1), {"no": "id"}]))
    assert len(found.dataset.tasks) == 1
    assert [skip.reason for skip in found.dataset.skipped] == [
        SkipReason.BAD_INPUT,
        SkipReason.DUPLICATE_ID,
        SkipReason.BAD_INPUT,
    ]
    assert "patch" in found.dataset.skipped[0].detail
    assert "instance_id" in found.dataset.skipped[2].detail


def test_a_half_written_line_loses_only_itself(tmp_path: Path) -> None:
    path = written(tmp_path, [row(1), row(2)])
    path.write_text(path.read_text()[:-200])
    found = load_partial(path)
    assert [task.instance_id for task in found.dataset.tasks] == ["shop__cart-1"]
    assert "not valid JSON" in found.dataset.skipped[0].detail


def test_a_half_written_list_gives_its_whole_items(tmp_path: Path) -> None:
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps([row(1), row(2), row(3)])[:-200])
    found = load_partial(path)
    assert [task.instance_id for task in found.dataset.tasks] == ["shop__cart-1", "shop__cart-2"]
    assert "what follows is lost" in found.dataset.skipped[0].detail


def test_a_half_downloaded_archive_gives_what_came_before(tmp_path: Path) -> None:
    rows = [row(n, problem_statement=random.Random(n).randbytes(3000).hex()) for n in range(9)]
    whole = gzip.compress(written(tmp_path, rows).read_bytes())
    path = tmp_path / "half.jsonl.gz"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    found = load_partial(path)
    assert 0 < len(found.dataset.tasks) < 9
    assert "the gzip file is cut short; what follows is lost" in found.dataset.skipped[-1].detail


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.jsonl", None, "no such file"),
        ("empty.jsonl", "", "holds no row that can be read"),
        ("odd.jsonl", "not json\n", "not valid JSON"),
        ("odd.json", "not json", "not valid JSON"),
        ("odd.json", '{"a": 3}', "holds no row that can be read"),
        ("tasks.txt", "x", "not a kind of file"),
    ],
)
def test_a_file_without_any_row_is_one_sentence(tmp_path: Path, name, content, said) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=said):
        load_partial(path)
