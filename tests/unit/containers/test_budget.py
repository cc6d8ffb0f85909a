"""Images within a budget: who waits, who goes on, and what goes for it."""

from __future__ import annotations

import threading
import time
import uuid

import fakes
import pytest

from swe_audit.containers.budget import BudgetedImages
from swe_audit.containers.eviction import Held, Layer
from swe_audit.errors import ImageError, InterruptedRunError, UsageError

MB = 1_000_000


class Engine:
    """Images of given sizes, made when asked for, all on one base; both sides of the engine."""

    def __init__(self, **sizes):
        self.sizes = {name.replace("_", "-"): size for name, size in sizes.items()}
        self.here = {}
        self.most = 0
        self.made = []
        self.removed = []
        self.closed = False

    def names(self, task):
        return frozenset({task.instance_id, "base"})

    def has(self, task):
        return task.instance_id in self.here

    def ensure(self, task, say):
        name = task.instance_id
        if name not in self.here:
            self.made.append(name)
        self.here.setdefault("base", 0.0)
        self.here[name] = float(len(self.made))
        self.most = max(self.most, sum(self.sizes[one] for one in self.here))
        return name

    def close(self):
        self.closed = True

    def touch(self, name):
        self.here[name] = time.monotonic()

    def held(self):
        base = Layer(id="base", size=self.sizes["base"] * MB)
        return [
            Held(
                id=name,
                names=(name,),
                layers=(base,)
                if name == "base"
                else (base, Layer(id=name, size=self.sizes[name] * MB)),
                used=used,
            )
            for name, used in self.here.items()
        ]

    def remove(self, images):
        for image in images:
            self.removed.append(image.id)
            del self.here[image.id]


def budgeted(engine, budget, *tasks, lock=None):
    images = BudgetedImages(engine, engine, budget * MB, lock or uuid.uuid4().hex)
    images.expect(tasks)
    return images


def tasks_of(count):
    return [fakes.make_task(f"a-{number}") for number in range(count)]


def quiet(_):
    return None


def test_what_is_done_goes_for_what_comes_and_what_is_needed_stays():
    engine = Engine(base=50, a_0=10, a_1=10, a_2=10, a_3=10)
    tasks = tasks_of(4)
    images = budgeted(engine, 75, *tasks)
    said = []
    for number, task in enumerate(tasks):
        images.ensure(task, said.append)
        if number:
            images.release(tasks[number - 1])
    assert engine.removed == ["a-0", "a-1"]
    assert engine.most == 70
    assert said == ["removed images to make room, least recently used first: 10 MB"] * 2
    images.release(tasks[3])
    images.close()
    assert engine.closed
    assert set(engine.here) == {"base", "a-2", "a-3"}


def test_a_task_waits_until_another_is_done_and_nobody_waits_for_ever():
    engine = Engine(base=50, a_0=10, a_1=10)
    first, second = tasks_of(2)
    images = budgeted(engine, 65, first, second)
    images.ensure(first, quiet)
    said, came = [], threading.Event()

    def wait():
        images.ensure(second, said.append)
        came.set()

    threading.Thread(target=wait, daemon=True).start()
    assert not came.wait(1.2)
    assert said == ["its image waits for room on the disk (--disk-budget)"]
    assert engine.made == ["a-0"]
    images.release(first)
    assert came.wait(5)
    assert engine.removed == ["a-0"]
    images.close()


def test_an_image_that_is_here_needs_no_room():
    engine = Engine(base=50, a_0=10, a_1=10)
    first, second = tasks_of(2)
    engine.here = {"base": 0.0, "a-1": 0.0}
    images = budgeted(engine, 70, first, second)
    images.ensure(first, quiet)
    images.ensure(second, quiet)
    assert engine.removed == []
    images.close()


def test_a_budget_too_small_for_one_image_says_so_and_the_others_go_on():
    engine = Engine(base=50, a_0=100, a_1=10)
    large, small = tasks_of(2)
    images = budgeted(engine, 70, large, small)
    with pytest.raises(ImageError) as caught:
        images.ensure(large, quiet)
    assert caught.value.message == (
        "the image of a-0 takes 150 MB, and --disk-budget allows 70 MB for all"
    )
    assert engine.removed == ["a-0"]
    images.ensure(small, quiet)
    assert set(engine.here) == {"base", "a-1"}
    images.close()


def test_whoever_waits_hears_of_the_end():
    engine = Engine(base=50, a_0=10, a_1=10)
    first, second = tasks_of(2)
    images = budgeted(engine, 60, first, second)
    images.ensure(first, quiet)
    threading.Timer(0.3, images.close).start()
    with pytest.raises(InterruptedRunError):
        images.ensure(second, quiet)


def test_two_audits_cannot_keep_budgets_on_one_engine():
    engine = Engine(base=50)
    one = budgeted(engine, 60, lock="engine")
    with pytest.raises(UsageError, match="another audit keeps a disk budget"):
        budgeted(engine, 60, lock="engine")
    one.close()
    budgeted(engine, 60, lock="engine").close()
