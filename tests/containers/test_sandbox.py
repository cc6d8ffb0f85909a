"""Trials without an engine: what bubblewrap lets a candidate do, and how each state comes about."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from fakes import labels_of_the_dead
from trial_kit import trial_spec

from swe_audit.containers.ownership import this_process
from swe_audit.errors import EngineUnavailableError, ImageError, NoInterpreterError
from swe_audit.model.task import Environment, Source
from swe_audit.model.trial import Limits, RunState
from swe_audit.sandbox import SandboxImages, SandboxIsolation, require
from swe_audit.sandbox import limits as bounds
from swe_audit.sandbox.interpreters import interpreter_for

MIB = 2**20
EDIT = "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-A = 1\n+A = 2\n"
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A cache that holds one place: a git tree and this Python, made by hand."""
    try:
        require()
    except EngineUnavailableError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(error.message)
    cache = tmp_path_factory.mktemp("cache")
    folder = cache / "tree" / "tiny"
    tree = folder / "tree"
    tree.mkdir(parents=True)
    (folder / "opt").mkdir()
    (tree / "a.py").write_text("A = 1\n")
    for line in (
        "init -q -b main",
        "add -A",
        "-c user.name=t -c user.email=t@localhost commit -q -m base",
    ):
        subprocess.run(["git", *line.split()], cwd=tree, check=True)
    python = Path(sys.base_prefix, "bin")
    facts = {
        "workdir": "/testbed",
        "variables": {"PATH": f"{python}:/usr/local/bin:/usr/bin:/bin", "ONLY_THERE": "yes"},
        "prefix": sys.base_prefix,
    }
    (folder / "place.json").write_text(json.dumps(facts))
    return cache


@pytest.fixture
def trial(cache):
    """Run a bash script as the eval script, on a patch, and return what came of it."""
    isolation = SandboxIsolation(f"test-{os.getpid()}", cache, disk_interval=0.2)

    def run(script, patch="", cancel=None, **more):
        limits = Limits(**{"timeout": 30.0, "memory": 256 * MIB, **more})
        spec = trial_spec(script, patch)
        return isolation.run(spec, "sandbox:tiny", limits, cancel or threading.Event())

    yield run
    assert list((cache / "trials").iterdir()) == []
    git = ["git", "-C", str(cache / "tree/tiny/tree"), "status", "--porcelain"]
    assert subprocess.run(git, capture_output=True, check=True).stdout == b""


def test_a_script_that_ends_has_completed_with_its_code_and_its_very_output(trial):
    run = trial("echo out; echo err >&2; cat a.py; exit 7", EDIT)
    assert (run.state, run.exit_code, run.log) == (RunState.COMPLETED, 7, "out\nerr\nA = 2\n")
    assert (run.isolation, run.image) == ("sandbox", "sandbox:tiny")
    assert run.apply_log.startswith("$ git apply --verbose /tmp/patch.diff\n")


def test_a_patch_that_no_command_takes_is_rejected(trial):
    run = trial("echo ran", EDIT.replace("A = 1", "B = 1"))
    assert (run.state, run.log) == (RunState.PATCH_REJECTED, "")


def test_the_scripts_folder_name_and_variables_are_the_places(trial, monkeypatch):
    monkeypatch.setenv("SWE_AUDIT_SECRET", "seen")
    run = trial("pwd; echo $ONLY_THERE; id -u; hostname; env | grep -c SECRET; umask")
    assert run.log == "/testbed\nyes\n0\nswe-audit\n0\n0022\n"


def test_the_host_is_out_of_reach(trial, tmp_path):
    (tmp_path / "secret").write_text("sesame")
    run = trial(
        f"cat {tmp_path}/secret {Path(__file__)} /etc/shadow /var/run/docker.sock; ls /home /run\n"
        "touch /usr/bin/x; ls /proc | grep -c '^[0-9]'; mount -t tmpfs x /mnt; date -s 1999-01-01\n"
        "grep Cap[EB] /proc/self/status | cut -f2 | sort -u; grep NoNewPrivs /proc/self/status"
    )
    assert run.state is RunState.COMPLETED
    assert "sesame" not in run.log
    assert run.log.count("No such file or directory") == 4
    assert "cannot touch '/usr/bin/x': Read-only file system" in run.log
    assert "0000000000000000\n" in run.log
    assert "NoNewPrivs:\t1" in run.log
    assert int(next(line for line in run.log.splitlines() if line.isdigit())) < 10
    assert time.time() > 10**9


def test_there_is_no_network_but_loopback(trial):
    run = trial(
        "tail -n +3 /proc/net/dev | cut -d: -f1\n"
        "python3 - <<'E'\n"
        "import socket\n"
        "print(socket.gethostbyname(socket.gethostname()))\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "print(socket.create_connection(server.getsockname()).getpeername()[0])\n"
        "try:\n    socket.create_connection(('1.1.1.1', 80), timeout=5)\n"
        "except OSError as error:\n    print(error.strerror)\nE\n"
    )
    assert run.log.split() == ["lo", "127.0.0.1", "127.0.0.1", "Network", "is", "unreachable"]


def test_the_marks_are_gone_before_the_tests_begin(trial):
    run = trial(
        "ls -A / | grep swe-audit; grep -ralE '[0-9a-f]{32}:(evaluate|rejected)' "
        "/tmp /root /testbed /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2> /dev/null; echo searched",
        EDIT,
    )
    assert run.log == "searched\n"


def test_one_trial_leaves_nothing_for_the_next(trial):
    trial("echo 1 > /tmp/left; echo 1 > /opt/left; echo 1 > left; echo 1 > /root/left")
    run = trial("ls /tmp/left /opt/left left /root/left; git status --short")
    assert run.log.count("No such file or directory") == 4


def test_a_timeout_kills_everything_and_ends_the_log_as_the_harness_does(trial):
    run = trial("trap '' TERM INT; echo before; sleep 300 & sleep 300", timeout=1.0)
    assert run.state is RunState.TIMED_OUT
    assert run.log == "before\n\n\nTimeout error: 1 seconds exceeded."
    assert run.total_seconds < 15


def test_background_processes_end_with_the_script(trial):
    began = time.monotonic()
    mark = f"3{os.getpid()}"
    run = trial(f"trap '' TERM HUP; (setsid sleep {mark} &) ; nohup sleep {mark} & echo done")
    assert (run.state, run.log) == (RunState.COMPLETED, "done\n")
    assert time.monotonic() - began < 10
    said = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert f"sleep {mark}" not in said


@pytest.mark.parametrize("cgroups", [True, False])
def test_too_much_memory_is_out_of_memory(trial, monkeypatch, tmp_path, cgroups):
    if not cgroups:
        monkeypatch.setattr(bounds, "CGROUPS", tmp_path)
    elif "swap" in bounds.unenforced():
        pytest.skip("no cgroup can be made here")
    script = "import time\nx = []\nfor _ in range(8):\n    x.append(bytearray(30 * 2**20))\n"
    run = trial(f"python3 - <<'E'\n{script}    time.sleep(0.15)\nE\n", memory=100 * MIB)
    assert run.state is RunState.OUT_OF_MEMORY, run.log
    assert "100 MiB" in run.detail


@pytest.mark.parametrize("cgroups", [True, False])
def test_a_fork_bomb_ends(trial, monkeypatch, tmp_path, cgroups):
    if not cgroups:
        monkeypatch.setattr(bounds, "CGROUPS", tmp_path)
    script = "import os, time\nfor _ in range(5):\n    os.fork()\n    time.sleep(.1)\ntime.sleep(4)"
    run = trial(f"python3 - <<'E'\n{script}\nE\n", pids=16, timeout=15)
    limited = "Resource temporarily unavailable" in run.log
    assert limited or run.state is RunState.OUT_OF_MEMORY, run.log
    assert run.total_seconds < 20


def test_too_much_output_is_cut(trial):
    run = trial("echo first; exec yes", output=MIB)
    assert run.state is RunState.OUTPUT_EXCEEDED
    assert len(run.log) == MIB


def test_too_much_written_is_disk_exceeded(trial):
    run = trial(
        "for i in 1 2 3; do head -c 9000000 /dev/zero > /tmp/$i; done; sleep 60", disk=20 * MIB
    )
    assert run.state is RunState.DISK_EXCEEDED
    assert run.total_seconds < 20


def test_shared_memory_is_bounded(trial):
    run = trial("head -c 100000000 /dev/zero > /dev/shm/big; echo $?")
    assert "No space left on device" in run.log


def test_a_cancelled_trial_is_interrupted_at_once(trial):
    cancel = threading.Event()
    threading.Timer(1.0, cancel.set).start()
    run = trial("trap '' TERM; echo working; sleep 300", cancel=cancel)
    assert (run.state, run.log) == (RunState.INTERRUPTED, "working\n")


def test_a_folder_that_a_candidate_closed_is_removed(trial):
    assert trial("mkdir -p /tmp/a/b; chmod 0 /tmp/a").state is RunState.COMPLETED


def test_a_place_that_is_gone_is_our_error(cache):
    isolation = SandboxIsolation("test", cache)
    run = isolation.run(trial_spec("true"), "sandbox:none", Limits(), threading.Event())
    assert run.state is RunState.ENGINE_ERROR
    assert "sandbox:none" in run.detail


def test_the_folders_of_dead_runs_are_swept_and_those_of_live_ones_stay(cache):
    isolation = SandboxIsolation("test", cache)
    ours = this_process().labels("test", time.time() + 60)
    live, dead = cache / "trials/live", cache / "trials/dead"
    for folder, labels in ((live, ours), (dead, labels_of_the_dead("test"))):
        folder.mkdir(parents=True)
        (folder / "owner.json").write_text(json.dumps(labels))
    assert isolation.sweep() == 1
    assert [path.name for path in (cache / "trials").iterdir()] == ["live"]
    (live / "owner.json").unlink()
    live.rmdir()


def test_the_study_of_a_place_holds_its_tree(cache):
    task = trial_spec("true").task
    found = SandboxIsolation("test", cache).study(task, "sandbox:tiny")
    assert found.tree.read("a.py") == "A = 1\n"


def test_a_python_of_the_same_minor_version_is_found_and_no_other(tmp_path):
    found = interpreter_for(PYTHON)
    assert found.version.startswith(PYTHON + ".")
    assert found.prefix == Path(sys.base_prefix)
    with pytest.raises(NoInterpreterError, match=r"no Python 3\.99"):
        interpreter_for("3.99", tmp_path)


def test_a_folder_of_interpreters_comes_first(tmp_path):
    program = tmp_path / f"{PYTHON}.999/bin/python{PYTHON}"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' {PYTHON} {tmp_path} {PYTHON}.999\n")
    program.chmod(0o755)
    assert interpreter_for(PYTHON, tmp_path).version == f"{PYTHON}.999"


def test_what_an_environment_needs_and_the_machine_lacks_is_named(cache, tmp_path):
    from dataclasses import replace

    images = SandboxImages(cache)
    task = replace(trial_spec("true").task, folder=tmp_path)
    with pytest.raises(ImageError, match=r"no environment\.yaml"):
        images.ensure(task, print)
    needs = Environment(python=PYTHON, source=Source(commit="c"), system=("libnothing-dev",))
    with pytest.raises(ImageError, match="libnothing-dev"):
        images.ensure(replace(task, environment=needs), print)
    old = Environment(python="3.99", source=Source(commit="c"))
    found = images.ensure_all([replace(task, environment=old)], print, 1)
    assert isinstance(found[task.instance_id], NoInterpreterError)


def test_without_bubblewrap_nothing_runs_and_it_is_said_why(monkeypatch, tmp_path):
    from swe_audit.engines import EngineKind, ImageOptions, engine_to_use, open_engine

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    require.cache_clear()
    try:
        with pytest.raises(EngineUnavailableError, match="there is no bubblewrap") as caught:
            open_engine(EngineKind.SANDBOX, "r", ImageOptions(), None)
        assert "never run without isolation" in caught.value.hint
        with pytest.raises(EngineUnavailableError, match=r"no container engine.*no bubblewrap"):
            engine_to_use()
    finally:
        require.cache_clear()


def test_without_an_engine_the_sandbox_is_used_and_it_is_said_why(cache, monkeypatch, tmp_path):
    from swe_audit.engines import EngineKind, engine_to_use

    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    kind, why = engine_to_use()
    assert kind is EngineKind.SANDBOX
    assert "none.sock" in why
