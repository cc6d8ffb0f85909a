"""A sweep touches only what is certainly a leftover of ours."""

from __future__ import annotations

import os
import time

import pytest
from fakes import dead_process

from swe_audit.containers.ownership import (
    DEADLINE,
    GRACE,
    HOST,
    PID,
    RUN,
    is_leftover,
    this_process,
)

NOW = time.time()


def labels(**changed: str) -> dict[str, str]:
    return {**this_process().labels("a-run", NOW + 3600), **changed}


def test_a_live_process_keeps_its_containers():
    assert not is_leftover(labels(), NOW)


def test_a_dead_process_loses_its_containers():
    assert is_leftover(labels(**{PID: dead_process()}), NOW)


def test_a_process_id_that_another_process_got_is_a_dead_process():
    assert is_leftover(labels(**{PID: f"{os.getpid()}:1"}), NOW)


def test_a_container_without_our_label_is_never_ours():
    foreign = labels(**{PID: dead_process()})
    del foreign[RUN]
    assert not is_leftover(foreign, NOW + 1e9)


def test_another_machine_is_left_alone_until_its_deadline_is_long_over():
    there = labels(**{PID: dead_process(), HOST: "elsewhere/boot/namespace"})
    assert not is_leftover(there, NOW)
    assert not is_leftover(there, NOW + 3600 + GRACE - 10)
    assert is_leftover(there, NOW + 3600 + GRACE + 10)


def test_a_live_process_keeps_its_containers_however_far_a_clock_has_jumped():
    assert not is_leftover(labels(), NOW + 1e9)
    assert not is_leftover(labels(**{DEADLINE: "0"}), NOW)


def test_an_earlier_boot_of_this_machine_is_dead():
    machine, _, namespace = this_process().host.split("/")
    assert is_leftover(labels(**{HOST: f"{machine}/earlier/{namespace}"}), NOW)


def test_another_process_namespace_of_this_boot_cannot_be_seen_and_is_left_alone():
    machine, boot, _ = this_process().host.split("/")
    other = labels(**{HOST: f"{machine}/{boot}/other", PID: dead_process()})
    assert not is_leftover(other, NOW)


@pytest.mark.parametrize("pid", ["", "nonsense", "-1:5", "0:5", "99999999999999999999:5"])
def test_a_label_that_is_no_process_proves_no_death(pid):
    assert not is_leftover(labels(**{PID: pid}), NOW) or pid.startswith("9")


def test_a_deadline_that_is_no_number_is_ignored():
    assert not is_leftover(labels(**{DEADLINE: "soon"}), NOW + 1e9)
