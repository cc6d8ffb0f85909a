"""The bundled tasks are well formed, consistent, and do what their planted truth says."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from swe_audit.environments import environment_key
from swe_audit.formats.checking import check
from swe_audit.formats.curated import load_curated
from swe_audit.formats.task_folders import task_folders
from swe_audit.model.audit import TaskStatus
from swe_audit.model.candidate import CandidateKind
from swe_audit.model.finding import Cause, Confidence, Defect
from swe_audit.model.tags import DIFFICULTIES

ROOT = Path(__file__).resolve().parents[2]


def _tool() -> ModuleType:
    path = ROOT / "tests" / "expected" / "make_tasks.py"
    spec = importlib.util.spec_from_file_location("make_tasks", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


TOOL = _tool()
FOLDERS: list[Path] = task_folders(ROOT / "tasks")
IDS = [folder.name for folder in FOLDERS]
TRUTH: dict[str, dict[str, Any]] = TOOL.expected()
LOCAL = [folder for folder in FOLDERS if TOOL.is_local(folder)]
PRO = [folder for folder in FOLDERS if TOOL.is_pro(folder)]
EVERY = pytest.mark.parametrize("folder", FOLDERS, ids=IDS)
EVERY_LOCAL = pytest.mark.parametrize("folder", LOCAL, ids=[folder.name for folder in LOCAL])


def test_every_task_has_a_planted_truth_and_every_truth_a_task() -> None:
    assert sorted(TRUTH) == IDS


def test_the_set_covers_what_it_should() -> None:
    planted = Counter(truth["planted"] for truth in TRUTH.values())
    assert planted["clean"] >= 2
    for defect in Defect:
        if defect is not Defect.UNEXPLAINED:
            assert planted[defect.value] >= 1, defect
    causes = {
        finding["cause"]
        for truth in TRUTH.values()
        for finding in truth["findings"]
        if finding["defect"] == "narrow"
    }
    assert causes >= {"missing_name", "message_text", "signature", "order_or_format"}
    assert len(FOLDERS) - len(LOCAL) >= 3, "releases of published packages"
    assert {TOOL.load(folder).language for folder in PRO} == {"go", "javascript", "python"}
    assert all(TOOL.load(folder).is_pro for folder in PRO)


def test_the_task_repo_has_no_problem() -> None:
    assert [str(problem) for problem in check(ROOT).problems] == []


@EVERY
def test_nothing_has_drifted_from_what_it_is_made_of(folder: Path) -> None:
    assert sorted(TOOL.drift(folder)) == []


@EVERY
def test_every_curated_candidate_can_be_read_and_is_expected(folder: Path) -> None:
    candidates, problems = load_curated(TOOL.load(folder))
    assert problems == ()
    assert {candidate.name for candidate in candidates} == set(TRUTH[folder.name]["alternatives"])
    correct = [c for c in candidates if c.kind is CandidateKind.ALTERNATIVE]
    assert len(correct) >= 2
    assert all(candidate.evidence for candidate in candidates)


@EVERY
def test_the_planted_truth_follows_the_rules_of_status_and_confidence(folder: Path) -> None:
    truth = TRUTH[folder.name]
    found = [
        (Defect(f["defect"]), Confidence(f["confidence"]), f["cause"] and Cause(f["cause"]))
        for f in truth["findings"] + truth["later"]
    ]
    confidences = [Confidence(f["confidence"]) for f in truth["findings"]]
    if Confidence.PROVEN in confidences:
        status = TaskStatus.DEFECTIVE
    else:
        status = TaskStatus.SUSPECT if confidences else TaskStatus.CLEARED
    assert TaskStatus(truth["status"]) is status
    planted = truth["planted"]
    assert {defect.value for defect, _, _ in found} == ({planted} - {"clean"})


@EVERY
def test_a_finding_from_alternatives_names_those_that_claim_it(folder: Path) -> None:
    truth = TRUTH[folder.name]
    candidates = {c.name: c for c in load_curated(TOOL.load(folder))[0]}
    claimed = {name for name, c in candidates.items() if c.claim is not None}
    named = {n for f in truth["findings"] for n in f.get("candidates", [])} - {"gold", "empty"}
    assert named == claimed
    for finding in truth["findings"]:
        claims = [candidates[n] for n in finding.get("candidates", []) if n in candidates]
        assert all(c.claim is Defect(finding["defect"]) for c in claims)
        reviewed = any(c.reviewed_by for c in claims)
        assert not claims or reviewed is (finding["confidence"] == "proven")


@EVERY
def test_tags_are_given_and_dates_are_text(folder: Path) -> None:
    task = TOOL.load(folder)
    assert task.difficulty in DIFFICULTIES
    assert task.created_at is not None
    assert task.language == "python" or folder in PRO


@EVERY
def test_no_statement_tells_what_a_narrow_test_pins(folder: Path) -> None:
    task = TOOL.load(folder)
    for finding in TRUTH[folder.name]["findings"]:
        if finding["defect"] == "narrow":
            assert finding["detail"] not in task.statement + task.hints


def test_only_the_leaky_statement_holds_lines_of_its_reference_patch() -> None:
    leaking = []
    for folder in FOLDERS:
        task = TOOL.load(folder)
        code = task.gold_patch.split("diff --git ")
        added = [
            line[1:].strip()
            for part in code
            if part.split("\n", 1)[0].endswith((".py", ".go", ".js"))
            for line in part.splitlines()
            if line.startswith("+") and not line.startswith("+++") and len(line.strip()) > 20
        ]
        if sum(line in task.statement for line in added) >= len(added) / 2:
            leaking.append(TRUTH[folder.name]["planted"])
    assert leaking == ["leaky"]


def test_tasks_with_a_tree_of_their_own_share_one_environment_for_python_and_one_beside() -> None:
    keys = {folder: environment_key(TOOL.load(folder).environment) for folder in LOCAL}
    assert len(set(keys.values())) == 2
    assert len({key for folder, key in keys.items() if TOOL.tools(folder)}) == 1


@EVERY_LOCAL
def test_every_candidate_does_what_was_planted(folder: Path) -> None:
    for program in TOOL.tools(folder):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed; the audit in containers runs this task")
    assert TOOL.surprises(folder) == []


def test_the_flaky_reference_disagrees_with_itself() -> None:
    [folder] = [folder for folder in LOCAL if TRUTH[folder.name]["planted"] == "flaky"]
    task = TOOL.load(folder)
    seen = set()
    with TOOL.committed(folder) as tree:
        for _ in range(8):  # three are enough 99 times in 100
            seen.add(TOOL.run_local(task, task.gold_patch, tree).outcome.failed)
            if len(seen) > 1:
                break
    assert len(seen) > 1


def test_a_changed_source_is_noticed(tmp_path: Path) -> None:
    copy = TOOL.shutil.copytree(LOCAL[0], tmp_path / LOCAL[0].name)
    readme = copy / "source" / "README.md"
    readme.write_text(readme.read_text() + "\nOne line more.\n")
    assert set(TOOL.drift(copy)) == {"environment.yaml", "task.yaml", "eval.sh"}
