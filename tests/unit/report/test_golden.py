"""The report of a small audit, kept as it was last read and approved by a person.

After a wanted change: ``UPDATE_GOLDEN=1 pytest tests/unit/report/test_golden.py``, then read the
difference.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from swe_audit.report import render
from swe_audit.version import VERSION
from tests.unit.report import audits

GOLDEN = Path(__file__).parents[2] / "golden" / "report"

SCRUBS = (
    (re.compile(r"<(script|style)>.*?</\1>", re.DOTALL), r"<\1></\1>"),
    (re.compile(r"'sha256-[^']*'"), "'sha256-'"),
    (re.compile(r'<svg class="plot".*?</svg>', re.DOTALL), '<svg class="plot"></svg>'),
    (re.compile(re.escape(f"swe-audit {VERSION}")), "swe-audit VERSION"),
    (re.compile(rf'("tool_version": )"{re.escape(VERSION)}"'), r'\1"VERSION"'),
)
"""What has tests of its own, or changes with every release."""


def scrubbed(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    for pattern, instead in SCRUBS:
        text = pattern.sub(instead, text)
    return text


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("golden")
    made = audits.audit(
        [
            audits.narrow(),
            audits.constructed(),
            audits.flaky(),
            audits.inconclusive(),
            audits.suspect(),
            audits.skipped(),
        ]
    )
    audits.write_logs(made, folder)
    render(made, folder)
    return folder


@pytest.mark.parametrize(
    "name",
    [
        "index.html",
        "tasks/acme__tally-77.html",
        "tasks/acme__tally-64.html",
        "tasks/acme__tally-103.html",
        "report.json",
        "findings.csv",
    ],
)
def test_the_report_is_as_it_was_approved(rendered: Path, name: str) -> None:
    made, kept = scrubbed(rendered / name), GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(made, encoding="utf-8")
    assert made == kept.read_text(encoding="utf-8")
