"""What runs at once: places, processors and memory, in the order in which trials asked."""

from __future__ import annotations

import threading
import time

import pytest

from swe_audit.containers.turns import Turns, shortage
from swe_audit.model.task import UNSTATED, Resources
from swe_audit.model.trial import Limits

GIB = 1024**3
MACHINE = Resources(cpus=4, memory=8 * GIB)


class Trials:
    """Trials that ask for a turn and hold it until they are let go."""

    def __init__(self, turns):
        self.turns = turns
        self.began = []
        self.cancel = threading.Event()
        self._ends = {}
        self._threads = []

    def ask(self, name, claim=UNSTATED, limits=None):
        self._ends[name] = threading.Event()
        before = len(self.turns._asking) + len(self.began)
        thread = threading.Thread(target=self._run, args=(name, claim, limits or Limits()))
        self._threads.append(thread)
        thread.start()
        self._until(lambda: len(self.turns._asking) + len(self.began) > before)

    def end(self, name):
        self._ends[name].set()

    def are(self, *names):
        self._until(lambda: self.began == list(names))
        time.sleep(0.05)
        return self.began == list(names)

    def close(self):
        self.cancel.set()
        for end in self._ends.values():
            end.set()
        for thread in self._threads:
            thread.join(10)

    def _run(self, name, claim, limits):
        with self.turns.wait(claim, limits, self.cancel) as waited:
            if waited is not None:
                self.began.append(name)
                self._ends[name].wait(30)

    @staticmethod
    def _until(holds):
        end = time.monotonic() + 10
        while not holds() and time.monotonic() < end:
            time.sleep(0.002)


@pytest.fixture
def trials():
    opened = []

    def make(running, machine=MACHINE):
        opened.append(Trials(Turns(running, machine)))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def test_a_task_that_claims_two_processors_takes_two(trials):
    two = trials(4)
    two.ask("a", Resources(cpus=2))
    two.ask("b", Resources(cpus=2))
    two.ask("c", Resources(cpus=1))
    assert two.are("a", "b")
    two.end("a")
    assert two.are("a", "b", "c")


def test_memory_counts_together_as_processors_do(trials):
    two = trials(4)
    two.ask("a", Resources(memory=6 * GIB))
    two.ask("b", Resources(memory=3 * GIB))
    assert two.are("a")
    two.end("a")
    assert two.are("a", "b")


def test_without_claims_as_many_run_as_there_are_places(trials):
    three = trials(3, Resources(cpus=1, memory=2 * GIB))
    for name in "abcd":
        three.ask(name)
    assert three.are("a", "b", "c")


def test_a_trial_without_a_claim_counts_as_its_limits_and_at_most_its_share(trials):
    few = trials(2)
    few.ask("claims", Resources(cpus=3))
    few.ask("one", limits=Limits(cpus=1))
    assert few.are("claims", "one")
    wide = trials(2)
    wide.ask("claims", Resources(cpus=3))
    wide.ask("two", limits=Limits(cpus=64))
    assert wide.are("claims")


def test_who_claims_much_is_not_passed_by(trials):
    queue = trials(4)
    queue.ask("a", Resources(cpus=1))
    queue.ask("much", Resources(cpus=4))
    queue.ask("b", Resources(cpus=1))
    assert queue.are("a")
    queue.end("a")
    assert queue.are("a", "much")
    queue.end("much")
    assert queue.are("a", "much", "b")


def test_a_cancel_ends_the_waiting_and_holds_nothing(trials):
    turns = Turns(1, MACHINE)
    cancel = threading.Event()
    with turns.wait(UNSTATED, Limits(), cancel) as waited:
        assert waited is not None
        cancel.set()
        with turns.wait(UNSTATED, Limits(), cancel) as second:
            assert second is None
    with turns.wait(UNSTATED, Limits(), cancel) as again:
        assert again is not None


def test_what_does_not_fit_at_all_runs_alone_rather_than_never(trials):
    small = trials(4)
    small.ask("a", Resources(cpus=64))
    assert small.are("a")


def test_a_shortage_says_what_is_missing_and_what_there_is():
    assert shortage(Resources(cpus=4, memory=8 * GIB), MACHINE) == ""
    assert shortage(UNSTATED, MACHINE) == ""
    assert shortage(Resources(cpus=64), UNSTATED) == ""
    assert shortage(Resources(cpus=64), MACHINE) == (
        "each of its trials claims 64 processors, and no machine of this run has more than 4"
    )
    assert shortage(Resources(memory=10 * GIB), MACHINE) == (
        "each of its trials claims 10 GiB of memory, and no machine of this run has more than 8"
    )
