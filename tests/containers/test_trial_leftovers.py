"""Nothing of ours stays behind, whatever happens, and nothing of anybody else's is touched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from swe_audit.containers.ownership import this_process
from swe_audit.containers.trial import DockerIsolation
from swe_audit.model.trial import RunState

pytestmark = [pytest.mark.alone, pytest.mark.usefixtures("nothing_left")]

AUDITOR = """
import sys, threading
sys.path.insert(0, {here!r})
from trial_kit import trial_spec
from swe_audit.containers.trial import DockerIsolation
from swe_audit.model.trial import Limits
with DockerIsolation({run!r}) as isolation:
    isolation.run(trial_spec("trap '' TERM; sleep 300"), {image!r}, Limits(), threading.Event())
"""


def test_after_a_normal_end(trial, isolation, containers):
    trial("echo fine; echo x > /scratch/file")
    isolation.close()
    assert containers.all_of(isolation) == []


def test_a_finished_container_goes_at_once_and_not_only_at_the_end(trial, isolation, containers):
    trial("echo fine")
    end = time.monotonic() + 10
    while containers.all_of(isolation) and time.monotonic() < end:
        time.sleep(0.05)
    assert containers.all_of(isolation) == []


def test_after_a_timeout(trial, isolation, containers):
    trial("sleep 300", timeout=1.0)
    isolation.close()
    assert containers.all_of(isolation) == []


def test_after_a_cancel(trial, isolation, containers):
    cancel = threading.Event()
    threading.Timer(1.0, cancel.set).start()
    assert trial("sleep 300", cancel=cancel).state is RunState.INTERRUPTED
    isolation.close()
    assert containers.all_of(isolation) == []


def test_after_an_exception_in_the_middle(client, tiny_image, trial_spec, limits, containers):
    class Broken(threading.Event):
        """Stands for Ctrl-C: the main thread's wait is where it arrives."""

        asked = 0

        def is_set(self) -> bool:
            self.asked += 1
            if self.asked > 3:
                raise KeyboardInterrupt
            return False

    isolation = DockerIsolation(f"broken-{time.time_ns()}", client=client)
    with pytest.raises(KeyboardInterrupt):
        isolation.run(trial_spec("sleep 300"), tiny_image, limits, Broken())
    isolation.close()
    assert containers.all_of(isolation) == []


def test_after_ctrl_c(tiny_image, containers):
    run = f"ctrl-c-{time.time_ns()}"
    auditor = start_auditor(run, tiny_image)
    containers.wait_for_running(run)
    auditor.send_signal(signal.SIGINT)
    assert auditor.wait(20) != 0
    assert containers.all_of(run) == []


def test_after_a_killed_auditor_the_next_start_sweeps_only_what_was_its(
    client, isolation, tiny_image, containers
):
    run = f"killed-{time.time_ns()}"
    auditor = start_auditor(run, tiny_image)
    container = containers.wait_for_running(run)
    foreign = client.create_container(tiny_image, entrypoint=["sleep", "300"])["Id"]
    living = client.create_container(
        tiny_image,
        entrypoint=["sleep", "300"],
        labels=this_process().labels("alive", time.time() + 3600),
    )["Id"]
    try:
        isolation.sweep()
        assert containers.all_of(run) == [container]
        auditor.kill()
        auditor.wait(20)
        assert isolation.sweep() >= 1
        assert containers.all_of(run) == []
        assert isolation.sweep() == 0
        assert {foreign, living} <= {row["Id"] for row in client.containers(all=True)}
    finally:
        auditor.kill()
        auditor.wait(20)
        for made in {foreign, living} & {row["Id"] for row in client.containers(all=True)}:
            client.remove_container(made, force=True, v=True)


def test_a_container_past_its_deadline_is_swept_whoever_made_it(client, isolation, tiny_image):
    labels = {
        **this_process().labels("elsewhere", time.time() - 7200),
        "swe-audit.host": "another/machine/altogether",
    }
    isolation.sweep()
    client.create_container(tiny_image, entrypoint=["sleep", "1"], labels=labels)
    assert isolation.sweep() == 1


def start_auditor(run: str, image: str) -> subprocess.Popen[bytes]:
    here = str(Path(__file__).parent)
    code = AUDITOR.format(here=here, run=run, image=image)
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stderr=subprocess.DEVNULL,
    )
