"""Softened runs in an audit: what is asked for, what stays hard, and what the journal gives."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import fakes

from swe_audit.alternatives.ground import Ground
from swe_audit.api import Engine, audit
from swe_audit.concluding import judge_audit
from swe_audit.containers.runner_script import eval_script
from swe_audit.formats.eval_scripts import made_eval_script
from swe_audit.formats.trees import difference, patched
from swe_audit.inquiries.soft import recording, softened_tests
from swe_audit.journal import Journal
from swe_audit.model.audit import Audit
from swe_audit.model.candidate import CandidateKind, Control
from swe_audit.model.finding import Cause, Determinant
from swe_audit.model.task import Task
from swe_audit.model.tree import Tree
from swe_audit.model.trial import RunState, TrialRun, TrialSpec
from swe_audit.softening.records import mark_of
from swe_audit.workshop import ground_of

TREE = Tree(
    {
        "shop/cart.py": b"def total(prices):\n    return 0\n",
        "tests/test_cart.py": b"from shop.cart import total\n",
        "tests/data/test_input.py": b"def test_other():\n    assert 1\n",
    }
)
TESTS = TREE.with_files(
    {
        "tests/test_cart.py": "from shop.cart import total\n\ndef test_total():\n"
        "    assert total([1, 2]) == 3\n    assert total([]) == 0\n\n"
        "def test_empty():\n    assert total([]) == 0\n",
        "tests/data/test_input.py": "def test_other():\n    assert 2\n",
    }
)
TEST_PATCH = difference(TREE, TESTS, ["tests/test_cart.py", "tests/data/test_input.py"])
TASK = fakes.make_task(
    test_patch=TEST_PATCH, eval_script=made_eval_script("c", TEST_PATCH, "pytest -rA tests")
)


def ground(task: Task = TASK) -> Ground:
    return ground_of(task, TREE)


class Playing:
    """Plays logs by candidate; a softened run's holds what the recorder would write."""

    def __init__(self, rejected: Sequence[str], *, differs: str = "", lacks: str = "") -> None:
        self.rejected, self.differs, self.lacks = rejected, differs, lacks

    def __call__(self, spec: TrialSpec) -> TrialRun:
        candidate = spec.candidate
        subject = candidate.subject or candidate.name
        fails = subject == "empty" or subject in self.rejected
        log = fakes.FAIL if fails else fakes.PASS
        if candidate.control is Control.SOFT:
            mark = mark_of(candidate.test_patch or "")
            assert candidate.script is not None
            assert mark in candidate.script
            if candidate.name == self.differs:
                log = fakes.FAIL_BOTH
            log += "".join(f"{mark}{json.dumps(each)}\n" for each in self.records(fails=fails))
        return fakes.completed(log)

    def records(self, *, fails: bool) -> list[dict[str, object]]:
        path = "tests/test_cart.py"
        kind = "AssertionError" if fails else ""
        first = [4, 1, not fails, ["0" if fails else "3", "3"], kind, "", path]
        if fails and self.lacks:
            said = f"module 'shop.cart' has no attribute '{self.lacks}'"
            first = [4, 1, False, [], "AttributeError", said, path]
        second = [5, 1, True, ["0", "0"], "", "", ""]
        return [
            {"k": "source", "p": path, "l": 4, "s": "assert total([1, 2]) == 3"},
            {"k": "source", "p": path, "l": 5, "s": "assert total([]) == 0"},
            {
                "k": "test",
                "p": path,
                "l": 3,
                "t": [fakes.F2P],
                "a": [first, second],
                "e": None,
                "n": 2,
            },
        ]


def run(
    out: Path,
    play: Playing,
    *,
    task: Task = TASK,
    repeats: int = 3,
    sources: Sequence[str] = ("predictions",),
) -> tuple[Audit, list[str]]:
    isolation = fakes.FakeIsolation(play, tree=TREE)
    engine = Engine(isolation=isolation, images=fakes.FakeImages())
    submitted = [fakes.predicted(task, "max(prices)"), fakes.predicted(task, "len(prices)", "b")]
    result = audit(
        fakes.make_dataset(task),
        out,
        engine=engine,
        predictions=submitted,
        alternatives=sources,
        repeats=repeats,
    )
    return result, isolation.ran


def names(task: Task = TASK) -> list[str]:
    from swe_audit.alternatives.predictions import candidate_name

    patches = [fakes.predicted(task, text).model_patch for text in ("max(prices)", "len(prices)")]
    return [candidate_name(patch) for patch in patches]


def test_gold_no_patch_and_each_rejected_alternative_run_softened_once(tmp_path: Path) -> None:
    rejected, accepted = names()
    result, ran = run(tmp_path / "r", Playing([rejected]))
    asked = [name.split("/", 1)[1] for name in ran if "/soft-" in name]
    assert asked == ["soft-gold/1", "soft-empty/1", f"soft-{rejected}/1"]
    assert not any(accepted in name for name in asked)
    (task,) = result.tasks
    runs = {one.subject: one for one in task.softened}
    assert [one.void for one in runs.values()] == ["", "", ""]
    failed = [seen for seen in runs[rejected].observations if not seen.passed]
    assert [(seen.line, seen.expected, seen.observed, seen.cause) for seen in failed] == [
        (4, "3", "0", Cause.VALUE)
    ]
    assert all(seen.passed for seen in runs["gold"].observations)
    controls = [c for c in task.candidates if c.control is Control.SOFT]
    assert {c.kind for c in controls} == {CandidateKind.CONTROL}
    assert [one.candidate for one in task.rejections] == [rejected]


def test_an_assertion_says_what_the_survey_found_of_its_detail(tmp_path: Path) -> None:
    gold = TREE.with_files({"shop/cart.py": "def __dir__():\n    return []\n"})
    task = replace(TASK, gold_patch=difference(TREE, gold, ["shop/cart.py"]))
    play = Playing(names()[:1], lacks="__dir__")
    result, _ = run(tmp_path / "r", play, task=task, sources=("predictions", "constructions"))
    (seen,) = {
        one.determined_by
        for run in result.tasks[0].softened
        for one in run.observations
        if not one.passed
    }
    assert seen == (Determinant.FRAMEWORK,)


def test_the_journal_alone_gives_the_observations_again(tmp_path: Path) -> None:
    result, _ = run(tmp_path / "r", Playing(names()[:1]))
    with Journal.open(tmp_path / "r", writable=False) as journal:
        assert judge_audit(journal) == result


def test_an_accepted_alternative_is_not_asked_about_however_often_it_ran(tmp_path: Path) -> None:
    rejected, accepted = names()
    _, ran = run(tmp_path / "r", Playing([rejected]), repeats=1)
    assert any(f"soft-{rejected}" in name for name in ran)
    assert not any(f"soft-{accepted}" in name for name in ran)


def test_nothing_is_softened_where_nothing_is_rejected(tmp_path: Path) -> None:
    _, ran = run(tmp_path / "r", Playing([]))
    assert not any("soft-" in name for name in ran)


def test_where_golds_softened_run_differs_all_are_void(tmp_path: Path) -> None:
    rejected = names()[0]
    result, _ = run(tmp_path / "r", Playing([rejected], differs="soft-gold"))
    voids = [one.void for one in result.tasks[0].softened]
    assert all("softened, and PASSED as it is" in void for void in voids)
    assert not any(one.observations for one in result.tasks[0].softened)


def test_a_candidate_whose_own_run_differs_voids_that_one_alone(tmp_path: Path) -> None:
    rejected = names()[0]
    result, _ = run(tmp_path / "r", Playing([rejected], differs=f"soft-{rejected}"))
    assert [bool(one.void) for one in result.tasks[0].softened] == [False, False, True]


def test_a_softened_run_that_did_not_complete_is_void(tmp_path: Path) -> None:
    rejected = names()[0]
    played = Playing([rejected])

    def play(spec: TrialSpec) -> TrialRun:
        late = spec.candidate.name == f"soft-{rejected}"
        return fakes.ended(RunState.TIMED_OUT) if late else played(spec)

    result, _ = run(tmp_path / "r", play)  # type: ignore[arg-type]
    assert "timed_out" in result.tasks[0].softened[-1].void


def test_tests_that_come_with_the_image_are_not_softened(tmp_path: Path) -> None:
    task = replace(TASK, eval_script="pytest -rA tests\n")
    result, ran = run(tmp_path / "r", Playing(names()[:1]), task=task)
    assert not any("soft-" in name for name in ran)
    assert result.tasks[0].softened == ()


def test_only_files_that_hold_a_required_test_are_softened() -> None:
    patch = softened_tests(ground())
    assert patch is not None
    after = patched(TREE, patch)
    assert "_swe_soft_" in (after.read("tests/test_cart.py") or "")
    assert after.read("tests/data/test_input.py") == TESTS.read("tests/data/test_input.py")


def test_the_script_is_the_tasks_own_between_the_recorder_and_its_records() -> None:
    patch = softened_tests(ground())
    assert patch is not None
    script = recording(TASK.eval_script or "", mark_of(patch))
    whole = eval_script(TASK, {}, patch, script)
    assert TASK.test_patch.strip() not in whole
    assert patch.strip() in whole
    head, _, tail = script.partition("'END_OF_SWE_AUDIT_RECORDER'\n")[2].partition(
        "END_OF_SWE_AUDIT_RECORDER\n"
    )
    compile(head, "recorder", "exec")
    assert tail.endswith(TASK.eval_script or "")
    assert tail.startswith("trap ")
