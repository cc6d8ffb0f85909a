"""Real containers for the trial tests: an engine, a tiny image of our own, and tasks for it."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path

import docker
import pytest
import requests.exceptions

from swe_audit.containers.docker_engine import connect
from swe_audit.containers.ownership import RUN, TRIAL
from swe_audit.containers.runner_script import ABANDONED
from swe_audit.containers.trial import DockerIsolation
from swe_audit.errors import EngineUnavailableError
from swe_audit.model.trial import Limits, TrialRun

BASE = "swe-audit/base:py3.11"
TINY = "swe-audit-test/tiny:4"

_TINY_DOCKERFILE = f"""FROM {BASE}
COPY tree/ /testbed/
WORKDIR /testbed
RUN git init -q -b main && git config gc.auto 0 && git add -A && \\
    git -c user.name=t -c user.email=t@localhost commit -q -m base
ENV ONLY_IN_IMAGE="yes"
VOLUME /scratch
ENTRYPOINT ["/bin/false"]
"""
_GREETING = "".join(f"line {number}\n" for number in range(1, 31))
_TREE = {"Dockerfile": _TINY_DOCKERFILE, "tree/greeting.txt": _GREETING, "tree/a.py": "A = 1\n"}


def _load_kit(name):
    """Import a neighbour: test folders are no packages here."""
    path = Path(__file__).with_name(f"{name}.py")
    specification = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


_kit = _load_kit("trial_kit")
_load_kit("attacks")
_load_kit("auditing_kit")
_load_kit("installing_kit")


@pytest.fixture(scope="session")
def client():
    try:
        found = connect()
    except EngineUnavailableError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(error.message)
    yield found
    found.close()


@pytest.fixture(scope="session")
def base_image(client) -> str:
    """The Python base image, made as the program makes it."""
    if not client.images(name=BASE):
        from swe_audit.containers import connection
        from swe_audit.containers.bases import Bases
        from swe_audit.containers.pulling import Puller

        builder = connection.connect()
        Bases(builder, Puller(builder)).ensure("3.11", (), print)
    return BASE


@pytest.fixture(scope="session")
def tiny_image(client, base_image) -> str:
    """A small git tree in /testbed, with an entry point and a volume that are in the way."""
    if not client.images(name=TINY):
        context = io.BytesIO()
        with tarfile.open(fileobj=context, mode="w") as tar:
            for name, text in _TREE.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(text)
                tar.addfile(entry, io.BytesIO(text.encode()))
        context.seek(0)
        lines = list(
            client.build(fileobj=context, custom_context=True, tag=TINY, rm=True, decode=True)
        )
        assert client.images(name=TINY), lines[-3:]
    return TINY


@pytest.fixture
def isolation(client):
    with DockerIsolation(
        f"test-{os.getpid()}-{time.time_ns()}", client=client, back_off=0.05, disk_interval=0.3
    ) as one:
        yield one
    assert _kit.Containers(client).all_of(one) == []


@pytest.fixture
def containers(client):
    return _kit.Containers(client)


@pytest.fixture
def trial_spec():
    return _kit.trial_spec


@pytest.fixture
def limits() -> Limits:
    return Limits(timeout=60.0, memory=256 * 2**20)


@pytest.fixture
def trial(isolation, tiny_image):
    """Run a bash script as the eval script, on a patch, and return what came of it."""

    def run(
        script: str, patch: str = "", cancel: threading.Event | None = None, **more
    ) -> TrialRun:
        allowed = Limits(**{"timeout": 60.0, "memory": 256 * 2**20, **more})
        spec = _kit.trial_spec(script, patch)
        return isolation.run(spec, tiny_image, allowed, cancel or threading.Event())

    return run


@pytest.fixture
def nothing_left(client):
    """Assert that a test leaves no container, volume or network of its own behind."""
    before = _belongings(client)
    yield
    end = time.monotonic() + 10  # others on this engine may have some for a while
    while not _belongings(client) <= before and time.monotonic() < end:
        time.sleep(0.5)
    assert _belongings(client) <= before


def _belongings(client: docker.APIClient) -> set[str]:
    volumes = {row["Name"] for row in client.volumes()["Volumes"] or ()}
    networks = {row["Id"] for row in client.networks()}
    return volumes | networks


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    """Debian's registry on a loopback port; yields host:port."""
    tmp_path = tmp_path_factory.mktemp("registry")
    program = shutil.which("docker-registry")
    if program is None:
        if os.environ.get("CI"):
            raise RuntimeError("CI installs the package docker-registry")
        pytest.skip("the Debian package docker-registry is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = tmp_path / "registry.yml"
    config.write_text(
        f"version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: {tmp_path}/store\n"
        f"http:\n  addr: 127.0.0.1:{port}\n"
    )
    with (tmp_path / "registry.log").open("wb") as log:
        process = subprocess.Popen([program, "serve", str(config)], stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 20
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert time.monotonic() < deadline, (tmp_path / "registry.log").read_text()
            time.sleep(0.05)
        yield f"127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def trials():
    """The trials that a run has begun by now, as often as it did.

    A container that only waited for its turn has run nothing. Heard as they happen: an engine
    remembers its last 256 events only.
    """
    client = connect()
    heard: list[tuple[str, str, str]] = []
    waited: set[str] = set()
    stream = client.events(filters={"event": ["start", "die"], "label": TRIAL}, decode=True)

    def listen():
        with contextlib.suppress(requests.exceptions.RequestException, OSError, AttributeError):
            for event in stream:
                about = event["Actor"]["Attributes"]
                if event["Action"] == "start":
                    heard.append((event["Actor"]["ID"], about[RUN], about[TRIAL]))
                elif about.get("exitCode") == str(ABANDONED):
                    waited.add(event["Actor"]["ID"])

    listening = threading.Thread(target=listen, daemon=True)
    listening.start()
    yield lambda run: [trial for id_, of, trial in heard if of == run and id_ not in waited]
    stream.close()
    listening.join(10)
    client.close()
