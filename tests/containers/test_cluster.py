"""Audits on a real Ray cluster of two nodes, whose machine and engine are the same one.

Takes a minute and a half, so ``make soak`` asks for it (``SOAK``).
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
import uuid
import warnings
from pathlib import Path

import auditing_kit
import pytest
from auditing_kit import ROOT, write_input
from installing_kit import CONFIG, installing_task, noted

from swe_audit.api import audit
from swe_audit.containers.ownership import PID
from swe_audit.engines import ImageOptions
from swe_audit.model.candidate import Prediction
from swe_audit.model.task import Dataset
from swe_audit.model.trial import NOT_INSTALLED_AGAIN, Limits

pytestmark = [
    pytest.mark.alone,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not os.environ.get("SOAK"), reason="`make soak` asks for a cluster"),
]
NODE = {
    "num_cpus": 1,
    "memory": 2 * 2**30,
    "object_store_memory": 80 * 2**20,
    "env_vars": {"PYTHONPATH": str(ROOT)},
}
SOON = {
    "health_check_initial_delay_ms": 0,
    "health_check_period_ms": 500,
    "health_check_failure_threshold": 2,
}
"""A node is missed within seconds instead of a quarter of a minute."""


OURS = re.compile(
    r"$|\[\d+/\d+\] tiny|tiny__tiny|cluster: node|\d+ tasks|stopp|error: stopped|  hint: "
)
"""What the auditor says; Ray itself is silent."""


@pytest.fixture(scope="module")
def cluster():
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cluster_utils = pytest.importorskip("ray.cluster_utils")
        head = {**NODE, "include_dashboard": False, "_system_config": SOON}
        one = cluster_utils.Cluster(initialize_head=True, head_node_args=head)
        yield one
        one.shutdown()


@pytest.fixture
def second(cluster):
    """A second node, which the test may kill."""
    node = cluster.add_node(**NODE)
    yield node
    if node in cluster.list_all_nodes():
        cluster.remove_node(node, allow_graceful=False)


@pytest.fixture
def name():
    return f"cluster-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def on_cluster(cluster, tmp_path, name):
    def make(*options: str, **variables: str) -> auditing_kit.Auditor:
        where = ("--executor", "ray", "--address", cluster.address, "--memory", "1g")
        return auditing_kit.Auditor(tmp_path, name, *where, *options, **variables)

    return make


def begun_on(client, run: str, node) -> bool:
    """Whether a trial of the run runs on a node: its container's owner is a child of the raylet."""
    (raylet,) = node.all_processes["raylet"]
    for row in client.containers(filters={"label": f"swe-audit.run={run}"}):
        owner = row["Labels"][PID].partition(":")[0]
        stat = Path(f"/proc/{owner}/stat").read_text().rpartition(")")[2].split()
        if int(stat[1]) == raylet.process.pid:
            return True
    return False


def wait_until(what, process) -> None:
    end = time.monotonic() + 60
    while not what():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_node_that_is_killed_in_mid_run_changes_nothing(
    cluster,
    second,
    on_cluster,
    tmp_path,
    tiny_image,
    client,
    containers,
    trials,
    name,
    nothing_left,
):
    write_input(tmp_path, tiny_image, 3, seconds=1.5)
    whole = auditing_kit.Auditor(tmp_path, f"{name}-whole", "-j", "2", "--memory", "1g")
    whole.finish()
    lost = on_cluster()
    process = lost.start()
    wait_until(lambda: lost.logs() >= 3 and begun_on(client, name, second), process)
    cluster.remove_node(second, allow_graceful=False)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert lost.report() == whole.report()
    assert containers.all_of(name) == []
    needed, ran = trials(whole.run), trials(name)
    assert set(ran) == set(needed)
    assert len(needed) < len(ran) <= len(needed) + 2, "no trial was lost with its node"
    assert "was lost, its trials begin again elsewhere" in said
    assert [line for line in said.splitlines() if not OURS.match(line)] == []


def test_ctrl_c_leaves_no_container_on_any_node(
    cluster, second, on_cluster, tmp_path, tiny_image, client, containers, name, nothing_left
):
    write_input(tmp_path, tiny_image, 3, seconds=100)
    stopped = on_cluster()
    process = stopped.start()
    head = cluster.head_node
    wait_until(lambda: all(begun_on(client, name, node) for node in (head, second)), process)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert containers.all_of(name) == []
    assert [line for line in said.splitlines() if not OURS.match(line)] == []


@pytest.mark.parametrize("lack", ["version", "engine"])
def test_a_node_that_will_not_do_is_named_once_and_not_used(
    cluster, on_cluster, tmp_path, tiny_image, containers, name, lack, nothing_left
):
    variables = {"PYTHONPATH": str(ROOT), "DOCKER_HOST": f"unix://{tmp_path}/none.sock"}
    why = "no container engine answers at DOCKER_HOST"
    if lack == "version":
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "swe_audit", tmp_path / "other/swe_audit", ignore=ignored)
        (tmp_path / "other/swe_audit/version.py").write_text('VERSION = "9.9"\n')
        variables = {"PYTHONPATH": str(tmp_path / "other")}
        why = "it has swe-audit 9.9, and this is "
    node = cluster.add_node(**{**NODE, "env_vars": variables})
    try:
        write_input(tmp_path, tiny_image, 2)
        process = on_cluster().start()
        _, said = process.communicate(timeout=120)
    finally:
        cluster.remove_node(node, allow_graceful=False)
    assert process.returncode == 0, said
    (line,) = [line for line in said.splitlines() if "is not used: " in line]
    assert why in line
    assert [line for line in said.splitlines() if not OURS.match(line)] == []
    assert containers.all_of(name) == []


def test_an_install_that_was_seen_to_change_nothing_is_left_out_on_nodes_too(
    cluster, second, tmp_path, nothing_left
):
    """The look is the auditor's, at its own image; a node has the same image or none."""
    task = installing_task()
    found = os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE")
    options = ImageOptions(ca_bundle=Path(found) if found else None)
    dataset = Dataset(source="bundled", sha256="0" * 64, tasks=(task,))
    sent = [
        Prediction(
            instance_id=task.instance_id, model_name_or_path=str(n), model_patch=noted(CONFIG, n)
        )
        for n in range(4)
    ]
    seen = []
    for address in (None, cluster.address):
        result = audit(
            dataset,
            tmp_path / f"{uuid.uuid4().hex[:8]}-install",
            predictions=sent,
            alternatives=["predictions"],
            limits=Limits(memory=2**30),
            image_options=options,
            cluster=address,
        )
        (judged,) = result.tasks
        seen.append({t.id: (t.state, t.verdict, t.detail, t.statuses) for t in judged.trials})
    assert seen[0] == seen[1]
    spared = [name for name, (_, _, detail, _) in seen[1].items() if NOT_INSTALLED_AGAIN in detail]
    assert len(spared) >= len(sent)
