"""``swe-audit triage`` from the command line, on a run that a fake engine made."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import fakes
import pytest

from swe_audit.api import Engine, audit
from swe_audit.cli import main
from swe_audit.formats.decisions import FILE_NAME


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports") / "r"
    isolation = fakes.FakeIsolation(fakes.by_candidate({"gold": fakes.FAIL}))
    engine = Engine(isolation=isolation, images=fakes.FakeImages())
    audit(fakes.make_dataset(fakes.make_task()), folder, engine=engine)
    return folder


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "swe_audit", *map(str, arguments)]


def test_a_decision_reaches_the_next_report(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    process = subprocess.Popen(
        command("triage", run, "--reviewer", "Ada"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:")
    (finding,) = _ids(run)
    request = urllib.request.Request(
        address + "decisions",
        json.dumps({"finding": finding, "decision": "dispute", "reason": "our_fault"}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 200
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")
    assert "1 finding, 1 left for Ada" in said
    assert "0 of 1 finding left" in said

    assert ended(monkeypatch, "report", run, "--json") == 0
    task = json.loads(capsys.readouterr().out)["tasks"][0]
    assert task["status"] == "suspect"
    assert task["findings"][0]["confidence"] == "disputed"
    assert task["findings"][0]["id"] == finding
    assert task["findings"][0]["evidence"][-1]["text"] == "disputed by Ada: our fault"


def _ids(run: Path) -> list[str]:
    lines = (run / FILE_NAME).read_text().splitlines()
    return [line[2:] for line in lines if line.startswith("# ") and ":" in line and "__" in line]


def ended(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Run the program in this process, which spares its start, and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["swe-audit", *map(str, arguments)])
    with pytest.raises(SystemExit) as caught:
        main()
    return int(caught.value.code or 0)


@pytest.mark.parametrize("name", ["report", "triage"])
def test_a_broken_file_is_one_sentence_with_its_line_and_exit_code_3(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = run / FILE_NAME
    before = path.read_bytes() if path.exists() else b""
    broken = "decisions:\n- finding: x\n  reviewer: Ada\n  decision: perhaps\n"
    path.write_text(broken)
    assert ended(monkeypatch, name, run) == 3
    out, said = capsys.readouterr()
    assert out == ""
    assert said.splitlines()[0] == (
        f"error: {path}:2: decision 'perhaps' is none of confirm, dispute, defer"
    )
    assert path.read_text() == broken
    path.write_bytes(before)


def test_another_file_is_merged_without_a_server(
    run: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = tmp_path / "bob.yaml"
    other.write_text("decisions:\n- {finding: gone, reviewer: Bob, decision: confirm}\n")
    assert ended(monkeypatch, "triage", run, "--merge", other) == 0
    assert capsys.readouterr().out.startswith("1 decision read")
    assert "reviewer: Bob" in (run / FILE_NAME).read_text()


def test_a_run_or_a_name_that_cannot_be_is_said(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "triage", run / "nowhere") == 3
    assert "there is no run" in capsys.readouterr().err
    assert ended(monkeypatch, "triage", run, "--reviewer", " ") == 3
    assert "cannot name a reviewer" in capsys.readouterr().err
