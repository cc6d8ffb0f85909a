"""The doctor names what is wrong and how to mend it, without an engine too."""

from __future__ import annotations

import json
import sqlite3

import pytest
import typer
from typer.testing import CliRunner

from swe_audit.cli.doctor import (
    Level,
    api_check,
    clock_check,
    disk_check,
    doctor_command,
    installation_checks,
    leftovers_check,
    limits_check,
    reports_check,
    storage_check,
)
from swe_audit.journal import FILE_NAME


@pytest.fixture
def without_engine(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/absent.sock")


def run(*arguments: str):
    app = typer.Typer()
    app.command()(doctor_command)
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.usefixtures("without_engine")
def test_no_engine_ends_with_four_and_still_shows_the_rest():
    result = run()
    assert result.exit_code == 4
    assert "fail  engine: no container engine answers" in result.stdout
    assert "ok    python: 3." in result.stdout
    assert "free at" in result.stdout


@pytest.mark.usefixtures("without_engine")
def test_json_is_one_document_with_every_check():
    document = json.loads(run("--json").stdout)
    assert document["schema_version"] == 1
    checks = {check["name"]: check for check in document["checks"]}
    assert checks["engine"]["level"] == "fail"
    assert "DOCKER_HOST" in checks["engine"]["mend"]
    assert {"disk", "python", "swe-audit", "packages", "git", "extra swebench"} <= set(checks)
    assert isinstance(document["configuration"], list)


@pytest.mark.usefixtures("without_engine")
def test_settings_are_shown_with_where_they_come_from(monkeypatch):
    monkeypatch.setenv("SWE_AUDIT_WORKERS", "3")
    rows = {row["key"]: row for row in json.loads(run("--json").stdout)["configuration"]}
    assert rows["workers"]["value"] == "3"
    assert "SWE_AUDIT_WORKERS" in rows["workers"]["source"]
    assert rows["repeats"]["source"] == "default"


@pytest.mark.usefixtures("without_engine")
def test_a_wrong_setting_is_a_check_that_fails_beside_the_others(monkeypatch, tmp_path):
    (tmp_path / "swe-audit.toml").write_text("no-such-setting = 1\n")
    monkeypatch.chdir(tmp_path)
    checks = {check["name"]: check for check in json.loads(run("--json").stdout)["checks"]}
    assert checks["settings"]["level"] == "fail"
    assert "no-such-setting" in checks["settings"]["value"]
    assert checks["python"]["level"] == "ok"


def test_our_own_packages_are_listed_with_their_versions():
    packages = next(check for check in installation_checks() if check.name == "packages")
    assert packages.level is Level.OK
    assert "docker 7" in packages.value
    assert "scipy" in packages.value


def test_limits_that_are_not_kept_are_named():
    assert limits_check(()).level is Level.OK
    bad = limits_check(("swap", "pids"))
    assert (bad.level, bad.value) == (Level.WARN, "not enforced: swap, pids")
    assert bad.mend


def test_leftovers_are_counted():
    assert leftovers_check(0).level is Level.OK
    assert "3 containers" in leftovers_check(3).value


def test_slow_storage_is_a_warning_only():
    assert storage_check("overlay2").level is Level.OK
    assert storage_check("vfs").level is Level.WARN


def test_the_disk_of_a_remote_engine_is_replaced_by_our_own(tmp_path):
    there, absent = disk_check(tmp_path), disk_check(tmp_path / "absent")
    assert str(tmp_path) in there.value
    assert "absent" not in absent.value
    assert "GiB free" in absent.value


def test_an_engine_too_old_for_us_fails_and_says_which_is_not():
    assert api_check("1.41").level is api_check("1.50").level is Level.OK
    old = api_check("1.39")
    assert old.level is Level.FAIL
    assert "1.41" in old.mend


def test_clocks_that_are_apart_are_said():
    assert clock_check(1000.0, 1030.0).level is Level.OK
    apart = clock_check(1000.0, 1090.0)
    assert (apart.level, apart.value) == (Level.WARN, "90 s from the engine's")
    assert clock_check(None, 0.0).level is Level.WARN


def test_runs_that_cannot_be_read_are_named_with_what_to_do(tmp_path):
    assert "GiB free" in reports_check(tmp_path / "not" / "yet").value
    (tmp_path / "r").mkdir()
    with sqlite3.connect(tmp_path / "r" / FILE_NAME) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    found = reports_check(tmp_path)
    assert found.level is Level.WARN
    assert "version 99" in found.value
    assert "newer" in found.mend
