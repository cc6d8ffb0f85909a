"""A real audit of pulled and built images within a disk budget, on a registry that counts pulls."""

from __future__ import annotations

import http.server
import os
import threading
import urllib.error
import urllib.request
import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import docker.errors
import fakes
import pytest

from swe_audit.api import audit
from swe_audit.containers import connection, pulling
from swe_audit.containers.budget import BudgetedImages
from swe_audit.containers.images import DockerImages
from swe_audit.containers.layers import LayerBuilder, Step
from swe_audit.containers.spare import Spare
from swe_audit.engines import ImageOptions
from swe_audit.environments import default_tools
from swe_audit.errors import ImageError
from swe_audit.model.audit import TaskStatus
from swe_audit.model.task import Environment, SkipReason, Source
from swe_audit.report.documents import report_document

pytestmark = pytest.mark.alone

MB = 1_000_000
SIZE = 12 * MB
TEST = "test_a"
SCRIPT = f"""#!/bin/bash
: '>>>>> Start Test Output'
echo '>>>>> Start Test Output'
grep -q 'A = 2' /testbed/a.py && echo 'PASSED {TEST}' || echo 'FAILED {TEST} - assert'
echo '>>>>> End Test Output'
"""
GOLD = "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-A = 1\n+A = 2\n"


class Counting(http.server.BaseHTTPRequestHandler):
    """Passes everything on to a registry, but refuses the first pulls of each image."""

    registry = ""
    refusals = 4  # the engine asks twice for each pull
    refused: Counter[str]

    def do_GET(self):
        _, _, rest = self.path.partition("/manifests/")
        by_tag = bool(rest) and not rest.startswith("sha256:")
        if by_tag and self.refused[self.path] < self.refusals:
            self.refused[self.path] += 1
            body = b'{"errors": [{"code": "TOOMANYREQUESTS", "message": "pull rate limit"}]}'
            return self._answer(429, {"Content-Type": "application/json"}, body)
        wanted = {"Accept": self.headers.get("Accept", "")}
        request = urllib.request.Request(
            f"http://{self.registry}{self.path}", headers=wanted, method=self.command
        )
        try:
            with urllib.request.urlopen(request) as answer:
                self._answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            self._answer(error.code, dict(error.headers), error.read())
        return None

    do_HEAD = do_GET  # noqa: N815 - the name that http.server looks for

    def _answer(self, code, headers, body):
        self.send_response(code)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", headers.get("Content-Length") or str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def limited(registry):
    """The registry behind a door that refuses the first two pulls of each image."""
    handler = type("Handler", (Counting,), {"registry": registry, "refused": Counter()})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}", handler
    server.shutdown()
    server.server_close()


@pytest.fixture
def engine():
    with_objects = connection.connect()
    before = {row["Id"] for row in with_objects.api.images()}
    yield with_objects
    for held in Spare(with_objects).held():
        if held.id not in before:
            Spare(with_objects).remove([held])
    with_objects.close()


@pytest.fixture
def pushed(engine, registry, limited, tiny_image):
    """Four images of 12 MB beyond what is here, in the registry only; the last is here as well."""
    door, _ = limited
    names = []
    step = Step(script=f"head -c {SIZE} /dev/urandom > /large/file", memory_folders=("/large",))
    for number in range(4):
        path = f"unit/large-{uuid.uuid4().hex[:8]}"
        LayerBuilder(engine).build(
            tiny_image, step, tag=f"{registry}/{path}:1", config=dict, log=print
        )
        engine.images.push(f"{registry}/{path}", tag="1")
        names.append(f"{door}/{path}:1")
        if number == 3:
            engine.images.get(f"{registry}/{path}:1").tag(f"{door}/{path}", "1")
        engine.images.remove(f"{registry}/{path}:1")
    yield names
    for name in names:
        with suppress(docker.errors.APIError):
            engine.images.remove(name)


def task_of(number, image):
    return fakes.make_task(
        f"unit__large-{number}",
        image=image,
        gold_patch=GOLD,
        eval_script=SCRIPT,
        fail_to_pass=(TEST,),
        pass_to_pass=(),
    )


def run(out, tasks, listener, budget=None):
    return audit(
        fakes.make_dataset(*tasks),
        out,
        alternatives=[],
        image_options=ImageOptions(disk_reserve=0, disk_budget=budget, builders=2),
        listener=listener,
        workers=2,
    )


class Lines(fakes.Memory):
    """Remembers what was said."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def said(self, instance_id, line):
        self.lines.append(line)


def told(result):
    return [
        (task["instance_id"], task["status"], [trial["verdict"] for trial in task["trials"]])
        for task in report_document(result)["tasks"]
    ]


def test_an_audit_stays_within_its_budget_and_reports_what_it_would_without(
    engine, pushed, limited, tmp_path, monkeypatch
):
    patience = pulling.back_off
    monkeypatch.setattr(
        pulling, "back_off", lambda *, limited: (p / 50 for p in patience(limited=limited))
    )
    tasks = [task_of(number, name) for number, name in enumerate(pushed)]
    listener = Lines()
    result = run(tmp_path / "small", tasks, listener, 2 * SIZE + MB)
    assert {one.status for one in result.tasks} == {TaskStatus.UNTESTED}
    held = Spare(engine).held()
    mine = [one for one in held if set(one.names) & set(pushed)]
    assert 1 <= len(mine) <= 2
    assert sum(layer.size for one in mine for layer in one.layers) <= 2 * SIZE + MB
    engine.images.get(pushed[3])  # it was here before, so it stays
    assert all(pushed[3] not in one.names for one in held)
    limits = [line for line in listener.lines if "allows no more pulls" in line]
    assert len(limits) == 6
    assert any("removed images to make room" in line for line in listener.lines)
    free = run(tmp_path / "free", tasks, Lines())
    assert told(free) == told(result)
    Spare(engine).remove(mine)


def test_a_budget_below_one_image_skips_its_task_in_one_sentence(
    engine, pushed, limited, tmp_path, monkeypatch
):
    limited[1].refusals = 0
    tasks = [task_of(0, pushed[0]), task_of(3, pushed[3])]
    result = run(tmp_path / "tiny", tasks, Lines(), SIZE // 2)
    (skipped,) = result.skipped
    assert (skipped.instance_id, skipped.reason) == ("unit__large-0", SkipReason.IMAGE_UNAVAILABLE)
    assert skipped.detail == (
        "the image of unit__large-0 takes 12 MB, and --disk-budget allows 6 MB for all"
    )
    with pytest.raises(docker.errors.ImageNotFound):
        engine.images.get(pushed[0])
    assert result.tasks[1].status is TaskStatus.UNTESTED


def test_what_tasks_share_stays_while_one_of_them_is_to_come(engine, tmp_path):
    """Built images: the packages below the trees are measured once, and go last."""
    bundle = os.environ.get("PIP_CERT")
    shared = (("UNIT", uuid.uuid4().hex),)
    tasks = []
    for number in range(3):
        folder = tmp_path / f"unit__tree-{number}"
        source = folder / "source"
        source.mkdir(parents=True)
        (source / "large").write_bytes(os.urandom(SIZE))
        environment = Environment(
            python="3.11",
            source=Source(commit="0" * 40, folder="source"),
            env=shared,
            tools=default_tools("3.11")[:1],
        )
        task = task_of(number, f"unit/alias-{uuid.uuid4().hex[:8]}:1")
        task = replace(task, folder=folder, environment=environment)
        tasks.append(replace(task, instance_id=f"unit__tree-{number}"))
    spare = Spare(engine)
    made = DockerImages(
        engine, disk_reserve=0, ca_bundle=Path(bundle) if bundle else None, made=spare.mark
    )
    images = BudgetedImages(made, spare, 10**12, uuid.uuid4().hex)
    images.expect(tasks)
    first = images.ensure(tasks[0], lambda _: None)
    (whole,) = (one for one in spare.held() if first in one.names)
    assert tasks[0].image in whole.names
    packages = sum(layer.size for layer in whole.layers[:-1])
    assert packages > MB
    images.close()

    tree = whole.layers[-1].size
    images = BudgetedImages(made, spare, packages + tree * 3 // 2, uuid.uuid4().hex)
    images.expect(tasks)
    said = []
    for task in tasks:
        images.ensure(task, said.append)
        images.release(task)
    kept = {name for one in spare.held() for name in one.names}
    assert any("environment" in name for name in kept)
    assert tasks[0].image not in kept
    assert tasks[2].image in kept
    images.close()
    with pytest.raises(ImageError, match="takes"):
        BudgetedImages(made, spare, MB, uuid.uuid4().hex).ensure(tasks[0], said.append)
