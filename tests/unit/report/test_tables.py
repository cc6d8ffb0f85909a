from __future__ import annotations

import csv
import io

from hypothesis import given, settings

from swe_audit.model.audit import Audit
from swe_audit.report.tables import COLUMNS, findings_csv
from tests.unit.report import audits


def rows(made: Audit) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(findings_csv(made), newline="")))


def test_each_finding_is_a_row() -> None:
    found = rows(audits.sample_audit())
    assert [(row["instance_id"], row["defect"], row["confidence"]) for row in found] == [
        ("acme__tally-77", "narrow", "proven"),
        ("acme__tally-64", "narrow", "proven"),
        ("acme__tally-91", "flaky", "proven"),
        ("acme__tally-58", "narrow", "suspect"),
        ("acme__tally-58", "wide", "refuted"),
    ]
    assert found[0]["detail"] == "LedgerClosedError"
    assert found[0]["lines_changed"] == "14"
    assert found[3]["determined_by"] == "convention; base_code"


def test_without_findings_there_is_a_header_only() -> None:
    assert findings_csv(audits.empty_audit()) == ",".join(COLUMNS) + "\n"


@settings(deadline=None, max_examples=30)
@given(made=audits.audits())
def test_no_cell_is_a_formula_and_no_row_is_lost(made: Audit) -> None:
    text = findings_csv(made)
    text.encode("utf-8")
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert len(read) == 1 + sum(len(one.findings) for one in made.tasks)
    assert all(len(row) == len(COLUMNS) for row in read)
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in read for cell in row
    )
