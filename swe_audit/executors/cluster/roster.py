"""Which nodes of a cluster trials may run on: those that answer, with our version and an engine."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable

from swe_audit.errors import EngineUnavailableError
from swe_audit.executors.cluster.connection import Connection, Ref
from swe_audit.executors.cluster.node import Fault, OpenEngine
from swe_audit.executors.cluster.placing import Node, Nodes
from swe_audit.version import VERSION

PATIENCE = 120.0
"""Seconds to wait for a node that answers, at the start and once none is left."""

_RENEW = 10.0
"""Seconds between two looks at which nodes there are."""


class Roster:
    """Greets every node before it is used, also one that came or came back in mid-run.

    ``say`` hears once why a node is not used. The caller sees to threads.
    """

    def __init__(
        self, cluster: Connection, open_engine: OpenEngine, say: Callable[[str], None]
    ) -> None:
        self.nodes = Nodes()
        self._cluster, self._open, self._say = cluster, open_engine, say
        self._greeted: dict[Ref, Node] = {}
        self._said: dict[str, None] = {}
        self._renewed = self._had_nodes = time.monotonic()

    @property
    def greeted(self) -> list[Ref]:
        """The greetings that were not answered yet."""
        return list(self._greeted)

    @property
    def is_lost(self) -> bool:
        """Whether there has been no node for longer than is worth waiting."""
        if len(self.nodes):
            self._had_nodes = time.monotonic()
        return time.monotonic() > self._had_nodes + PATIENCE

    def renew(self, *, now: bool = False) -> None:
        """Look which nodes there are, if it is time: the dead are dropped, new ones greeted."""
        if not now and time.monotonic() < self._renewed + _RENEW:
            return
        self._renewed = time.monotonic()
        alive = self._cluster.nodes()
        self.nodes.keep(alive)
        asked = {node.id for node in self._greeted.values()}
        for node in alive.values():
            if node.cpus and node.memory and node.id not in self.nodes and node.id not in asked:
                ref = self._cluster.begin(node.id, _greeting(), VERSION, pickle.dumps(self._open))
                self._greeted[ref] = node

    def answered(self, ref: Ref) -> bool:
        """Take what a node answered; False for what is no greeting."""
        node = self._greeted.pop(ref, None)
        if node is None:
            return False
        answer = self._cluster.outcome(ref)
        if answer == "":
            self.nodes.add(node)
            return True
        reason = answer.detail if isinstance(answer, Fault) else answer
        self._once(f"node {node.name} is not used: {reason}")
        return True

    def lose(self, node: str, why: str) -> None:
        """Use a node no more until it answers again."""
        lost = self.nodes.drop(node)
        if lost is not None:
            self._say(f"node {lost.name} was lost, its trials begin again elsewhere: {why}")

    def require(self) -> None:
        """Wait for the nodes that are there; raise ``EngineUnavailableError`` if none will do."""
        self.renew(now=True)
        while self._greeted and not self.is_lost:
            for ref in self._cluster.ended(self.greeted, 1.0):
                self.answered(ref)
        if not len(self.nodes):
            raise self.nowhere()

    def _once(self, line: str) -> None:
        if line not in self._said:
            self._said[line] = None
            self._say(line)

    def nowhere(self) -> EngineUnavailableError:
        """Return the error that there is no node to run on."""
        reason = "; ".join(self._said) or "none is left"
        return EngineUnavailableError(
            f"no node of the cluster can run trials: {reason}",
            hint="each needs this swe-audit and an engine of its own; go on with --resume",
        )


def _greeting() -> Callable[[str, bytes], str]:
    """Return what a node is asked first. It travels as code: who knows what is installed there."""

    def greet(version: str, open_engine: bytes) -> str:
        try:
            from swe_audit.executors.cluster import node
            from swe_audit.version import VERSION as THEIRS
        except ImportError as error:
            return f"it lacks a part of this swe-audit ({error})"
        if version != THEIRS:
            return f"it has swe-audit {THEIRS}, and this is {version}"
        return node.greet(pickle.loads(open_engine))  # noqa: S301 - the auditor wrote it

    return greet
