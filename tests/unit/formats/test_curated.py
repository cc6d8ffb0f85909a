from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from swe_audit.formats import load, load_curated
from swe_audit.model.candidate import CandidateKind, Provenance
from swe_audit.model.finding import Defect
from swe_audit.model.task import Task

PATCH = "--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b\r\n"
DESCRIBED = "kind: alternative\nrationale: Says the same.\nauthor: Ann\n"


@pytest.fixture
def task(task_repo: Callable[..., Path]) -> Task:
    (task,) = load(task_repo()).tasks
    assert task.folder is not None
    (task.folder / "alternatives").mkdir()
    return task


def _write(task: Task, stem: str, patch: str | None = PATCH, text: str | None = DESCRIBED) -> None:
    assert task.folder is not None
    for suffix, content in ((".patch", patch), (".yaml", text)):
        if content is not None:
            path = task.folder / "alternatives" / f"{stem}{suffix}"
            path.write_bytes(content.encode())


def test_a_described_patch_is_a_candidate(task: Task) -> None:
    _write(
        task, "other-name", text=DESCRIBED + "reviewed_by: Bob\ndefect: narrow\nevidence: Line 3.\n"
    )
    _write(task, "wrong", text=DESCRIBED.replace("alternative", "incorrect"))
    (other, wrong), problems = load_curated(task)
    assert problems == ()
    assert (other.name, other.kind, other.provenance) == (
        "other-name",
        CandidateKind.ALTERNATIVE,
        Provenance.CURATED,
    )
    assert other.patch == PATCH
    assert (other.author, other.reviewed_by, other.claim) == ("Ann", "Bob", Defect.NARROW)
    assert (other.rationale, other.evidence) == ("Says the same.", "Line 3.")
    assert (wrong.kind, wrong.claim) == (CandidateKind.INCORRECT, None)


def test_a_review_by_the_author_is_none(task: Task) -> None:
    _write(task, "mine", text=DESCRIBED + "reviewed_by: ' ann '\n")
    ((mine,), _) = load_curated(task)
    assert mine.reviewed_by == ""


@pytest.mark.parametrize(
    ("stem", "patch", "text", "said"),
    [
        ("a", None, DESCRIBED, "there is no a.patch"),
        ("a", PATCH, None, "there is no a.yaml"),
        ("gold", PATCH, DESCRIBED, "cannot name a candidate"),
        ("A b", PATCH, DESCRIBED, "cannot name a candidate"),
        ("a", "words", DESCRIBED, "not a diff"),
        ("a", PATCH.replace("x.py", "../x.py"), DESCRIBED, "outside the repository"),
        ("a", PATCH, DESCRIBED + "reviewer: Bob\n", "reviewer: unknown key"),
        ("a", PATCH, DESCRIBED.replace("alternative", "good"), "kind"),
        ("a", PATCH, DESCRIBED + "defect: odd\n", "none of broken, flaky"),
        ("a", PATCH, "kind: alternative\n", "rationale"),
    ],
)
def test_one_bad_alternative_never_stops_the_others(
    task: Task, stem: str, patch: str | None, text: str | None, said: str
) -> None:
    _write(task, stem, patch, text)
    _write(task, "good-one")
    candidates, problems = load_curated(task)
    assert [candidate.name for candidate in candidates] == ["good-one"]
    (problem,) = problems
    assert said in problem
    assert "\n" not in problem


def test_a_stray_file_is_told(task: Task) -> None:
    assert task.folder is not None
    (task.folder / "alternatives" / "notes.txt").touch()
    assert "neither a .patch nor a .yaml" in load_curated(task)[1][0]
