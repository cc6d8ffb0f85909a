"""Trials on a cluster, as far as that can be told without one."""

from __future__ import annotations

import socket
import sys
import threading
import warnings
from pathlib import Path

import fakes
import pytest

from swe_audit.containers.ports import Surroundings
from swe_audit.errors import EngineUnavailableError, UsageError
from swe_audit.executors.cluster import connection, node
from swe_audit.executors.cluster.connection import Connection
from swe_audit.executors.cluster.placing import Node, Nodes
from swe_audit.model.task import Resources
from swe_audit.model.trial import Limits

GIB = 2**30
ONE = Resources(cpus=1.0, memory=GIB)


@pytest.fixture
def nodes() -> Nodes:
    found = Nodes()
    for name in ("a", "b"):
        found.add(Node(id=name, name=name, cpus=4.0, memory=8 * GIB))
    return found


def placed(nodes: Nodes, task: str, claim: Resources = ONE, avoid: tuple[str, ...] = ()) -> str:
    found = nodes.place(task, claim, avoid)
    assert found is not None
    return found.id


def test_trials_of_a_task_stay_where_its_image_is(nodes: Nodes) -> None:
    assert [placed(nodes, "one") for _ in range(4)] == ["a"] * 4


def test_tasks_go_where_least_is_claimed(nodes: Nodes) -> None:
    assert [placed(nodes, name) for name in ("one", "two", "three", "four")] == list("abab")


def test_a_task_spreads_once_its_node_is_crowded(nodes: Nodes) -> None:
    homes = [placed(nodes, "one") for _ in range(10)]
    assert homes[:8] == ["a"] * 8
    assert "b" in homes[8:]


def test_where_a_trial_was_lost_is_avoided_unless_nothing_else_is_there(nodes: Nodes) -> None:
    assert placed(nodes, "one") == "a"
    assert placed(nodes, "one", avoid=("a",)) == "b"
    assert placed(nodes, "one", avoid=("a", "b")) in {"a", "b"}


def test_a_claim_is_given_back_and_a_dead_node_forgotten(nodes: Nodes) -> None:
    assert placed(nodes, "one") == "a"
    nodes.release("a", ONE)
    nodes.release("long gone", ONE)
    nodes.keep({"b"})
    assert "a" not in nodes
    assert placed(nodes, "one") == "b"


def test_what_no_node_holds_is_placed_nowhere_and_said(nodes: Nodes) -> None:
    claim = Resources(cpus=6.0, memory=GIB)
    assert nodes.place("one", claim) is None
    assert "no machine of this run has more than 4" in nodes.shortage(claim)
    assert nodes.shortage(ONE) == ""


def test_there_are_a_few_more_slots_than_run_at_once(nodes: Nodes) -> None:
    assert nodes.slots(ONE) == 2 * (4 + 1)


@pytest.mark.parametrize("address", ["head", "head:port", "ray://head:10001", ":6379"])
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(UsageError, match="is no address of a cluster"):
        joined(address)


def test_where_nobody_listens_is_said_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(EngineUnavailableError, match=f"no Ray cluster answers at 127.*:{port}"):
            joined(f"127.0.0.1:{port}")


@pytest.mark.parametrize(
    ("answer", "said"),
    [(b"", "silence for"), (b"HTTP/1.1 400 Bad Request\r\n\r\n", "is no head node")],
)
def test_a_listener_that_is_no_cluster_is_told_within_seconds(
    answer: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_ANSWER", 0.5)
    with socket.create_server(("", 0)) as listener:  # Ray makes 127.0.0.1 this machine's address
        listener.settimeout(20)
        monkeypatch.setenv("RAY_ADDRESS", f"127.0.0.1:{listener.getsockname()[1]}")

        def reply() -> None:
            for _ in range(2):
                stranger, _ = listener.accept()
                held.append(stranger)
                stranger.sendall(answer)

        held: list[socket.socket] = []
        thread = threading.Thread(target=reply, daemon=True)
        thread.start()
        for address in ("auto", f"127.0.0.1:{listener.getsockname()[1]}"):
            with pytest.raises(EngineUnavailableError, match=said):
                joined(address)
        thread.join()
    for stranger in held:
        stranger.close()


def test_without_ray_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UsageError, match="needs Ray"):
        Connection("127.0.0.1:6379")


def joined(address: str) -> Connection:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("ray")
        return Connection(address)


def test_a_folder_travels_with_its_task(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    task = fakes.make_task(folder=tmp_path)
    with node.unpacked(task, node.packed(tmp_path)) as there:
        assert there.folder is not None
        assert there.folder != tmp_path
        assert (there.folder / "Dockerfile").read_text() == "FROM scratch\n"
    assert not there.folder.exists()
    with node.unpacked(task, None) as there:
        assert there.folder is None


def test_an_image_that_differs_from_the_auditors_is_a_fault() -> None:
    class Images(fakes.FakeImages):
        def surroundings(self, task: object) -> Surroundings:
            return Surroundings(description="theirs")

    engine = node.Engine(isolation=fakes.FakeIsolation(), images=Images())
    task = fakes.make_task()
    fault = node.make_ready(lambda: engine, task, None, Surroundings(description="ours"))
    assert isinstance(fault, node.Fault)
    assert "differs: it is theirs, and ours where the audit was started" in fault.detail
    same = node.make_ready(lambda: engine, task, None, Surroundings(description="theirs"))
    assert isinstance(same, str)


def test_a_node_without_an_engine_says_so() -> None:
    def none() -> node.Engine:
        raise EngineUnavailableError("no container engine answers")

    assert node.greet(none) == "no container engine answers"
    fault = node.make_ready(none, fakes.make_task(), None, Surroundings(description=""))
    assert fault == node.Fault(detail="no container engine answers", unusable=True)


def test_a_disk_budget_is_for_one_machine(tmp_path: Path) -> None:
    from swe_audit.api import audit
    from swe_audit.engines import ImageOptions

    engine = node.Engine(isolation=fakes.FakeIsolation(), images=fakes.FakeImages())
    with pytest.raises(UsageError, match="--disk-budget is kept on one machine"):
        audit(
            fakes.make_dataset(fakes.make_task()),
            tmp_path / "run",
            engine=engine,
            limits=Limits(),
            image_options=ImageOptions(disk_budget=GIB),
            cluster="auto",
        )
