"""The audit as a whole, with a fake engine."""

from __future__ import annotations

import threading

import fakes
import pytest

from swe_audit.api import Engine, audit, reproduce
from swe_audit.cli.run import exit_code
from swe_audit.concluding import judge_audit
from swe_audit.errors import (
    EngineUnavailableError,
    ExitCode,
    ImageError,
    InputError,
    InterruptedRunError,
    NoInterpreterError,
    UnknownIdError,
    UsageError,
)
from swe_audit.journal import Journal
from swe_audit.model.audit import TaskStatus
from swe_audit.model.task import Resources, Skipped, SkipReason
from swe_audit.model.trial import Limits, RunState, Verdict
from swe_audit.report.documents import report_document


def run(out, *tasks, play=None, images=None, isolation=None, **options):
    isolation = isolation or fakes.FakeIsolation(play)
    engine = Engine(isolation=isolation, images=images or fakes.FakeImages())
    dataset = fakes.make_dataset(*tasks)
    return audit(dataset, out, engine=engine, **options), isolation


def test_an_audit_runs_judges_and_keeps_everything(tmp_path):
    task = fakes.make_task()
    submitted = [fakes.predicted(task, "max(prices)"), fakes.predicted(task, "len(prices)", "b")]
    listener = fakes.Memory()
    result, isolation = run(tmp_path / "r", task, predictions=submitted, listener=listener)
    assert [one.status for one in result.tasks] == [TaskStatus.UNTESTED]
    assert len(isolation.ran) == len(set(isolation.ran)) == 6
    assert isolation.closed
    assert listener.remaining == [6, 5, 4, 3, 2, 1, 0]
    assert listener.events[-1] == "settled shop__cart-1"
    trial = result.tasks[0].trials[0]
    assert (tmp_path / "r" / trial.log).is_file()
    assert result.run.engine == "fake 1"
    assert result.run.finished >= result.run.started


def test_the_journal_alone_gives_the_same_report(tmp_path):
    tasks = [fakes.make_task(f"shop__cart-{number}") for number in range(4)]
    submitted = [fakes.predicted(task, "max(prices)") for task in tasks]
    play = fakes.by_candidate({"model-" + "x": fakes.FAIL})
    result, _ = run(tmp_path / "r", *tasks, predictions=submitted, play=play, workers=3)
    with Journal.open(tmp_path / "r", writable=False) as journal:
        again = judge_audit(journal)
    assert again == result
    assert report_document(again) == report_document(result)


def test_the_report_does_not_depend_on_the_order_in_which_trials_end(tmp_path):
    tasks = [fakes.make_task(f"shop__cart-{number}") for number in range(5)]
    submitted = [
        fakes.predicted(task, text) for task in tasks for text in ("max(prices)", "0", "1")
    ]
    documents = []
    for workers in (1, 4):
        out = tmp_path / f"w{workers}" / "r"
        result, _ = run(out, *tasks, predictions=submitted, workers=workers)
        document = report_document(result)
        document["run"]["started"] = document["run"]["finished"] = ""
        documents.append(document)
    assert documents[0] == documents[1]


def test_an_image_that_cannot_be_had_skips_its_task_and_no_other(tmp_path):
    tasks = [fakes.make_task(f"shop__cart-{number}") for number in range(3)]
    failure = ImageError("the build failed", log="...\nno such package\n")
    missing = {"shop__cart-1": failure, "shop__cart-2": NoInterpreterError("none")}
    result, isolation = run(tmp_path / "r", *tasks, images=fakes.FakeImages(missing))
    statuses = {one.instance_id: one.status for one in result.tasks}
    assert statuses["shop__cart-0"] is TaskStatus.UNTESTED
    assert {s.instance_id: s.reason for s in result.skipped} == {
        "shop__cart-1": SkipReason.IMAGE_UNAVAILABLE,
        "shop__cart-2": SkipReason.NO_INTERPRETER,
    }
    assert result.skipped[0].detail == "the build failed: no such package"
    assert result.defect_rate.n == 1
    assert result.defect_rate_bounds == (0, 2 / 3)
    assert all(name.startswith("shop__cart-0/") for name in isolation.ran)


def test_images_are_told_what_is_to_come_and_when_a_task_is_done(tmp_path):
    tasks = [fakes.make_task(f"shop__cart-{number}") for number in range(3)]
    images = fakes.FakeImages({"shop__cart-1": ImageError("none")})
    run(tmp_path / "r", *tasks, images=images)
    assert sorted(images.expected) == sorted(images.released) == [t.instance_id for t in tasks]
    assert images.closed
    again = fakes.FakeImages({"shop__cart-1": ImageError("none")})
    run(tmp_path / "r", *tasks, images=again, resume=True)
    assert again.expected == again.released == ["shop__cart-1"]


def test_a_claim_that_no_machine_can_meet_skips_its_task_and_no_other(tmp_path):
    machine = Resources(cpus=2, memory=8 * 1024**3)
    tasks = [
        fakes.make_task("a__a-1", resources=Resources(cpus=2, memory=2**30)),
        fakes.make_task("a__a-2", resources=Resources(cpus=3)),
    ]
    isolation = fakes.FakeIsolation(machine=machine)
    result, _ = run(tmp_path / "r", *tasks, isolation=isolation)
    (skipped,) = result.skipped
    assert (skipped.instance_id, skipped.reason) == ("a__a-2", SkipReason.NO_MACHINE)
    assert "claims 3 processors, and no machine of this run has more than 2" in skipped.detail
    assert exit_code(result, None) is ExitCode.INCOMPLETE
    assert {name.split("/")[0] for name in isolation.ran} == {"a__a-1"}
    assert {(one.cpus, one.memory) for one in isolation.limits} == {(2, 2**30)}
    assert "processors or memory as the task claims them: 2 tasks" in result.run.notes
    larger = fakes.FakeIsolation(machine=Resources(cpus=3))
    result, _ = run(tmp_path / "r", *tasks, isolation=larger, resume=True)
    assert result.skipped == ()
    assert {name.split("/")[0] for name in larger.ran} == {"a__a-2"}


def test_a_task_that_cannot_run_is_skipped_with_its_reason(tmp_path):
    tasks = [
        fakes.make_task("a__a-1", eval_script=None),
        fakes.make_task("a__a-2", log_parser="of nobody"),
        fakes.make_task("a__a-3", image=None),
    ]
    result, isolation = run(tmp_path / "r", *tasks)
    assert [s.reason for s in result.skipped] == [
        SkipReason.NO_TEST_COMMAND,
        SkipReason.NO_LOG_PARSER,
        SkipReason.NO_IMAGE,
    ]
    assert {one.status for one in result.tasks} == {TaskStatus.SKIPPED}
    assert not isolation.ran


def test_what_loading_left_out_stays_in_the_partition(tmp_path):
    left_out = Skipped(instance_id="b__b-1", reason=SkipReason.BAD_INPUT, detail="no diff")
    dataset = fakes.make_dataset(fakes.make_task())
    dataset = type(dataset)(source="s", sha256="0" * 64, tasks=dataset.tasks, skipped=(left_out,))
    engine = Engine(isolation=fakes.FakeIsolation(), images=fakes.FakeImages())
    result = audit(dataset, tmp_path / "r", engine=engine)
    assert [(one.instance_id, one.status) for one in result.tasks] == [
        ("b__b-1", TaskStatus.SKIPPED),
        ("shop__cart-1", TaskStatus.UNTESTED),
    ]


def test_going_on_runs_only_what_is_missing(tmp_path):
    tasks = [fakes.make_task(f"shop__cart-{number}") for number in range(3)]
    stops = iter([False] * 4)
    first = fakes.FakeIsolation()
    with pytest.raises(InterruptedRunError):
        run(tmp_path / "r", *tasks, isolation=first, stop=lambda: next(stops, True))
    result, second = run(tmp_path / "r", *tasks, resume=True)
    whole, alone = run(tmp_path / "other" / "r", *tasks)
    assert sorted({*first.ran, *second.ran}) == sorted(alone.ran)
    assert len(second.ran) < len(alone.ran)
    assert [one.trials for one in result.tasks] == [one.trials for one in whole.tasks]
    third, nothing = run(tmp_path / "r", *tasks, resume=True)
    assert nothing.ran == []
    assert third.tasks == result.tasks


@pytest.mark.parametrize("state", [RunState.ENGINE_ERROR, RunState.INTERRUPTED])
def test_a_trial_that_we_failed_is_run_again_when_the_audit_goes_on(tmp_path, state):
    task = fakes.make_task()
    broken = fakes.by_candidate({"gold": [fakes.PASS, state, fakes.PASS]})
    result, _ = run(tmp_path / "r", task, play=broken)
    assert result.tasks[0].status is TaskStatus.INCONCLUSIVE
    assert state.value in result.tasks[0].reason
    result, isolation = run(tmp_path / "r", task, resume=True)
    assert isolation.ran == ["shop__cart-1/gold/2"]
    assert result.tasks[0].status is TaskStatus.UNTESTED


def test_a_task_that_changed_is_run_anew(tmp_path):
    run(tmp_path / "r", fakes.make_task())
    _, isolation = run(tmp_path / "r", fakes.make_task(statement="other"), resume=True)
    assert len(isolation.ran) == 4


def test_a_patch_that_changed_is_run_anew_and_the_others_are_not(tmp_path):
    task = fakes.make_task()
    run(tmp_path / "r", task, predictions=[fakes.predicted(task, "max(prices)")])
    new = [fakes.predicted(task, "len(prices)")]
    result, isolation = run(tmp_path / "r", task, predictions=new, resume=True)
    assert len(isolation.ran) == 1
    assert len(result.tasks[0].candidates) == 3
    assert len(result.tasks[0].trials) == 5


def test_trials_of_another_image_do_not_count(tmp_path):
    task = fakes.make_task()
    run(tmp_path / "r", task)
    new = [fakes.predicted(task, "max(prices)")]
    images = fakes.FakeImages(tag="2")
    _, isolation = run(tmp_path / "r", task, predictions=new, images=images, resume=True)
    names = sorted(name.split("/")[1] for name in isolation.ran)
    assert names[:4] == ["empty", "gold", "gold", "gold"]
    assert len(names) == 5


def test_a_folder_with_something_in_it_is_refused(tmp_path):
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        run(tmp_path, fakes.make_task())
    assert (tmp_path / "note.txt").read_text() == "mine"
    run(tmp_path / "r", fakes.make_task())
    with pytest.raises(UsageError, match="already holds an audit"):
        run(tmp_path / "r", fakes.make_task())


def test_nothing_selected_and_unknown_alternatives_are_said(tmp_path):
    with pytest.raises(InputError, match="no task"):
        run(tmp_path / "r")
    with pytest.raises(UsageError, match="miracles"):
        run(tmp_path / "r", fakes.make_task(), alternatives=["miracles"])
    assert not (tmp_path / "r").exists()


def test_the_limits_of_the_run_are_those_of_each_trial_and_of_its_repetition(tmp_path):
    limits = Limits(timeout=7, memory=123456789)
    _, isolation = run(tmp_path / "r", fakes.make_task(), limits=limits)
    assert set(isolation.limits) == {limits}
    with Journal.open(tmp_path / "r", writable=False) as journal:
        again = fakes.FakeIsolation()
        engine = Engine(isolation=again, images=fakes.FakeImages())
        reproduce(journal, "shop__cart-1/gold/2", engine=engine)
    assert again.limits == [limits]


def test_a_trial_is_reproduced_without_touching_the_journal(tmp_path):
    run(tmp_path / "r", fakes.make_task())
    before = (tmp_path / "r" / "audit.sqlite").read_bytes()
    with Journal.open(tmp_path / "r", writable=False) as journal:
        for log, verdict in ((fakes.PASS, Verdict.RESOLVED), (fakes.FAIL, Verdict.UNRESOLVED)):
            play = fakes.by_candidate({"gold": log})
            engine = Engine(isolation=fakes.FakeIsolation(play), images=fakes.FakeImages())
            result = reproduce(journal, "shop__cart-1/gold/1", engine=engine)
            assert result.before.verdict is Verdict.RESOLVED
            assert result.after.verdict is verdict
            assert result.log == log
        with pytest.raises(UnknownIdError, match="gold/9"):
            reproduce(journal, "shop__cart-1/gold/9", engine=engine)
        with pytest.raises(UnknownIdError, match="no task"):
            reproduce(journal, "nonsense", engine=engine)
    assert (tmp_path / "r" / "audit.sqlite").read_bytes() == before


def test_an_engine_that_is_gone_from_the_start_is_an_error_and_leaves_no_folder(tmp_path):
    isolation = fakes.FakeIsolation()
    isolation.away = True
    with pytest.raises(EngineUnavailableError):
        run(tmp_path / "r", fakes.make_task(), isolation=isolation)
    assert not (tmp_path / "r").exists()


def test_a_candidate_that_hangs_is_killed_when_the_user_stops(tmp_path):
    started = threading.Event()

    class Hanging(fakes.FakeIsolation):
        def run(self, spec, image, limits, cancel):
            started.set()
            assert cancel.wait(20)
            return super().run(spec, image, limits, cancel)

    isolation = Hanging()
    with pytest.raises(InterruptedRunError, match="kept in"):
        run(tmp_path / "r", fakes.make_task(), isolation=isolation, stop=started.is_set)
    with Journal.open(tmp_path / "r", writable=False) as journal:
        assert [r.run.state for r in journal.trials("shop__cart-1")] == [RunState.INTERRUPTED]


def test_predictions_for_tasks_that_were_not_selected_are_counted(tmp_path):
    other = fakes.make_task("else__where-1")
    result, _ = run(
        tmp_path / "r", fakes.make_task(), predictions=[fakes.predicted(other, "max(prices)")]
    )
    assert any(
        "1 prediction left out, for 1 task not selected" in note for note in result.run.notes
    )
