"""An engine that is not there, or cannot do something, is described in words of ours."""

from __future__ import annotations

import socket
import threading
from typing import ClassVar

import fakes
import pytest
import requests.exceptions
from docker.errors import APIError, DockerException, NotFound

from swe_audit.containers import docker_engine
from swe_audit.containers.container import container_name, offline_variables
from swe_audit.containers.docker_engine import (
    connect,
    translated,
    unenforced_limits,
    unix_time,
)
from swe_audit.containers.images import DockerImages
from swe_audit.containers.trial import DockerIsolation
from swe_audit.errors import EngineCallError, EngineUnavailableError, ExitCode


def failure(kind: type[APIError], status: int) -> APIError:
    response = requests.Response()
    response.status_code = status
    return kind("said so", response=response, explanation="explained")


def test_a_docker_host_that_does_not_answer_is_named_with_a_hint(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/absent.sock")
    with pytest.raises(EngineUnavailableError, match=r"DOCKER_HOST=unix.*absent\.sock") as caught:
        connect(timeout=2)
    assert caught.value.exit_code is ExitCode.NO_ENGINE
    assert "DOCKER_HOST" in caught.value.hint


def test_a_docker_host_that_makes_no_sense_is_named(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "nonsense://x")
    with pytest.raises(EngineUnavailableError, match="nonsense://x"):
        connect(timeout=2)


def test_a_docker_host_that_is_no_engine_is_unavailable(monkeypatch, tmp_path):
    path = tmp_path / "other.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def answer() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(1000)
                peer.sendall(b"220 some mail server\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
        with pytest.raises(EngineUnavailableError):
            connect(timeout=2)
        thread.join()


def test_no_socket_at_all_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr(docker_engine, "default_sockets", lambda: (tmp_path / "none.sock",))
    with pytest.raises(EngineUnavailableError, match="no container engine found") as caught:
        connect(timeout=2)
    assert "install Docker" in caught.value.hint


@pytest.mark.parametrize(
    ("error", "transient", "missing"),
    [
        (failure(APIError, 500), True, False),
        (failure(APIError, 409), True, False),
        (failure(APIError, 400), False, False),
        (failure(NotFound, 404), True, True),
        (requests.exceptions.ConnectionError("reset"), True, False),
        (requests.exceptions.ReadTimeout("slow"), True, False),
        (DockerException("odd"), True, False),
        (ConnectionResetError(104, "Connection reset by peer"), True, False),
    ],
)
def test_failures_are_told_apart_by_whether_trying_again_may_help(error, transient, missing):
    with (
        pytest.raises(EngineCallError, match="while testing: ") as caught,
        translated("while testing"),
    ):
        raise error
    assert (caught.value.transient, caught.value.missing) == (transient, missing)


def test_a_defect_of_ours_is_not_translated():
    with pytest.raises(ZeroDivisionError), translated("dividing"):
        _ = 1 // 0


def test_limits_that_an_engine_says_it_lacks_are_named():
    facts = {"MemoryLimit": True, "SwapLimit": False, "CpuCfsQuota": True, "PidsLimit": False}
    assert unenforced_limits(facts) == ("swap", "pids")
    assert unenforced_limits({}) == ()


def test_rootless_podman_on_old_control_groups_keeps_no_limit_whatever_it_says():
    claimed = {"Rootless": True, "MemoryLimit": True, "PidsLimit": True}
    everything = ("memory", "swap", "cpus", "pids")
    assert unenforced_limits({**claimed, "CgroupVersion": "1"}) == everything
    assert unenforced_limits({**claimed, "CgroupVersion": "2"}) == ()


def test_an_image_with_wheels_of_its_own_keeps_build_isolation():
    assert "PIP_NO_BUILD_ISOLATION" not in offline_variables(("PATH=/bin", "PIP_FIND_LINKS=/w"))
    assert offline_variables(("PATH=/bin",))["PIP_NO_BUILD_ISOLATION"] == "0"
    assert offline_variables(())["PIP_NO_INDEX"] == "1"


def test_names_of_containers_are_legal_and_unique():
    first, second = container_name("a run/with:odd é"), container_name("a run/with:odd é")
    assert first != second
    assert first.startswith("swe-audit-a-run-with-odd")
    assert all(char.isascii() and (char.isalnum() or char in "_.-") for char in first)


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        ("2025-01-31T12:00:00Z", 1738324800),
        ("2025-01-31T12:00:00.5Z", 1738324800.5),
        ("2025-01-31T14:00:00.123456789+02:00", 1738324800.123456789),
        ("2025-01-31T09:30:00-02:30", 1738324800),
        ("0001-01-01T00:00:00Z", -62135596800),
        ("", None),
        ("yesterday", None),
        ("2025-13-31T12:00:00Z", None),
    ],
)
def test_an_engines_moments_are_read_whatever_their_zone(moment, seconds):
    assert unix_time(moment) == (None if seconds is None else pytest.approx(seconds))


def test_an_engine_that_went_away_after_it_was_found_is_unavailable_and_no_failed_call():
    class Gone:
        adapters: ClassVar[dict] = {}

        def version(self):
            raise requests.exceptions.ConnectionError("gone")

        def containers(self, **_):
            return []

    isolation = DockerIsolation("r", client=Gone())
    with pytest.raises(EngineUnavailableError, match="does not answer any more"):
        isolation.info()
    isolation.close()


def test_an_engine_that_goes_away_while_an_image_is_looked_for_is_a_failed_call():
    class Gone:
        @property
        def images(self):
            raise requests.exceptions.ConnectionError("gone")

    with pytest.raises(EngineCallError, match="getting the image of shop__cart-1 ready: gone"):
        DockerImages(Gone()).ensure(fakes.make_task(), lambda _: None)
