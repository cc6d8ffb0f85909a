from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from swe_audit.environments import default_tools, dockerfile
from swe_audit.errors import InputError, UnknownIdError
from swe_audit.formats import load
from swe_audit.formats.checking import check
from swe_audit.formats.importer import import_tasks

Write = Callable[..., Path]


@pytest.fixture
def recipes(tmp_path: Path, clone: tuple[Path, str]) -> Callable[..., Path]:
    def write(**change: Any) -> Path:
        recipe = {
            "instance_id": "acme__widget-1",
            "python": "3.9",
            "source": {"mirror": clone[0].name, "commit": clone[1]},
            "env": {"PYTHONIOENCODING": "utf8"},
            "pip": ["pytest==7.4.0"],
            "pre_install": ["true"],
            "install": "pip install -e .",
            "test_cmd": "pytest -rA tests/test_core.py",
            **change,
        }
        path = tmp_path / "recipes.jsonl"
        path.write_text(json.dumps(recipe) + "\n")
        return path

    return write


def test_with_a_recipe_a_task_builds_from_the_clone(
    tmp_path: Path,
    dataset: Write,
    row: dict[str, Any],
    recipes: Callable[..., Path],
    clone: tuple[Path, str],
) -> None:
    origin, commit = clone
    rows = dataset({**row, "base_commit": commit, "test_cmd": ""}, {**row, "instance_id": "b__b-1"})
    out = tmp_path / "out"
    done = import_tasks(str(rows), out, recipes=recipes(), mirrors=origin.parent)
    assert done.written == ("acme__widget-1",)
    assert done.skipped == ()
    (task,) = load(out).tasks
    environment = task.environment
    assert environment is not None
    assert task.rebuilt
    assert environment.build_requires == ("setuptools>=61", "wheel")
    assert environment.tools == default_tools("3.9")
    assert environment.source.commit == task.base_commit == commit
    assert task.folder is not None
    assert (task.folder / "Dockerfile").read_text() == dockerfile(environment)
    assert sorted(path.name for path in task.folder.iterdir()) == [
        "Dockerfile",
        "certificates",
        "environment.yaml",
        "eval.sh",
        "gold.patch",
        "problem_statement.md",
        "source.tar.gz",
        "task.yaml",
        "test.patch",
        "tests.json",
    ]
    assert task.image == "swebench/sweb.eval.x86_64.acme_1776_widget-1:latest"
    assert "pytest -rA tests/test_core.py" in (task.eval_script or "")
    assert check(out).problems == ()


def test_what_is_imported_is_what_was_there(
    tmp_path: Path, dataset: Write, row: dict[str, Any]
) -> None:
    claim = {"cpus": 1.5, "memory": "1536m"}
    rows = dataset(
        {**row, "resources": claim}, {**row, "instance_id": "b__b-1", "hints_text": "Try 42.\r\n"}
    )
    import_tasks(str(rows), tmp_path / "out")
    for before, after in zip(load(rows).tasks, load(tmp_path / "out").tasks, strict=True):
        for name in (
            "instance_id", "repo", "base_commit", "statement", "gold_patch", "test_patch",
            "fail_to_pass", "pass_to_pass", "log_parser", "eval_type", "eval_script", "image",
            "version", "hints", "created_at", "difficulty", "resources",
        ):  # fmt: skip
            assert getattr(after, name) == getattr(before, name), name
    assert not (tmp_path / "out" / "tasks" / "b__b-1" / "Dockerfile").exists()


def test_a_second_import_keeps_what_is_there(
    tmp_path: Path, dataset: Write, row: dict[str, Any]
) -> None:
    rows, out = dataset(row), tmp_path / "out"
    import_tasks(str(rows), out)
    note = out / "tasks" / "acme__widget-1" / "problem_statement.md"
    note.write_text("edited")
    again = import_tasks(str(rows), out)
    assert (again.written, again.kept) == ((), ("acme__widget-1",))
    assert note.read_text() == "edited"
    import_tasks(str(rows), out, overwrite=True)
    assert note.read_text() != "edited"


def test_a_task_that_cannot_be_imported_leaves_nothing_behind(
    tmp_path: Path, dataset: Write, row: dict[str, Any]
) -> None:
    bad = [
        {**row, "instance_id": "b__b-1", "test_cmd": ""},
        {**row, "instance_id": "b__b-2", "image": ""},
        {**row, "instance_id": "b__b-3", "log_parser": ""},
        {**row, "instance_id": "b__b-4", "patch": ""},
        row,
    ]
    done = import_tasks(str(dataset(row, *bad)), tmp_path / "out")
    assert done.written == ("acme__widget-1",)
    assert [(skip.instance_id, skip.reason.value) for skip in done.skipped] == [
        ("b__b-4", "bad_input"),
        ("acme__widget-1", "duplicate_id"),
        ("b__b-1", "bad_input"),
        ("b__b-2", "bad_input"),
        ("b__b-3", "bad_input"),
    ]
    assert [path.name for path in (tmp_path / "out" / "tasks").iterdir()] == ["acme__widget-1"]


@pytest.mark.parametrize(
    ("change", "base", "said"),
    [
        (
            {"source": {"mirror": "absent.git", "commit": "0" * 40}},
            "0" * 40,
            "not a git repository",
        ),
        ({}, "1" * 40, "but base_commit is"),
        ({"source": {"mirror": "acme__widget", "commit": "2" * 40}}, "2" * 40, "holds no commit"),
    ],
)
def test_a_recipe_that_does_not_fit_is_told(
    tmp_path: Path,
    dataset: Write,
    row: dict[str, Any],
    recipes: Callable[..., Path],
    clone: tuple[Path, str],
    change: dict[str, Any],
    base: str,
    said: str,
) -> None:
    told: list[str] = []
    with pytest.raises(InputError, match="nothing could be imported"):
        import_tasks(
            str(dataset({**row, "base_commit": base})),
            tmp_path / "out",
            recipes=recipes(**change),
            mirrors=clone[0].parent,
            say=told.append,
        )
    assert said in told[0]


def test_an_unknown_id_is_told(tmp_path: Path, dataset: Write, row: dict[str, Any]) -> None:
    with pytest.raises(UnknownIdError, match="close: acme__widget-1"):
        import_tasks(str(dataset(row)), tmp_path / "out", instances=["acme__widget-2"])


def test_recipes_need_their_clones(
    tmp_path: Path, dataset: Write, row: dict[str, Any], recipes: Callable[..., Path]
) -> None:
    with pytest.raises(InputError, match="recipes need the clones"):
        import_tasks(str(dataset(row)), tmp_path / "out", recipes=recipes())


def test_the_harness_reads_what_was_imported(task_repo: Write) -> None:
    repo = pytest.importorskip("swebench.task.repo")
    assert [one["instance_id"] for one in repo.load_task_repo(task_repo())] == ["acme__widget-1"]
