"""The doctor on a real engine."""

from __future__ import annotations

import json

import pytest
import typer
from fakes import labels_of_the_dead
from typer.testing import CliRunner

from swe_audit.cli.doctor import doctor_command


def checks(*arguments: str) -> dict[str, dict[str, str]]:
    app = typer.Typer()
    app.command()(doctor_command)
    result = CliRunner().invoke(app, ["--json", *arguments])
    assert result.exit_code == 0
    return {check["name"]: check for check in json.loads(result.stdout)["checks"]}


def test_the_engine_its_storage_and_its_limits_are_described(client):
    found = checks()
    assert found["engine"]["level"] == "ok"
    assert client.version()["Version"] in found["engine"]["value"]
    assert found["storage"]["value"] == client.info()["Driver"]
    assert found["limits"]["value"]


@pytest.mark.alone
def test_leftovers_of_dead_runs_are_counted(client, tiny_image):
    before = checks()["leftovers"]["value"]
    labels = labels_of_the_dead("dead")
    left = client.create_container(tiny_image, entrypoint=["true"], labels=labels)["Id"]
    try:
        after = checks()["leftovers"]
        assert after["level"] == "warn"
        assert after["value"] != before
    finally:
        client.remove_container(left, v=True)
