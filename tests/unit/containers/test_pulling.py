"""How patient a pull is: little where a registry is busy, long where it counts pulls."""

from __future__ import annotations

import threading
import time

import docker.errors
import pytest

from swe_audit.containers import pulling
from swe_audit.containers.pulling import Puller, back_off
from swe_audit.errors import ImageError, InterruptedRunError


class Registry:
    """A client whose pulls meet the given answers, and succeed once there are no more."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.images = self.api = self
        self.asked = 0

    def get(self, reference):
        raise docker.errors.ImageNotFound(reference)

    def pull(self, repository, **_):
        self.asked += 1
        return iter([{"error": self.answers.pop(0)}] if self.answers else [{"status": "done"}])


LIMIT = "toomanyrequests: You have reached your pull rate limit."
BUSY = "received unexpected HTTP status: 503 Service Unavailable"


@pytest.fixture
def hurried(monkeypatch):
    """Pauses as they are, a thousand times as fast."""
    monkeypatch.setattr(
        pulling, "back_off", lambda *, limited: (p / 1000 for p in back_off(limited=limited))
    )


def pull(registry):
    said, came = [], []
    found = Puller(registry, came.append).pull("a/b:1", said.append)
    return found, said, came


def test_pauses_grow_and_end():
    assert list(back_off(limited=False)) == [1, 2, 4]
    pauses = list(back_off(limited=True))
    assert pauses[:4] == [5, 10, 20, 40]
    assert max(pauses) == 900
    assert sum(pauses) == 8 * 3600


def test_a_registry_that_counts_pulls_is_asked_until_it_gives(hurried):
    registry = Registry(*[LIMIT] * 12)
    found, said, came = pull(registry)
    assert (found, came, registry.asked) == (True, ["a/b:1"], 13)
    assert said[0] == (
        "the registry allows no more pulls for now: asking for a/b:1 again in 0.005 s"
    )
    assert len(said) == 12


def test_a_registry_that_is_busy_for_long_counts_as_none(hurried):
    found, said, came = pull(Registry(*[BUSY] * 9))
    assert (found, len(said), came) == (False, 3, [])


def test_what_is_absent_is_not_asked_for_again():
    registry = Registry("manifest unknown", LIMIT)
    assert pull(registry) == (False, [], [])
    assert registry.asked == 1


def test_patience_with_a_limit_ends_and_says_so(hurried):
    with pytest.raises(ImageError, match="limit on pulls kept a/b:1 back for 8 hours"):
        pull(Registry(*[LIMIT] * 100))


def test_a_pause_is_ended_by_a_cancel():
    puller = Puller(Registry(LIMIT))
    threading.Timer(0.2, puller.cancel).start()
    began = time.monotonic()
    with pytest.raises(InterruptedRunError):
        puller.pull("a/b:1", lambda _: None)
    assert time.monotonic() - began < 3
