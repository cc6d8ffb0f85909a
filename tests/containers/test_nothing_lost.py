"""Audits that are killed, whose clock jumps or whose engine restarts go on and say the same.

``SOAK_KILLS`` says how often the audit is killed, and ``SOAK`` asks for what takes
long; ``make soak`` sets both.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

import auditing_kit
import docker
import pytest
from auditing_kit import write_input

KILLS = int(os.environ.get("SOAK_KILLS", "3"))
SOAK = bool(os.environ.get("SOAK"))
pytestmark = [pytest.mark.alone, pytest.mark.timeout(600 + 60 * KILLS)]
WORKERS = 2
TASKS = 4 + KILLS // 2
LONGEST = 6.0
"""Seconds that a killed audit lives at most."""
JUMPING = """
import random, time
real, state = time.time, random.Random(5)
time.time = lambda: real() + state.choice((-4e8, -86400, 0, 86400, 4e8))
"""


def auditor(folder: Path, run: str, **variables: str) -> auditing_kit.Auditor:
    return auditing_kit.Auditor(folder, run, "-j", str(WORKERS), **variables)


@pytest.fixture
def folder(tmp_path, tiny_image):
    write_input(tmp_path, tiny_image, TASKS)
    return tmp_path


@pytest.fixture
def name():
    return f"lost-{uuid.uuid4().hex[:8]}"


def test_an_audit_killed_at_random_moments_repeats_only_what_was_in_flight(
    folder, name, trials, containers, nothing_left
):
    whole, killed = auditor(folder, f"{name}-whole"), auditor(folder, name)
    whole.finish()
    state, kept = random.Random(name), []
    for _ in range(KILLS):
        process = killed.start()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=state.uniform(0.2, LONGEST))
        assert process.returncode is None, f"{name}: it ended before it could be killed"
        process.kill()
        process.communicate()
        time.sleep(0.5)  # until the last start is heard of, and the end of what only waited
        kept.append((killed.recorded(), len(trials(killed.run))))
    killed.finish()
    assert killed.report() == whole.report()
    needed, ran = trials(whole.run), trials(killed.run)
    assert set(ran) == set(needed)
    for recorded, began in kept:
        assert not recorded & set(ran[began:])
    assert len(ran) - len(needed) <= WORKERS * KILLS
    assert containers.all_of(killed.run) == containers.all_of(whole.run) == []


def test_a_clock_that_jumps_by_years_changes_nothing(
    folder, name, trials, containers, nothing_left
):
    (folder / "jumping").mkdir()
    (folder / "jumping" / "sitecustomize.py").write_text(JUMPING)
    whole = auditor(folder, f"{name}-whole")
    jumping = auditor(folder, name, PYTHONPATH=str(folder / "jumping"))
    whole.finish()
    jumping.finish()
    assert jumping.report() == whole.report()
    assert sorted(trials(jumping.run)) == sorted(trials(whole.run))
    assert containers.all_of(jumping.run) == []


@pytest.fixture
def own_engine(tmp_path, tiny_image):
    """An engine of this test's own, on its own socket and data, and how to restart it."""
    if not SOAK:
        pytest.skip("starts an engine of its own; `make soak` asks for it")
    place = Path(tempfile.mkdtemp(prefix="engine-"))
    driver = "fuse-overlayfs" if shutil.which("fuse-overlayfs") else "vfs"
    # In a network of its own: an engine that wants no bridge takes away whatever docker0 it finds.
    command = [
        "unshare", "--net", "dockerd",
        f"--data-root={place / 'data'}", f"--exec-root={place / 'exec'}",
        f"--host=unix://{place / 'socket'}", f"--pidfile={place / 'pid'}", "--bridge=none",
        "--iptables=false", f"--config-file={place / 'settings'}", f"--storage-driver={driver}",
    ]  # fmt: skip
    (place / "settings").write_text("{}")  # not those of the engine that is there
    log = (place / "log").open("w")
    running: list[subprocess.Popen[bytes]] = []

    def stop():
        engine = running.pop()
        engine.terminate()
        engine.wait(60)

    def start():
        running.append(subprocess.Popen(command, stdout=log, stderr=log))
        for _ in range(300):
            with contextlib.suppress(docker.errors.DockerException):
                return docker.APIClient(base_url=f"unix://{place / 'socket'}", version="auto")
            time.sleep(0.2)
        pytest.fail((place / "log").read_text()[-2000:])

    try:
        start().close()
        host = f"unix://{place / 'socket'}"
        with subprocess.Popen(["docker", "save", tiny_image], stdout=subprocess.PIPE) as saved:
            load = ["docker", "-H", host, "load"]
            subprocess.run(load, stdin=saved.stdout, check=True, capture_output=True)
        yield host, start, stop
    finally:
        while running:
            stop()
        log.close()
        shutil.rmtree(place, ignore_errors=True)


def test_an_engine_that_restarts_in_mid_run_is_waited_for(folder, name, own_engine):
    host, start, stop = own_engine
    whole = auditor(folder, f"{name}-whole", DOCKER_HOST=host)
    restarted = auditor(folder, name, DOCKER_HOST=host)
    whole.finish()
    process = restarted.start()
    for _ in range(3):
        logs = restarted.logs()
        while process.poll() is None and restarted.logs() < logs + 2:
            time.sleep(0.05)
        assert process.poll() is None, f"it ended too early: {process.communicate()[1]}"
        stop()
        time.sleep(3)
        start().close()
    _, said = process.communicate(timeout=500)
    assert process.returncode == 0, said
    assert restarted.report() == whole.report()
    engine = docker.APIClient(base_url=host, version="auto")
    assert engine.containers(all=True) == []
    engine.close()
