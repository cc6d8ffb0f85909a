"""An install that an image has already is left out of trials, and no result is another for it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from installing_kit import CONFIG, INSTALL, INSTANCE, installing_task, noted

from swe_audit.alternatives.predictions import candidate_name
from swe_audit.api import audit
from swe_audit.containers import reinstalling
from swe_audit.containers.ownership import RUN
from swe_audit.engines import ImageOptions, docker_engine
from swe_audit.model.candidate import Prediction
from swe_audit.model.task import Dataset
from swe_audit.model.trial import Limits

pytestmark = [pytest.mark.alone, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def task():
    return installing_task()


@pytest.fixture
def engine(client, tmp_path):
    found = os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE")
    options = ImageOptions(ca_bundle=Path(found) if found else None)
    made = docker_engine(f"reinstall-{os.getpid()}", options, tmp_path / "images")
    yield made
    made.isolation.close()
    assert not client.containers(all=True, filters={"label": f"{RUN}=reinstall-{os.getpid()}"})


def with_script(task, line: str):
    return replace(task, eval_script=task.eval_script.replace(INSTALL, line))


def test_an_install_that_changes_nothing_is_told_from_one_that_does(task, engine, monkeypatch):
    image = engine.images.ensure(task, print)
    seen = engine.isolation.reinstall(task, image, Limits())
    assert seen.problem == ""
    assert {"pyproject.toml", "README.md"} <= set(seen.read)
    assert CONFIG not in seen.read

    def problem(before: str) -> str:
        other = with_script(task, f"{before}\n{INSTALL}")
        return engine.isolation.reinstall(other, image, Limits()).problem

    assert "it changes /opt/venv/" in problem("pip uninstall -q -y confstack")
    assert "it failed with exit code" in problem("echo broken > pyproject.toml")
    assert "it has a compiled part, fast.so" in problem("touch fast.so")
    assert engine.isolation.reinstall(task, image, Limits(network="bridge")).problem
    monkeypatch.setattr(reinstalling, "PATIENCE", 2)
    assert "could not be watched" in problem("sleep 60")


def test_trials_without_the_install_end_as_those_with_it(task, engine, tmp_path):
    paths = (CONFIG, "pyproject.toml", "README.md")
    submitted = [
        Prediction(instance_id=INSTANCE, model_name_or_path=path, model_patch=noted(path))
        for path in paths
    ]

    def audited(name: str, *, full: bool):
        dataset = Dataset(source="bundled", sha256="0" * 64, tasks=(task,))
        made = replace(engine, isolation=Kept(engine.isolation))
        result = audit(
            dataset, tmp_path / name, predictions=submitted, alternatives=["predictions"],
            repeats=1, engine=made, full=full,
        )  # fmt: skip
        return result, {t.id.split("/", 1)[1]: t for t in result.tasks[0].trials}

    short_run, short = audited("short", full=False)
    full_run, full = audited("full", full=True)
    spared = {name for name, trial in short.items() if "not installed again" in trial.detail}
    assert {name.split("/")[0] for name in spared} == {candidate_name(noted(CONFIG))}
    assert any(f"{len(spared)} trial of" in note for note in short_run.run.notes)
    assert not any("not install the tree" in note for note in full_run.run.notes)
    assert short.keys() == full.keys()
    for name, trial in short.items():
        other = full[name]
        assert (trial.state, trial.verdict, trial.official_verdict) == (
            other.state, other.verdict, other.official_verdict,
        )  # fmt: skip
        assert dict(trial.statuses) == dict(other.statuses)


class Kept:
    """An isolation that stays open for the next audit."""

    def __init__(self, isolation) -> None:
        self._isolation = isolation

    def __getattr__(self, name):
        return getattr(self._isolation, name)

    def close(self) -> None:
        pass
