"""What the harness ran already saves a first trial, is shown as such, and grounds nothing."""

from __future__ import annotations

import fakes
import pytest

from swe_audit.api import Engine, audit
from swe_audit.formats.harness_logs import HarnessLog
from swe_audit.model.trial import HARNESS, Verdict


def log(task, output, text="plus(prices)"):
    return HarnessLog(
        instance_id=task.instance_id,
        model="coder",
        patch=fakes.patch_of(text) + "\n",
        output=output,
        folder="logs/run_evaluation/run/coder/shop__cart-1",
    )


def run(out, output, play=None, text="plus(prices)"):
    task = fakes.make_task()
    isolation = fakes.FakeIsolation(play)
    result = audit(
        fakes.make_dataset(task),
        out,
        predictions=[fakes.predicted(task, "plus(prices)")],
        alternatives=("predictions",),
        logs=[log(task, output, text)],
        engine=Engine(isolation=isolation, images=fakes.FakeImages()),
    )
    return result.tasks[0], [each.split("/", 1)[1] for each in isolation.ran]


def submitted(task):
    return [trial for trial in task.trials if trial.candidate.startswith("model-")]


def test_an_accepted_patch_is_not_run_again(tmp_path):
    task, ran = run(tmp_path / "r", fakes.PASS)
    assert ran == ["gold/1", "empty/1", "gold/2", "gold/3"]
    (trial,) = submitted(task)
    assert (trial.isolation, trial.verdict) == (HARNESS, Verdict.RESOLVED)
    assert trial.detail.startswith("imported from logs/")


def test_a_rejected_patch_is_run_as_often_as_any_with_gold_in_between(tmp_path):
    def play(spec):
        bad = spec.candidate.name.startswith("model-") or spec.candidate.name == "empty"
        return fakes.completed(fakes.FAIL if bad else fakes.PASS)

    task, ran = run(tmp_path / "r", fakes.FAIL, play)
    own = [trial for trial in submitted(task) if trial.isolation != HARNESS]
    assert [trial.attempt for trial in own] == [2, 3, 4]
    assert [name.split("/")[0] for name in ran if not name.startswith("empty")] == [
        "gold",
        "gold",
        submitted(task)[0].candidate,
        "gold",
        submitted(task)[0].candidate,
        "gold",
        submitted(task)[0].candidate,
    ]
    assert "not finished" not in task.reason


def test_what_the_harness_says_otherwise_makes_no_finding(tmp_path):
    task, _ = run(tmp_path / "r", fakes.FAIL)
    assert {trial.verdict for trial in submitted(task)} == {Verdict.RESOLVED, Verdict.UNRESOLVED}
    assert task.findings == ()


@pytest.mark.parametrize(
    ("output", "text"),
    [
        (fakes.PASS, "another(prices)"),
        (">>>>> Start Test Output\nnothing\n>>>>> End Test Output\n", "plus(prices)"),
    ],
)
def test_another_patch_or_an_unreadable_log_is_run(tmp_path, output, text):
    task, ran = run(tmp_path / "r", output, text=text)
    assert all(trial.isolation != HARNESS for trial in task.trials)
    assert any(name.startswith("model-") for name in ran)


def test_gold_and_empty_are_always_run(tmp_path):
    task, ran = run(tmp_path / "r", fakes.PASS, text="sum(prices)")
    assert ran.count("gold/1") == 1
    assert all(trial.isolation != HARNESS for trial in task.trials)
