"""Audits on Podman without root rights: a user, a socket and a storage of the test's own.

Takes a minute or two, so ``make soak`` asks for it (``SOAK``).
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from auditing_kit import ROOT
from trial_kit import trial_spec

from swe_audit.containers.docker_engine import connect, describe
from swe_audit.containers.trial import DockerIsolation
from swe_audit.model.trial import Limits, RunState

pytestmark = [
    pytest.mark.alone,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not os.environ.get("SOAK"), reason="`make soak` asks for Podman"),
]
TASK = "swe-audit__ledgerlite-101"
USER = "swe-audit-test"
PROGRAMS = ("podman", "newuidmap", "conmon")
RUNTIMES = ("crun", "runc")
MIB = 2**20
TUNNEL = Path("/dev/net/tun")


class Podman:
    """A Podman of an unprivileged user in one folder."""

    def __init__(self, folder: Path, user: pwd.struct_passwd) -> None:
        self._folder, self._user = folder, user
        # Where logins have it: Podman mounts it under this path in the namespace of its networks.
        self.runtime = Path(f"/run/user/{user.pw_uid}")
        self.socket = f"unix://{self.runtime}/podman.sock"

    def popen(self, *words: str, runtime: str = RUNTIMES[0], **more) -> subprocess.Popen:
        folder = self._folder
        command = ["podman", "--root", f"{folder}/storage"]
        command += ["--runroot", f"{self.runtime}/containers"]
        command += ["--storage-driver", "overlay", "--cgroup-manager", "cgroupfs"]
        environment = {"HOME": f"{folder}/home", "XDG_RUNTIME_DIR": str(self.runtime)}
        if os.getuid() == 0:
            more |= {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        return subprocess.Popen(
            [*command, "--runtime", runtime, *words],
            cwd=folder,
            env={"PATH": os.environ["PATH"], **environment},
            **more,
        )

    def said(self, *words: str, runtime: str) -> tuple[int, str]:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        process = self.popen(*words, runtime=runtime, **pipes)
        text, _ = process.communicate(timeout=120)
        return process.returncode, text.strip()


@pytest.fixture(scope="module")
def user():
    """Who has no rights: whoever runs the tests, or a user made for them."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        pytest.skip(f"Podman without root needs {', '.join(missing)} (podman, uidmap, conmon)")
    if os.getuid() != 0:
        yield pwd.getpwuid(os.getuid())
        return
    subprocess.run(["useradd", "--no-create-home", USER], check=True)
    try:
        yield pwd.getpwnam(USER)
    finally:
        subprocess.run(["userdel", USER], check=True)


@pytest.fixture(scope="module")
def place(user, tiny_image, client):
    """Where the service listens, as in ``DOCKER_HOST``; nothing is left of it."""
    folder = Path(tempfile.mkdtemp(prefix="swe-audit-podman-", dir="/var/tmp"))
    one = Podman(folder, user)
    made = [folder, folder / "home", folder / "storage"]
    if os.getuid() == 0:
        made.append(one.runtime)
    for path in made:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chown(path, user.pw_uid, user.pw_gid)
    saved = folder / "tiny.tar"
    with saved.open("wb") as file:
        file.writelines(client.get_image(tiny_image))
    service = None
    try:
        runtime = _that_runs(one, saved, tiny_image)
        words = ("system", "service", "--time", "0", one.socket)
        with (folder / "service.log").open("wb") as log:
            service = one.popen(*words, runtime=runtime, stdout=log, stderr=log)
        end = time.monotonic() + 30
        while not (one.runtime / "podman.sock").exists():
            assert service.poll() is None, (folder / "service.log").read_text()
            assert time.monotonic() < end
            time.sleep(0.1)
        yield one.socket
    finally:
        if service is not None:
            service.terminate()
            service.wait(30)
        one.said("system", "migrate", runtime="runc")  # ends the process that holds its namespaces
        one.said("unshare", "rm", "-rf", f"{folder}/storage", runtime="runc")
        one.said("system", "migrate", runtime="runc")
        for path in made[::-1]:
            shutil.rmtree(path, ignore_errors=True)


def _that_runs(one: Podman, saved: Path, image: str) -> str:
    """Return the runtime that this kernel's control groups suit; skip where none does."""
    code, text = one.said("load", "--input", str(saved), runtime="runc")
    if code:
        pytest.skip(f"Podman cannot load an image here: {text[-300:]}")
    reasons = []
    for runtime in filter(shutil.which, RUNTIMES):
        words = ("run", "--rm", "--init", "--network", "none", "--entrypoint", "/bin/true", image)
        code, text = one.said(*words, runtime=runtime)
        if code == 0:
            return runtime
        reasons.append(f"{runtime}: {text[-300:]}")
    return pytest.skip(f"no runtime of Podman works here: {'; '.join(reasons)}")


@pytest.fixture(scope="module")
def podman(place):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKER_HOST", place)
        client = connect()
    yield client
    client.close()


@pytest.fixture
def run(podman):
    """Run a bash script as the eval script in a trial on Podman."""

    def one(script: str, **limits):
        with DockerIsolation(f"podman-{time.time_ns()}", client=podman) as isolation:
            allowed = Limits(**{"timeout": 60.0, "memory": 128 * MIB, **limits})
            spec = trial_spec(script)
            return isolation.run(spec, "swe-audit-test/tiny:4", allowed, threading.Event())

    yield one
    assert podman.containers(all=True) == []


def swe_audit(*words: str, engine: str | None = None) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    if engine is not None:
        environment["DOCKER_HOST"] = engine
    command = [sys.executable, "-m", "swe_audit", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def gist(report: dict) -> dict[str, tuple]:
    (task,) = report["tasks"]
    return {
        trial["id"]: (trial["state"], trial["verdict"], trial["official_verdict"], trial["failed"])
        for trial in task["trials"]
    }


def test_a_bundled_task_has_the_verdicts_it_has_on_docker(place, podman, client, tmp_path):
    words = ("run", str(ROOT), "-i", TASK, "-j", "2", "--json", "--quiet")
    words += ("--alternatives", "curated,constructions")
    if os.environ.get("PIP_CERT"):
        words += ("--ca-bundle", os.environ["PIP_CERT"])
    docker_report = json.loads(swe_audit(*words, "-o", str(tmp_path / "docker")))
    (image,) = {trial["image"] for task in docker_report["tasks"] for trial in task["trials"]}
    podman.load_image(client.get_image(image))
    report = json.loads(swe_audit(*words, "-o", str(tmp_path / "podman"), engine=place))
    assert gist(report) == gist(docker_report)
    assert {"resolved", "unresolved"} == {verdict for _, verdict, *_ in gist(report).values()}
    assert podman.containers(all=True) == []
    assert not podman.volumes()["Volumes"]


def test_doctor_names_the_limits_that_are_not_kept(place, podman, run):
    checks = json.loads(swe_audit("doctor", "--json", engine=place))["checks"]
    (said,) = [check["value"] for check in checks if check["name"] == "limits"]
    named = [limit for limit in ("memory", "swap", "cpus", "pids") if limit in said]
    assert named == list(describe(podman).unenforced)
    eats = run("python3 -c 'bytearray(300 << 20)' && echo done")
    assert ("memory" in named) == (eats.log == "done\n"), eats
    starts = run("for i in $(seq 40); do sleep 5 & done 2> /dev/null; echo done", pids=20)
    assert ("pids" in named) == (starts.log == "done\n"), starts


def test_the_runner_deletes_itself_and_the_root_folder_is_roots(run):
    ran = run("ls -a / | grep swe-audit; touch /here && echo written")
    assert (ran.state, ran.log) == (RunState.COMPLETED, "written\n")


def test_a_timeout_kills_what_ignores_signals(run):
    began = time.monotonic()
    ran = run("trap '' TERM; sleep 300 & sleep 300", timeout=2.0)
    assert ran.state is RunState.TIMED_OUT
    assert time.monotonic() - began < 30


def test_one_that_is_removed_from_outside_is_tried_again(podman, run):
    def remove_first() -> None:
        end = time.monotonic() + 30
        while not (found := podman.containers(filters={"status": "running"})):
            assert time.monotonic() < end
            time.sleep(0.05)
        podman.remove_container(found[0]["Id"], force=True)

    thread = threading.Thread(target=remove_first)
    thread.start()
    ran = run("sleep 2; echo done")
    thread.join()
    assert (ran.state, ran.log) == (RunState.COMPLETED, "done\n")


@pytest.fixture
def tunnel():
    """The device of user networks, open to everybody, as distributions have it."""
    if shutil.which("slirp4netns") is None or not TUNNEL.exists():
        pytest.skip(f"networks of Podman without root need slirp4netns and {TUNNEL}")
    mode = stat.S_IMODE(TUNNEL.stat().st_mode)
    if mode & 0o006 != 0o006:
        if os.getuid() != 0:
            pytest.skip(f"{TUNNEL} is not open to this user")
        TUNNEL.chmod(mode | 0o666)
    yield
    if os.getuid() == 0:
        TUNNEL.chmod(mode)


@pytest.mark.usefixtures("tunnel")
def test_a_trial_may_have_a_network(run):
    ran = run("ls /sys/class/net | tr '\\n' ' '", network="bridge")
    assert ran.state is RunState.COMPLETED, ran.detail
    assert set(ran.log.split()) > {"lo"}
    ran = run("ls /sys/class/net")
    assert ran.log == "lo\n"
