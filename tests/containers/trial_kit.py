"""What the trial tests are made of: a spec from one bash script, and a look at our containers."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import docker
from docker.errors import APIError

from swe_audit.model.candidate import Candidate, CandidateKind, Provenance
from swe_audit.model.task import Task
from swe_audit.model.trial import TrialSpec


def trial_spec(
    script: str, patch: str = "", folder: Path | None = None, assets: Iterable[str] = ()
) -> TrialSpec:
    """A trial of ``patch`` whose eval script is ``script``."""
    task = Task(
        instance_id="tiny__tiny-1",
        repo="tiny/tiny",
        base_commit="0" * 40,
        statement="",
        gold_patch="",
        test_patch="",
        fail_to_pass=("t",),
        pass_to_pass=(),
        log_parser="parse_log_pytest",
        eval_script=script,
        folder=folder,
        test_assets=tuple(assets),
    )
    candidate = Candidate(
        instance_id=task.instance_id,
        name="candidate",
        kind=CandidateKind.ALTERNATIVE,
        provenance=Provenance.CURATED,
        patch=patch,
    )
    return TrialSpec(task=task, candidate=candidate, attempt=1)


class Containers:
    """What the engine knows of a run's containers, asked apart from the code under test."""

    def __init__(self, client: docker.APIClient) -> None:
        self._client = client

    def all_of(self, run: object, **more: object) -> list[str]:
        """Ids of a run's containers; the run by its id, or by its isolation."""
        run_id = run if isinstance(run, str) else run._run_id
        rows = self._client.containers(
            all=True, filters={"label": f"swe-audit.run={run_id}", **more}
        )
        return [row["Id"] for row in rows]

    def running(self, run: object) -> list[str]:
        return self.all_of(run, status="running")

    def wait_for_running(self, run: object) -> str:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if found := self.running(run):
                return found[0]
            time.sleep(0.05)
        raise AssertionError("no container was started")

    def kill(self, container: str) -> None:
        with suppress(APIError):
            self._client.kill(container)
