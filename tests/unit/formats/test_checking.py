from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from swe_audit.formats.checking import check
from swe_audit.formats.environment_files import parsed_environment, write_environment

Write = Callable[..., Path]
ENVIRONMENT = (
    "python: '3.9'\nsource: {archive: source.tar.gz, "
    "commit: 0123456789abcdef0123456789abcdef01234567}\n"
)


@pytest.fixture
def folder(task_repo: Write) -> Path:
    folder = task_repo() / "tasks" / "acme__widget-1"
    write_environment(folder, parsed_environment(ENVIRONMENT, "f"))
    (folder / "source.tar.gz").touch()
    return folder


def _messages(folder: Path) -> list[str]:
    return [problem.message for problem in check(folder.parent.parent).problems]


def test_a_good_repo_has_no_problem(folder: Path) -> None:
    assert _messages(folder) == []


def _break(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("eval.sh", ">>>>> Start Test Output", "", "eval.sh has no '>>>>> Start"),
        ("eval.sh", ">>>>> End Test Output", "", "eval.sh has no '>>>>> End"),
        ("task.yaml", "parse_log_pytest", "parse_log_nothing", "no log parser is called"),
        ("task.yaml", "split: test", "split: train", "has no split 'train'"),
        ("task.yaml", "imported/", "other/", "publishes no dataset"),
        ("task.yaml", "version: '1.10'\n", "", "task.yaml has no version"),
        ("task.yaml", "acme__widget-1", "acme__widget-2", "not the folder's"),
        ("tests.json", '"tests/test_core.py::test_answer"', "", "FAIL_TO_PASS is empty"),
        ("tests.json", "test_other", "test_answer", "is in FAIL_TO_PASS and in PASS_TO_PASS"),
        ("tests.json", "{", "", "tests.json: not valid JSON"),
        (
            "tests.json",
            '"tests/test_core.py::test_other"',
            '"tests/test_core.py::test_other", "tests/test_core.py::test_other"',
            "lists 'tests/test_core.py::test_other' twice",
        ),
        ("gold.patch", "@@ -1,2 +1,2 @@", "@@ -1,9 +1,2 @@", "patch: line 4: the hunk is shorter"),
        ("test.patch", "b/tests/", "b/../tests/", "test_patch: it writes outside"),
        ("Dockerfile", "FROM", "FROM scratch\nFROM", "Dockerfile is not what environment.yaml"),
        ("certificates/README", "image", "picture", "certificates/README is not what"),
        ("environment.yaml", "commit: 0", "commit: f", "not base_commit"),
        ("environment.yaml", "python:", "snake:", "environment.yaml: python"),
    ],
)
def test_each_fault_is_named(folder: Path, name: str, old: str, new: str, said: str) -> None:
    _break(folder, name, old, new)
    assert any(said in message for message in _messages(folder)), _messages(folder)


@pytest.mark.parametrize(
    "name",
    ["task.yaml", "tests.json", "gold.patch", "test.patch", "eval.sh", "problem_statement.md",
     "Dockerfile", "certificates/README", "source.tar.gz"],
)  # fmt: skip
def test_a_missing_file_is_named(folder: Path, name: str, task_repo: Write) -> None:
    task_repo("acme__widget-1", "b__b-1")
    (folder / name).unlink()
    assert any(name in message for message in _messages(folder))


def test_alternatives_are_looked_through(folder: Path) -> None:
    (folder / "alternatives").mkdir()
    (folder / "alternatives" / "lonely.patch").write_text("x")
    assert _messages(folder) == ["alternatives/lonely.patch: there is no lonely.yaml beside it"]


def test_every_problem_is_named_at_once(folder: Path) -> None:
    (folder / "eval.sh").write_bytes(b"\xff")
    (folder / "tests.json").write_text("[]")
    (folder.parent.parent / "sweb.yaml").unlink()
    (folder.parent / "stray").mkdir()
    said = " | ".join(_messages(folder))
    for part in ("eval.sh: not UTF-8", "tests.json: holds no object", "missing, so the harness",
                 "no task.yaml, so it is not a task"):  # fmt: skip
        assert part in said


def test_fix_writes_what_follows_from_the_description_and_nothing_else(folder: Path) -> None:
    _break(folder, "Dockerfile", "FROM", "FROM scratch\nFROM")
    _break(folder, "eval.sh", ">>>>> Start Test Output", "")
    (folder / "certificates" / "README").unlink()
    before = (folder / "eval.sh").read_bytes(), (folder / "environment.yaml").read_bytes()
    result = check(folder.parent.parent, fix=True)
    assert [problem.fixed for problem in result.problems] == [False, True, True]
    assert len(result.open) == 1
    assert before == ((folder / "eval.sh").read_bytes(), (folder / "environment.yaml").read_bytes())
    assert len(_messages(folder)) == 1


def test_the_rows_of_a_data_set_are_checked(dataset: Write, row: dict[str, Any]) -> None:
    path = dataset(
        row,
        row,
        {**row, "instance_id": "b__b-1", "log_parser": "parse_log_nothing"},
        {**row, "instance_id": "b__b-2", "test_cmd": ""},
    )
    result = check(path)
    assert result.tasks == 4
    assert [(problem.where, problem.message.split(":")[0]) for problem in result.problems] == [
        ("acme__widget-1", "duplicate_id"),
        ("b__b-1", _no_parser()),
        ("b__b-2", "no_test_command"),
    ]


def _no_parser() -> str:
    return "no log parser is called 'parse_log_nothing' here; parsers of other languages come with"
