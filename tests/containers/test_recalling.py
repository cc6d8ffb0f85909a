"""A finished audit starts no container, and its folder spares another run of the same trials."""

from __future__ import annotations

import subprocess
import time
import uuid

import fakes
import pytest

from swe_audit.api import Engine, audit
from swe_audit.containers.connection import Engine as Client
from swe_audit.containers.images import DockerImages
from swe_audit.containers.ownership import RUN
from swe_audit.containers.trial import DockerIsolation
from swe_audit.report.documents import report_document

TEST = "test_a"
SCRIPT = f"""#!/bin/bash
: '>>>>> Start Test Output'
echo '>>>>> Start Test Output'
grep -q 'A = 2' /testbed/a.py && echo 'PASSED {TEST}' || echo 'FAILED {TEST} - assert'
echo '>>>>> End Test Output'
"""


def patch(line: str) -> str:
    return f"diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-A = 1\n+{line}\n"


@pytest.fixture
def image(client, tiny_image):
    """A reference of this test's own."""
    name = f"swe-audit-test/recalling:{uuid.uuid4().hex[:8]}"
    client.tag(tiny_image, *name.split(":"))
    yield name
    client.remove_image(name)


@pytest.fixture
def task(image):
    return fakes.make_task(
        image=image,
        gold_patch=patch("A = 2"),
        eval_script=SCRIPT,
        fail_to_pass=(TEST,),
        pass_to_pass=(),
    )


@pytest.fixture
def run(client, task, tmp_path):
    """Audit the task in a folder, and say how many containers that took."""

    def audited(name, *lines, **options):
        run_id = f"{name}-{uuid.uuid4().hex[:8]}"
        isolation = DockerIsolation(run_id, client=client)
        submitted = [
            fakes.Prediction(
                instance_id=task.instance_id, model_name_or_path="m", model_patch=patch(line)
            )
            for line in lines
        ]
        since = int(time.time()) - 1
        result = audit(
            fakes.make_dataset(task),
            tmp_path / name,
            predictions=submitted,
            alternatives=["predictions"],
            engine=Engine(isolation=isolation, images=DockerImages(Client(client))),
            **options,
        )
        made = client.events(
            since=since,
            until=int(time.time()) + 1,
            filters={"event": "create", "label": f"{RUN}={run_id}"},
            decode=True,
        )
        return result, len(list(made))

    return audited


def said(result):
    document = report_document(result)
    return document["tasks"], document["summary"]


def test_what_ran_is_not_run_again_until_the_image_is_another(run, image, tmp_path):
    lines = ("A = 2  # two", "A = 3")
    first, containers = run("first", *lines)
    assert containers >= 6
    resumed, containers = run("first", *lines, resume=True)
    assert containers == 0
    assert said(resumed) == said(first)
    cached, containers = run("second", *lines, caches=[tmp_path / "first"])
    assert containers == 0
    assert said(cached) == said(first)
    _, containers = run("first", lines[0], "A = 4", resume=True)
    assert 1 <= containers <= 4  # the new one, its repeats, and a look into the image
    # Another image under the reference that the task names.
    subprocess.run(
        ["docker", "build", "-q", "-t", image, "-"],
        input=f"FROM {image}\nLABEL changed={uuid.uuid4().hex}\n".encode(),
        check=True,
        capture_output=True,
    )
    _, containers = run("third", *lines, caches=[tmp_path / "first"])
    assert containers >= 6
