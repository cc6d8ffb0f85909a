"""Flag over variable over file."""

from __future__ import annotations

import sys

import pytest

from swe_audit.cli.settings import Setting, read_settings
from swe_audit.errors import UsageError

KEYS = frozenset({"workers", "disk-reserve"})


def test_a_variable_wins_over_the_file(tmp_path):
    (tmp_path / "swe-audit.toml").write_text('workers = 2\ndisk-reserve = "1g"\n')
    found = read_settings(KEYS, tmp_path, {"SWE_AUDIT_DISK_RESERVE": "2g", "OTHER": "x"})
    assert found == {
        "workers": Setting(value=2, source=str(tmp_path / "swe-audit.toml")),
        "disk-reserve": Setting(value="2g", source="SWE_AUDIT_DISK_RESERVE"),
    }


def test_the_nearest_file_that_speaks_of_us_counts(tmp_path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.swe-audit]\nworkers = 1\n")
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert read_settings(KEYS, inner, {})["workers"].value == 1
    (inner / "swe-audit.toml").write_text("workers = 3\n")
    assert read_settings(KEYS, inner, {})["workers"].value == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("wokers = 1", "no setting 'wokers'"),
        ("workers = ", "cannot be read"),
        ("resume = true", "no setting 'resume'"),
    ],
)
def test_a_file_with_a_mistake_is_an_error(tmp_path, text, message):
    (tmp_path / "swe-audit.toml").write_text(text)
    with pytest.raises(UsageError, match=message):
        read_settings(KEYS, tmp_path, {})


def test_an_unknown_variable_is_an_error_with_a_suggestion(tmp_path):
    with pytest.raises(UsageError, match="SWE_AUDIT_WORKER") as error:
        read_settings(KEYS, tmp_path, {"SWE_AUDIT_WORKER": "1"})
    assert "'workers'" in error.value.hint


def workers_of(monkeypatch, capsys, *arguments):
    """Say whether ``run`` refuses its worker count: 0 is refused wherever it comes from."""
    from swe_audit.cli import main

    monkeypatch.setattr(sys, "argv", ["swe-audit", "run", "nothing.jsonl", *arguments])
    with pytest.raises(SystemExit):
        main()
    return "refused" if "--workers" in capsys.readouterr().err else "taken"


def test_the_command_line_takes_the_settings_and_a_flag_wins(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert workers_of(monkeypatch, capsys) == "taken"
    (tmp_path / "swe-audit.toml").write_text("workers = 0\n")
    assert workers_of(monkeypatch, capsys) == "refused"
    assert workers_of(monkeypatch, capsys, "--workers", "2") == "taken"
    monkeypatch.setenv("SWE_AUDIT_WORKERS", "1")
    assert workers_of(monkeypatch, capsys) == "taken"
    monkeypatch.setenv("SWE_AUDIT_WORKERS", "0")
    assert workers_of(monkeypatch, capsys) == "refused"
    assert workers_of(monkeypatch, capsys, "-j", "2") == "taken"


def test_every_setting_is_listed_with_its_source(tmp_path, monkeypatch):
    from swe_audit.cli.settings import effective_settings

    (tmp_path / "swe-audit.toml").write_text("workers = 4\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SWE_AUDIT_MEMORY", "8g")
    rows = {key: (value, source) for key, value, source in effective_settings()}
    assert rows["workers"] == (4, str(tmp_path / "swe-audit.toml"))
    assert rows["memory"] == ("8g", "SWE_AUDIT_MEMORY")
    assert rows["repeats"] == (3, "default")
    assert "resume" not in rows


def test_settings_reach_the_commands_that_have_the_option_but_no_repeated_trial(
    tmp_path, monkeypatch
):
    from typer.main import get_command

    from swe_audit.cli.app import app
    from swe_audit.cli.settings import default_map

    (tmp_path / "swe-audit.toml").write_text('timeout = 60\ndisk-reserve = "1g"\nca-bundle = "c"\n')
    monkeypatch.chdir(tmp_path)
    found = default_map(get_command(app))
    assert found["run"] == {"timeout": 60, "disk_reserve": "1g", "ca_bundle": "c"}
    assert found["images"]["build"] == {"disk_reserve": "1g", "ca_bundle": "c"}
    assert found["reproduce"] == {"ca_bundle": "c"}
    assert found["tag"] == {}
