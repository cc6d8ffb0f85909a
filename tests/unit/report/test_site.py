from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from swe_audit.errors import UsageError
from swe_audit.report import render
from tests.unit.report import audits


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_report_is_a_folder_of_these_files(tmp_path: Path) -> None:
    made = audits.audit([audits.narrow(), audits.skipped()])
    assert render(made, tmp_path / "r") == tmp_path / "r" / "index.html"
    assert sorted(contents(tmp_path / "r")) == [
        "findings.csv",
        "index.html",
        "report.json",
        "tasks/acme__tally-12.html",
        "tasks/acme__tally-77.html",
        "triage.html",
    ]


def test_the_same_audit_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.unit.report import audits\n"
        "from swe_audit.report import render\n"
        "render(audits.sample_audit(), Path(sys.argv[1]))\n"
    )
    root = Path(__file__).parents[3]
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / seed)],
            check=True,
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
        )
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_rendering_again_removes_pages_of_tasks_that_are_gone_and_nothing_else(
    tmp_path: Path,
) -> None:
    render(audits.audit([audits.narrow(), audits.flaky()]), tmp_path)
    (tmp_path / "audit.sqlite").write_bytes(b"journal")
    (tmp_path / "tasks/notes.txt").write_text("mine", encoding="utf-8")
    render(audits.audit([audits.flaky()]), tmp_path)
    assert sorted(path.name for path in (tmp_path / "tasks").iterdir()) == [
        "acme__tally-91.html",
        "notes.txt",
    ]
    assert (tmp_path / "audit.sqlite").read_bytes() == b"journal"


def test_two_tasks_of_one_id_keep_a_page_each(tmp_path: Path) -> None:
    render(audits.audit([audits.narrow(), audits.narrow()]), tmp_path)
    assert sorted(path.name for path in (tmp_path / "tasks").iterdir()) == [
        "acme__tally-77-2.html",
        "acme__tally-77.html",
    ]


def test_logs_may_lie_elsewhere(tmp_path: Path) -> None:
    made = audits.audit([audits.narrow()])
    audits.write_logs(made, tmp_path / "run")
    render(made, tmp_path / "elsewhere", tmp_path / "run")
    page = (tmp_path / "elsewhere/tasks/acme__tally-77.html").read_text(encoding="utf-8")
    assert 'href="../../run/logs/acme__tally-77/gold.1.log.gz"' in page
    assert "12 failed, 5 passed" in page


def test_a_folder_that_cannot_be_written_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match=r"The report cannot be written to .*file"):
        render(audits.empty_audit(), tmp_path / "file")


def test_asking_for_the_function_loads_neither_templates_nor_plots() -> None:
    script = (
        "import sys, swe_audit.report\n"
        "heavy = {'jinja2', 'matplotlib', 'pygments', 'unidiff'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
