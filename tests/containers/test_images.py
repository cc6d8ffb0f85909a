"""Real builds and pulls: what an image holds, what it must not hold, and what is reused."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import docker
import docker.errors
import pytest

from swe_audit import environments
from swe_audit.containers.connection import connect
from swe_audit.containers.images import DockerImages
from swe_audit.containers.inventory import our_images, remove_images
from swe_audit.containers.ownership import PID, this_process
from swe_audit.containers.pulling import Puller
from swe_audit.errors import EngineUnavailableError, ImageError
from swe_audit.model.task import Environment, Source, Task

MADE: set[str] = set()
"""What these tests built; others may be building on the same engine."""


@pytest.fixture(scope="module")
def client() -> Iterator[docker.DockerClient]:
    try:
        engine = connect()
    except EngineUnavailableError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(error.message)
    yield engine
    remove_images(engine, [i for i in our_images(engine) if i.name in MADE])
    engine.close()


@pytest.fixture
def task(tmp_path: Path) -> Task:
    """A library of one module, with a test, described but not yet built."""
    folder = tmp_path / "unit__thimble-1"
    source = folder / "source"
    source.mkdir(parents=True)
    # Images are known by content, so what each test builds must be new.
    (source / "thimble.py").write_text(f"def size():\n    return 1  # {uuid.uuid4().hex}\n")
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "thimble"\nversion = "1"\n'
    )
    (source / ".gitignore").write_text("*.egg-info\nbuild\n__pycache__\n")
    certificates = folder / environments.CERTIFICATES
    certificates.mkdir()
    (certificates / "README").write_text("none\n")
    environment = Environment(
        python="3.11",
        source=Source(commit="0" * 40, folder="source"),
        env=(("THIMBLE", 'a "b" $c'),),
        build_requires=("setuptools==75.8.0",),
        install="pip install -e .",
    )
    (folder / "Dockerfile").write_text(environments.dockerfile(environment))
    return Task(
        instance_id="unit__thimble-1",
        repo="unit/thimble",
        base_commit="0" * 40,
        statement="",
        gold_patch="",
        test_patch="",
        fail_to_pass=("t",),
        pass_to_pass=(),
        log_parser="parse_log_pytest",
        folder=folder,
        environment=environment,
    )


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """The host's own certificates with a line that can be searched for."""
    path = tmp_path / "ca.crt"
    known = Path(os.environ.get("PIP_CERT", "/etc/ssl/certs/ca-certificates.crt"))
    path.write_text((known.read_text() if known.is_file() else "") + "\n# swe-audit-test-marker\n")
    return path


def built(images: DockerImages, task: Task, say: Callable[[str], None]) -> str:
    """Ensure an image and remember to remove it."""
    name = images.ensure(task, say)
    MADE.add(name)
    return name


def quiet(_: str) -> None:
    return None


def output(client: docker.DockerClient, image: str, script: str) -> str:
    return client.containers.run(
        image, ["bash", "-c", script], network_mode="none", remove=True
    ).decode()


LISTING = (
    "cd / && find testbed opt -type f -not -path '*/.git/*' -not -name '*.pyc' "
    "-not -name RECORD -not -name direct_url.json -print0 | sort -z | xargs -0 sha256sum"
)


def test_an_image_holds_the_installed_tree_on_its_commit_and_nothing_uncommitted(
    client: docker.DockerClient, task: Task, bundle: Path
) -> None:
    image = built(DockerImages(client, ca_bundle=bundle, disk_reserve=0), task, quiet)
    said = output(
        client,
        image,
        'cd /testbed && git status --short && git log --format=%s && echo "$THIMBLE" '
        "&& cd / && python -c 'import thimble; print(thimble.__file__)'",
    )
    assert said.splitlines() == ["base", 'a "b" $c', "/testbed/thimble.py"]


def assert_no_trace_of_the_bundle(client: docker.DockerClient, image: str) -> None:
    found = output(
        client,
        image,
        "grep -rl swe-audit-test-marker / --exclude-dir=proc --exclude-dir=sys || true; "
        f"find / -xdev -name {environments.CA_FILE}",
    )
    assert found == ""
    history = str(client.images.get(image).history())
    assert "ca-bundle" not in history
    assert "marker" not in history


def test_both_ways_of_building_give_the_same_files_and_leave_no_trace_of_a_ca_bundle(
    client: docker.DockerClient, task: Task, bundle: Path
) -> None:
    layered, classic = (
        built(DockerImages(client, ca_bundle=bundle, disk_reserve=0, classic=way), task, quiet)
        for way in (False, True)
    )
    assert layered != classic
    state = "cd /testbed && git rev-parse HEAD && env | sort -u | grep -v HOSTNAME"
    for script in (LISTING, state):
        assert output(client, layered, script) == output(client, classic, script)
    for image in (layered, classic):
        assert_no_trace_of_the_bundle(client, image)


def test_a_second_build_of_the_same_content_does_nothing_and_a_change_is_seen(
    client: docker.DockerClient, task: Task, bundle: Path
) -> None:
    first = built(DockerImages(client, ca_bundle=bundle, disk_reserve=0), task, quiet)
    said: list[str] = []
    assert built(DockerImages(client, disk_reserve=0), task, said.append) == first
    assert said == []
    assert task.folder is not None
    (task.folder / "source" / "thimble.py").write_text(
        f"def size():\n    return 2  # {uuid.uuid4().hex}\n"
    )
    second = built(DockerImages(client, ca_bundle=bundle, disk_reserve=0), task, said.append)
    assert second != first
    assert said == ["building the image of unit__thimble-1"]
    assert "return 2" in output(client, second, "cat /testbed/thimble.py")


def test_what_a_build_resolved_is_known_afterwards(
    client: docker.DockerClient, task: Task, bundle: Path
) -> None:
    images = DockerImages(client, ca_bundle=bundle, disk_reserve=0)
    built(images, task, quiet)
    assert task.environment is not None
    assert images.resolved(task.environment) == ("setuptools==75.8.0",)


def test_an_install_that_fails_is_one_error_with_the_log(
    client: docker.DockerClient, task: Task, bundle: Path, tmp_path: Path
) -> None:
    assert task.environment is not None
    broken = replace(task, environment=replace(task.environment, install="echo no luck; exit 7"))
    images = DockerImages(client, ca_bundle=bundle, disk_reserve=0, log_dir=tmp_path / "logs")
    with pytest.raises(ImageError, match="exit code 7") as caught:
        built(images, broken, quiet)
    assert "no luck" in caught.value.log
    assert "no luck" in (tmp_path / "logs" / "unit__thimble-1.log").read_text()
    mine = f"{PID}={this_process().process}"
    assert not client.containers.list(all=True, filters={"label": mine})


def test_a_full_disk_stops_a_build_before_it_begins(
    client: docker.DockerClient, task: Task
) -> None:
    assert task.environment is not None
    other = replace(task, environment=replace(task.environment, install="true # full"))
    with pytest.raises(ImageError, match="stay reserved"):
        built(DockerImages(client, disk_reserve=10**18), other, quiet)


def test_a_task_without_image_and_dockerfile_is_refused_with_what_to_do(
    client: docker.DockerClient, task: Task
) -> None:
    bare = replace(task, folder=None, environment=None, image=None)
    with pytest.raises(ImageError, match="names none"):
        built(DockerImages(client), bare, quiet)


def test_prune_removes_ours_and_nobody_elses(client: docker.DockerClient, task: Task) -> None:
    assert task.environment is not None
    image = built(DockerImages(client, disk_reserve=0), task, quiet)
    client.images.get(image).tag("unit-other", "kept")
    chosen = [found for found in our_images(client) if found.name == image]
    assert [found.kind for found in chosen] == ["task"]
    remove_images(client, chosen)
    with pytest.raises(docker.errors.ImageNotFound):
        client.images.get(image)
    client.images.get("unit-other:kept")
    client.images.remove("unit-other:kept")


def test_an_image_that_a_registry_has_is_pulled_and_one_it_lacks_is_not(
    client: docker.DockerClient, task: Task, bundle: Path, registry: str
) -> None:
    image = built(DockerImages(client, ca_bundle=bundle, disk_reserve=0), task, quiet)
    name = f"{registry}/unit/thimble:1"
    client.images.get(image).tag(f"{registry}/unit/thimble", "1")
    client.images.push(f"{registry}/unit/thimble", tag="1")
    client.images.remove(name)
    row = replace(task, folder=None, environment=None, image=name)
    assert built(DockerImages(client), row, quiet) == name
    client.images.get(name)
    client.images.remove(name)
    assert not Puller(client).pull(f"{registry}/unit/missing:1", quiet)
