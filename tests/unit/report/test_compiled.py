"""Compiled templates are kept between runs, and a report needs no place to keep them."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

from swe_audit.report import render
from tests.unit.report import audits

MADE = audits.audit([audits.narrow()])


def rendered(folder: Path) -> bytes:
    audits.write_logs(MADE, folder)
    render(MADE, folder)
    return (folder / "index.html").read_bytes()


def test_a_second_run_compiles_no_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    first = rendered(tmp_path / "a")
    kept = list((tmp_path / "cache/swe-audit/templates").iterdir())
    assert kept
    compiled: list[str] = []
    compile_ = jinja2.Environment.compile
    monkeypatch.setattr(
        jinja2.Environment,
        "compile",
        lambda *told, **more: compiled.append(str(told[2])) or compile_(*told, **more),
    )
    assert rendered(tmp_path / "b") == first
    assert compiled == []
    for one in kept:
        one.write_bytes(one.read_bytes()[:40])
    assert rendered(tmp_path / "c") == first
    assert compiled


def test_a_report_needs_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert b"acme__tally" in rendered(tmp_path / "a")


def test_a_folder_that_others_may_write_to_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "cache/swe-audit/templates"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    rendered(tmp_path / "a")
    assert list(folder.iterdir()) == []
