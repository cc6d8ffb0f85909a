"""Trials on this machine's threads, and an engine that goes away."""

from __future__ import annotations

import threading

import fakes
import pytest

from swe_audit.alternatives.benchmark import controls
from swe_audit.errors import EngineError, EngineUnavailableError
from swe_audit.executors import EngineWatch, LocalExecutor
from swe_audit.listening import Silence
from swe_audit.model.trial import Limits, RunState, TrialSpec
from swe_audit.readying import ImageQueue


def specs(count):
    task = fakes.make_task()
    gold, _ = controls(task)
    return [TrialSpec(task=task, candidate=gold, attempt=n + 1) for n in range(count)]


class Restarting(fakes.FakeIsolation):
    """Fails the first trials, and is away for a number of questions after that."""

    def __init__(self, away_for):
        super().__init__()
        self.questions = 0
        self.away_for = away_for

    def info(self):
        self.questions += 1
        self.away = self.questions <= self.away_for
        return super().info()

    def run(self, spec, image, limits, cancel):
        if self.questions <= self.away_for:
            return fakes.ended(RunState.ENGINE_ERROR)
        return super().run(spec, image, limits, cancel)


def test_as_many_trials_run_at_once_as_there_are_slots():
    together = threading.Barrier(3, timeout=20)

    def play(spec):
        together.wait()
        return fakes.completed(fakes.PASS)

    executor = LocalExecutor(fakes.FakeIsolation(play), Limits(), 3)
    futures = [executor.submit(spec, "i") for spec in specs(3)]
    assert {future.result().image for future in futures} == {"i"}
    executor.close()


def test_after_a_cancel_nothing_is_started():
    isolation = fakes.FakeIsolation()
    executor = LocalExecutor(isolation, Limits(), 1)
    executor.cancel()
    assert executor.submit(specs(1)[0], "i").result().state is RunState.INTERRUPTED
    assert isolation.ran == []
    executor.close()


def test_a_trial_that_a_restart_of_the_engine_failed_runs_again():
    isolation = Restarting(away_for=3)
    watch = EngineWatch(isolation.info, patience=20, pause=0)
    executor = LocalExecutor(isolation, Limits(), 1, watch)
    assert executor.submit(specs(1)[0], "i").result().state is RunState.COMPLETED
    executor.close()


def test_a_trial_that_fails_on_a_healthy_engine_is_an_engine_error():
    isolation = fakes.FakeIsolation(lambda spec: fakes.ended(RunState.ENGINE_ERROR))
    executor = LocalExecutor(isolation, Limits(), 1)
    assert executor.submit(specs(1)[0], "i").result().state is RunState.ENGINE_ERROR
    assert len(isolation.ran) == 1
    executor.close()


def test_an_engine_that_does_not_come_back_ends_the_audit():
    isolation = Restarting(away_for=10**9)
    watch = EngineWatch(isolation.info, patience=0.05, pause=0.01)
    executor = LocalExecutor(isolation, Limits(), 1, watch)
    with pytest.raises(EngineUnavailableError):
        executor.submit(specs(1)[0], "i").result()
    executor.close()


def test_a_cancelled_watch_does_not_wait():
    isolation = Restarting(away_for=10**9)
    watch = EngineWatch(isolation.info, patience=1000, pause=1000)
    watch.cancel()
    with pytest.raises(EngineUnavailableError):
        watch.was_away()


def test_an_image_that_a_restart_of_the_engine_failed_is_made_again():
    isolation = Restarting(away_for=2)

    class Images(fakes.FakeImages):
        def ensure(self, task, say):
            if isolation.questions <= 2:
                raise EngineError("connection aborted")
            return super().ensure(task, say)

    watch = EngineWatch(isolation.info, patience=20, pause=0)
    queue = ImageQueue(Images(), 1, Silence().said, watch)
    assert queue.ensure(fakes.make_task()).result(20).image == "shop__cart-1:1"
    queue.close()
