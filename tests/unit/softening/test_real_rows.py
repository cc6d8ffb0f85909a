"""Real test files: each can be softened, and is the same program with the softening taken out."""

from __future__ import annotations

import ast
import gzip
import json
import subprocess
from pathlib import Path

import pytest

from swe_audit.formats.patches import changed_files
from swe_audit.formats.trees import patched
from swe_audit.model.tree import Tree
from swe_audit.softening.rewriting import names_of_tests, soften
from swe_audit.softening.unsoftening import same_program

SHARED = Path(__file__).resolve().parents[4] / "shared"
ROWS = SHARED / "data/verified_dev.jsonl.gz"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not ROWS.is_file(), reason="the development data are not here"),
]
EVERY = 30
"""All rows take a minute and a half."""


def test_every_real_test_file_is_softened_and_stays_the_same_program() -> None:
    seen = 0
    for row in _rows()[::EVERY]:
        for path, text in _test_files(row):
            made = soften(path, text)
            assert made is not None, (row["instance_id"], path)
            assert same_program(text, made.text)
            ast.parse(made.text, feature_version=(3, 6))
            seen += 1
    assert seen > 5


def _rows() -> list[dict[str, str]]:
    with gzip.open(ROWS, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _test_files(row: dict[str, str]) -> list[tuple[str, str]]:
    """The Python files with tests that a row's test patch leaves, where its mirror is here."""
    mirror = SHARED / "mirrors" / f"{row['repo'].replace('/', '__')}.git"
    if not mirror.is_dir():
        return []
    touched = changed_files(row["test_patch"])
    files = {}
    for path in {path for one in touched for path in (one.old, one.new) if path}:
        shown = subprocess.run(
            ["git", "-C", str(mirror), "show", f"{row['base_commit']}:{path}"],
            capture_output=True,
            check=False,
        )
        if shown.returncode == 0:
            files[path] = shown.stdout
    if not all(one.old is None or one.old in files for one in touched):
        return []
    after = patched(Tree(files), row["test_patch"])
    texts = [(path, after.read(path)) for path in after.paths() if path.endswith(".py")]
    return [(path, text) for path, text in texts if text and names_of_tests(text)]
