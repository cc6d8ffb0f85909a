"""Choose the machine of a trial: where its task's image is already, unless others would idle."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from swe_audit.containers.turns import shortage
from swe_audit.model.task import Resources

_CROWDED = 2.0
"""How many times a machine's resources may be claimed before a task gets a second machine."""


@dataclass(slots=True, kw_only=True)
class Node:
    """A machine of a cluster: what it has, what is claimed of it, and whose images it holds."""

    id: str
    name: str
    cpus: float
    memory: int
    claimed_cpus: float = 0.0
    claimed_memory: int = 0
    tasks: set[str] = field(default_factory=set)

    @property
    def machine(self) -> Resources:
        """What it has for all trials together."""
        return Resources(cpus=self.cpus, memory=self.memory)

    @property
    def load(self) -> float:
        """How much of it is claimed, waiting trials included: 1 is all of it."""
        return max(self.claimed_cpus / self.cpus, self.claimed_memory / self.memory)


class Nodes:
    """The machines that trials may run on now; the caller sees to threads."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}

    def __contains__(self, node: str) -> bool:
        return node in self._nodes

    def __len__(self) -> int:
        return len(self._nodes)

    def add(self, node: Node) -> None:
        """Take a machine in, as one that holds no image."""
        self._nodes[node.id] = node

    def drop(self, node: str) -> Node | None:
        """Place nothing more on a machine; return it, None if it was not here."""
        return self._nodes.pop(node, None)

    def keep(self, alive: Collection[str]) -> None:
        """Drop every machine that is not among these."""
        self._nodes = {name: node for name, node in self._nodes.items() if name in alive}

    def place(self, task: str, claim: Resources, avoid: Collection[str] = ()) -> Node | None:
        """Choose a machine and claim what the trial needs there; None where none has so much.

        What to ``avoid`` is chosen only where there is nothing else.
        """
        able = [node for node in self._nodes.values() if not shortage(claim, node.machine)]
        able = [node for node in able if node.id not in avoid] or able
        homes = [node for node in able if task in node.tasks and node.load < _CROWDED]
        if not able:
            return None
        node = min(homes or able, key=lambda one: (one.load, len(one.tasks), one.id))
        node.tasks.add(task)
        node.claimed_cpus += claim.cpus or 0.0
        node.claimed_memory += claim.memory or 0
        return node

    def release(self, node: str, claim: Resources) -> None:
        """Give back what a trial claimed; a machine that is gone has nothing to be given."""
        found = self._nodes.get(node)
        if found is not None:
            found.claimed_cpus = max(0.0, found.claimed_cpus - (claim.cpus or 0.0))
            found.claimed_memory = max(0, found.claimed_memory - (claim.memory or 0))

    def slots(self, claim: Resources) -> int:
        """How many trials of this size keep all machines at work; a quarter more than run at once,
        at least one for each machine, so that none waits for the auditor.
        """
        rooms = [_room(node, claim) for node in self._nodes.values()]
        return sum(room + max(1, room // 4) for room in rooms if room)

    def shortage(self, claim: Resources) -> str:
        """Say what even the largest machine has not enough of; empty where one can run this."""
        said = [shortage(claim, node.machine) for node in self._nodes.values()]
        if not said or not all(said):
            return ""
        largest = Resources(
            cpus=max(node.cpus for node in self._nodes.values()),
            memory=max(node.memory for node in self._nodes.values()),
        )
        return shortage(claim, largest) or said[0]


def _room(node: Node, claim: Resources) -> int:
    """How many trials of this size fit a machine at once."""
    if shortage(claim, node.machine):
        return 0
    by_cpus = node.cpus / claim.cpus if claim.cpus else float("inf")
    by_memory = node.memory / claim.memory if claim.memory else float("inf")
    room = min(by_cpus, by_memory)
    return 1 if room == float("inf") else int(room + 1e-9)
