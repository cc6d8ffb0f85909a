from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from swe_audit.errors import InputError
from swe_audit.formats.mirrors import Mirror
from swe_audit.formats.recipes import build_requires, read_recipes

RECIPE: dict[str, Any] = {
    "instance_id": "acme__widget-1",
    "python": "3.9",
    "source": {"mirror": "acme__widget.git", "commit": "0" * 40},
}


def _commit(folder: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        (folder / name).write_text(text)
    for command in (["add", "-A"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *command], cwd=folder, check=True
        )
    return subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.mark.parametrize(
    ("files", "edits", "expected"),
    [
        ({}, (), ("setuptools>=40.8.0", "wheel")),
        ({"pyproject.toml": "[tool.x]\ny = 1\n"}, (), ("setuptools>=40.8.0", "wheel")),
        ({"pyproject.toml": "not toml ["}, (), ("setuptools>=40.8.0", "wheel")),
        (
            {"pyproject.toml": '[build-system]\nrequires = ["flit_core >=3.2,<4"]\n'},
            (),
            ("flit_core >=3.2,<4",),
        ),
        (
            {"pyproject.toml": '[build-system]\nrequires = ["setuptools", "x"]\n'},
            ('sed -i \'s/"setuptools"/"setuptools==68.0.0"/\' pyproject.toml',),
            ("setuptools==68.0.0", "x", "wheel"),
        ),
        (
            {"setup.py": "setup(name='x', setup_requires=['pytest-runner', 'wheel'])\n"},
            (),
            ("setuptools>=40.8.0", "wheel", "pytest-runner"),
        ),
        (
            {"setup.cfg": "[options]\nsetup_requires =\n    scm[toml]>=3\n    foo; x\n"},
            (),
            ("setuptools>=40.8.0", "wheel", "scm[toml]>=3", "foo; x"),
        ),
        ({"setup.py": "print 'python 2'\n", "setup.cfg": "x"}, (), ("setuptools>=40.8.0", "wheel")),
    ],
)
def test_what_a_build_needs_is_read_from_the_tree(
    tmp_path: Path, files: dict[str, str], edits: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    commit = _commit(tmp_path, files)
    with Mirror(tmp_path, [commit]) as mirror:
        assert build_requires(mirror, commit, edits) == expected


def test_an_edit_gets_neither_a_shell_nor_a_file(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    commit = _commit(tmp_path, {"setup.py": "x\n"})
    witness = tmp_path / "witness"
    edits = (
        f"sed -i 'w {witness}' setup.py",
        f"sed -i '1e touch {witness}' setup.py",
        f"sed -i s/x/y/ setup.py; touch {witness}",
        f"touch {witness}",
        "sed -i 's/unfinished setup.py",
    )
    with Mirror(tmp_path, [commit]) as mirror:
        assert build_requires(mirror, commit, edits) == ("setuptools>=40.8.0", "wheel")
    assert not witness.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"python": "2.7"}, "python"),
        ({"pipp": []}, "pipp: unknown key"),
        ({"source": {"mirror": "../x.git", "commit": "0" * 40}}, "not a plain name"),
        ({"source": {"mirror": "x.git", "commit": "HEAD"}}, "commit"),
    ],
)
def test_a_bad_recipe_is_named_with_its_line(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    path = tmp_path / "recipes.jsonl"
    path.write_text(json.dumps({**RECIPE, **change}) + "\n")
    with pytest.raises(InputError, match=rf"recipes\.jsonl:1: .*{said}"):
        read_recipes(path)


def test_a_second_recipe_for_a_task_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "recipes.jsonl"
    path.write_text(f"{json.dumps(RECIPE)}\n{json.dumps(RECIPE)}\n")
    with pytest.raises(InputError, match="a second recipe for acme__widget-1"):
        read_recipes(path)
