"""Stand-ins for the ports: an isolation that plays a script, images that are there or are not.

``tests/conftest.py`` makes ``import fakes`` work, for test folders are no packages.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from swe_audit.containers.ownership import PID, this_process
from swe_audit.containers.ports import EngineInfo, Study, Surroundings
from swe_audit.errors import EngineCallError, EngineUnavailableError, ImageError
from swe_audit.model.audit import RunInfo, TaskResult
from swe_audit.model.candidate import Candidate, CandidateKind, Prediction, Provenance
from swe_audit.model.reinstall import Reinstall
from swe_audit.model.task import UNSTATED, Dataset, Environment, Resources, Source, Task
from swe_audit.model.tree import Tree
from swe_audit.model.trial import Limits, RunState, Trial, TrialRun, TrialSpec

F2P, P2P = "tests/test_cart.py::test_total", "tests/test_cart.py::test_empty"

GOLD_PATCH = """\
diff --git a/shop/cart.py b/shop/cart.py
--- a/shop/cart.py
+++ b/shop/cart.py
@@ -1,2 +1,2 @@
 def total(prices):
-    return 0
+    return sum(prices)
"""
TEST_PATCH = """\
diff --git a/tests/test_cart.py b/tests/test_cart.py
--- a/tests/test_cart.py
+++ b/tests/test_cart.py
@@ -1 +1,4 @@
 from shop.cart import total
+
+def test_total():
+    assert total([1, 2]) == 3
"""


def make_task(name: str = "shop__cart-1", *, rebuilt: bool = False, **changes: object) -> Task:
    """A small task whose log parser is pytest's."""
    environment = Environment(python="3.11", source=Source(commit="c"), rebuilt=rebuilt)
    task = Task(
        instance_id=name,
        repo="shop/cart",
        base_commit="c",
        statement="total() of a cart is always 0",
        gold_patch=GOLD_PATCH,
        test_patch=TEST_PATCH,
        fail_to_pass=(F2P,),
        pass_to_pass=(P2P,),
        log_parser="parse_log_pytest",
        eval_script="true",
        image="shop/cart:1",
        environment=environment if rebuilt else None,
    )
    return replace(task, **changes)  # type: ignore[arg-type]


def make_dataset(*tasks: Task) -> Dataset:
    """A dataset of tasks."""
    return Dataset(source="made-up", sha256="0" * 64, tasks=tasks)


def patch_of(text: str) -> str:
    """A patch like gold's that returns ``text`` instead."""
    return GOLD_PATCH.replace("sum(prices)", text)


def curated(task: Task, name: str, text: str = "", **changes: object) -> Candidate:
    """A curated alternative."""
    candidate = Candidate(
        instance_id=task.instance_id,
        name=name,
        kind=CandidateKind.ALTERNATIVE,
        provenance=Provenance.CURATED,
        patch=patch_of(text or name),
        rationale="it adds the prices as well",
        author="ada",
    )
    return replace(candidate, **changes)  # type: ignore[arg-type]


def predicted(task: Task, text: str, model: str = "coder") -> Prediction:
    """A submission."""
    return Prediction(
        instance_id=task.instance_id, model_name_or_path=model, model_patch=patch_of(text)
    )


def log_of(
    *, failed: Sequence[str] = (), passed: Sequence[str] | None = None, why: str = ""
) -> str:
    """A pytest log with these results; what is not said to fail passes."""
    if passed is None:
        passed = [test for test in (F2P, P2P) if test not in failed]
    lines = [why] if why else []
    lines += [f"FAILED {test} - AssertionError: assert 0 == 3" for test in failed]
    lines += [f"PASSED {test}" for test in passed]
    return marked("\n".join(lines), code=1 if failed else 0)


def marked(output: str, *, code: int = 0) -> str:
    """What an eval script prints around its tests' output."""
    return (
        f"+ : '>>>>> Start Test Output'\n{output}\n"
        f">>>>> Test Exit Code: {code}\n+ : '>>>>> End Test Output'\n"
    )


PASS = log_of()
FAIL = log_of(failed=[F2P])
FAIL_BOTH = log_of(failed=[F2P, P2P])
ENGINE = EngineInfo(name="fake", version="1", storage_driver="none")

Play = Callable[[TrialSpec], TrialRun]


def completed(log: str) -> TrialRun:
    """A run that ended with a log."""
    return TrialRun(state=RunState.COMPLETED, log=log, seconds=1.0, total_seconds=1.5, exit_code=0)


def ended(state: RunState) -> TrialRun:
    """A run that ended without results."""
    return TrialRun(state=state, log="", detail=state.value)


def by_candidate(script: Mapping[str, str | RunState | Sequence[str | RunState]]) -> Play:
    """Play a log, a state, or one for each attempt, by candidate; gold passes, empty fails F2P,
    anything else passes unless the script says otherwise.
    """
    whole: dict[str, str | RunState | Sequence[str | RunState]] = {"empty": FAIL, **script}

    def play(spec: TrialSpec) -> TrialRun:
        entry = whole.get(spec.candidate.name, PASS)
        if not isinstance(entry, str):
            entry = entry[spec.attempt - 1]
        return ended(entry) if isinstance(entry, RunState) else completed(entry)

    return play


class FakeIsolation:
    """Plays a script instead of running containers; ``ran`` holds the ids in order."""

    name = "fake"

    def __init__(
        self,
        play: Play | None = None,
        tree: Tree | None = None,
        machine: Resources = UNSTATED,
    ) -> None:
        self.machine = machine
        self.play = play or by_candidate({})
        self.tree = tree
        self.ran: list[str] = []
        self.specs: list[TrialSpec] = []
        self.reinstalled: list[str] = []
        self.studied: list[int] = []
        """How many trials had run at each look into an image."""
        self.seen = Reinstall(image="", preamble="", problem="a fake installs nothing")
        self.limits: list[Limits] = []
        self.away = False
        self.closed = False
        self._lock = threading.Lock()

    def info(self) -> EngineInfo:
        if self.away:
            raise EngineUnavailableError("the fake engine is away")
        return replace(ENGINE, machine=self.machine)

    def run(self, spec: TrialSpec, image: str, limits: Limits, cancel: threading.Event) -> TrialRun:
        with self._lock:
            self.ran.append(spec.id)
            self.specs.append(spec)
            self.limits.append(limits)
        if cancel.is_set():
            return ended(RunState.INTERRUPTED)
        return replace(self.play(spec), image=image, isolation=self.name)

    def study(self, task: Task, image: str) -> Study:
        self.studied.append(len(self.ran))
        if self.tree is None:
            raise EngineCallError("the fake image holds no tree", transient=False)
        return Study(tree=self.tree)

    def reinstall(self, task: Task, image: str, limits: Limits) -> Reinstall:
        self.reinstalled.append(task.instance_id)
        return self.seen

    def sweep(self) -> int:
        return 0

    def close(self) -> None:
        self.closed = True


class FakeImages:
    """Has an image for every task but those in ``missing``, which maps an id to the failure."""

    def __init__(
        self,
        missing: Mapping[str, Exception] | None = None,
        tag: str = "1",
        resolved: str = "",
    ) -> None:
        self.missing = dict(missing or {})
        self.tag = tag
        self.resolved = resolved
        self.asked: list[str] = []
        self.expected: list[str] = []
        self.released: list[str] = []
        self.closed = False

    def expect(self, tasks: Iterable[Task]) -> None:
        self.expected = [task.instance_id for task in tasks]

    def release(self, task: Task) -> None:
        self.released.append(task.instance_id)

    def close(self) -> None:
        self.closed = True

    def ensure(self, task: Task, say: Callable[[str], None]) -> str:
        self.asked.append(task.instance_id)
        say("looking for the image")
        if task.instance_id in self.missing:
            raise self.missing[task.instance_id]
        return f"{task.instance_id}:{self.tag}"

    def surroundings(self, task: Task) -> Surroundings:
        return Surroundings(description=f"{task.instance_id}:{self.tag}", resolved=self.resolved)

    def ensure_all(
        self, tasks: Iterable[Task], say: Callable[[str], None], workers: int
    ) -> Mapping[str, str | Exception]:
        found: dict[str, str | Exception] = {}
        for task in tasks:
            try:
                found[task.instance_id] = self.ensure(task, say)
            except ImageError as error:
                found[task.instance_id] = error
        return found


class Memory:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.counts: Counter[str] = Counter()
        self.remaining: list[int] = []
        self.results: list[TaskResult] = []

    def planned(self, tasks: int, trials: int) -> None:
        self.remaining.append(trials)

    def said(self, instance_id: str, line: str) -> None:
        self.counts["said"] += 1

    def began(self, spec: TrialSpec) -> None:
        self.events.append(f"began {spec.id}")

    def ended(self, trial: Trial, remaining: int) -> None:
        self.events.append(f"ended {trial.id}")
        self.remaining.append(remaining)

    def settled(self, result: TaskResult) -> None:
        self.events.append(f"settled {result.instance_id}")
        self.results.append(result)


def dead_process() -> str:
    """A process that has ended, as the labels of what it owned name it."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return f"{child.pid}:12345"


def labels_of_the_dead(run: str) -> dict[str, str]:
    """What a run that was killed left on its containers and folders."""
    return {**this_process().labels(run, 0), PID: dead_process()}


def run_info(folder: Path) -> RunInfo:
    """How a made-up run was made."""
    return RunInfo(
        id=folder.name,
        command="",
        seed=0,
        dataset="made-up",
        dataset_sha256="0" * 64,
        engine="fake 1",
        isolation="fake",
        versions=(),
        started="2025-01-31T12:00:00Z",
        finished="",
    )
