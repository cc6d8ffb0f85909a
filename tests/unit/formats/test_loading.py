from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swe_audit.errors import InputError, UnknownIdError
from swe_audit.formats import load
from swe_audit.model.task import SkipReason

Write = Callable[..., Path]


def test_one_bad_task_never_stops_the_others(dataset: Write, row: dict[str, Any]) -> None:
    path = dataset(
        row,
        {**row, "instance_id": "b__b-1", "patch": "no"},
        {**row, "problem_statement": "another"},
        {**row, "instance_id": "b__b-2", "FAIL_TO_PASS": []},
        ["not a row"],
        {**row, "instance_id": "b__b-3"},
    )
    with path.open("ab") as stream:
        stream.write(b'{"instance_id": \n\xff\xfe\n')
    loaded = load(path)
    assert [task.instance_id for task in loaded.tasks] == ["acme__widget-1", "b__b-3"]
    assert loaded.tasks[0].statement == row["problem_statement"]
    assert [(skip.instance_id.rsplit("/")[-1], skip.reason.value) for skip in loaded.skipped] == [
        ("b__b-1", "bad_input"),
        ("acme__widget-1", "duplicate_id"),
        ("b__b-2", "no_fail_to_pass"),
        ("rows.jsonl:5", "bad_input"),
        ("rows.jsonl:7", "bad_input"),
        ("rows.jsonl:8", "bad_input"),
    ]
    assert all(skip.detail and "\n" not in skip.detail for skip in loaded.skipped)


def test_every_kind_of_file_gives_the_same_tasks(tmp_path: Path, row: dict[str, Any]) -> None:
    rows = [row, {**row, "instance_id": "b__b-1"}]
    lines = "".join(json.dumps(item) + "\n" for item in rows)
    (tmp_path / "a.jsonl").write_text(lines)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "c.json").write_text(json.dumps(rows))
    (tmp_path / "d.json").write_text(json.dumps({item["instance_id"]: item for item in rows}))
    loaded = [load(path) for path in sorted(tmp_path.iterdir())]
    assert len(loaded) == 4
    assert all(one.tasks == loaded[0].tasks and len(one.tasks) == 2 for one in loaded)
    assert len({one.sha256 for one in loaded}) == 1


def test_parquet_is_read_like_the_rest(tmp_path: Path, dataset: Write, row: dict[str, Any]) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "rows.parquet"
    parquet.write_table(arrow.Table.from_pylist([row]), path)
    assert load(path).tasks == load(dataset(row)).tasks


def test_without_its_package_parquet_says_what_to_install(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    path.write_bytes(b"PAR1")
    with pytest.raises(InputError) as caught:
        load(path)
    assert "pyarrow" in caught.value.message or "not a valid Parquet" in caught.value.message


def test_the_hash_does_not_depend_on_the_order(dataset: Write, row: dict[str, Any]) -> None:
    other = {**row, "instance_id": "b__b-1"}
    one = load(dataset(row, other, name="one.jsonl"))
    two = load(dataset(other, row, name="two.jsonl"))
    assert one.sha256 == two.sha256
    assert one.sha256 != load(dataset(row)).sha256


def test_only_the_tasks_asked_for_are_loaded(dataset: Write, row: dict[str, Any]) -> None:
    path = dataset(row, {**row, "instance_id": "b__b-1"}, {**row, "instance_id": "c__c-1"})
    assert [task.instance_id for task in load(path, ["b__b-1"]).tasks] == ["b__b-1"]


def test_an_unknown_id_names_the_closest_ones(dataset: Write, row: dict[str, Any]) -> None:
    with pytest.raises(UnknownIdError, match=r"acme__widget-11 \(close: acme__widget-1\)"):
        load(dataset(row), ["acme__widget-11"])


def test_an_id_that_is_there_but_bad_is_a_skip_and_not_unknown(
    dataset: Write, row: dict[str, Any]
) -> None:
    loaded = load(dataset(row, {**row, "instance_id": "b__b-1", "patch": ""}), ["b__b-1"])
    assert loaded.tasks == ()
    assert [skip.reason for skip in loaded.skipped] == [SkipReason.BAD_INPUT]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rows.json", b'"text"', "neither a list nor an object"),
        ("rows.json", b"[1,", "not valid JSON"),
        ("rows.jsonl", b"", "holds no tasks"),
        ("rows.jsonl.gz", b"\x1f\x8b\x08", "cut short"),
        ("rows.txt", b"x", "not a kind of file"),
    ],
)
def test_a_source_that_cannot_be_read_is_one_error(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=said):
        load(tmp_path / name)


@pytest.mark.parametrize("source", ["nowhere.jsonl", "/no/such/place", "what is this"])
def test_a_source_that_is_not_there_is_told(source: str) -> None:
    with pytest.raises(InputError, match="no such file"):
        load(source)


def test_a_folder_without_tasks_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder without tasks"):
        load(tmp_path)


def test_a_task_repo_is_taken_by_its_root_and_by_its_tasks_folder(task_repo: Write) -> None:
    root = task_repo("a__a-1", "a__a-2")
    by_root, by_tasks = load(root), load(root / "tasks")
    assert by_root.tasks == by_tasks.tasks
    assert [task.instance_id for task in by_root.tasks] == ["a__a-1", "a__a-2"]
    assert by_root.tasks[0].folder == (root / "tasks" / "a__a-1").resolve()
    assert by_root.tasks[0].version == "1.10"


def test_in_a_task_repo_one_bad_task_never_stops_the_others(task_repo: Write) -> None:
    root = task_repo(*(f"a__a-{n}" for n in range(1, 9)))
    tasks = root / "tasks"
    (tasks / "a__a-1" / "gold.patch").unlink()
    (tasks / "a__a-2" / "test.patch").write_bytes(b"\xff\xfe")
    (tasks / "a__a-3" / "task.yaml").write_text("a: &a [*a]\n")
    (tasks / "a__a-4" / "tests.json").write_text("[]")
    (tasks / "a__a-5" / "environment.yaml").write_text("python: 3.9\nwhat: ever\n")
    (tasks / "a__a-6").rename(tasks / "another-name")
    (tasks / "a__a-7" / "tests.json").write_text('{"FAIL_TO_PASS": [], "PASS_TO_PASS": []}')
    loaded = load(root)
    assert [task.instance_id for task in loaded.tasks] == ["a__a-8"]
    assert {skip.instance_id: skip.reason.value for skip in loaded.skipped} == {
        **{f"a__a-{n}": "bad_input" for n in (1, 2, 3, 4, 5)},
        "another-name": "bad_input",
        "a__a-7": "no_fail_to_pass",
    }
    with pytest.raises(UnknownIdError, match=r"a__a-88 \(close: a__a-8"):
        load(root, ["a__a-88"])
    assert load(root, ["a__a-8"]).skipped == ()


_LINES = st.lists(st.binary(max_size=40) | st.sampled_from([b"{}", b"[]", b"null", b'{"a"']))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_LINES, st.sampled_from(["a.json", "a.jsonl", "a.jsonl.gz", "a.json.gz"]), st.booleans())
def test_any_file_is_a_data_set_or_an_input_error(
    tmp_path: Path, lines: list[bytes], name: str, packed: bool
) -> None:
    content = b"\n".join(lines)
    (tmp_path / name).write_bytes(gzip.compress(content) if packed else content)
    try:
        loaded = load(tmp_path / name)
    except InputError:
        return
    assert loaded.tasks or loaded.skipped


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (".", "repo"),
        ("./", "repo"),
        ("tasks/..", "repo"),
        ("tasks", "tasks"),
        ("../repo", "../repo"),
    ],
)
def test_a_path_without_a_name_of_its_own_is_named_by_its_folder(
    given: str, named: str, task_repo: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(task_repo())
    assert load(given).source == named
